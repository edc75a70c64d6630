package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.cowbench.kernel.Mismatch.Field;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

class ConformanceTest extends ConformanceFixture {
    @Test
    void aKernelWithThePolicyAgrees() {
        List<Script> scripts = new ArrayList<>(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(300, 5));
        Conformance.Report report =
                against(new FakeKernel(Policy.V5_19), Policy.V5_19).compare(scripts);
        assertThat(report.mismatches()).isZero();
        assertThat(report.steps()).isGreaterThan(3000);
        assertThat(report.summary()).isEqualTo("steps " + report.steps() + ", mismatches 0");
    }

    @Test
    void aKernelWithAnotherPolicyDiffersAndTheScriptIsMadeMinimal() {
        List<Script> scripts = Conformance.randomScripts(300, 5);
        Conformance.Report report =
                against(new FakeKernel(Policy.V5_9), Policy.WILCOX).compare(scripts);
        assertThat(report.mismatches()).isPositive();
        Conformance.Finding first = report.findings().getFirst();
        // In the model another process sees what was written to a page that is reused in the swap cache.
        assertThat(first.worst().harm()).isEqualTo(Harm.BETTER);
        assertThat(first.minimal().steps().size()).isLessThanOrEqualTo(10);
        assertThat(first.minimal().pages()).isEqualTo(1);
        assertThat(first.minimalMismatches()).anyMatch(mismatch -> mismatch.harm() == Harm.BETTER);
        assertThat(report.findings().stream().filter(finding -> finding.minimal() != finding.script()))
                .hasSize(2);
    }

