package org.cowbench.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.noise.Noise;
import org.cowbench.policy.Property;
import org.cowbench.report.Comparison.Design;
import org.cowbench.report.Comparison.Kind;
import org.cowbench.report.Comparison.ForkValues;
import org.cowbench.report.Comparison.Row;
import org.cowbench.report.Comparison.Scale;
import org.cowbench.report.Comparison.Side;
import org.cowbench.report.RowKey.MetricId;
import org.cowbench.report.RowKey.MetricId.Source;
import org.cowbench.result.BenchmarkNames;
import org.cowbench.result.Environment;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;
import org.cowbench.stats.Effect;
import org.cowbench.stats.EffectSize;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Multiplicity;
import org.cowbench.stats.Outliers;
import org.cowbench.stats.Power;
import org.cowbench.stats.Rule;
import org.cowbench.stats.SignedRank;
import org.cowbench.stats.SimultaneousBand;
import org.cowbench.stats.Verdict;

/** Compares two runs, or the values of one parameter inside a run. */
public final class ComparisonBuilder {
    /** Fact of the environment by which runs that were interleaved in one schedule know each other. */
    public static final String SESSION = "ab.session";
    /** Fact of the environment that names the run of the control, the base's second copy. */
    public static final String CONTROL = "ab.control";

    /** Fact of the environment of a session that could end early: after how many blocks it was looked at, by commas. */
    public static final String LOOKS = "ab.looks";
    /** Fact of the environment that tells at which of its {@link #LOOKS} a session ended, from 1. */
    public static final String LOOK = "ab.look";

    /** Fact of the environment of a run that measured a kernel in an emulated machine: its release. */
    private static final String KERNEL = "guest.kernel";
    /** Share of disturbed forks from which a side says nothing about its times. */
    private static final double MOST_DISTURBED = 0.5;
    /** Relative difference that tables show. */
    private static final double SEEN = 0.0005;
    private static final double EQUAL = 1e-9;

    /** Counters of which more is a cost, whatever else happens; they are exact, so they need no schedule to be gated. */
    private static final Set<String> COSTS = Set.of("copies", "bytesCopied", "needlessCopies", "framesAllocated",
            "peakFrames", "swapReads", "swapWrites");

    /** Facts that differ only between machines. */
    private static final Predicate<String> MACHINE = key -> key.equals("cpu.model") || key.equals("os.arch")
            || key.equals("memory.total") || key.equals("cpu.hypervisor") || key.startsWith("cpu.cache.");

    /** What JMH's file says of the JVM; run.json says the same in other words. */
    private static final Set<String> JVM =
            Set.of("jmh.jdkVersion", "jmh.vmName", "jmh.vmVersion", "jmh.jvm", "jmh.jvmArgs");

    private final Rule rule;
    private final CompareOptions options;
    private final List<String> warnings = new ArrayList<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final List<String> onlyBase = new ArrayList<>();
    private final List<String> onlyHead = new ArrayList<>();
    private final Set<Integer> blocks = new TreeSet<>();
    private String rowParam = Tag.POLICY_PARAM;
    private boolean paired;
    private final Set<String> unmatched = new LinkedHashSet<>();
    private final Set<CompareSeries> drafted = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Integer> dropped = new LinkedHashMap<>();
    private final List<String> onlyBaseMetrics = new ArrayList<>();
    private final List<String> onlyHeadMetrics = new ArrayList<>();
    private final List<String> otherUnits = new ArrayList<>();
    private final List<String> valueless = new ArrayList<>();
    private Map<MeasurementKey, String> names = Map.of();
    private List<ResultDirectory> runs = List.of();

    private ComparisonBuilder(Rule rule, CompareOptions options) {
        this.rule = rule;
        this.options = options;
    }

    /** A row before the tests of its family are known. */
    private record Draft(
            CompareSeries base, CompareSeries head, Map<String, String> params, MetricId metric, String unit, Kind kind,
            ForkValues baseForks, ForkValues headForks, List<double[]> pairsByBlock, Scale scale) {

        double[] baseValues() {
            return baseForks.values();
        }

        double[] headValues() {
            return headForks.values();
        }

        boolean testable() {
            int values = pairsByBlock == null ? Math.min(baseForks.count(), headForks.count())
                    : pairsByBlock.stream().mapToInt(pairs -> pairs.length).sum();
            return kind != Kind.EXACT && values >= 2;
        }

        Design design() {
            return pairsByBlock == null ? Design.UNPAIRED : Design.PAIRED;
        }
    }

    /**
     * Compares two runs.
     *
     * @param base what is compared with
     * @param head what is compared
     * @param rule the levels and the bound
     * @param failOver gate in per cent, NaN for none
     * @param strict whether inconclusive rows fail the gate
     * @return the comparison; paired when both runs name the same {@linkplain #SESSION session}
     * @throws ResultException if no benchmark is in both, or a histogram log cannot be read
     */
    public static Comparison compare(
            ResultDirectory base, ResultDirectory head, Rule rule, double failOver, boolean strict) {
        return compare(base, head, rule, CompareOptions.gate(failOver, strict));
    }

