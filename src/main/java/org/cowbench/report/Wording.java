package org.cowbench.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.check.KnownCase;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.DeclaredVerdict;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.compare.Units;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Numbers;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.KnownBenchmark.Operation;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.cowbench.result.Tag;

/** Phrases that tables and plots share. */
final class Wording {

    /** Streams of accesses in the order in which they are shown. */
    static final Map<String, String> STREAMS = streams();

    private static final Set<String> SPEAKING = Set.of(Policy.PARAM, Situation.PARAM, Tag.STREAM_PARAM, Tag.KERNEL_PARAM);

    private Wording() {}

    private static Map<String, String> streams() {
        Map<String, String> streams = new LinkedHashMap<>();
        streams.put("UNIFORM", "uniform stream");
        streams.put("ZIPF", "zipf 0.99 stream");
        streams.put("REDIS", "recorded redis-server stream");
        return Collections.unmodifiableMap(streams);
    }

    /** Explains the values of a block's parameters where they are known; empty where not. */
    static String meaning(RunView.Block block) {
        String situation = block.situation();
        return situation.isEmpty() ? KnownBenchmark.of(block.key()).map(KnownBenchmark::meaning).orElse("")
                : Situation.of(situation).map(Situation::words).orElse(STREAMS.getOrDefault(situation, ""));
    }

    /**
     * Parameters as text: those of this project's whose values speak for themselves without their names, any other as
     * {@code name=value}; a policy by its id.
     */
    static String params(MeasurementKey key) {
        return params(key, false);
    }

