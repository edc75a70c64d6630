package org.cowbench.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.bench.BenchException;
import org.cowbench.bench.BenchRunner;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.Cell;
import org.cowbench.bench.Effort;
import org.cowbench.bench.ForkProbe;
import org.cowbench.bench.JmhLauncher;
import org.cowbench.bench.RunPlan;
import org.cowbench.bench.Suite;
import org.cowbench.bench.UnfinishedRun;
import org.cowbench.check.Checker;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.Home;
import org.cowbench.cli.option.LabelOption;
import org.cowbench.cli.option.MemoryOption;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.cli.option.RuleOption;
import org.cowbench.cli.option.SeedOption;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.rule.RulePolicy;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.cowbench.result.Tag;
import org.cowbench.workload.Streams;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: measures the model and shows table and plots. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure what each policy makes the modelled machine do.",
            "A run measures blocks, a fork of everything each, until its time is up: all policies in turn inside one"
                + " fork where they fit. What is left of the time goes to what is known least. The quick suite takes "
                    + Suite.QUICK_TIME + ", the full one " + Suite.FULL_TIME + ".",
            "The suite 'published' measures nothing: it shows published results beside what the same does in the"
                    + " model,"
                    + " by exact counts and by counts that a profile prices, in seconds."
        },
        footer = {
            "",
            "Example: ./run-bench.sh run --suite full --label my-patch",
            "Example: ./run-bench.sh run --policy v5.9,v5.19 --bench 'WriteAfterRead.l2;.*PRIVATE' --forks 5",
            "Example: ./run-bench.sh run --rule 'ref == 1 + swapcache && swapcount == 0'",
            "Example: ./run-bench.sh run --suite published --profile zram",
            "Example: ./run-bench.sh run --suite scaling --no-plots",
            "Example: ./run-bench.sh run --suite full --forks 21 --seed 7 --shard 1/3 --label night-1   then 'merge'",
            "",
            "A run that was interrupted or killed goes on with: ./run-bench.sh run --resume LABEL"
        })
