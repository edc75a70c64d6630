package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.cowbench.machine.Outcome;
import org.junit.jupiter.api.Test;

/** The words of a step, and the decision that a case is named by. */
class StepOutcomeTest {
    private static StepOutcome.Access access(int outcome) {
        return new StepOutcome.Access(outcome, false, OptionalInt.empty());
    }

    @Test
    void anAccessTellsWhereThePageCameFromAndWhatBecameOfIt() {
        assertThat(access(0).text()).isEqualTo("no fault");
        assertThat(access(Outcome.MINOR | Outcome.ZERO_FILL).text()).isEqualTo("new page");
        assertThat(access(Outcome.MINOR | Outcome.WP_COPY).text()).isEqualTo("copy");
        assertThat(access(Outcome.MINOR | Outcome.SWAPIN_CACHE | Outcome.WP_REUSE)
                        .text())
                .isEqualTo("swap-in, reuse");
        assertThat(access(Outcome.MAJOR | Outcome.SWAPIN_DEVICE | Outcome.MAPPED_WRITABLE)
                        .text())
                .isEqualTo("swap-in from the device, mapped writable");
        assertThat(new StepOutcome.Access(Outcome.MINOR | Outcome.SWAPIN_CACHE, false, OptionalInt.of(2)).text())
                .isEqualTo("swap-in, mapped read-only, sees 2");
        assertThat(new StepOutcome.Access(0, true, OptionalInt.empty()).text())
                .as("a reference, no fault")
                .isEmpty();
    }

    @Test
    void onlyAFaultThatTookADecisionHasACause() {
        assertThat(access(Outcome.MAJOR | Outcome.SWAPIN_DEVICE | Outcome.WP_COPY)
                        .cause())
                .isEqualTo(Cause.WP_COPY);
        assertThat(access(Outcome.MINOR | Outcome.SWAPIN_CACHE).cause()).isEqualTo(Cause.OTHER);
        assertThat(StepOutcome.Reclaimed.DEVICE.cause()).isEqualTo(Cause.OTHER);
        // Its words have "copy" in them.
        StepOutcome look = new StepOutcome.Look(OptionalInt.empty(), 1);
        assertThat(look.text()).isEqualTo("sees an old copy, not 1");
        assertThat(look.cause()).isEqualTo(Cause.OTHER);
    }

    @Test
    void theZeroPageIsMappedOnlyIfNothingReplacedIt() {
        assertThat(access(Outcome.MINOR | Outcome.ZERO_PAGE).mapsZeroPage()).isTrue();
        assertThat(access(Outcome.MINOR | Outcome.ZERO_PAGE).text()).isEqualTo("zero page");
        StepOutcome.Access unshared = access(Outcome.MINOR | Outcome.ZERO_PAGE | Outcome.ZERO_FILL);
        assertThat(unshared.mapsZeroPage()).isFalse();
        assertThat(unshared.text()).isEqualTo("new page");
    }
}
