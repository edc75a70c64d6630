package org.cowbench.check;

import java.util.OptionalInt;
import org.cowbench.machine.Outcome;

/** What a step of a violating path did. Cases are named by it; {@link #text} is for readers. */
public sealed interface StepOutcome {

    /**
     * Which decision the step took.
     *
     * @return the decision of its fault, {@link Cause#OTHER} if it took none
     */
    default Cause cause() {
        return Cause.OTHER;
    }

    /**
     * The outcome in a few words.
     *
     * @return such as {@code swap-in, reuse}; the empty string where there is nothing to tell
     */
    String text();

    /** Outcomes with nothing more to them. */
    enum Plain implements StepOutcome {
        /** Nothing to tell. */
        NOTHING(""),
        /** The step ended in an exception: the machine's or the policy's doing. */
        FAILS("fails");

        private final String text;

        Plain(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * A write, a read, or the taking of a reference.
     *
     * @param outcome what the machine did, bits of {@link Outcome}
     * @param reference whether a reference was taken
     * @param sees what a read saw; empty for others
     */
    record Access(int outcome, boolean reference, OptionalInt sees) implements StepOutcome {
        @Override
        public Cause cause() {
            return Cause.of(outcome);
        }

        /**
         * Whether all that was mapped is the zero page.
         *
         * @return whether it is
         */
        public boolean mapsZeroPage() {
            return cause() == Cause.OTHER && did(Outcome.ZERO_PAGE);
        }

        /**
         * Whether all pages of a large folio became writable, not one alone.
         *
         * @return whether they did
         */
        public boolean writesFolio() {
            return did(Outcome.WHOLE_FOLIO);
        }

        private boolean did(int bit) {
            return (outcome & bit) != 0;
        }

        @Override
        public String text() {
            String from = did(Outcome.SWAPIN_DEVICE)
                    ? "swap-in from the device, "
                    : did(Outcome.SWAPIN_CACHE) ? "swap-in, " : "";
            String to =
                    switch (cause()) {
                        case WP_COPY -> "copy";
                        case WP_REUSE -> "reuse";
                        case SWAP_IN_REUSE -> "mapped writable";
                        case NEW_PAGE -> "new page";
                        case OTHER ->
                            mapsZeroPage()
                                    ? "zero page"
                                    : !from.isEmpty() ? "mapped read-only" : reference ? "" : "no fault";
                    };
            return from + to + (sees.isPresent() ? ", sees " + sees.getAsInt() : "");
        }
    }

    /** Where a page is after reclaim. */
    enum Reclaimed implements StepOutcome {
        /** There was none that could be reclaimed. */
        NO_PAGE("nothing to do"),
        /** Where it was. */
        MAPPED("stays mapped"),
        /** Unmapped and in memory. */
        SWAP_CACHE("to the swap cache"),
        /** Only there. */
        DEVICE("to the device");

        private final String text;

        Reclaimed(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * The look at what is wrong, the last step.
     *
     * @param sees what is seen; empty if it is an old copy that the device had
     * @param expected what must be seen
     */
    record Look(OptionalInt sees, int expected) implements StepOutcome {
        @Override
        public String text() {
            return "sees " + (sees.isPresent() ? sees.getAsInt() : "an old copy") + ", not " + expected;
        }
    }
}