final class RunCommand implements Callable<Integer> {
    private static final int MAX_FORKS = 1000;
    /** Kept back for starting up, the table and the plots. */
    private static final double REPORT_SECONDS = 12;
    /** Options that say what a run does, which one that goes on knows. */
    private static final List<String> PLANNED = List.of(
            "--suite",
            "--policy",
            "--rule",
            "--base",
            "--bench",
            "--forks",
            "--budget",
            "--separate",
            "--label",
            "--seed",
            "--shard",
            "--plant",
            "--timing");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            description = "What to measure: quick, full, folios, scaling, or published, which is modelled; quick unless"
                    + " --bench is given, which selects from everything.")
    private @Nullable Suite suite;

    @Option(
            names = "--policy",
            paramLabel = "P",
            split = ",",
            converter = PolicyConverter.class,
            description =
                    "Only these policies, by id (see list); benchmarks without a policy run too. Default: all; with"
                            + " --rule its base, and v5.9, which ratios are taken against.")
    private @Nullable List<Policy> policies;

    @Mixin
    private RuleOption rule;

    @Option(
            names = "--bench",
            paramLabel = "REGEX",
            description = "Only benchmarks whose name with parameters, as 'list --cells' prints it, contains a match.")
    private @Nullable String bench;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "How long to measure, such as 90s, 10m or 1h; the first fork of everything is finished whatever it"
                            + " takes. Default: 3m for the quick suite, 1h for the full one.")
    private @Nullable Double budget;

    @Option(
            names = "--forks",
            paramLabel = "N",
            description =
                    "So many forks of each benchmark and parameter set instead, however long it takes; with --bench"
                            + " and no --suite or --budget: 3.")
    private @Nullable Integer forks;

    @Option(
            names = "--separate",
            description =
                    "Give each policy forks of its own instead of turns in one: slower, and noise that lasts longer"
                            + " than a fork becomes a difference. To check that both tell the same.")
    private boolean separate;

    @Mixin
    private LabelOption label;

    @Mixin
    private SeedOption seed;

    @Mixin
    private ShardOption shards;

    @Mixin
    private ResultsOption results;

    @Option(
            names = "--resume",
            paramLabel = "L",
            description =
                    "Go on with a run that was interrupted or killed: its plan, its order, its result. It must be the"
                            + " same commit and machine.")
    private @Nullable String resume;

    @Option(
            names = "--profile",
            paramLabel = "P",
            description =
                    "With --suite published: what prices all rates, nvme, pmem, zram or a file of your own; default:"
                            + " the device that each was published for.")
    private @Nullable String profile;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            description = "With --suite published: how to print; default: text.")
    private PublishedRun.@Nullable Format format;

    @Mixin
    private PlotsOption.OrNone plots;

    @Option(names = "--verbose", description = "Copy what JMH and the forks print to standard error.")
    private boolean verbose;

    @Option(
            names = "--plant",
            hidden = true,
            paramLabel = "PCT",
            defaultValue = "0",
            description =
                    "Burn this many per cent of the measured time on top of it: a slowdown of known size, with which"
                            + " 'ab --self' tries whether comparisons find it.")
    private double plant;

    @Option(
            names = "--timing",
            hidden = true,
            paramLabel = "W,M,MS",
            description = "Warm-ups, measurements and milliseconds of each, for trying things out.")
    private @Nullable String timing;

    @Override
    public Integer call() {
        if (suite == Suite.PUBLISHED && resume == null) {
            refuse(
                    spec.commandLine().getParseResult().matchedOptions().stream()
                            .map(OptionSpec::longestName)
                            .filter(name -> !PublishedRun.OPTIONS.contains(name))
                            .toList(),
                    "does not go with --suite published, which has rules of its own and measures nothing");
            return PublishedRun.run(spec, results.directory(), profile, format, label.or(""));
        }
        refuse(List.of("--profile", "--format"), "goes with --suite published");
        return resume != null ? goOn(resume) : begin();
    }

    private void refuse(List<String> options, String why) {
        for (String name : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
                throw usage(name + " " + why);
            }
        }
    }

    private int begin() {
        Suite selected = suite != null ? suite : bench == null ? Suite.QUICK : null;
        Optional<RulePolicy> own = rule.policy();
        List<Cell> cells = cells(selected, own.isPresent());
        demandStreams(cells);
        Effort effort = effort(selected);
        Shard shard = shard(effort);
        if (!(plant >= 0 && plant <= 100)) {
            throw usage("--plant must be from 0 to 100 per cent, not " + plant);
        }
        JmhLauncher.Timing times = timing();
        Revision revision = Revision.of(Home.path());
        String name = label.or(ResultWriter.defaultLabel(Instant.now(), revision));
        if (UnfinishedRun.exists(results.directory(), name)) {
            throw new BenchException(
                    "run '" + name + "' in " + results.directory() + " is unfinished; if it is not going on now, go"
                            + " on with it: " + Measurement.resumption(name, results.directory())
                            + "; or choose another --label",
                    null);
        }
        Places.demand(results.directory(), name, plots.wanted());
        List<String> notes = new ArrayList<>();
        if (plant > 0) {
            notes.add("a slowdown of " + plant + " % is planted: no figure of this run is a cost");
        }
        if (effort.most() < Suite.LEAST_FORKS) {
            notes.add(FewForks.warning(effort.most() + (effort.most() == 1 ? " fork" : " forks")
                    + " each, and an interval needs " + Suite.LEAST_FORKS));
        }
        Map<String, String> facts = new TreeMap<>();
        if (shard != null) {
            facts.put(Environment.SHARD, shard.toString());
            facts.put(Environment.SHARD_ARGUMENTS, String.join(" ", shards.arguments()));
        }
        Map<String, String> properties = new TreeMap<>();
        if (plant > 0) {
            properties.put(ForkProbe.PLANT, Double.toString(plant / 100));
        }
        own.ifPresent(policy -> {
            properties.put(RulePolicy.PROPERTY, policy.text());
            properties.put(RulePolicy.BASE_PROPERTY, rule.base().id());
            facts.put(Environment.RULE, policy.text());
            facts.put(Environment.RULE_BASE, rule.base().id());
            Judgement judgement = judged(policy);
            facts.put(Environment.RULE_VERDICT, verdict(judgement));
            facts.put(
                    Environment.RULE_CASES,
                    KnownCase.of(judgement).stream().map(KnownCase::name).collect(Collectors.joining(",")));
        });
        RunPlan plan = new RunPlan(
                name,
                results.directory(),
                suiteName(selected),
                cells,
                effort,
                !separate,
                seed.value(),
                revision,
                Given.words(spec),
                facts,
                notes,
                shard);
        JmhLauncher launcher = new JmhLauncher(times, List.of(), echo(), properties);
        return Measurement.run(
                spec,
                plan,
                (listener, stop) -> new BenchRunner(plan, launcher, listener, stop),
                verbose,
                plots.wanted());
    }

    /** Goes on with a run as if it had not been interrupted. */
    private int goOn(String label) {
        for (String name : PLANNED) {
            if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
                throw usage("--resume goes on with the plan it had; it takes no " + name);
            }
        }
        UnfinishedRun before = UnfinishedRun.open(results.directory(), label, Catalog.all());
        before.refusal(Revision.of(Home.path())).ifPresent(why -> {
            throw new BenchException(why, null);
        });
        Places.demand(results.directory(), plots.wanted());
        JmhLauncher launcher = JmhLauncher.of(before.launcher(), echo());
        return Measurement.run(
                spec,
                before.plan(),
                (listener, stop) -> new BenchRunner(before, launcher, listener, stop),
                verbose,
                plots.wanted());
    }

    private @Nullable OutputStream echo() {
        return verbose ? System.err : null;
    }

    private Effort effort(@Nullable Suite selected) {
        if (forks != null && budget != null) {
            throw usage("--forks and --budget both say when to stop: give one of the two");
        }
        if (forks != null && (forks < 1 || forks > MAX_FORKS)) {
            throw usage("--forks must be from 1 to " + MAX_FORKS + ", not " + forks);
        }
        if (forks != null || budget == null && selected == null) {
            return Effort.forks(forks != null ? forks : Suite.LEAST_FORKS);
        }
        double seconds =
                budget != null ? budget : Objects.requireNonNull(selected).seconds();
        int least = selected == null ? Suite.LEAST_FORKS : selected.leastForks();
        return Effort.budget(least, seconds - (plots.wanted() == null ? 0 : REPORT_SECONDS));
    }

    /** The share of the blocks; all shares must draw the same ones. */
    private @Nullable Shard shard(Effort effort) {
        Shard shard = shards.shard(effort.most(), "forks");
        if (shard != null && (forks == null || !seed.given())) {
            throw usage(
                    "--shard deals a fixed number of forks in the order of one seed; give all shards the same --forks N"
                            + " and --seed S");
        }
        return shard;
    }

    /** Judges a rule as shipped policies are declared: in the smallest scope. */
    private Judgement judged(RulePolicy policy) {
        PrintWriter err = spec.commandLine().getErr();
        CheckProgress progress = new CheckProgress(err, ProgressLine.onTerminal(System.getenv()), 1);
        progress.starting(RulePolicy.ID);
        Judgement judgement = new Checker(
                        List.of(Scope.fixpoint()), Runtime.getRuntime().availableProcessors(), MemoryOption.byDefault())
                .judge(RulePolicy.ID, policy, progress);
        progress.finished(judgement);
        return judgement;
    }

    private static String verdict(Judgement judgement) {
        Set<Property> violated = EnumSet.noneOf(Property.class);
        judgement.verdicts().forEach((property, verdict) -> {
            if (verdict instanceof Verdict.Unsafe) {
                violated.add(property);
            }
        });
        boolean proved = judgement.verdicts().values().stream().noneMatch(Verdict.SafeWithin.class::isInstance);
        return violated.isEmpty() && !proved ? "unproved" : Policy.verdict(violated);
    }

    private List<Cell> cells(@Nullable Suite selected, boolean own) {
        List<Cell> all = own ? Catalog.withRule(rule.base()) : Catalog.cells();
        List<Cell> cells = selected == null ? all : selected.select(all);
        if (policies != null || own) {
            Set<Policy> wanted = EnumSet.copyOf(policies != null ? policies : List.of(rule.base(), Policy.V5_9));
            if (own) {
                wanted.add(Policy.RULE);
            }
            cells = cells.stream()
                    .filter(cell -> !cell.params().containsKey(Policy.PARAM)
                            || wanted.stream().anyMatch(policy -> policy.name()
                                    .equals(cell.params().get(Policy.PARAM))))
                    .toList();
        }
        if (bench != null) {
            Pattern pattern = Given.pattern(spec, "--bench", bench);
            cells = cells.stream()
                    .filter(cell -> pattern.matcher(cell.tag()).find())
                    .toList();
        }
        if (own
                && cells.stream()
                        .noneMatch(
                                cell -> Policy.RULE.name().equals(cell.params().get(Policy.PARAM)))) {
            throw usage(
                    "no benchmark that --bench '" + bench + "' selects is of the rule; it is called policy=rule there");
        }
        if (cells.isEmpty()) {
            throw usage("nothing to measure: no benchmark"
                    + (selected == null ? "" : " of suite " + selected.id()) + " matches"
                    + (bench == null ? "" : " --bench '" + bench + "'")
                    + "; 'list --cells' names them all");
        }
        return Suite.distinct(cells);
    }

    /** A recording that cannot be read is said before anything is measured: else it is a failure of each fork. */
    private static void demandStreams(List<Cell> cells) {
        cells.stream()
                .flatMap(cell -> Stream.ofNullable(cell.params().get(Tag.STREAM_PARAM)))
                .distinct()
                .forEach(stream -> Streams.valueOf(stream).stream(1, 1, 1));
    }

    private String suiteName(@Nullable Suite selected) {
        return selected != null
                        && policies == null
                        && bench == null
                        && rule.policy().isEmpty()
                ? selected.id()
                : "custom";
    }

    private JmhLauncher.@Nullable Timing timing() {
        if (timing == null) {
            return null;
        }
        try {
            return JmhLauncher.Timing.of(timing);
        } catch (IllegalArgumentException e) {
            throw usage("--timing wants three numbers, not '" + timing + "'");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