    /**
     * Compares two runs.
     *
     * @param base what is compared with
     * @param head what is compared
     * @param rule the levels and the bound; where the sides' session had several {@linkplain #LOOKS looks}, of all of them
     * @param options the gate, and which benchmarks
     * @return the comparison, its rule that of one look; paired when both runs name the same {@linkplain #SESSION session}
     * @throws ResultException if no benchmark is in both and no gate is there to say so, if none is wanted, or a
     *     histogram log cannot be read
     */
    public static Comparison compare(
            ResultDirectory base, ResultDirectory head, Rule rule, CompareOptions options) {
        ComparisonBuilder builder = new ComparisonBuilder(rule.perLook(looks(base, head)), options);
        builder.paired = interleaved(base, head);
        builder.runs = List.of(base, head);
        List<CompareSeries> baseSeries = CompareSeries.of(base);
        List<CompareSeries> headSeries = CompareSeries.of(head);
        builder.name(baseSeries, headSeries);
        builder.match(builder.wanted(base, baseSeries), base, builder.wanted(head, headSeries), head);
        Comparison.Control control = Comparison.Control.none();
        if (builder.paired) {
            control = builder.control(base, head);
        } else if (builder.drifts()) {
            builder.warnings.add("unpaired: drift not controlled; the runs were not interleaved, so whatever changed"
                    + " between them is part of every difference. For a claim: ab REV1 REV2");
        }
        // What the doctor said before a session stands with each of its sides.
        Set<String> common = new LinkedHashSet<>(base.info().warnings());
        common.retainAll(head.info().warnings());
        builder.look(base, "base", common);
        builder.look(head, "head", common);
        common.forEach(warning -> builder.warnings.add("both: " + warning));
        String[] labels = labels(base, head);
        String what = options.filter().toString();
        return builder.build(
                side(base, labels[0], what), side(head, labels[1], what), environment(base, head), control);
    }

    /**
     * Judges the scores of a part of two runs as {@link #compare} judges those of the whole: one family, corrected for
     * its own size.
     *
     * @param base what is compared with
     * @param head what is compared
     * @param rule the levels and the bound
     * @param block which blocks of the schedule count; asked for -1 where a fork's block is unknown
     * @return one row a benchmark and parameter set that is in both, in the order of the base's file; the change of a
     *     row that is too noisy is NaN
     * @throws ResultException if no benchmark is in both
     */
    public static List<Row> scores(ResultDirectory base, ResultDirectory head, Rule rule, IntPredicate block) {
        ComparisonBuilder builder = new ComparisonBuilder(rule, CompareOptions.NONE);
        builder.paired = interleaved(base, head);
        builder.runs = List.of(base, head);
        builder.match(CompareSeries.scores(base, block), base, CompareSeries.scores(head, block), head);
        return builder.rows(false);
    }

    /** How many looks decided when the runs ended, whatever they are compared with now. */
    private static int looks(ResultDirectory... runs) {
        return Arrays.stream(runs).map(run -> run.info().environment().get(LOOKS)).filter(Objects::nonNull)
                .mapToInt(looks -> looks.split(",").length).max().orElse(1);
    }

    private static boolean interleaved(ResultDirectory base, ResultDirectory head) {
        String session = base.info().environment().get(SESSION);
        return session != null && session.equals(head.info().environment().get(SESSION));
    }

    /**
     * Compares values of a parameter inside one run: forks of one block belong together.
     *
     * @param run the run
     * @param param name of the parameter, such as {@code policy}
     * @param value the value that all others are compared with, a policy by its id
     * @param rule the levels and the bound
     * @param failOver gate in per cent, NaN for none
     * @param strict whether inconclusive rows fail the gate
     * @return the comparison; paired where the run says in which block a fork was
     * @throws ResultException if nothing in the run has that parameter with that value, or with another
     */
    public static Comparison within(
            ResultDirectory run, String param, String value, Rule rule, double failOver, boolean strict) {
        return within(run, param, value, rule, CompareOptions.gate(failOver, strict));
    }

    /**
     * Compares values of a parameter inside one run: forks of one block belong together.
     *
     * @param run the run
     * @param param name of the parameter, such as {@code policy}
     * @param value the value that all others are compared with, a policy by its id
     * @param rule the levels and the bound
     * @param options the gate, and which of the others
     * @return the comparison; paired where the run says in which block a fork was
     * @throws ResultException if nothing in the run has that parameter with that value, or with another that is wanted
     */
    public static Comparison within(
            ResultDirectory run, String param, String value, Rule rule, CompareOptions options) {
        ComparisonBuilder builder = new ComparisonBuilder(rule.perLook(looks(run)), options);
        builder.paired = !run.info().forks().isEmpty();
        builder.runs = List.of(run);
        builder.rowParam = param;
        Map<MeasurementKey, CompareSeries> bases = new HashMap<>();
        List<CompareSeries> all = CompareSeries.of(run);
        builder.name(all, List.of());
        Set<String> values = new LinkedHashSet<>();
        for (CompareSeries series : all) {
            String own = series.key().displayed().get(param);
            if (own != null) {
                values.add(own);
                if (own.equals(value)) {
                    bases.put(series.key().without(param), series);
                }
            }
        }
        if (values.isEmpty()) {
            throw new ResultException(run.path() + ": no benchmark has a parameter '" + param + "'");
        }
        if (bases.isEmpty()) {
            throw new ResultException(run.path() + ": no benchmark has " + param + "=" + value + "; there is "
                    + String.join(", ", values));
        }
        List<CompareSeries> heads = all.stream().filter(series -> {
            String own = series.key().displayed().get(param);
            return own != null && !own.equals(value);
        }).toList();
        for (CompareSeries series : builder.wanted(run, heads)) {
            CompareSeries base = bases.get(series.key().without(param));
            if (base == null) {
                builder.onlyHead.add(builder.tag(series));
            } else {
                builder.draft(base, series);
            }
        }
        if (builder.drafts.isEmpty()) {
            throw new ResultException(run.path() + ": nothing to compare " + param + "=" + value + " with");
        }
        if (!builder.paired && builder.drifts()) {
            builder.warnings.add("unpaired: drift not controlled; the file does not say in which order forks ran");
        }
        builder.look(run, "run", Set.of());
        String filter = options.filter().toString();
        return builder.build(side(run, run.label(), param + "=" + value),
                side(run, run.label(), ("every other " + param + " " + filter).strip()), List.of(),
                Comparison.Control.none());
    }

