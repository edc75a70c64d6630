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

    /**
     * No reachable state of a scope violates the property: the search reached its fixpoint.
     *
     * @param fixpoint the scope
     * @param beyond wider scopes in which no path up to a bound violates it either
     */
    record Safe(Scope fixpoint, List<Bound> beyond) implements Verdict {
        /** Copies the list. */
        public Safe {
            beyond = List.copyOf(beyond);
        }

        @Override
        public String word() {
            return "safe";
        }
    }

    /**
     * How far a scope was searched that was not exhausted.
     *
     * @param scope the scope
     * @param depth most moves of the paths that were tried, all of them
     */
    record Bound(Scope scope, int depth) {
        /**
         * The bound in a few words.
         *
         * @return such as {@code 3 processes x 1 page, 2 references, environment 1 to depth 7}
         */
        public String title() {
            return scope.title() + " to depth " + depth;
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
     * Paths violate it: one for each cause and kind of witness.
     *
     * @param violations the paths, those that a script can show first, then the shortest first; which is proved to be
     *     a shortest, {@link Violation#shortest()} says
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
