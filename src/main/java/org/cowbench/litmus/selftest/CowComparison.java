package org.cowbench.litmus.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cowbench.litmus.selftest.CowOutcome.Kind;
import org.cowbench.policy.ReusePolicy;

/**
 * What cow.c said on a kernel, test by test beside what a policy makes of the same.
 *
 * @param kernel the kernel's label
 * @param policy the policy's id
 * @param rows one a test, in the order in which they ran
 * @param incomplete why the program ended early, or the empty string
 */
public record CowComparison(String kernel, String policy, List<Row> rows, String incomplete) {

    /** What the two have to do with each other. */
    public enum Verdict {
        /** The test ends as the model says. */
        AGREE("agree"),
        /** It ends otherwise: one of the two is wrong. */
        DIFFER("differ"),
        /** The kernel has no way to ask what the test asks, so that it says nothing of the model. */
        NOT_ASKED("not asked"),
        /** The language has no script of it. */
        NO_SCRIPT("no script");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * A test.
     *
     * @param name as cow.c prints it
     * @param seen how it ended
     * @param predicted what the model says; empty where there is no script
     * @param verdict what that comes to
     */
    public record Row(String name, CowOutcome seen, Optional<CowOutcome> predicted, Verdict verdict) {

        /**
         * What is to be said of it.
         *
         * @return why it was not compared, what the model's script saw, or what the program said; may be empty
         */
        public String why() {
            return switch (verdict) {
                case NO_SCRIPT -> CowTest.missing(name);
                case NOT_ASKED -> seen.why();
                default ->
                    predicted.map(CowOutcome::why).filter(why -> !why.isEmpty()).orElse(seen.why());
            };
        }
    }

    /** Copies the list. */
    public CowComparison {
        rows = List.copyOf(rows);
    }

    /**
     * Compares.
     *
     * @param kernel the kernel's label
     * @param run what it said
     * @param policy the policy's id
     * @param rule its rule
     * @return a row a test
     */
    public static CowComparison of(String kernel, CowRun run, String policy, ReusePolicy rule) {
        List<Row> rows = new ArrayList<>();
        run.outcomes().forEach((name, seen) -> {
            Optional<CowOutcome> predicted = CowTest.named(name).map(test -> test.predict(rule));
            rows.add(new Row(
                    name,
                    seen,
                    predicted,
                    predicted.map(model -> verdict(seen, model)).orElse(Verdict.NO_SCRIPT)));
        });
        return new CowComparison(kernel, policy, rows, run.incomplete());
    }

    private static Verdict verdict(CowOutcome seen, CowOutcome predicted) {
        return seen.kind() == predicted.kind()
                ? Verdict.AGREE
                : seen.kind() == Kind.SKIP && lacksInterface(seen.why()) ? Verdict.NOT_ASKED : Verdict.DIFFER;
    }

    /** Any other skip is a statement about memory: that it is not swapped out, not put together, no folio. */
    private static boolean lacksInterface(String why) {
        return why.contains("gup_test") || why.contains("PIN_LONGTERM_TEST_START") || why.contains("io_uring_");
    }

    /**
     * Tests by what they came to.
     *
     * @param verdict which
     * @return their rows
     */
    public List<Row> rows(Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).toList();
    }

    /**
     * Tests that failed on the kernel, and of which the model says so.
     *
     * @return their rows
     */
    public List<Row> knownFailures() {
        return rows(Verdict.AGREE).stream()
                .filter(row -> row.seen().kind() == Kind.FAIL)
                .toList();
    }
}