    private List<CompareSeries> wanted(ResultDirectory run, List<CompareSeries> series) {
        return options.filter().of(series, this::tag, one -> one.key().displayed(), run.path().toString());
    }

    /** Whether the machine's drift can move what was measured: it moves no count. */
    private boolean drifts() {
        return drafts.isEmpty()
                || drafts.stream().anyMatch(draft -> draft.kind == Kind.SCORE && !CompareUnits.counted(draft.unit));
    }

    /** The labels of two runs; two runs of one label by as much of their paths as tells them apart. */
    private static String[] labels(ResultDirectory base, ResultDirectory head) {
        Path one = base.path().toAbsolutePath().normalize();
        Path other = head.path().toAbsolutePath().normalize();
        String[] labels = {base.label(), head.label()};
        for (int names = 2; labels[0].equals(labels[1]) && !one.equals(other); names++) {
            labels = new String[] {end(one, names), end(other, names)};
        }
        return labels;
    }

    private static String end(Path path, int names) {
        return path.subpath(Math.max(0, path.getNameCount() - names), path.getNameCount()).toString();
    }

    private static Side side(ResultDirectory run, String label, String what) {
        RunInfo info = run.info();
        return new Side(label, info.commit(), info.dirty(), info.suite(), info.started(),
                kernel(info.environment(), what), info.seed(), what,
                (int) info.forks().stream().filter(fork -> fork.noise() != null).count(),
                (int) info.forks().stream().filter(fork -> Noise.disturbed(fork.noise())).count(), environment(run));
    }

    private static SortedMap<String, String> environment(ResultDirectory run) {
        SortedMap<String, String> facts = new TreeMap<>(run.settings());
        facts.putAll(run.info().environment());
        return Collections.unmodifiableSortedMap(facts);
    }

    /** The kernel of the numbers; with several in one run it is the one that the side is about, if it is about one. */
    private static String kernel(Map<String, String> environment, String what) {
        if (environment.keySet().stream().anyMatch(key -> key.startsWith(KERNEL + "."))) {
            return environment.getOrDefault(KERNEL + "." + what.replaceFirst("^kernel=", ""), "");
        }
        return environment.getOrDefault(KERNEL, environment.getOrDefault("kernel.release", ""));
    }

    // Matching

    private void match(List<CompareSeries> baseSeries, ResultDirectory baseRun, List<CompareSeries> headSeries,
            ResultDirectory headRun) {
        if (baseSeries.isEmpty() || headSeries.isEmpty()) {
            throw new ResultException((baseSeries.isEmpty() ? baseRun : headRun).path() + " holds no benchmark");
        }
        name(baseSeries, headSeries);
        Map<MeasurementKey, CompareSeries> base = index(baseSeries);
        Map<MeasurementKey, CompareSeries> head = index(headSeries);
        Map<MeasurementKey, CompareSeries> others = likely(
                baseSeries.stream().filter(series -> !head.containsKey(series.key())).toList(),
                headSeries.stream().filter(series -> !base.containsKey(series.key())).toList());
        Set<CompareSeries> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        base.forEach((key, series) -> {
            CompareSeries other = head.getOrDefault(key, others.get(key));
            if (other == null) {
                onlyBase.add(tag(series));
            } else {
                taken.add(other);
                draft(series, other);
            }
        });
        headSeries.stream().filter(series -> !taken.contains(series)).forEach(series -> onlyHead.add(tag(series)));
        if (drafts.isEmpty() && !otherUnits.isEmpty()) {
            throw new ResultException("nothing is in units that turn into each other: " + some(otherUnits));
        }
        // A gate says itself that it had nothing to judge.
        if (drafts.isEmpty() && !options.gated()) {
            throw new ResultException("no benchmark is in both: base has " + some(onlyBase) + "; head has "
                    + some(onlyHead));
        }
    }

    private static String some(List<String> tags) {
        return String.join(", ", tags.subList(0, Math.min(3, tags.size())))
                + (tags.size() > 3 ? " and " + (tags.size() - 3) + " more" : "");
    }

    /** A file holds each key once: what it holds twice was made one when it was read. */
    private static Map<MeasurementKey, CompareSeries> index(List<CompareSeries> all) {
        Map<MeasurementKey, CompareSeries> index = new LinkedHashMap<>();
        all.forEach(series -> index.put(series.key(), series));
        return index;
    }

    /** Names are as short as both sides together allow. */
    private void name(List<CompareSeries> base, List<CompareSeries> head) {
        names = BenchmarkNames.of(Stream.concat(base.stream(), head.stream()).map(CompareSeries::key).toList(), true);
    }

    private String tag(CompareSeries series) {
        return Tag.unique(names.get(series.key()), series.key().displayed());
    }

