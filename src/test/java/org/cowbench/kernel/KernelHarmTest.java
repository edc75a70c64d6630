package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.cowbench.kernel.Mismatch.Field;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What a kernel does that is worse than another decision: its log, its crashes, pages it does not free. */
class KernelHarmTest extends ConformanceFixture {
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
}
