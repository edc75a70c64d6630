package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels whose rule is known to the test and not to the check. */
class KernelCheckTest {

    private static KernelCheck.Report check(KernelSession kernel, int seconds, int length, int random) {
        return check(kernel, new KernelCheck.Limits(Duration.ofSeconds(seconds), length, random, 1, 20, false, null));
    }

    private static KernelCheck.Report check(KernelSession kernel, KernelCheck.Limits limits) {
        return new KernelCheck(kernel, limits, text -> {}).run();
    }

    private static Set<String> kinds(KernelCheck.Report report) {
        return report.findings().stream().map(KernelCheck.Finding::what).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> violated(Policy policy) {
        return policy.violates().stream().map(Property::id).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource(value = Policy.class, names = "RULE", mode = EnumSource.Mode.EXCLUDE)
    void findsOnlyWhatThePolicyViolates(Policy policy) {
        findsOnlyWhatItViolates(policy, 3, 50);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(value = Policy.class, names = "RULE", mode = EnumSource.Mode.EXCLUDE)
    void findsOnlyWhatThePolicyViolatesInLongerScripts(Policy policy) {
        findsOnlyWhatItViolates(policy, 4, 200);
    }

    private static void findsOnlyWhatItViolates(Policy policy, int length, int random) {
        KernelCheck.Report report = check(new FakeKernel(policy), 60, length, random);
        assertThat(violated(policy)).containsAll(kinds(report));
        assertThat(report.random()).isEqualTo(random);
        assertThat(report.reached()).hasSize(4).allSatisfy(reach -> assertThat(reach.length())
                .isEqualTo(length));
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.repeated()).isTrue());
    }

    /** What a rule was caught with is longer than a search comes in its time: a device's lost write takes seven moves. */
    @ParameterizedTest
    @EnumSource(value = Policy.class, names = "RULE", mode = EnumSource.Mode.EXCLUDE)
    void shippedScriptsAndShortOnesShowAllThatThePolicyViolates(Policy policy) {
        int length = policy == Policy.V5_8 ? 4 : 2;
        KernelCheck.Report report = check(
                FakeKernel.able(policy), new KernelCheck.Limits(Duration.ofSeconds(60), length, 0, 1, 20, true, null));
        assertThat(kinds(report)).isEqualTo(violated(policy));
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.after()).isBetween(1L, report.scripts()));
    }

    /** What nobody asked is not to be taken for clean. */
    @Test
    void saysWhatItDidNotAsk() {
        FakeKernel kernel =
                new FakeKernel(Policy.V5_19, Capabilities.without(Op.PIN, Op.RECLAIM), UnaryOperator.identity());
        assertThat(check(kernel, new KernelCheck.Limits(Duration.ofSeconds(60), 1, 0, 1, 1, true, null))
                        .lacking())
                .contains(Exclusion.PIN.reason(), Exclusion.RECLAIM.reason())
                .doesNotContain(Exclusion.DIO.reason());
        assertThat(check(
                                FakeKernel.able(Policy.V5_19),
                                new KernelCheck.Limits(Duration.ofSeconds(60), 1, 0, 1, 1, true, null))
                        .lacking())
                .doesNotContain(Exclusion.PIN.reason(), Exclusion.RECLAIM.reason());
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"V5_7", "ALWAYS_REUSE"})
    void findsAllThatShortScriptsShow(Policy policy) {
        assertThat(kinds(check(new FakeKernel(policy), 60, 5, 0))).isEqualTo(violated(policy));
    }

    @Tag("slow")
    @Test
    void findsTheCorruptionOfJanuary2022() {
        KernelCheck.Report report = check(new FakeKernel(Policy.WILCOX), 60, 6, 0);
        assertThat(report.findings())
                .filteredOn(finding -> finding.what().equals("isolation"))
                .extracting(finding -> finding.minimal().text())
                .contains("pages 1\nA write 0 1\nA pageout 0\nA drain\nA fork B\nA write 0 2\nB read 0\n");
    }

    /** The second that shows something, or the first when it is asked again, is not survived. */
    @Test
    void whatWasFoundIsNotLostWithTheKernel() {
        int[] shown = {0};
        KernelSession kernel = new FakeKernel(Policy.WILCOX).saying(run -> {
            if (!Troubles.of(run).isEmpty() && ++shown[0] > 1) {
                throw new KernelException(KernelException.Kind.LACKS, "the emulator has gone");
            }
            return run;
        });
        KernelCheck.Report report = check(kernel, 60, 6, 0);
        assertThat(report.ended()).hasValueSatisfying(end -> assertThat(end).hasMessage("the emulator has gone"));
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.repeated()).isFalse();
            assertThat(finding.minimal()).isEqualTo(finding.script());
            assertThat(finding.troubles()).isNotEmpty();
        });
    }

    /** Once the question whether it does so again took three minutes, no smaller script is tried. */
    @Test
    void makingSmallerHasAnEnd() {
        long[] now = {0};
        boolean[] slow = {false};
        KernelSession kernel = FakeKernel.able(Policy.WILCOX).saying(run -> {
            now[0] += slow[0] ? Smaller.PATIENCE.toNanos() : 1;
            slow[0] = false;
            return run;
        });
        KernelCheck.Limits limits = new KernelCheck.Limits(Duration.ofSeconds(1), 2, 0, 1, 20, true, null);
        KernelCheck.Report quick = new KernelCheck(kernel, limits, text -> {}, () -> now[0]).run();
        assertThat(quick.findings())
                .anySatisfy(finding -> assertThat(finding.minimal()).isNotEqualTo(finding.script()))
                .allSatisfy(finding -> assertThat(finding.cut()).isFalse());
        KernelCheck.Report cut =
                new KernelCheck(kernel, limits, text -> slow[0] = text.startsWith("shrinking"), () -> now[0]).run();
        assertThat(kinds(cut)).isEqualTo(kinds(quick));
        assertThat(cut.findings()).allSatisfy(finding -> {
            assertThat(finding.repeated()).isTrue();
            assertThat(finding.cut()).isTrue();
            assertThat(finding.minimal()).isEqualTo(finding.script());
        });
    }

    /** A smaller script at which the kernel hangs does not show the crash, and is not waited for as long as others are. */
    @Test
    void aHangIsNoSmallerCrash() {
        boolean[] shrinking = {false};
        FakeKernel kernel = new FakeKernel(Policy.ORACLE).saying(run -> {
            Set<Op> ops = run.script().steps().stream().map(Step::op).collect(Collectors.toSet());
            boolean crashes = ops.contains(Op.PIN) && ops.contains(Op.DISCARD);
            if (!crashes && !(shrinking[0] && ops.contains(Op.DISCARD))) {
                return run;
            }
            KernelException.Kind kind = crashes ? KernelException.Kind.KERNEL : KernelException.Kind.HUNG;
            return new ScriptRun(run.script(), List.of(), List.of(), Optional.of(new KernelException(kind, "ended")));
        });
        KernelCheck.Limits limits = new KernelCheck.Limits(Duration.ofSeconds(60), 3, 0, 1, 20, false, null);
        KernelCheck.Report report =
                new KernelCheck(kernel, limits, text -> shrinking[0] = text.startsWith("shrinking")).run();
        assertThat(report.findings()).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.minimal().steps()).extracting(Step::op).containsExactlyInAnyOrder(Op.PIN, Op.DISCARD);
            assertThat(finding.cut()).isFalse();
        });
        assertThat(kernel.silences()).isNotEmpty().allSatisfy(silence -> assertThat(silence)
                .isBetween(Smaller.LEAST_SILENCE, Smaller.PATIENCE));
    }

    @Test
    void whatTheKernelSaysCounts() {
        FakeKernel kernel = new FakeKernel(Policy.ORACLE)
                .saying(run -> new ScriptRun(
                        run.script(),
                        run.results(),
                        discards(run.script())
                                ? List.of(new LogFinding(LogFinding.When.STEP, 0, "WARNING: bad", List.of("trace")))
                                : List.of(),
                        Optional.empty()));
        KernelCheck.Report report = check(kernel, 60, 3, 0);
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("kernel log");
            assertThat(finding.log()).isEqualTo("trace");
            assertThat(finding.minimal().steps()).extracting(step -> step.op()).containsExactly(Op.DISCARD);
            assertThat(finding.count()).isGreaterThan(3);
        });
        assertThat(kernel.restarts()).isPositive();
        assertThat(report.found()).isTrue();
    }

    private static boolean discards(Script script) {
        return script.steps().stream().anyMatch(step -> step.op() == Op.DISCARD);
    }
}
