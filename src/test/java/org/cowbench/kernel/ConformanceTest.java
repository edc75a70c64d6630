package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import org.cowbench.kernel.Mismatch.Field;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.readme.Documents;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    private static final Capabilities ALL = Capabilities.without(Op.PINRO);
    private static final Capabilities NONE = Capabilities.without(Op.RECLAIM, Op.PIN, Op.DIO, Op.PINRO);

    private static Conformance against(KernelSession kernel, Policy policy) {
        return new Conformance(kernel, policy.rule(), 2, text -> {});
    }

    private static Script parse(String text) {
        return ScriptParser.parse("test.litmus", text);
    }

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

    private static List<StepResult> last(List<StepResult> results, StepResult last) {
        List<StepResult> changed = new ArrayList<>(results);
        changed.set(results.size() - 1, last);
        return changed;
    }

    private static StepResult found(StepResult old, long beneath, OptionalInt torn) {
        return new StepResult(
                old.file(),
                old.step(),
                old.operation(),
                old.before(),
                old.after(),
                old.frame(),
                old.minor(),
                old.major(),
                old.value(),
                old.error(),
                OptionalLong.of(beneath),
                torn);
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

    /** A kernel that says a thing once in a boot, when a page is discarded that was paged out. */
    private static FakeKernel warning(String line, boolean once) {
        int[] told = {-1};
        FakeKernel[] self = new FakeKernel[1];
        self[0] = new FakeKernel(Policy.V5_9).saying(run -> {
            int step = run.script().steps().stream()
                    .map(each -> each.op())
                    .toList()
                    .indexOf(Op.DISCARD);
            boolean paged = run.script().steps().stream().anyMatch(each -> each.op() == Op.PAGEOUT);
            if (step < 0 || !paged || once && told[0] == self[0].restarts()) {
                return run;
            }
            told[0] = self[0].restarts();
            return new ScriptRun(
                    run.script(),
                    run.results(),
                    List.of(new LogFinding(
                            LogFinding.When.STEP, step, line.replace("#", "" + step), List.of("Call Trace:"))),
                    Optional.empty());
        });
        return self[0];
    }

    @Test
    void theKernelsLogIsAFindingWithoutAnyOtherMismatch() {
        Script script = parse("A write 0 1\nA read 0\nA pageout 0\nA read 0\nA discard 0\nA read 0");
        for (boolean once : new boolean[] {false, true}) {
            FakeKernel kernel = warning("BUG: Bad rss-counter state mm:00000000f0 type:MM_ANONPAGES val:#", once);
            Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(script, parse("A read 0")));
            assertThat(report.found()).isTrue();
            Conformance.Finding finding = report.findings().getFirst();
            assertThat(finding.worst())
                    .isEqualTo(new Mismatch(
                            Harm.LOG,
                            4,
                            Field.LOG,
                            "-",
                            "BUG: Bad rss-counter state mm:00000000f0 type:MM_ANONPAGES val:4"));
            assertThat(finding.repeated()).isTrue();
            assertThat(finding.log()).isEqualTo("Call Trace:");
            assertThat(finding.minimal().text()).isEqualTo("pages 1\nA pageout 0\nA discard 0\n");
            assertThat(report.summary())
                    .isEqualTo("steps 7, mismatches 1 in 1 script (kernel log 1); the first is script 1");
        }
    }

    /** A reference that is leaked where a page is discarded changes no value, and no frame of a short script. */
    @Test
    void aPageThatIsNotFreedIsAFindingOfItsOwnKind() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9).saying(run -> {
            int step = run.script().steps().stream()
                    .map(each -> each.op())
                    .toList()
                    .indexOf(Op.DISCARD);
            return step < 1
                    ? run
                    : new ScriptRun(run.script(), run.results(), List.of(LogFinding.unfreed(step)), Optional.empty());
        });
        Conformance.Report report = against(kernel, Policy.V5_9)
                .compare(List.of(parse("A read 0"), parse("A write 0 1\nA read 0\nA discard 0")));
        Conformance.Finding finding = report.findings().getFirst();
        assertThat(finding.worst())
                .isEqualTo(new Mismatch(
                        Harm.UNFREED,
                        3,
                        Field.PAGE,
                        "-",
                        "a page was not freed when all had gone; the last to see it was step 2"));
        assertThat(finding.minimal().steps()).hasSize(2);
        assertThat(finding.log()).isEmpty();
        assertThat(kernel.restarts())
                .as("the kernel said nothing, and needs no boot to say it again")
                .isZero();
        assertThat(report.summary())
                .isEqualTo("steps 4, mismatches 1 in 1 script (page not freed 1); the first is script 2");
    }

    /** What is said of one script may be another's doing: it is reported although it is not seen again. */
    @Test
    void harmCountsWhenItIsSeenOnce() {
        AtomicInteger runs = new AtomicInteger();
        FakeKernel kernel = new FakeKernel(Policy.V5_9)
                .saying(run -> runs.getAndIncrement() > 0
                        ? run
                        : new ScriptRun(
                                run.script(),
                                run.results(),
                                List.of(new LogFinding(
                                        LogFinding.When.END, 0, "WARNING: CPU: 0 PID: 1 at mm/x.c:3", List.of())),
                                Optional.empty()));
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(parse("A write 0 1")));
        assertThat(report.unrepeated()).isZero();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.repeated()).isFalse();
            assertThat(finding.worst())
                    .isEqualTo(new Mismatch(Harm.LOG, 1, Field.LOG, "-", "WARNING: CPU: 0 PID: 1 at mm/x.c:3"));
        });
    }

    @Test
    void aCrashIsShrunkLikeAMismatchAndTheRestIsCompared() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9).saying(run -> {
            int step = run.script().steps().stream()
                    .map(each -> each.op())
                    .toList()
                    .indexOf(Op.PIN);
            if (step < 0) {
                return run;
            }
            KernelException end =
                    new KernelException(KernelException.Kind.KERNEL, "crashed: kernel BUG at mm/gup.c:33!");
            return new ScriptRun(
                    run.script(),
                    run.results().subList(0, step),
                    List.of(),
                    Optional.of(end.during(run.script(), run.results().subList(0, step), List.of())));
        });
        Conformance.Report report = against(kernel, Policy.V5_9)
                .compare(List.of(
                        parse("A write 0 1\nA read 0\nA pin 0 X\nA write 0 2"),
                        parse("A write 0 1"),
                        parse("A read 0\nA write 0 1\nA pin 0 X")));
        assertThat(report.steps()).isEqualTo(5);
        assertThat(report.scripts()).isEqualTo(3);
        assertThat(report.findings())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.worst().harm()).isEqualTo(Harm.CRASH));
        Conformance.Finding first = report.findings().getFirst();
        assertThat(first.mismatches())
                .containsExactly(new Mismatch(
                        Harm.CRASH,
                        2,
                        Field.KERNEL,
                        "-",
                        "crashed: kernel BUG at mm/gup.c:33!; it was at step 2 of test.litmus, A pin 0 X"));
        assertThat(first.minimal().text()).isEqualTo("pages 1\nA pin 0 X\n");
        // The same crash again is not shrunk again.
        assertThat(report.findings().getLast().minimal())
                .isSameAs(report.findings().getLast().script());
    }

    @Test
    void whatIsSaidWhileBootingCountsWhenItIsAboutMemory() {
        for (String line :
                List.of("BUG: Bad page state in process init", "WARNING: CPU: 0 PID: 1 at arch/x86/kernel/x.c:3")) {
            FakeKernel kernel = new FakeKernel(Policy.V5_9)
                    .saying(run -> new ScriptRun(
                            run.script(),
                            run.results(),
                            List.of(new LogFinding(LogFinding.When.BOOT, -1, line, List.of())),
                            Optional.empty()));
            Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(parse("A read 0")));
            assertThat(report.findings()).isEmpty();
            assertThat(report.boot()).extracting(LogFinding::line).containsExactly(line);
            assertThat(report.found()).isEqualTo(line.startsWith("BUG"));
        }
    }

    @Test
    void sameSeedSameScripts() {
        assertThat(Conformance.randomScripts(20, 3))
                .isEqualTo(Conformance.randomScripts(20, 3))
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
        Script script =
                parse("A write 0 1\nA fork B\nA pinro 0 X\nA peek X\nA unpin X\nB pinro 0 Y\nA peek Y\nA read 0");
        Conformance.Report report = against(
                        new FakeKernel(Policy.V5_19, Capabilities.without(), results -> results), Policy.V5_18)
                .compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.PINRO, 2));
        assertThat(report.steps()).isEqualTo(6);
        // From v5.19 on the pin unshares: what no kernel was asked for before.
        assertThat(report.findings().getFirst().mismatches())
                .contains(new Mismatch(Harm.FRAME, 2, Field.FRAME, "same", "changed"));
    }

    /** Seed 20261123 of 10,000 scripts, where five kernels reclaimed the second page too. */
    @Test
    void leavesOutPressureWhereAForkMayHaveCopiedSeveralPages() {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Script script = parse("pages 2\nA pin 1 X0\nA pin 0 X1\nA reclaim 0\nA fork B\nB reclaim 0\nB write 1 1");
        assertThat(Exclusion.apply(script, ALL, counts).text())
                .isEqualTo("pages 2\nA pin 1 X0\nA pin 0 X1\nA reclaim 0\nA fork B\nB write 1 1\n");
        assertThat(counts).containsExactly(Map.entry(Exclusion.COPIES, 1));
        Script one = parse("pages 2\nA pin 0 X0\nA pin 0 X1\nA fork B\nB reclaim 0");
        assertThat(Exclusion.apply(one, ALL, counts)).isSameAs(one);
    }

    private static Map<Exclusion, Integer> leftOut(String text, Capabilities capabilities) {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Exclusion.apply(parse(text), capabilities, counts);
        return counts;
    }

    @Test
    void leavesOutFoliosThatAKernelHasNot() {
        Capabilities old = new Capabilities(Set.of(Op.COLLAPSE), Set.of(2048), true, true);
        assertThat(leftOut("folio 64\nA write all 1\nA split", old)).isEqualTo(Map.of(Exclusion.FOLIO, 2));
        assertThat(leftOut("folio 2048\nA write all 1\nA split\nA collapse", old))
                .isEqualTo(Map.of(Exclusion.COLLAPSE, 1));
        assertThat(leftOut("A write 0 1", new Capabilities(Set.of(), Set.of(), false, true)))
                .isEmpty();
    }

    /** A folio that is split on its way to swap is no folio any more, and base pages would be compared. */
    @Test
    void leavesOutSwapThatTakesNoFolio() {
        Capabilities file = new Capabilities(Set.of(), Set.of(16), false, true);
        assertThat(leftOut("folio 16\nA write all 1\nA pageout all\nA reclaim 0\nA read 0", file))
                .containsEntry(Exclusion.SWAP, 2);
        assertThat(leftOut("A write 0 1\nA pageout 0\nA reclaim 0", file)).isEmpty();
    }

    @Test
    void leavesOutWhatSwapsWhereTheScriptHasNoSwap() {
        String steps = "A write 0 1\nA pageout 0\nA reclaim 0\nA read 0";
        Capabilities all = Capabilities.without();
        assertThat(leftOut("swap none\n" + steps, all)).isEqualTo(Map.of(Exclusion.DEVICE, 2));
        assertThat(leftOut("swap zram\n" + steps, all)).isEmpty();
        assertThat(leftOut("swap zram\n" + steps, all.swapping(SwapDevice.DISK, Set.of(SwapDevice.DISK))))
                .isEqualTo(Map.of(Exclusion.DEVICE, 2));
        assertThat(leftOut(steps, all.swapping(SwapDevice.NONE, Set.of(SwapDevice.DISK))))
                .isEqualTo(Map.of(Exclusion.DEVICE, 2));
    }

    /** A script that names no device runs on whatever the kernel has, and so does the model. */
    @Test
    void theModelSwapsToWhatTheKernelSwapsTo() {
        Capabilities all = Capabilities.without();
        Capabilities zram = all.swapping(SwapDevice.ZRAM, Set.of(SwapDevice.ZRAM));
        assertThat(all.machine().synchronousIo()).isFalse();
        assertThat(zram.machine().synchronousIo()).isTrue();
        assertThat(zram.machine().stableWrites()).isTrue();
        Script script = parse("A write 0 1\nA pageout 0\nA read 0");
        assertThat(ModelRun.run(script, Policy.V6_11.rule(), zram.machine())
                        .getLast()
                        .major())
                .isEqualTo(1);
        assertThat(ModelRun.run(script.on(SwapDevice.DISK), Policy.V6_11.rule(), zram.machine())
                        .getLast()
                        .major())
                .isZero();
    }

    @Test
    void leavesOutPressureOnAFolioThatMayShareItsCgroup() {
        Capabilities all = Capabilities.without();
        assertThat(leftOut("folio 16\nA write all 1\nA fork B\nA write 2 2\nA reclaim 0", all))
                .isEmpty();
        for (String crowd : List.of("A write 0-1 2", "A pageout 0", "A discard 3", "A pin 0 X", "A reclaim 0")) {
            assertThat(leftOut("folio 16\nA write all 1\n" + crowd + "\nA reclaim 0", all))
                    .as(crowd)
                    .isEqualTo(Map.of(Exclusion.CROWD, 1));
        }
        assertThat(leftOut("A write 0 1\nA pageout 0\nA reclaim 0", all)).isEmpty();
    }

    /** So that no shrunk script is one that conformance leaves out. */
    @Test
    void noPartOfWhatIsLeftIsLeftOut() {
        SplittableRandom random = new SplittableRandom(7);
        List<Script> scripts = new ArrayList<>(Conformance.randomScripts(300, 9));
        scripts.addAll(Conformance.randomFolioScripts(100, 9, List.of(16, 2048)));
        for (Script script : scripts) {
            for (Capabilities capabilities :
                    List.of(NONE, ALL, new Capabilities(Set.of(), Set.of(2048), false, true))) {
                Script left = Exclusion.apply(script, capabilities, new java.util.EnumMap<>(Exclusion.class));
                Script part = left.with(left.steps().stream()
                        .filter(step -> random.nextBoolean())
                        .toList());
                assertThat(Exclusion.apply(part, capabilities, new java.util.EnumMap<>(Exclusion.class)))
                        .isSameAs(part);
            }
        }
    }

    @Test
    void shrunkScriptsAreComparedAsWellAsLongOnes() {
        FakeKernel kernel = new FakeKernel(Policy.V6_11, NONE, results -> results);
        Conformance.Report report = against(kernel, Policy.V5_9).compare(Conformance.randomScripts(100, 5));
        assertThat(report.findings()).isNotEmpty().allSatisfy(finding -> assertThat(
                        finding.minimal().steps())
                .noneMatch(step -> step.op() == Op.PIN
                        || step.op() == Op.PINRO
                        || step.op() == Op.RECLAIM
                        || step.op() == Op.DIO));
    }

    @Test
    void asksAKernelThatCannotReclaimAgainWithoutIt() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9, NONE, results -> results);
        Script script = parse("A write 0 1\nA pin 0 X\nA unpin X\nA reclaim 0\nA dio 0 2\nA read 0");
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.RECLAIM, 1, Exclusion.PIN, 2, Exclusion.DIO, 1));
        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.scripts()).isOne();
        assertThat(report.asked()).containsExactly(new Conformance.Asked(script, report.excluded(), true));
        assertThat(kernel.asked().getLast().steps())
                .noneMatch(step -> step.op() == Op.RECLAIM || step.op() == Op.PIN || step.op() == Op.DIO);
    }

    private final Map<Long, Integer> excluded = new HashMap<>();
    private final Map<String, String> compared = new HashMap<>();

    /** README's numbers of steps, which no kernel is needed for: its policy stands in. */
    @Test
    void readmeCountsTheSteps() throws IOException {
        long seed = Long.parseLong(
                Documents.figures("kernel conform --cached \\S+ --random \\S+ --seed (\\d+) +# this table")
                        .group(1));
        List<List<String>> table = Documents.table(
                "kernel | 5.10.223 | 6.1.176 | 6.12.117 | 7.2.13 | 7.3.4 | 5.10.223 with the rule above");
        List<String> scripts = row(table, "random scripts (N)");
        List<String> steps = row(table, "steps");
        for (int column = 1; column < steps.size(); column++) {
            String[] words = scripts.get(column).replace(",", "").split("\\D+");
            long own = words.length > 1 ? Long.parseLong(words[1]) : seed;
            assertThat(steps.get(column))
                    .as(table.getFirst().get(column))
                    .isEqualTo(compared(Integer.parseInt(words[0]), own));
        }
        MatchResult built = Documents.figures("finds 0 mismatches \\((\\S+) scripts: (\\S+) steps\\)");
        assertThat(built.group(2))
                .isEqualTo(compared(Integer.parseInt(built.group(1).replace(",", "")), 1));
        assertThat(Documents.figures("interface of an ordinary kernel gives \\((\\d+) steps\\)")
                        .group(1))
                .isEqualTo(String.valueOf(excluded.get(seed)));
    }

    private static List<String> row(List<List<String>> table, String start) {
        return table.stream()
                .filter(row -> row.getFirst().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private String compared(int count, long seed) {
        return compared.computeIfAbsent(count + " of " + seed, ignored -> {
            List<Script> scripts = new ArrayList<>(ShippedScripts.all());
            scripts.addAll(Conformance.randomScripts(count, seed));
            Conformance.Report report =
                    new Conformance(new FakeKernel(Policy.V5_9), Policy.V5_9.rule(), 0, text -> {}).compare(scripts);
            excluded.put(seed, report.excluded().getOrDefault(Exclusion.PINRO, 0));
            return String.format(Locale.ROOT, "%,d", report.steps());
        });
    }
}
