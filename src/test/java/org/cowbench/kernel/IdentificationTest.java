package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentificationTest {

    @ParameterizedTest
    @EnumSource(value = Policy.class, names = "RULE", mode = EnumSource.Mode.EXCLUDE)
    void knowsEveryPolicy(Policy policy) {
        Identification.Report report = Identification.of(new FakeKernel(policy));
        assertThat(report.fitting())
                .singleElement()
                .extracting(Identification.Candidate::policies)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains(policy);
        assertThat(report.troubles()).isEmpty();
    }

    @Test
    void namesTheNearestAndWhereItDiffers() {
        FakeKernel odd = new FakeKernel(Policy.V6_11, Capabilities.without(Op.PINRO), results -> results.stream()
                .map(IdentificationTest::oneFaultMore)
                .toList());
        Identification.Report report = Identification.of(odd);
        assertThat(report.fitting()).isEmpty();
        assertThat(report.candidates().getFirst().differing())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.first().field()).isNotNull());
        assertThat(report.candidates().stream()
                        .map(candidate -> candidate.differing().size())
                        .toList())
                .isSorted();
    }

    /** A kernel that takes a fault for every write to the same frame. */
    private static StepResult oneFaultMore(StepResult result) {
        return result.frame() != FrameChange.SAME || result.operation().op() != Op.WRITE || result.minor() > 0
                ? result
                : new StepResult(
                        result.file(),
                        result.step(),
                        result.operation(),
                        result.before(),
                        result.after(),
                        result.frame(),
                        1,
                        result.major(),
                        result.value(),
                        result.error(),
                        result.old(),
                        result.torn());
    }

    @Test
    void aReleaseThatMisleadsIsSurprising() {
        // The fake's release is no number: it counts as older than all.
        Identification.Report old = new Identification.Report(
                "5.10.1",
                0,
                List.of(new Identification.Candidate(Policy.V5_19.alike(), List.of())),
                java.util.Map.of(),
                List.of());
        assertThat(Identification.surprising(old)).contains(Policy.V5_9);
        Identification.Report right =
                new Identification.Report("6.1.1", 0, old.candidates(), java.util.Map.of(), List.of());
        assertThat(Identification.surprising(right)).isEmpty();
    }
}
