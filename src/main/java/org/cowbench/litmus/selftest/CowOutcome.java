package org.cowbench.litmus.selftest;

/**
 * How a test of cow.c ends, or is expected to.
 *
 * @param kind which of the three
 * @param why why it was skipped, or what else was said; may be the empty string
 */
public record CowOutcome(Kind kind, String why) {

    /** The three ways. */
    public enum Kind {
        /** Nobody saw what is not theirs, and a pin showed what was written. */
        PASS,
        /** Somebody did, or it did not. */
        FAIL,
        /** The kernel or its configuration lacks what the test needs, so it says nothing. */
        SKIP;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
