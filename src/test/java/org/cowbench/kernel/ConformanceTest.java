package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.readme.Readme;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    private static final Capabilities ALL = new Capabilities(true, true);
    private static final Capabilities NONE = new Capabilities(false, false);

    private static Conformance against(KernelSession kernel, Policy policy) {
        return new Conformance(kernel, policy.rule(), 2, text -> { });
    }

    private static Script parse(String text) {
        return ScriptParser.parse("test.litmus", text);
    }

    @Test
    void aKernelWithThePolicyAgrees() {
        List<Script> scripts = new ArrayList<>(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(300, 5));
        Conformance.Report report = against(new FakeKernel(Policy.V5_19), Policy.V5_19).compare(scripts);
        assertThat(report.mismatches()).isZero();
        assertThat(report.steps()).isGreaterThan(3000);
        assertThat(report.summary()).isEqualTo("steps " + report.steps() + ", mismatches 0");
    }

    @Test
    void aKernelWithAnotherPolicyDiffersAndTheScriptIsMadeMinimal() {
        List<Script> scripts = Conformance.randomScripts(300, 5);
        Conformance.Report report = against(new FakeKernel(Policy.V5_9), Policy.WILCOX).compare(scripts);
        assertThat(report.mismatches()).isPositive();
        Conformance.Finding first = report.findings().getFirst();
        // A write of a page that is present, in the swap cache, and in no batch.
        assertThat(first.minimal().steps().size()).isLessThanOrEqualTo(6);
        assertThat(first.minimal().pages()).isEqualTo(1);
        assertThat(first.minimalMismatches()).first()
                .isEqualTo(new Conformance.Mismatch(first.minimal().steps().size() - 1, "frame", "same", "changed"));
        assertThat(report.findings().stream().filter(finding -> finding.minimal() != finding.script())).hasSize(2);
    }

    @Test
    void whatDoesNotRepeatIsToldApart() {
        AtomicInteger runs = new AtomicInteger();
        FakeKernel kernel = new FakeKernel(Policy.V5_9, ALL, results -> runs.getAndIncrement() == 0
                ? change(results, 0, "changed") : results);
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(parse("A write 0 1\nA read 0")));
        assertThat(report.mismatches()).isZero();
        assertThat(report.unrepeated()).isOne();
    }

    private static List<StepResult> change(List<StepResult> results, int step, String frame) {
        List<StepResult> changed = new ArrayList<>(results);
        StepResult old = results.get(step);
        changed.set(step, new StepResult(old.file(), step, old.operation(), old.before(), old.after(), frame, old.minor(),
                old.major(), old.value(), old.error(), old.old(), old.torn()));
        return changed;
    }

    @Test
    void faultsCountForReadsAndWritesOnly() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9, ALL, results -> results.stream().map(old -> new StepResult(
                old.file(), old.step(), old.operation(), old.before(), old.after(), old.frame(), old.minor() + 1, old.major(),
                old.value(), old.error(), old.old(), old.torn())).toList());
        Script script = parse("A write 0 1\nA splice 0 X\nA discard 0\nA read 0");
        List<Conformance.Mismatch> found =
                against(kernel, Policy.V5_9).compare(List.of(script)).findings().getFirst().mismatches();
        assertThat(found).extracting(Conformance.Mismatch::step).containsExactly(0, 3);
        assertThat(found).extracting(Conformance.Mismatch::field).containsOnly("minor");
    }

    @Test
    void everyFieldIsCompared() {
        StepResult model = new StepResult("x", 0, parse("A read 0").steps().getFirst(), "none", "present", "-", 1, 0,
                OptionalLong.of(1), null);
        StepResult kernel = new StepResult("x", 0, model.operation(), "swapped", "none", "same", 0, 1, OptionalLong.empty(),
                "segv");
        assertThat(Conformance.mismatches(List.of(model), List.of(kernel))).extracting(Conformance.Mismatch::field)
                .containsExactlyInAnyOrder("error", "value", "before", "after", "frame", "minor", "major");
        assertThat(Conformance.mismatches(List.of(model), List.of())).hasSize(1);
        assertThat(Conformance.mismatches(List.of(model), List.of(model))).isEmpty();
    }

    /** A copy of something else, and of half a page, though every value read is right. */
    @Test
    void whatAWriteWasMadeOnIsCompared() {
        StepResult model = ModelRun.run(parse("A write 0 1\nA fork B\nA write 0 2"), Policy.V5_9.rule()).getLast();
        assertThat(model.old()).hasValue(1);
        assertThat(Conformance.mismatches(List.of(model), List.of(found(model, 0, OptionalInt.empty()))))
                .containsExactly(new Conformance.Mismatch(0, "old", "1", "0"));
        assertThat(Conformance.mismatches(List.of(model), List.of(found(model, 1, OptionalInt.of(256)))))
                .containsExactly(new Conformance.Mismatch(0, "torn", "-", "256"));
    }

    private static StepResult found(StepResult old, long beneath, OptionalInt torn) {
        return new StepResult(old.file(), old.step(), old.operation(), old.before(), old.after(), old.frame(), old.minor(),
                old.major(), old.value(), old.error(), OptionalLong.of(beneath), torn);
    }

    @Test
    void sameSeedSameScripts() {
        assertThat(Conformance.randomScripts(20, 3)).isEqualTo(Conformance.randomScripts(20, 3))
                .isNotEqualTo(Conformance.randomScripts(20, 4));
    }

    @Test
    void leavesOutReadOnlyPinsAndWhatUsesThem() {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Script script = parse("A write 0 1\nA pinro 0 X\nA peek X\nA unpin X\nA splice 0 X\nA peek X");
        assertThat(Exclusion.apply(script, ALL, counts).text())
                .isEqualTo("pages 1\nA write 0 1\nA splice 0 X\nA peek X\n");
        assertThat(counts).containsExactly(Map.entry(Exclusion.PINRO, 3));
        Script other = parse("A write 0 1\nA splice 0 X\nA peek X");
        assertThat(Exclusion.apply(other, ALL, counts)).isSameAs(other);
    }

    /** So that no shrunk script is one that conformance leaves out. */
    @Test
    void noPartOfWhatIsLeftIsLeftOut() {
        SplittableRandom random = new SplittableRandom(7);
        for (Script script : Conformance.randomScripts(300, 9)) {
            Script left = Exclusion.apply(script, NONE, new java.util.EnumMap<>(Exclusion.class));
            Script part = left.with(left.steps().stream().filter(step -> random.nextBoolean()).toList());
            assertThat(Exclusion.apply(part, NONE, new java.util.EnumMap<>(Exclusion.class))).isSameAs(part);
        }
    }

    @Test
    void shrunkScriptsAreComparedAsWellAsLongOnes() {
        FakeKernel kernel = new FakeKernel(Policy.V6_11, NONE, results -> results);
        Conformance.Report report = against(kernel, Policy.V5_9).compare(Conformance.randomScripts(100, 5));
        assertThat(report.findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding.minimal().steps())
                .noneMatch(step -> step.op() == Op.PIN || step.op() == Op.PINRO || step.op() == Op.RECLAIM));
    }

    @Test
    void asksAKernelThatCannotReclaimAgainWithoutIt() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9, NONE, results -> results);
        Script script = parse("A write 0 1\nA pin 0 X\nA unpin X\nA reclaim 0\nA read 0");
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.RECLAIM, 1, Exclusion.PIN, 2));
        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.scripts()).isOne();
        assertThat(kernel.asked().getLast().steps()).noneMatch(step -> step.op() == Op.RECLAIM || step.op() == Op.PIN);
    }

    private final Map<Long, Integer> excluded = new HashMap<>();
    private final Map<String, String> compared = new HashMap<>();

    /** README's numbers of steps, which no kernel is needed for: its policy stands in. */
    @Test
    void readmeCountsTheSteps() throws IOException {
        long seed = Long.parseLong(Readme.figures("kernel conform --cached \\S+ --random \\S+ --seed (\\d+)").group(1));
        List<List<String>> table = Readme.table("kernel");
        List<String> scripts = row(table, "random scripts (N)");
        List<String> steps = row(table, "steps");
        for (int column = 1; column < steps.size(); column++) {
            String[] words = scripts.get(column).replace(",", "").split("\\D+");
            long own = words.length > 1 ? Long.parseLong(words[1]) : seed;
            assertThat(steps.get(column)).as(table.getFirst().get(column)).isEqualTo(compared(Integer.parseInt(words[0]), own));
        }
        MatchResult others = Readme.figures("Seeds (\\d+) and (\\d+) \\((\\S+) and (\\S+) steps a kernel\\) give 0");
        int count = Integer.parseInt(scripts.get(1).replace(",", ""));
        assertThat(others.group(3)).isEqualTo(compared(count, Long.parseLong(others.group(1))));
        assertThat(others.group(4)).isEqualTo(compared(count, Long.parseLong(others.group(2))));
        MatchResult built = Readme.figures("finds 0 mismatches \\((\\S+) scripts: (\\S+) steps\\)");
        assertThat(built.group(2)).isEqualTo(compared(Integer.parseInt(built.group(1).replace(",", "")), 1));
        assertThat(Readme.figures("interface of an ordinary kernel gives \\((\\d+) steps\\)").group(1))
                .isEqualTo(String.valueOf(excluded.get(seed)));
    }

    private static List<String> row(List<List<String>> table, String start) {
        return table.stream().filter(row -> row.getFirst().startsWith(start)).findFirst().orElseThrow();
    }

    private String compared(int count, long seed) {
        return compared.computeIfAbsent(count + " of " + seed, ignored -> {
            List<Script> scripts = new ArrayList<>(ShippedScripts.all());
            scripts.addAll(Conformance.randomScripts(count, seed));
            Conformance.Report report = new Conformance(new FakeKernel(Policy.V5_9), Policy.V5_9.rule(), 0, text -> { })
                    .compare(scripts);
            excluded.put(seed, report.excluded().getOrDefault(Exclusion.PINRO, 0));
            return String.format(Locale.ROOT, "%,d", report.steps());
        });
    }
}
