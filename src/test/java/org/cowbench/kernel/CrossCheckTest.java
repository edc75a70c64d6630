package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cowbench.check.KnownCase;
import org.cowbench.kernel.CrossCheck.Seen;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrossCheckTest {

    private static List<CrossCheck.Finding> cross(KernelSession base, KernelSession head, int length, Script... more) {
        KernelCheck.Limits limits = new KernelCheck.Limits(Duration.ofSeconds(60), length, 0, 1, 20, false, null);
        return new CrossCheck(base, head, text -> {})
                .of(
                        new KernelCheck(base, limits, text -> {}).run(),
                        new KernelCheck(head, limits, text -> {}).run(),
                        List.of(more));
    }

    /** Scripts of up to three steps do not show it; the one that is known does. */
    @Test
    void tellsWhatWilcoxRuleAddsToTheKernelOfItsTime() {
        List<CrossCheck.Finding> found = cross(
                FakeKernel.able(Policy.V5_9),
                FakeKernel.able(Policy.WILCOX),
                3,
                ShippedScripts.named("seed.litmus"),
                ShippedScripts.named("splice-in-child.litmus"));
        assertThat(found)
                .filteredOn(each -> each.base() == Seen.NO)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.what()).isEqualTo("isolation");
                    assertThat(each.known()).contains(KnownCase.SWAP_ENTRY);
                    assertThat(each.head()).isEqualTo(Seen.YES);
                    assertThat(each.repeated()).isTrue();
                    assertThat(each.text()).isEqualTo("memory shows 2, not 1");
                });
        assertThat(found)
                .filteredOn(each -> each.base() == Seen.YES)
                .isNotEmpty()
                .allSatisfy(each -> {
                    assertThat(each.known()).contains(KnownCase.ZERO_PIN);
                    assertThat(each.head()).isEqualTo(Seen.YES);
                });
    }

    /** Every name is that of a case that the policy is known for, or none; and what is short enough is found. */
    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"V5_7", "V5_9", "V5_18", "V5_19", "V6_11", "ALWAYS_REUSE"})
    void namesAreThoseOfThePolicy(Policy policy) {
        List<CrossCheck.Finding> found = cross(FakeKernel.able(policy), FakeKernel.able(Policy.ORACLE), 4);
        assertThat(found).allSatisfy(each -> {
            assertThat(each.head()).isEqualTo(Seen.NO);
            assertThat(each.known()).isPresent();
        });
        assertThat(found.isEmpty()).isEqualTo(policy == Policy.V6_11);
        assertThat(found.stream().map(each -> each.known().orElseThrow()).filter(known -> known != KnownCase.UNNAMED))
                .allMatch(KnownCase.of(policy)::contains);
        assertThat(found.stream().anyMatch(each -> each.known().equals(Optional.of(KnownCase.ZERO_PIN))))
                .isEqualTo(KnownCase.of(policy).contains(KnownCase.ZERO_PIN));
    }

    @Test
    void aScriptThatTheOtherKernelCannotRunDecidesNothing() {
        List<CrossCheck.Finding> found = cross(new FakeKernel(Policy.V5_9), FakeKernel.able(Policy.V5_9), 4);
        assertThat(found).isNotEmpty().allSatisfy(each -> {
            assertThat(each.script().steps()).anyMatch(step -> step.op() == Op.PINRO);
            assertThat(each.base()).isEqualTo(Seen.CANNOT);
            assertThat(each.head()).isEqualTo(Seen.YES);
        });
    }

    @Test
    void whatAKernelSaysHasNoFamousName() {
        FakeKernel says = new FakeKernel(Policy.ORACLE)
                .saying(run -> run.script().steps().size() < 2
                        ? run
                        : new ScriptRun(
                                run.script(),
                                run.results(),
                                List.of(),
                                Optional.of(new KernelException(KernelException.Kind.KERNEL, "it crashed"))));
        assertThat(cross(new FakeKernel(Policy.ORACLE), says, 3)).isNotEmpty().allSatisfy(each -> {
            assertThat(each.what()).isEqualTo("crash");
            assertThat(each.known()).isEmpty();
            assertThat(each.base()).isEqualTo(Seen.NO);
        });
    }
}