    /**
     * What is the same for all that the files say, though its key is not: a parameter that has another name but the
     * same values, and a mode or threads that one file does not tell. Only where there is one such partner.
     */
    private Map<MeasurementKey, CompareSeries> likely(List<CompareSeries> base, List<CompareSeries> head) {
        Map<List<Object>, List<CompareSeries>> byValues = new HashMap<>();
        head.forEach(series -> byValues.computeIfAbsent(values(series), key -> new ArrayList<>()).add(series));
        Map<CompareSeries, Integer> wanted = new IdentityHashMap<>();
        Map<MeasurementKey, CompareSeries> pairs = new LinkedHashMap<>();
        for (CompareSeries series : base) {
            List<CompareSeries> fitting = byValues.getOrDefault(values(series), List.of()).stream()
                    .filter(other -> series.key().agrees(other.key()))
                    .filter(other -> sameParams(series, other) || otherName(series, other) != null).toList();
            if (fitting.size() == 1) {
                pairs.put(series.key(), fitting.getFirst());
            }
            fitting.forEach(other -> wanted.merge(other, 1, Integer::sum));
        }
        pairs.values().removeIf(other -> wanted.get(other) > 1);
        Map<String, List<String>> renamed = new LinkedHashMap<>();
        Set<String> untold = new LinkedHashSet<>();
        for (CompareSeries series : base) {
            CompareSeries other = pairs.get(series.key());
            if (other == null) {
                continue;
            }
            String name = names.get(series.key());
            if (sameParams(series, other)) {
                untold.add(name);
            } else {
                String[] params = otherName(series, other);
                List<String> of = renamed.computeIfAbsent("parameter '" + params[0] + "' is called '" + params[1]
                        + "' in the head; matched by its values: ", said -> new ArrayList<>());
                if (!of.contains(name)) {
                    of.add(name);
                }
            }
        }
        renamed.forEach((said, of) -> warnings.add(said + some(of)));
        if (!untold.isEmpty()) {
            warnings.add("one side does not tell the mode or the threads of " + some(List.copyOf(untold))
                    + "; matched without");
        }
        return pairs;
    }

    private static boolean sameParams(CompareSeries base, CompareSeries head) {
        return base.key().params().equals(head.key().params());
    }

    /** The benchmark and the sorted values of all parameters. */
    private static List<Object> values(CompareSeries series) {
        return List.of(series.key().benchmark(), series.key().params().values().stream().sorted().toList());
    }

    /** The two names of the one parameter by which two parameter sets differ, null when they differ otherwise. */
    private static String[] otherName(CompareSeries base, CompareSeries head) {
        Map<String, String> a = new LinkedHashMap<>(base.measurement().params());
        Map<String, String> b = new LinkedHashMap<>(head.measurement().params());
        a.entrySet().removeAll(head.measurement().params().entrySet());
        b.entrySet().removeAll(base.measurement().params().entrySet());
        if (a.size() != 1 || b.size() != 1) {
            return null;
        }
        String from = a.keySet().iterator().next();
        String to = b.keySet().iterator().next();
        boolean sameValue = a.get(from).equals(b.get(to));
        return sameValue && !head.measurement().params().containsKey(from) ? new String[] {from, to} : null;
    }

    // Rows

    private void draft(CompareSeries base, CompareSeries head) {
        for (CompareSeries series : List.of(base, head)) {
            if (drafted.add(series) && series.dropped() > 0) {
                dropped.merge(tag(series), series.dropped(), Integer::sum);
            }
        }
        if (base.unmatched() || head.unmatched()) {
            unmatched.add(tag(head));
        }
        Map<String, String> params = head.key().displayed();
        base.metrics().forEach((metric, values) -> {
            double[] other = head.metrics().get(metric);
            if (other != null) {
                draft(base, head, params, metric, values, other);
            }
        });
        alone(base, head, onlyBaseMetrics);
        alone(head, base, onlyHeadMetrics);
    }

    /** What only one side has; histograms of unknown forks are said elsewhere. */
    private void alone(CompareSeries has, CompareSeries lacks, List<String> metrics) {
        has.metrics().keySet().stream().filter(metric -> !lacks.metrics().containsKey(metric))
                .filter(metric -> !(lacks.unmatched() && metric.source() == Source.PERCENTILE))
                .forEach(metric -> metrics.add(tag(has) + " " + metric.label()));
    }

    private void draft(CompareSeries base, CompareSeries head, Map<String, String> params, MetricId metric,
            double[] baseValues, double[] headAsMeasured) {
        String unit = base.units().get(metric);
        double factor = CompareUnits.factor(head.units().get(metric), unit);
        if (Double.isNaN(factor)) {
            otherUnits.add(tag(head) + " " + metric.label() + " in " + unit + " and in " + head.units().get(metric));
            return;
        }
        double[] headValues =
                factor == 1 ? headAsMeasured : Arrays.stream(headAsMeasured).map(v -> v * factor).toArray();
        ForkValues baseForks = forks(base, baseValues);
        ForkValues headForks = forks(head, headValues);
        double[] baseFinite = baseForks.values();
        double[] headFinite = headForks.values();
        Kind kind = switch (metric.source()) {
            case SCORE -> Kind.SCORE;
            case PERCENTILE -> Kind.PERCENTILE;
            case SECONDARY -> CompareUnits.counted(unit) && exact(baseFinite) && exact(headFinite) ? Kind.EXACT
                    : Kind.VARYING;
        };
        if (kind != Kind.SCORE && (baseFinite.length == 0 || headFinite.length == 0)) {
            valueless.add(tag(head) + " " + metric.label());
            return;
        }
        boolean positive = Arrays.stream(baseFinite).allMatch(v -> v > 0)
                && Arrays.stream(headFinite).allMatch(v -> v > 0);
        Scale scale = positive ? Scale.RATIO : Scale.DIFFERENCE;
        List<double[]> pairs = paired && base.places() != null && head.places() != null
                ? pairs(base.places(), baseValues, head.places(), headValues, scale)
                : null;
        drafts.add(new Draft(base, head, params, metric, unit, kind, baseForks, headForks, pairs, scale));
    }

    private static ForkValues forks(CompareSeries series, double[] values) {
        int[] finite = IntStream.range(0, values.length).filter(i -> Double.isFinite(values[i])).toArray();
        List<CompareSeries.Place> places = series.places() == null ? List.of()
                : Arrays.stream(finite).mapToObj(series.places()::get).toList();
        boolean heard = places.stream().allMatch(place -> place.disturbed() != null);
        boolean[] disturbed = new boolean[heard ? places.size() : 0];
        for (int i = 0; i < disturbed.length; i++) {
            disturbed[i] = places.get(i).disturbed();
        }
        return new ForkValues(
                Arrays.stream(finite).mapToDouble(i -> values[i]).toArray(),
                places.stream().mapToInt(CompareSeries.Place::order).toArray(),
                series.failed() + values.length - finite.length,
                disturbed);
    }

