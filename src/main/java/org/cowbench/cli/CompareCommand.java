package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cowbench.cli.option.GateOptions;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.compare.RowFilter;
import org.cowbench.policy.Policy;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.report.compare.CompareWording;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.stats.Rule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: two runs, or two values of a parameter inside one. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare two runs and say of each row: faster, slower, same or inconclusive.",
            "Runs that 'ab' interleaved are compared block by block; separate runs are marked unpaired, and their times"
                    + " are gated only with --unpaired. Of several heads each is compared with the base, and the level"
                    + " is shared: each has its part of it, so that the error rate holds for all of them together.",
            "A row is 'too noisy' and gives no number when more than a fifth of a side's forks are far off its median"
                + " (unless it is decided and no fork of one side lies among the other's), when it is of times and"
                + " more than half of a side's forks were disturbed by other load, or when it is inconclusive and even"
                + " 2000 blocks would leave an interval wider than the bound."
        },
        footer = {
            "",
            "Example: ./run-bench.sh compare before after --fail-over 5",
            "Example: ./run-bench.sh compare my-run --by policy --base v5.9",
            "Example: ./run-bench.sh compare other/jmh-old.json other/jmh-new.json --format markdown --changed",
            "Example: ./run-bench.sh compare old.json new.json newer.json --bench Codec --param size=10 --sort worst",
            "Example: ./run-bench.sh compare old.json new.json --fail-over 10 --unpaired",
            "",
            "Exit status: 0 compared, the gate passed; 1 the gate failed; 2 usage or unreadable input; 3 output cannot"
                    + " be written; 4 the session is invalid, or the gate could not be judged: nothing is in both, or"
                    + " no row fails and a score has no interval (one fork) or is of separate runs."
        })