    /** The same, the policy with its {@link #MARK}. */
    static String params(MeasurementKey key, boolean marked) {
        Map<String, String> params = marked(MeasuredPolicy.displayed(key), marked);
        return !key.own() ? Tag.list(params, ", ") : params.entrySet().stream()
                .map(param -> (SPEAKING.contains(param.getKey()) ? "" : param.getKey() + "=") + param.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Parameters with the {@link #MARK} behind the policy, where it has it. */
    static Map<String, String> marked(Map<String, String> params, boolean marked) {
        Map<String, String> shown = new LinkedHashMap<>(params);
        if (marked) {
            shown.computeIfPresent(Policy.PARAM, (name, policy) -> policy + MARK);
        }
        return shown;
    }

    /** The verdict on a row's policy with the names of the cases that it is known by. */
    static String namedVerdict(RunView.Row row) {
        String cases = row.policy().map(KnownCase::of).orElse(Set.of()).stream().map(KnownCase::label)
                .collect(Collectors.joining(", "));
        return row.verdict() + (cases.isEmpty() ? "" : ": " + cases);
    }

    /** Known cases by name, each with the policies that show it, one line each. */
    static List<String> cases(Map<KnownCase, Set<String>> policiesByCase) {
        return policiesByCase.entrySet().stream().filter(entry -> entry.getKey() != KnownCase.UNNAMED)
                .map(entry -> entry.getKey().label() + ": " + String.join(", ", entry.getValue())).toList();
    }

    /** The same of a run's policies, by what is declared of them. */
    static List<String> cases(RunView run) {
        Map<KnownCase, Set<String>> cases = new EnumMap<>(KnownCase.class);
        run.blocks().stream().flatMap(block -> block.rows().stream()).sorted(Rows.BY_POLICY).forEach(row ->
                row.policy().map(KnownCase::of).orElse(Set.of())
                        .forEach(known -> cases.computeIfAbsent(known, key -> new LinkedHashSet<>()).add(row.name())));
        return cases(cases);
    }

    /** Whether what was measured of a side is one policy, and that has the mark. */
    static boolean marked(Comparison.Side side) {
        return side.policy().filter(policy -> !DeclaredVerdict.breaks(policy, side.environment()).isEmpty()).isPresent();
    }

    /** Explains the mark and says who has it; empty where nobody has. */
    static String marked(Comparison comparison) {
        Set<String> ids = comparison.judged().stream().filter(row -> !row.breaks().isEmpty())
                .map(row -> row.params().get(Policy.PARAM)).collect(Collectors.toCollection(LinkedHashSet::new));
        boolean base = marked(comparison.base());
        return ids.isEmpty() && !base ? "" : MARKED + ": "
                + (base ? comparison.base().policy().get().id() + (ids.isEmpty() ? "" : ", ") : "")
                + String.join(", ", ids);
    }

    /** How many forks of a comparison's runs were disturbed, and what to do; empty where none was. */
    static String disturbed(Comparison comparison) {
        Comparison.Side base = comparison.base();
        Comparison.Side head = comparison.head();
        boolean one = base.label().equals(head.label());
        String counts = Stream.of(counted("", base, one), counted("base ", base, !one), counted("head ", head, !one))
                .filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
        boolean most = Stream.of(base, head).anyMatch(Comparison.Side::mostlyDisturbed);
        return counts.isEmpty() ? "" : DISTURBED + counts
                + (most ? ". Do not decide by these times: stop what else runs here (see ./run-bench.sh doctor) and"
                        + " measure again" : "");
    }

    private static String counted(String name, Comparison.Side side, boolean wanted) {
        return !wanted || side.disturbed() == 0 ? "" : name + side.disturbed() + " of " + side.forks() + " forks";
    }

    /** Suite, forks and what they allow one to claim. */
    static String evidence(RunView run) {
        int[] forks = run.forkRange();
        String count = forks[0] == forks[1] ? plural(forks[1]) : forks[0] + " to " + plural(forks[1]);
        String suite = run.info().suite().isEmpty() ? "" : run.info().suite() + " suite: ";
        String text = suite + (forks[1] < 3 ? LOOK + " (" + count + ")"
                : count + (run.blocks().stream().allMatch(block -> block.kind() == RunView.Kind.PRIMITIVE)
                        ? " a benchmark" : " a policy"));
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String plural(int forks) {
        return forks == 1 ? "1 fork" : forks + " forks";
    }

    /** What every picture of times must say of where they come from. */
    static String provenance(RunView run) {
        return disturbedBriefly(run) + evidence(run) + ". " + (marked(run) ? MARKED + ". " : "") + MODEL + " "
                + origin(run.info()) + ".";
    }

    /** Whether any policy shown has the mark. */
    static boolean marked(RunView run) {
        return run.blocks().stream().flatMap(block -> block.rows().stream()).anyMatch(RunView.Row::marked);
    }

    /** Label and commit, for the foot of a picture that leaves its directory. */
    static String origin(RunInfo info) {
        return info.label() + (info.commit().isEmpty() ? "" : ", commit " + commit(info));
    }

    static String commit(RunInfo info) {
        if (info.commit().isEmpty()) {
            return "unknown";
        }
        String hash = info.commit().substring(0, Math.min(12, info.commit().length()));
        return info.dirty() ? hash + " (with local changes)" : hash;
    }

    /** Which rule of the user's own was measured; empty where none was. */
    static String rule(RunView run) {
        Map<String, String> facts = run.info().environment();
        String rule = facts.get(Environment.RULE);
        return rule == null ? "" : "rule: " + rule + " (all else as " + facts.getOrDefault(Environment.RULE_BASE, "unknown")
                + "); judged before it was measured";
    }

    /** What one value of a histogram is; benchmarks tell the size of their batches by a gauge. */
    static String batches(List<RunView.Block> blocks) {
        double size = blocks.getFirst().rows().getFirst().perOperation(KnownMetric.BATCH);
        return "means of " + (size > 0 ? "batches of " + Numbers.compact(size, 3) : "short batches of") + " "
                + shared(blocks).plural();
    }

    /** What one value of the histograms of a benchmark is, by the unit of its percentiles. */
    static String values(String unit) {
        return Units.counted(unit) ? "single pages" : "batch means";
    }

    /** What one operation of a block is. */
    static String operation(RunView.Block block) {
        return kind(block).word();
    }

    /** What one operation of some blocks is. */
    static String operation(List<RunView.Block> blocks) {
        return shared(blocks).word();
    }

    private static Operation shared(List<RunView.Block> blocks) {
        Operation first = kind(blocks.getFirst());
        return blocks.stream().allMatch(block -> kind(block) == first) ? first : Operation.ANY;
    }

    private static Operation kind(RunView.Block block) {
        return KnownBenchmark.of(block.key()).map(KnownBenchmark::operation).orElse(Operation.FAULT);
    }

    /** Which way is better. */
    static String better(String unit) {
        return Units.lowerIsBetter(unit) ? "lower is better" : "higher is better";
    }

    /** Stands behind the name of a policy that breaks isolation or secrecy, in every table and picture. */
    static final String MARK = "!";

    /** Explains the mark where one is shown. */
    static final String MARKED = MARK + ": breaks isolation or secrecy (./run-bench.sh check), so it is no winner";

    /** What was disturbed, and what to do; empty where nothing was. */
    static String disturbed(RunView run) {
        long disturbed = run.disturbed();
        return disturbed == 0 ? ""
                : DISTURBED + disturbed + " of " + run.info().forks().size() + " forks"
                        + (run.mostlyDisturbed() ? ". Policies are not ranked by these times: stop what else runs here (see"
                                + " ./run-bench.sh doctor) and run again" : "");
    }

    /** The same, short enough for the foot of a picture. */
    private static String disturbedBriefly(RunView run) {
        return run.disturbed() == 0 ? "" : DISTURBED + run.disturbed() + " of " + run.info().forks().size() + " forks"
                + (run.mostlyDisturbed() ? ", no ranking" : "") + ". ";
    }

    private static final String DISTURBED = "DISTURBED: ";

    static final String LOOK = FewForks.LOOK;

    static final String VERDICT = "verdict: declared for the smallest scope of ./run-bench.sh check, and held by the tests;"
            + " UNSAFE in i: isolation, s: secrecy, p: pin-coherence";

    static final String MODEL = "Model: no trap, no TLB shoot-down, no interrupt.";

    /** A file name and XML id from a benchmark's name. */
    static String id(String kind, String benchmark) {
        String text = benchmark.isEmpty() ? kind : kind + "-" + benchmark;
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** The unit per operation, as the axis names it. */
    static String unit(String jmhUnit) {
        return Units.perOperation(jmhUnit);
    }
}
