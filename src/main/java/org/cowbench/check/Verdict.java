package org.cowbench.check;

import java.util.List;

/** What the checker says of one policy and one property. */
public sealed interface Verdict {

    /**
     * The word for tables.
     *
     * @return {@code safe}, {@code within N}, {@code not judged} or {@code UNSAFE}
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
     * No path of the scope can violate it, whatever the policy.
     *
     * @param missing what the scope lacks, such as {@code no pin is taken}
     */
    record NotJudged(String missing) implements Verdict {
        @Override
        public String word() {
            return "not judged";
        }
    }

    /**
     * Paths violate it: for each cause a shortest one.
     *
     * @param violations the paths, the shortest first; no path that is shorter than the first violates the property
     */
    record Unsafe(List<Violation> violations) implements Verdict {
        /** Copies the list. */
        public Unsafe {
            violations = List.copyOf(violations);
        }

        @Override
        public String word() {
            return "UNSAFE";
        }
    }
}