    @Test
    void whatDoesNotRepeatIsToldApart() {
        AtomicInteger runs = new AtomicInteger();
        FakeKernel kernel = new FakeKernel(
                Policy.V5_9,
                ALL,
                results -> runs.getAndIncrement() == 0 ? change(results, 0, FrameChange.CHANGED) : results);
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(parse("A write 0 1\nA read 0")));
        assertThat(report.mismatches()).isZero();
        assertThat(report.unrepeated()).isOne();
    }

    private static List<StepResult> change(List<StepResult> results, int step, FrameChange frame) {
        List<StepResult> changed = new ArrayList<>(results);
        StepResult old = results.get(step);
        changed.set(
                step,
                new StepResult(
                        old.file(),
                        step,
                        old.operation(),
                        old.before(),
                        old.after(),
                        frame,
                        old.minor(),
                        old.major(),
                        old.value(),
                        old.error(),
                        old.old(),
                        old.torn()));
        return changed;
    }

    @Test
    void faultsCountForReadsAndWritesOnly() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9, ALL, results -> results.stream()
                .map(old -> new StepResult(
                        old.file(),
                        old.step(),
                        old.operation(),
                        old.before(),
                        old.after(),
                        old.frame(),
                        old.minor() + 1,
                        old.major(),
                        old.value(),
                        old.error(),
                        old.old(),
                        old.torn()))
                .toList());
        Script script = parse("A write 0 1\nA splice 0 X\nA discard 0\nA read 0");
        List<Mismatch> found = against(kernel, Policy.V5_9)
                .compare(List.of(script))
                .findings()
                .getFirst()
                .mismatches();
        assertThat(found).extracting(Mismatch::step).containsExactly(0, 3);
        assertThat(found).extracting(Mismatch::field).containsOnly(Field.MINOR);
    }

    @Test
    void everyFieldIsCompared() {
        StepResult model = new StepResult(
                "x",
                0,
                parse("A read 0").steps().getFirst(),
                EntryState.NONE,
                EntryState.PRESENT,
                FrameChange.UNKNOWN,
                1,
                0,
                OptionalLong.of(1),
                null);
        StepResult kernel = new StepResult(
                "x",
                0,
                model.operation(),
                EntryState.SWAPPED,
                EntryState.NONE,
                FrameChange.SAME,
                0,
                1,
                OptionalLong.empty(),
                "segv");
        assertThat(Mismatch.of(parse("A read 0"), List.of(model), List.of(kernel), MachineOptions.LITMUS))
                .extracting(Mismatch::field)
                .containsExactlyInAnyOrder(
                        Field.ERROR, Field.VALUE, Field.BEFORE, Field.AFTER, Field.FRAME, Field.MINOR, Field.MAJOR);
        assertThat(Mismatch.of(parse("A read 0"), List.of(model), List.of(), MachineOptions.LITMUS))
                .hasSize(1);
        assertThat(Mismatch.of(parse("A read 0"), List.of(model), List.of(model), MachineOptions.LITMUS))
                .isEmpty();
    }

    /** A copy of something else, and of half a page, though every value read is right. */
    @Test
    void whatAWriteWasMadeOnIsCompared() {
        Script script = parse("A write 0 1\nA fork B\nA write 0 2");
        List<StepResult> model = ModelRun.run(script, Policy.V5_9.rule());
        assertThat(model.getLast().old()).hasValue(1);
        assertThat(Mismatch.of(
                        script,
                        model,
                        last(model, found(model.getLast(), 0, OptionalInt.empty())),
                        MachineOptions.LITMUS))
                .containsExactly(new Mismatch(Harm.LOST, 2, Field.OLD, "1", "0"));
        assertThat(Mismatch.of(
                        script,
                        model,
                        last(model, found(model.getLast(), 1, OptionalInt.of(256))),
                        MachineOptions.LITMUS))
                .containsExactly(new Mismatch(Harm.TORN, 2, Field.TORN, "-", "256"));
    }

    /** What a refused write did not write is not lost. */
    @Test
    void aWriteThatTheKernelRefusesIsABrokenStep() {
        Script script = parse("A write 0 1\nA fork B\nA write 0 2\nA read 0");
        List<StepResult> kernel = new ArrayList<>(ModelRun.run(script, Policy.V5_9.rule()));
        StepResult write = kernel.get(2);
        StepResult read = kernel.get(3);
        kernel.set(
                2,
                new StepResult(
                        "x",
                        2,
                        write.operation(),
                        write.before(),
                        write.after(),
                        FrameChange.SAME,
                        0,
                        0,
                        OptionalLong.empty(),
                        "segv"));
        kernel.set(
                3,
                new StepResult(
                        "x",
                        3,
                        read.operation(),
                        read.before(),
                        read.after(),
                        read.frame(),
                        read.minor(),
                        read.major(),
                        OptionalLong.of(1),
                        null));
        List<Mismatch> found =
                Mismatch.of(script, ModelRun.run(script, Policy.V5_9.rule()), kernel, MachineOptions.LITMUS);
        assertThat(Mismatch.worst(found)).hasValue(new Mismatch(Harm.BROKEN, 2, Field.ERROR, "-", "segv"));
        assertThat(found).contains(new Mismatch(Harm.REFUSAL, 3, Field.VALUE, "2", "1"));
        // B writes what A still sees, after A's refused write: that is no leak of B's.
        Script same = parse("A fork B\nA write 0 2\nB write 0 0\nA read 0");
        kernel = new ArrayList<>(ModelRun.run(same, Policy.V5_9.rule()));
        kernel.set(
                1,
                new StepResult(
                        "x",
                        1,
                        same.steps().get(1),
                        EntryState.NONE,
                        EntryState.NONE,
                        FrameChange.UNKNOWN,
                        0,
                        0,
                        OptionalLong.empty(),
                        "segv"));
        assertThat(new Harm.Values(same, kernel, MachineOptions.LITMUS).of(3, OptionalLong.of(0)))
                .isEqualTo(Harm.REFUSAL);
    }

    /** GUP-fast for writing that takes what it may only read: the child sees what the device wrote for its parent. */
    @Test
    void aDirectReadIntoASharedPageIsALeak() {
        Script script = parse("A write 0 1\nA fork B\nA dio 0 2\nB read 0");
        List<StepResult> model = ModelRun.run(script, Policy.V5_9.rule());
        List<StepResult> kernel = ModelRun.run(script, Policy.ALWAYS_REUSE.rule());
        assertThat(Mismatch.of(script, model, kernel, MachineOptions.LITMUS))
                .containsExactly(
                        new Mismatch(Harm.FRAME, 2, Field.FRAME, "changed", "same"),
                        new Mismatch(Harm.LEAK, 3, Field.VALUE, "1", "2"));
        // Nor a value of its own that was in another page.
        Script other = parse("pages 2\nA dio 0 1\nA dio 1 2\nA read 0");
        List<StepResult> done = ModelRun.run(other, Policy.V5_9.rule());
        assertThat(new Harm.Values(other, done, MachineOptions.LITMUS).of(2, OptionalLong.of(2)))
                .isEqualTo(Harm.LEAK);
        assertThat(new Harm.Values(other, done, MachineOptions.LITMUS).of(2, OptionalLong.of(0)))
                .isEqualTo(Harm.LOST);
    }

    /** A rule that is cheaper and right, and one that is cheaper and leaks, reuse the same frame. */
    @Test
    void harmStandsAboveCost() {
        Script frame = ScriptParser.parse("frame.litmus", "A write 0 1\nA pageout 0\nA drain\nA read 0\nA write 0 2");
        Script leak = ScriptParser.parse(
                "leak.litmus",
                "A write 0 1\nA pageout 0\nA drain\nA fork B\nA read 0\nA write 0 2\nA read 0\nB read 0\nB exit");
        Conformance.Report report =
                against(new FakeKernel(Policy.WILCOX), Policy.V5_9).compare(List.of(frame, leak));
        assertThat(report.findings())
                .extracting(finding -> finding.script().file())
                .containsExactly("leak.litmus", "frame.litmus");
        Conformance.Finding first = report.findings().getFirst();
        assertThat(first.worst()).isEqualTo(new Mismatch(Harm.LEAK, 7, Field.VALUE, "1", "2"));
        assertThat(first.mismatches()).extracting(Mismatch::field).contains(Field.FRAME);
        assertThat(first.minimalMismatches()).extracting(Mismatch::harm).contains(Harm.LEAK);
        assertThat(first.minimal().text())
                .isEqualTo("pages 1\nA write 0 1\nA pageout 0\nA drain\nA fork B\nA write 0 2\nB read 0\n");
        assertThat(report.findings().getLast().worst().harm()).isEqualTo(Harm.FRAME);
        assertThat(report.summary())
                .isEqualTo("steps 14, mismatches 3 in 2 scripts (leak 1, frame 1); the first is script 1");
    }

    @Test
    void aShrunkScriptShowsTheKindThatItStartedFrom() {
        Conformance.Report report = new Conformance(
                        new FakeKernel(Policy.ALWAYS_REUSE), Policy.V5_9.rule(), 40, text -> {})
                .compare(Conformance.randomScripts(60, 5));
        assertThat(report.findings())
                .extracting(finding -> finding.worst().harm())
                .contains(Harm.LEAK, Harm.FRAME)
                .isSorted();
        assertThat(report.findings()).allSatisfy(finding -> assertThat(finding.minimalMismatches())
                .as(finding.script().file())
                .extracting(Mismatch::harm)
                .contains(finding.worst().harm()));
    }

    @Test
    void aWrongValueIsJudgedByWhoWroteIt() {
        Script script =
                parse("pages 2\nA write 0 1\nA write 1 9\nA write 0 2\nA fork B\nB write 0 3\nA read 0\nA splice 0 X\n"
                        + "A peek X");
        assertThat(kind(script, 5, 1)).as("older").isEqualTo(Harm.LOST);
        assertThat(kind(script, 5, 0)).as("as it was at first").isEqualTo(Harm.LOST);
        assertThat(kind(script, 5, 3)).as("the other's").isEqualTo(Harm.LEAK);
        assertThat(kind(script, 5, 9)).as("another page's").isEqualTo(Harm.LEAK);
        assertThat(kind(script, 5, 4)).as("nobody's").isEqualTo(Harm.CORRUPT);
        assertThat(kind(script, 7, 1)).as("an older one in a pipe").isEqualTo(Harm.REFERENCE);
        assertThat(kind(script, 7, 3)).as("the other's in a pipe").isEqualTo(Harm.LEAK);
        // The model is wrong, the kernel is not.
        Script seed = parse("A write 0 1\nA pageout 0\nA drain\nA fork B\nA read 0\nA write 0 2\nB read 0");
        assertThat(Mismatch.of(
                        new ScriptRun(seed, ModelRun.run(seed, Policy.V5_9.rule())),
                        Policy.WILCOX.rule(),
                        MachineOptions.LITMUS))
                .filteredOn(mismatch -> mismatch.field() == Field.VALUE)
                .extracting(Mismatch::harm)
                .containsExactly(Harm.BETTER);
    }

    private static Harm kind(Script script, int step, long seen) {
        List<StepResult> model = ModelRun.run(script, Policy.V5_9.rule());
        List<StepResult> kernel = new ArrayList<>(model);
        StepResult old = model.get(step);
        kernel.set(
                step,
                new StepResult(
                        old.file(),
                        step,
                        old.operation(),
                        old.before(),
                        old.after(),
                        old.frame(),
                        old.minor(),
                        old.major(),
                        OptionalLong.of(seen),
                        null));
        return Mismatch.of(script, model, kernel, MachineOptions.LITMUS)
                .getFirst()
                .harm();
    }
}