final class CompareCommand implements Callable<Integer> {
    private static final double PER_CENT = 100;
    /** Formats of one base and one head: a page, and what benchstat would take for forks of one side. */
    private static final Set<CompareFormat> ONE_HEAD = EnumSet.of(CompareFormat.HTML, CompareFormat.BENCHSTAT);

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "BASE HEAD...",
            hideParamSyntax = true,
            description = "Labels, result directories or JMH JSON files of any project, packed by gzip or not;"
                    + " one alone with --by.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "F",
            description = "text, markdown, json, csv, html, lkp, mmtests or benchstat; default: ${DEFAULT-VALUE}."
                    + " benchstat writes Go's format with both sides: 'benchstat -col side FILE' compares them. csv and"
                    + " benchstat begin with lines that start with '#': what to know before believing a number.")
    private CompareFormat format;

    @Option(
            names = "--by",
            paramLabel = "PARAM",
            description = "Compare the values of this parameter inside one run, such as policy.")
    private @Nullable String by;

    @Option(
            names = "--base",
            paramLabel = "VALUE",
            description = "With --by: the value that the others are compared with, such as v5.9.")
    private @Nullable String base;

    @Option(
            names = "--bench",
            paramLabel = "REGEX",
            description = "Compare only benchmarks whose name with parameters, as 'list --cells' prints them, contains"
                    + " a match. p is then corrected for those alone, so choose before looking.")
    private @Nullable String bench;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "Only benchmarks with this value of a parameter; several values of one name: any of them.")
    private List<String> params = new ArrayList<>();

    @Option(
            names = "--policy",
            paramLabel = "P",
            split = ",",
            description = "Only these policies, by id: the same as --param policy=P.")
    private List<String> policies = new ArrayList<>();

    @Option(
            names = "--changed",
            description = "Show only rows that were called, with their scores; in order of effect unless --sort says"
                    + " else. Counts, means and the gate stay those of all rows.")
    private boolean changed;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            description = "file: as in the base (default); effect: what was called first, the largest change first;"
                    + " worst: from worst to best; name.")
    private CompareView.@Nullable Order sort;

    @Mixin
    private GateOptions gate;

    @Option(
            names = "--unpaired",
            description = "With --fail-over: gate times of separate runs too. Drift between the runs then fails the"
                    + " gate as a change does: " + CompareWording.UNPAIRED_RATE
                    + ". More forks help little against it; 'ab' does.")
    private boolean unpaired;

    @Option(names = "--all", description = "Show percentiles and counters that add nothing to the score, too.")
    private boolean all;

    @Option(names = "--plot", description = "Draw it as well: SVG, PNG and index.html in a directory named after both.")
    private boolean plot;

    @Mixin
    private PlotsOption plots;

    @Option(
            names = "--bound",
            paramLabel = "PCT",
            defaultValue = "1",
            description = "Smallest difference that matters, in per cent; default: ${DEFAULT-VALUE}.")
    private double bound;

    @Option(
            names = "--level",
            paramLabel = "PCT",
            defaultValue = "1",
            description = "Error rate of all rows together, in per cent; default: ${DEFAULT-VALUE}.")
    private double level;

    @Mixin
    private ResultsOption results;

    @Override
    public Integer call() {
        List<Comparison> comparisons = comparisons();
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(comparisons, all));
        out.flush();
        int status = ExitStatus.OK;
        for (Comparison comparison : comparisons) {
            if (plot) {
                String name = comparison.base().label() + "-"
                        + (by == null ? comparison.head().label() : "by-" + by + "-" + base);
                Reports.draw(
                        comparison,
                        plots.directory().resolve(ResultWriter.labelPart(name)),
                        spec.commandLine().getErr());
            }
            // What was found outranks what could not be judged.
            int each = Reports.status(comparison);
            status = status == ExitStatus.FOUND || each == ExitStatus.OK ? status : each;
        }
        return status;
    }

    private List<Comparison> comparisons() {
        gate.check();
        gate.demandGate(unpaired, "--unpaired");
        int heads = by == null ? names.size() - 1 : 1;
        CompareOptions options = new CompareOptions(gate.failOver(), gate.strict(), unpaired, filter(), heads);
        CompareView view = new CompareView(
                changed, sort != null ? sort : changed ? CompareView.Order.EFFECT : CompareView.Order.FILE);
        if (by == null) {
            if (base != null) {
                throw usage("--base has a meaning only with --by");
            }
            if (heads < 1) {
                throw usage("two runs are compared, and only '" + names.getFirst() + "' is given; inside one run:"
                        + " --by policy --base v5.9");
            }
            if (heads > 1 && ONE_HEAD.contains(format)) {
                throw usage("--format " + format.name().toLowerCase(Locale.ROOT) + " takes one head"
                        + (format == CompareFormat.HTML ? "; --plot draws a page for each" : ""));
            }
            ResultDirectory first = results.read(names.getFirst());
            Rule rule = rule(heads);
            return names.stream()
                    .skip(1)
                    .map(name -> view.of(ComparisonBuilder.compare(first, results.read(name), rule, options)))
                    .toList();
        }
        if (names.size() != 1 || base == null) {
            throw usage(
                    "--by compares inside one run and wants --base, such as: compare LABEL --by policy --base v5.9");
        }
        return List.of(view.of(ComparisonBuilder.within(results.read(names.getFirst()), by, base, rule(1), options)));
    }

    private RowFilter filter() {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        for (String param : params) {
            int equals = param.indexOf('=');
            if (equals < 1) {
                throw usage("--param wants NAME=VALUE, not '" + param + "'");
            }
            wanted.computeIfAbsent(param.substring(0, equals), name -> new LinkedHashSet<>())
                    .add(param.substring(equals + 1));
        }
        if (!policies.isEmpty()) {
            wanted.computeIfAbsent(Policy.PARAM, name -> new LinkedHashSet<>()).addAll(policies);
        }
        return new RowFilter(bench == null ? null : Given.pattern(spec, "--bench", bench), wanted);
    }

    private Rule rule(int heads) {
        if (!(bound > 0 && bound < PER_CENT) || !(level > 0 && level < PER_CENT)) {
            throw usage("--bound and --level are per cent, above 0 and below 100");
        }
        return new Rule(
                level / PER_CENT / heads, bound / PER_CENT, Rule.DEFAULT.confidence(), Rule.DEFAULT.sameConfidence());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