    /** One fork cannot show that all would agree. */
    private static boolean exact(double[] values) {
        for (double value : values) {
            if (!equal(value, values[0])) {
                return false;
            }
        }
        return values.length > 1;
    }

    private static boolean equal(double a, double b) {
        return a == b || Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b));
    }

    /**
     * The paired differences by block. Inside a block the forks of each side are taken in the order in which they ran,
     * the first with the first: in a mirrored block these are its halves.
     */
    private List<double[]> pairs(List<CompareSeries.Place> basePlaces, double[] base,
            List<CompareSeries.Place> headPlaces, double[] head, Scale scale) {
        Map<Integer, List<Double>> byBlockBase = byBlock(basePlaces, base);
        Map<Integer, List<Double>> byBlockHead = byBlock(headPlaces, head);
        List<double[]> pairs = new ArrayList<>();
        byBlockBase.forEach((block, values) -> {
            List<Double> others = byBlockHead.getOrDefault(block, List.of());
            int count = Math.min(values.size(), others.size());
            if (count > 0) {
                double[] differences = new double[count];
                for (int i = 0; i < count; i++) {
                    differences[i] = scale == Scale.RATIO
                            ? StrictMath.log(others.get(i) / values.get(i))
                            : others.get(i) - values.get(i);
                }
                pairs.add(differences);
                blocks.add(block);
            }
        });
        return pairs;
    }

    private static Map<Integer, List<Double>> byBlock(List<CompareSeries.Place> places, double[] values) {
        Map<Integer, List<Double>> blocks = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                blocks.computeIfAbsent(places.get(i).block(), block -> new ArrayList<>()).add(values[i]);
            }
        }
        return blocks;
    }

    // Judging

    private Comparison build(Side base, Side head, List<Comparison.Difference> environment,
            Comparison.Control control) {
        if (!dropped.isEmpty()) {
            List<String> tags = dropped.entrySet().stream().map(e -> e.getValue() + " of " + e.getKey()).toList();
            warnings.add(dropped.values().stream().mapToInt(Integer::intValue).sum()
                    + " iterations were NaN or infinite and are left out: " + some(tags));
        }
        say(otherUnits, "are in units that do not turn into each other and are not compared");
        say(onlyBaseMetrics, "are only in the base");
        say(onlyHeadMetrics, "are only in the head");
        say(valueless, "have no finite value on a side and are not compared");
        if (!unmatched.isEmpty()) {
            warnings.add("percentiles are not compared where the histograms do not say which fork each is of: "
                    + some(List.copyOf(unmatched)));
        }
        if (!onlyBase.isEmpty()) {
            warnings.add("only in the base: " + some(onlyBase));
        }
        if (!onlyHead.isEmpty()) {
            warnings.add("only in the head: " + some(onlyHead));
        }
        List<Row> rows = rows(control.state() == Comparison.Control.State.BIASED);
        int identical = (int) rows.stream()
                .filter(row -> row.kind() == Kind.EXACT && row.verdict() == Verdict.SAME)
                .count();
        boolean anyPaired = rows.stream().anyMatch(row -> row.design() == Design.PAIRED && row.kind() != Kind.EXACT);
        return new Comparison(rule, base, head, paired && anyPaired ? Design.PAIRED : Design.UNPAIRED, blocks.size(),
                control, environment, List.copyOf(warnings), rowParam, rows, rows, CompareView.WHOLE,
                shifts(base.seed()), curves(rows), List.copyOf(onlyBase), List.copyOf(onlyHead), identical, options);
    }

    /** One line, however many metrics. */
    private void say(List<String> metrics, String what) {
        if (!metrics.isEmpty()) {
            warnings.add("metrics that " + what + ", " + metrics.size() + ": " + some(metrics));
        }
    }

    /** The paired percentiles of each benchmark together; blocks in which one of them is missing are left out. */
    private List<Comparison.Shift> shifts(long seed) {
        Map<CompareSeries, List<Draft>> bySeries = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            boolean percentile = draft.kind == Kind.PERCENTILE && CompareHistograms.names(draft.metric.name());
            if (percentile && draft.pairsByBlock != null && draft.scale == Scale.RATIO) {
                bySeries.computeIfAbsent(draft.head, key -> new ArrayList<>()).add(draft);
            }
        }
        List<Comparison.Shift> shifts = new ArrayList<>();
        for (List<Draft> percentiles : bySeries.values()) {
            int count = percentiles.getFirst().pairsByBlock.size();
            if (percentiles.size() < 2 || percentiles.stream().anyMatch(draft -> draft.pairsByBlock.size() != count)) {
                continue;
            }
            double[][] matrix = new double[count][percentiles.size()];
            double[] fractions = new double[percentiles.size()];
            for (int p = 0; p < percentiles.size(); p++) {
                Draft draft = percentiles.get(p);
                int index = Arrays.asList(CompareHistograms.NAMES).indexOf(draft.metric.name());
                fractions[p] = CompareHistograms.FRACTIONS[index];
                for (int block = 0; block < count; block++) {
                    matrix[block][p] = Forks.mean(draft.pairsByBlock.get(block));
                }
            }
            Interval[] band = SimultaneousBand.of(matrix, rule.confidence(), seed);
            shifts.add(new Comparison.Shift(
                    tag(percentiles.getFirst().head), fractions,
                    Arrays.stream(band).map(interval -> back(interval, true)).toArray(Interval[]::new)));
        }
        return List.copyOf(shifts);
    }

    /** The distributions of as many scores as a picture shows. */
    private List<Comparison.Curves> curves(List<Row> rows) {
        Map<Row, Draft> scores = new IdentityHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Draft draft = drafts.get(i);
            if (draft.kind == Kind.SCORE && draft.base.curves() != null && draft.head.curves() != null) {
                scores.put(rows.get(i), draft);
            }
        }
        return ComparePlots.interesting(rows, ComparePlots.MOST_PANELS, scores::containsKey).stream()
                .map(row -> new Comparison.Curves(row.tag(), CompareHistograms.GRID, scores.get(row).base.curves(),
                        scores.get(row).head.curves(), CompareHistograms.unit(row.unit())))
                .toList();
    }

    private List<Row> rows(boolean invalid) {
        Effect[] effects = new Effect[drafts.size()];
        double[] adjusted = new double[drafts.size()];
        double[] rowLevels = new double[drafts.size()];
        String[] unitNames = new String[drafts.size()];
        Arrays.fill(adjusted, Double.NaN);
        // Scores and the rest are families of their own, and so are paired and unpaired rows.
        for (Design design : Design.values()) {
            for (boolean scores : new boolean[] {true, false}) {
                List<Integer> family = new ArrayList<>();
                for (int i = 0; i < drafts.size(); i++) {
                    Draft draft = drafts.get(i);
                    if (draft.design() == design && (draft.kind == Kind.SCORE) == scores && draft.kind != Kind.EXACT) {
                        family.add(i);
                    }
                }
                long tests = family.stream().filter(i -> drafts.get(i).testable()).count();
                double level = rule.level() / Math.max(1, tests);
                for (int i : family) {
                    rowLevels[i] = level;
                    measure(i, level, effects, unitNames);
                }
                double[] p = family.stream().mapToDouble(i -> effects[i].p()).toArray();
                double[] corrected = scores ? Multiplicity.holm(p) : Multiplicity.benjaminiHochberg(p);
                long called = Arrays.stream(corrected).filter(value -> value <= rule.level()).count();
                for (int k = 0; k < corrected.length; k++) {
                    adjusted[family.get(k)] = corrected[k];
                    if (!scores) {
                        // Benjamini and Hochberg ask less of a row, the more of the others are called.
                        rowLevels[family.get(k)] = Math.min(rule.level(), level * (called + 1));
                    }
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            rows.add(drafts.get(i).kind == Kind.EXACT
                    ? exact(drafts.get(i))
                    : measured(drafts.get(i), effects[i], adjusted[i], rowLevels[i], unitNames[i], invalid));
        }
        return rows;
    }

    /** Chooses the unit: whole blocks where their number can reach the level, else the pairs inside them. */
    private void measure(int i, double level, Effect[] effects, String[] unitNames) {
        Draft draft = drafts.get(i);
        if (draft.pairsByBlock == null) {
            unitNames[i] = "fork";
            effects[i] = draft.scale == Scale.RATIO ? Effect.unpaired(draft.baseValues(), draft.headValues(), rule)
                    : Effect.difference(draft.baseValues(), draft.headValues(), rule);
            return;
        }
        double[] whole = draft.pairsByBlock.stream().mapToDouble(Forks::mean).toArray();
        double[] pairs = draft.pairsByBlock.stream().flatMapToDouble(Arrays::stream).toArray();
        boolean split = pairs.length > whole.length && SignedRank.smallestP(whole.length) > level;
        unitNames[i] = split ? "pair" : "block";
        effects[i] = Effect.paired(split ? pairs : whole, rule, level);
    }

    private Row exact(Draft draft) {
        double base = draft.baseValues()[0];
        double head = draft.headValues()[0];
        boolean same = equal(base, head);
        Verdict verdict = same ? Verdict.SAME : head > base ? Verdict.MORE : Verdict.FEWER;
        double change = draft.scale == Scale.RATIO ? head / base : head - base;
        Interval exactly = new Interval(change, change, change, draft.baseValues().length);
        return row(draft, base, head, exactly, exactly, exactly, Effect.Test.NONE, "fork",
                Math.min(draft.baseValues().length, draft.headValues().length), Double.NaN, Double.NaN, Double.NaN, -1,
                draft.head.key().own() && COSTS.contains(draft.metric.name()), verdict, false, "");
    }

    private Row measured(
            Draft draft, Effect effect, double adjusted, double rowLevel, String unitName, boolean invalid) {
        boolean ratio = draft.scale == Scale.RATIO;
        boolean lower = CompareUnits.lowerIsBetter(draft.unit);
        double base = value(draft, draft.baseValues());
        double head = value(draft, draft.headValues());
        boolean gated = gated(draft, effect);
        Verdict verdict = invalid ? Verdict.INCONCLUSIVE
                : equalCounts(draft) ? Verdict.SAME
                : rule.judge(effect, adjusted, lower, ratio ? rule.logBound() : rule.bound() * Math.abs(base));
        String noise = noise(draft, effect, verdict);
        if (!noise.isEmpty()) {
            Interval none = Interval.point(Double.NaN, effect.units());
            return row(draft, base, head, none, none, none, effect.test(), unitName, effect.units(), Double.NaN,
                    Double.NaN, Double.NaN, -1, gated, Verdict.INCONCLUSIVE, true, noise);
        }
        if (draft.kind == Kind.VARYING) {
            verdict = switch (verdict) {
                case SLOWER -> lower ? Verdict.MORE : Verdict.FEWER;
                case FASTER -> lower ? Verdict.FEWER : Verdict.MORE;
                default -> verdict;
            };
        }
        String note = "";
        if (invalid) {
            note = "the control is biased";
        } else if (draft.baseValues().length == 0 || draft.headValues().length == 0) {
            note = "no finite value on one side";
        } else if (effect.test() == Effect.Test.NONE) {
            note = verdict == Verdict.SAME ? "equal counts of one " + unitName
                    : "one " + unitName + ": no interval" + (draft.kind == Kind.SCORE ? advice(draft) : "");
        } else if (contradicts(head - base, Math.abs(base), effect.change().estimate(), ratio)) {
            note = "the sides' medians differ the other way: the change is that of " + unitName + "s";
        }
        return row(draft, base, head, back(effect.change(), ratio), back(effect.strict(), ratio),
                back(effect.check(), ratio), effect.test(), unitName, effect.units(), effect.p(), adjusted,
                ratio ? effect.detectable(rule, rowLevel) : Double.NaN,
                ratio && !invalid ? needed(draft, effect, rowLevel) : -1, gated, verdict, false, note);
    }

    /** Why a row gives no number, empty when it gives one. Values without a time are not disturbed by other load. */
    private String noise(Draft draft, Effect effect, Verdict verdict) {
        double least = CompareUnits.counted(draft.unit) ? rule.bound() : 0;
        int far = Math.max(Outliers.tooManyBeyond(least, draft.baseValues()),
                Outliers.tooManyBeyond(least, draft.headValues()));
        if (far > 0) {
            return Comparison.TOO_NOISY + ": " + far + " forks of a side are far off its median";
        }
        for (ForkValues forks : List.of(draft.baseForks, draft.headForks)) {
            if (!CompareUnits.counted(draft.unit) && forks.countDisturbed() > MOST_DISTURBED * forks.count()) {
                return Comparison.TOO_NOISY + ": " + forks.countDisturbed() + " of " + forks.count()
                        + " forks of a side were disturbed by other load";
            }
        }
        if (effect.test() != Effect.Test.NONE && !effect.change().bounded()) {
            return Comparison.TOO_NOISY + ": the forks vary so much that no interval is bounded";
        }
        return draft.scale == Scale.RATIO && verdict == Verdict.INCONCLUSIVE && effect.tooNoisy(rule)
                ? Comparison.TOO_NOISY + ": the interval of even " + Power.MOST_BLOCKS + " " + counted(draft.design())
                        + " would be wider than the bound"
                : "";
    }

    /** What to do about a score without an interval, and what its only forks show inside. */
    private static String advice(Draft draft) {
        Comparison.WithinFork within = within(draft);
        return (draft.design() == Design.PAIRED ? "; 2 blocks or more give one"
                : "; 2 forks or more give one: -f 5") + (within == null ? ""
                : ". Inside these two forks alone: head higher in " + CompareNumbers.percent(within.higher())
                        + " of the pairs of " + within.base() + " and " + within.head()
                        + " iterations; how far another fork would be off, that cannot say");
    }

    /** The iterations of a score with one fork on each side, null otherwise. */
    private static Comparison.WithinFork within(Draft draft) {
        double[] base = iterations(draft.base);
        double[] head = iterations(draft.head);
        double factor = CompareUnits.factor(draft.head.measurement().unit(), draft.unit);
        return draft.kind != Kind.SCORE || base.length < 2 || head.length < 2 ? null
                : new Comparison.WithinFork(base.length, head.length, EffectSize.superiority(
                        Arrays.stream(head).map(v -> v * factor).toArray(), base));
    }

    /** Of the only fork; none where there are more, for then forks are compared. */
    private static double[] iterations(CompareSeries series) {
        double[][] raw = series.measurement().raw();
        return raw.length == 1 ? Arrays.stream(raw[0]).filter(Double::isFinite).toArray() : new double[0];
    }

    /** Counts that agree to the last, even in one fork a side: nothing is estimated, so no interval is missing. */
    private static boolean equalCounts(Draft draft) {
        double[] all = DoubleStream.concat(Arrays.stream(draft.baseValues()), Arrays.stream(draft.headValues()))
                .toArray();
        return CompareUnits.counted(draft.unit) && draft.baseForks.count() > 0 && draft.headForks.count() > 0
                && exact(all);
    }

    /** In blocks where the row is paired, though its blocks may be split. */
    private int needed(Draft draft, Effect effect, double rowLevel) {
        int needed = effect.unitsNeeded(rule, rowLevel);
        if (draft.pairsByBlock == null || needed < 0 || needed > Power.MOST_BLOCKS) {
            return needed;
        }
        return (int) Math.ceil(needed * (double) draft.pairsByBlock.size() / effect.units());
    }

    /** Whether two values stand beside a change of the other sign, each large enough to be seen. */
    private boolean contradicts(double shown, double size, double change, boolean ratio) {
        double seen = size * SEEN;
        return shown * change < 0 && Math.abs(shown) >= seen && Math.abs(change) >= (ratio ? SEEN : seen);
    }

    private static String counted(Design design) {
        return design == Design.PAIRED ? "blocks" : "forks a side";
    }

    /** Times of separate runs only on demand; one fork never. Counts do not drift. */
    private boolean gated(Draft draft, Effect effect) {
        return draft.kind == Kind.SCORE && effect.test() != Effect.Test.NONE
                && (draft.design() == Design.PAIRED || options.unpaired() || CompareUnits.counted(draft.unit));
    }

    /** The estimate of separate runs is of their means; that of pairs belongs to no two values of the sides. */
    private static double value(Draft draft, double[] values) {
        return draft.design() == Design.PAIRED ? Forks.median(values) : Forks.mean(values);
    }

    private static Interval back(Interval interval, boolean ratio) {
        return ratio
                ? new Interval(StrictMath.exp(interval.estimate()), StrictMath.exp(interval.low()),
                        StrictMath.exp(interval.high()), interval.count())
                : interval;
    }

    private Row row(Draft draft, double base, double head, Interval change, Interval strict, Interval check,
            Effect.Test test, String unitName, int units, double p, double adjusted, double detectable, int needed,
            boolean gated, Verdict verdict, boolean noisy, String note) {
        return new Row(new RowKey(draft.head.key(), draft.metric), names.get(draft.head.key()), draft.params,
                draft.metric.label(), draft.unit,
                CompareUnits.lowerIsBetter(draft.unit), draft.kind, draft.design(), gated, base, head, draft.scale,
                change, strict, check, test, unitName, units, p, adjusted,
                EffectSize.superiority(draft.headValues(), draft.baseValues()), detectable, needed,
                draft.baseForks, draft.headForks, verdict, noisy, note, within(draft), breaks(draft.head.key()));
    }

    /** By the declared verdict of its policy; of a rule of the user's own, by that of any of the runs. */
    private Set<Property> breaks(MeasurementKey key) {
        Set<Property> breaks = EnumSet.noneOf(Property.class);
        key.policy().ifPresent(policy -> runs.forEach(run ->
                breaks.addAll(Wording.breaks(policy, run.info().environment()))));
        return Collections.unmodifiableSet(breaks);
    }

    // What surrounds the rows

    private Comparison.Control control(ResultDirectory base, ResultDirectory head) {
        String label = base.info().environment().get(CONTROL);
        if (label == null) {
            warnings.add("no control: the base was not measured twice, so a bias of the session would not be seen");
            return Comparison.Control.none();
        }
        ResultDirectory copy;
        try {
            copy = ResultDirectory.read(base.path().toAbsolutePath().resolveSibling(label));
        } catch (ResultException e) {
            warnings.add("the control cannot be read: " + e.getMessage());
            return Comparison.Control.none();
        }
        // It is a copy of the session's base, which may be the head of this comparison.
        ResultDirectory original = sameProgram(base, copy) || !sameProgram(head, copy) ? base : head;
        List<Row> rows = scores(original, copy, rule, block -> true);
        List<String> biased = rows.stream()
                .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                .map(Row::tag)
                .toList();
        List<Row> shown = rows.stream().filter(row -> row.change().bounded()).toList();
        double largest = shown.stream()
                .mapToDouble(row -> Math.max(row.change().high() - 1, 1 - row.change().low()))
                .max()
                .orElse(Double.NaN);
        return new Comparison.Control(
                biased.isEmpty() ? Comparison.Control.State.CLEAN : Comparison.Control.State.BIASED, shown.size(),
                largest, biased);
    }

    private static boolean sameProgram(ResultDirectory one, ResultDirectory other) {
        return one.info().commit().equals(other.info().commit()) && one.info().dirty() == other.info().dirty()
                && Objects.equals(one.info().environment().get(KERNEL), other.info().environment().get(KERNEL));
    }

    private void look(ResultDirectory run, String side, Set<String> saidElsewhere) {
        RunInfo info = run.info();
        if (!info.complete()) {
            warnings.add("the " + side + " is not complete: its run was interrupted");
        }
        if (info.dirty()) {
            warnings.add("the " + side + " was measured with local changes on top of its commit");
        }
        long failed = info.forks().stream().filter(fork -> fork.error() != null).count();
        if (failed > 0) {
            warnings.add(failed + " of " + info.forks().size() + " forks of the " + side + " failed");
        }
        info.warnings().stream().filter(warning -> !saidElsewhere.contains(warning))
                .forEach(warning -> warnings.add(side + ": " + warning));
    }

    /** Facts of run.json where both have one; what JMH's files say of how they measured where both say it. */
    private static List<Comparison.Difference> environment(ResultDirectory base, ResultDirectory head) {
        Map<String, String> before = base.info().environment();
        Map<String, String> after = head.info().environment();
        boolean known = Stream.of(base, head)
                .allMatch(run -> run.info().schema() > 0 && !run.info().environment().isEmpty());
        List<Comparison.Difference> differences = new ArrayList<>();
        if (known) {
            Set<String> keys = new TreeSet<>(before.keySet());
            keys.addAll(after.keySet());
            keys.forEach(key ->
                    difference(key, before.getOrDefault(key, ""), after.getOrDefault(key, ""), differences));
        }
        base.settings().forEach((key, value) -> {
            if (head.settings().containsKey(key) && !(known && JVM.contains(key))) {
                difference(key, value, head.settings().get(key), differences);
            }
        });
        differences.sort(Comparator.comparing((Comparison.Difference d) -> !d.machine())
                .thenComparing(Comparison.Difference::key));
        return List.copyOf(differences);
    }

    private static void difference(String key, String before, String after, List<Comparison.Difference> differences) {
        if (!Environment.fleeting(key) && !before.equals(after)) {
            differences.add(new Comparison.Difference(key, before, after, MACHINE.test(key)));
        }
    }

    /**
     * The remarks that stand beside a row's numbers.
     *
     * @param row any row
     * @return the note, and for an inconclusive row what would decide it; empty when there is neither
     */
    static String said(Row row) {
        return Stream.of(row.note(), row.verdict() == Verdict.INCONCLUSIVE ? outlook(row) : "")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /**
     * Which effect an inconclusive row would have shown, and how many blocks would decide it.
     *
     * @param row an inconclusive row
     * @return a phrase, empty when nothing is known
     */
    static String outlook(Row row) {
        if (row.needed() < 0) {
            return "";
        }
        String seen = Double.isNaN(row.detectable()) ? ""
                : row.detectable() > 1 ? "too few " + counted(row.design()) + " to see anything; "
                : "would have seen " + CompareNumbers.percent(row.detectable()) + "; ";
        String needed = row.needed() > Power.MOST_BLOCKS ? "more than " + Power.MOST_BLOCKS : "about " + row.needed();
        return seen + needed + " " + counted(row.design()) + (row.needed() == 1 ? " decides" : " decide");
    }
}
