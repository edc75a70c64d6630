package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
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

    @Test
    void aKernelWithItsTestInterfaceIsAskedForOneReadOnlyPinAScript() {
        Script script = parse("A write 0 1\nA fork B\nA pinro 0 X\nA peek X\nA unpin X\nB pinro 0 Y\nA peek Y\nA read 0");
        Conformance.Report report = against(new FakeKernel(Policy.V5_19, new Capabilities(true, true, true),
                results -> results), Policy.V5_18).compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.PINRO, 2));
        assertThat(report.steps()).isEqualTo(6);
        // From v5.19 on the pin unshares: what no kernel was asked for before.
        assertThat(report.findings().getFirst().mismatches())
                .contains(new Conformance.Mismatch(2, "frame", "same", "changed"));
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
}
