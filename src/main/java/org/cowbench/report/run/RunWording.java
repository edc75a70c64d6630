package org.cowbench.report.run;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.compare.Units;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.Wording;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownBenchmark.Operation;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;

/** Phrases that tables and plots of a run share. */
final class RunWording {
    /** Explains the verdicts in tables of policies. */
    static final String VERDICT =
            "verdict: declared for the smallest scope of ./run-bench.sh check, and held by the tests;"
                    + Property.seen().stream()
                            .map(property -> property.letter() + ": " + property.id())
                            .collect(Collectors.joining(", ", " UNSAFE in ", ""));

    /** Streams of accesses in the order in which they are shown. */
    static final Map<String, String> STREAMS = streams();

    private RunWording() {}

    private static Map<String, String> streams() {
        Map<String, String> streams = new LinkedHashMap<>();
        streams.put("UNIFORM", "uniform stream");
        streams.put("ZIPF", "zipf 0.99 stream");
        streams.put("REDIS", "recorded redis-server stream");
        streams.put("SNAPSHOT", "the recorded stream with background saves");
        return Collections.unmodifiableMap(streams);
    }

    /** Explains the values of a block's parameters where they are known; empty where not. */
    static String meaning(RunView.Block block) {
        return !block.key().own()
                ? ""
                : Stream.concat(
                                KnownBenchmark.of(block.key()).map(KnownBenchmark::meaning).stream(),
                                block.params().values().stream().map(RunWording::words))
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining("; "));
    }

    private static String words(String value) {
        return Situation.of(value)
                .map(Situation::words)
                .or(() -> FolioKind.of(value).map(FolioKind::words))
                .orElse(STREAMS.getOrDefault(value, ""));
    }

    /** The verdict on a row's policy with the names of the cases that it is known by. */
    static String namedVerdict(RunView.Row row) {
        String cases = row.policy().map(KnownCase::of).orElse(Set.of()).stream()
                .map(KnownCase::label)
                .collect(Collectors.joining(", "));
        return row.verdict() + (cases.isEmpty() ? "" : ": " + cases);
    }

    /** Explains the verdicts that are relative to a kernel; empty where there is none. */
    static String safety(RunView run) {
        return run.blocks().stream()
                .flatMap(block -> block.rows().stream())
                .flatMap(row -> row.relative().stream())
                .findFirst()
                .map(relative -> "safety: the worst that ./run-bench.sh check finds a policy would add (+) to the"
                        + " violations of " + relative.base() + ", or close (-); +N: N more cases; pins: pin-coherence")
                .orElse("");
    }

    /**
     * What a policy would change in the newest kernel, or in the one that the rule of the run was built on. Of a rule that
     * was measured before its cases were recorded nothing is known.
     */
    static Optional<Relative> relative(Policy policy, Map<String, String> facts) {
        Policy base = Optional.ofNullable(facts.get(Environment.RULE_BASE))
                .map(Policy::of)
                .orElse(Relative.NEWEST);
        Optional<Set<KnownCase>> cases = policy != Policy.RULE
                ? Optional.of(KnownCase.of(policy))
                : Optional.ofNullable(facts.get(Environment.RULE_CASES)).map(RunWording::named);
        return cases.map(found -> Relative.declared(found, base));
    }

    private static Set<KnownCase> named(String names) {
        return Arrays.stream(KnownCase.values())
                .filter(known -> List.of(names.split(",")).contains(known.name()))
                .collect(Collectors.toSet());
    }

    /** What a row's policy would change in the kernel it is held against, in short; its verdict where that is unknown. */
    static String safety(RunView.Row row) {
        return row.relative().map(Relative::brief).orElse(row.verdict());
    }

    /** The same with the names of the cases. */
    static String namedSafety(RunView.Row row) {
        return row.relative().map(Relative::words).orElse(row.verdict());
    }

    /** What the policies of a run would change in the kernel they are held against, one line for those that are alike. */
    static List<String> changes(RunView run) {
        Map<String, Set<String>> changes = new LinkedHashMap<>();
        run.blocks().stream()
                .flatMap(block -> block.rows().stream())
                .sorted(Rows.BY_POLICY)
                .filter(row -> row.relative().isPresent())
                .forEach(row -> changes.computeIfAbsent(namedSafety(row), key -> new LinkedHashSet<>())
                        .add(row.name()));
        return changes.entrySet().stream()
                .map(each -> String.join(", ", each.getValue()) + ": " + each.getKey())
                .toList();
    }

    /** Suite, forks and what they allow one to claim. */
    static String evidence(RunView run) {
        List<RunView.Block> policies = run.blocks().stream()
                .filter(block -> block.kind() != RunView.Kind.PRIMITIVE)
                .toList();
        return evidence(run, policies.isEmpty() ? run.blocks() : policies);
    }

    /** The same of what one picture shows: single benchmarks get what time is left, and so fewer forks. */
    static String evidence(RunView run, List<RunView.Block> blocks) {
        int[] forks = RunView.forkRange(blocks);
        String count = forks[0] == forks[1] ? plural(forks[1]) : forks[0] + " to " + plural(forks[1]);
        String suite = run.info().suite().isEmpty() ? "" : run.info().suite() + " suite: ";
        String text = suite
                + (forks[1] < 3
                        ? FewForks.LOOK + " (" + count + ")"
                        : count
                                + (blocks.stream().allMatch(block -> block.kind() == RunView.Kind.PRIMITIVE)
                                        ? " a benchmark"
                                        : " a policy"));
        return Wording.capital(text);
    }

    private static String plural(int forks) {
        return forks == 1 ? "1 fork" : forks + " forks";
    }

    /** What every picture of times must say of where they come from. */
    static String provenance(RunView run, List<RunView.Block> blocks) {
        return disturbedBriefly(run) + evidence(run, blocks) + ". " + (marked(run) ? Wording.MARKED + ". " : "")
                + Wording.MODEL + " " + origin(run.info()) + ".";
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
        return rule == null
                ? ""
                : "rule: " + rule + " (all else as " + facts.getOrDefault(Environment.RULE_BASE, "unknown")
                        + "); judged before it was measured";
    }

    /** What one value of a histogram is; benchmarks tell the size of their batches by a gauge. */
    static String batches(List<RunView.Block> blocks) {
        double size = blocks.getFirst().rows().getFirst().perOperation(KnownMetric.BATCH);
        return "means of " + (size > 0 ? "batches of " + Numbers.compact(size, 3) : "short batches of") + " "
                + shared(blocks).plural();
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

    /** What was disturbed, and what to do; empty where nothing was. */
    static String disturbed(RunView run) {
        long disturbed = run.disturbed();
        return disturbed == 0
                ? ""
                : Wording.DISTURBED + disturbed + " of " + run.info().forks().size() + " forks"
                        + (run.mostlyDisturbed()
                                ? ". Policies are not ranked by these times: stop what else runs here (see"
                                        + " ./run-bench.sh doctor) and run again"
                                : "");
    }

    /** The same, short enough for the foot of a picture. */
    private static String disturbedBriefly(RunView run) {
        return run.disturbed() == 0
                ? ""
                : Wording.DISTURBED + run.disturbed() + " of "
                        + run.info().forks().size() + " forks" + (run.mostlyDisturbed() ? ", no ranking" : "") + ". ";
    }
}
