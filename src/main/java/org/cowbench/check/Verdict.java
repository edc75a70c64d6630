package org.cowbench.check;

/** What the checker says of one policy and one property. */
public sealed interface Verdict {

    /**
     * The word for tables.
     *
     * @return {@code safe}, {@code within N} or {@code UNSAFE}
     */
    String word();

    /** No reachable state of the scope violates the property: the search reached its fixpoint. */
    record Safe() implements Verdict {
        @Override
        public String word() {
            return "safe";
        }
    }

    /**
     * No path up to a bound violates it; longer ones were not tried.
     *
     * @param depth the bound in moves
     * @param reason what stopped the search
     */
    record SafeWithin(int depth, String reason) implements Verdict {
        @Override
        public String word() {
            return "within " + depth;
        }
    }

    /**
     * A path violates it, and no shorter one does.
     *
     * @param violation the path
     */
    record Unsafe(Violation violation) implements Verdict {
        @Override
        public String word() {
            return "UNSAFE";
        }
    }
}
