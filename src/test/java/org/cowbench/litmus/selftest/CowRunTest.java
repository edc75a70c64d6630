package org.cowbench.litmus.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.litmus.selftest.CowComparison.Verdict;
import org.cowbench.litmus.selftest.CowOutcome.Kind;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What cow.c of several kernels prints, and what is made of it. */
class CowRunTest {
    private static final String BASE = "Basic COW after fork() ... with base page";
    private static final String SWAPPED = "Basic COW after fork() ... with swapped out base page";
    private static final String PIN = "R/O GUP pin on R/O-mapped shared page ... with base page";

    private static CowRun run(String text) {
        CowRun run = new CowRun();
        text.lines().forEach(run::line);
        run.ended("exit status 0");
        return run;
    }

    /** As of 7.2: the result names the test, what is to be said stands before it. */
    private static final String NEW = """
        TAP version 13
        # [INFO] detected PMD size: 2048 KiB
        1..3
        # [INFO] Anonymous memory tests in private mappings
        # [RUN] Basic COW after fork() ... with base page
        ok 1 Basic COW after fork() ... with base page
        # [RUN] Basic COW after fork() ... with swapped out base page
        # Leak from parent into child
        not ok 2 Basic COW after fork() ... with swapped out base page
        # [RUN] R/O GUP pin on R/O-mapped shared page ... with base page
        # gup_test not available
        ok 3 R/O GUP pin on R/O-mapped shared page ... with base page # SKIP
        # Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0
        """;
    /** As of 6.12: the result says why. */
    private static final String OLD = """
        TAP version 13
        1..3
        # [RUN] Basic COW after fork() ... with base page
        ok 1 No leak from parent into child
        # [RUN] Basic COW after fork() ... with swapped out base page
        not ok 2 Leak from parent into child
        # [RUN] R/O GUP pin on R/O-mapped shared page ... with base page
        ok 3 # SKIP gup_test not available
        Bail out! 1 out of 3 tests failed
        # Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0
        """;

    @Test
    void bothStylesAreRead() {
        for (String text : new String[] {NEW, OLD}) {
            CowRun run = run(text);
            assertThat(run.outcomes().keySet()).containsExactly(BASE, SWAPPED, PIN);
            assertThat(run.outcomes().values().stream().map(CowOutcome::kind))
                    .containsExactly(Kind.PASS, Kind.FAIL, Kind.SKIP);
            assertThat(run.outcomes().get(SWAPPED).why()).isEqualTo("Leak from parent into child");
            assertThat(run.outcomes().get(PIN).why()).isEqualTo("gup_test not available");
            assertThat(run.incomplete()).isEmpty();
        }
    }

    @Test
    void aProgramThatEndsEarlySaysWhere() {
        assertThat(run(NEW.substring(0, NEW.indexOf("# Leak"))).incomplete())
                .isEqualTo("ended with exit status 0 after 1 of 3 tests, last '" + SWAPPED + "'");
        assertThat(run("TAP version 13\nBail out! opening pagemap failed\n").incomplete())
                .isEqualTo("ended with exit status 0 after 0 of 0 tests: Bail out! opening pagemap failed");
    }

    @Test
    void eachTestIsHeldAgainstTheModel() {
        CowComparison comparison = CowComparison.of("x", run(NEW), "v6.11", Policy.V6_11.rule());
        assertThat(comparison.rows().stream().map(CowComparison.Row::verdict))
                .containsExactly(Verdict.AGREE, Verdict.DIFFER, Verdict.NOT_ASKED);
        assertThat(comparison.rows().get(2).why()).isEqualTo("gup_test not available");
        assertThat(comparison.knownFailures()).isEmpty();
    }

    /** That memory does not leave is a statement about memory, whatever word cow.c has for it. */
    @Test
    void aSkipThatTheModelDoesNotExpectDiffers() {
        CowRun run = run("1..1\n# [RUN] " + SWAPPED + "\n# MADV_PAGEOUT did not work, is swap enabled?\nok 1 " + SWAPPED
                + " # SKIP\n");
        assertThat(CowComparison.of("x", run, "v6.11", Policy.V6_11.rule()).rows(Verdict.DIFFER))
                .hasSize(1);
    }

    @Test
    void aFailureThatTheModelForetellsIsNoDifference() {
        String name = "vmsplice() + unmap in child ... with THP (2048 kB)";
        CowRun run = run("1..2\n# [RUN] " + name + "\nnot ok 1 " + name + "\n# [RUN] other\nok 2 other\n");
        CowComparison comparison = CowComparison.of("x", run, "v5.9", Policy.V5_9.rule());
        assertThat(comparison.knownFailures()).hasSize(1);
        assertThat(comparison.rows(Verdict.NO_SCRIPT).getFirst().why())
                .isEqualTo("a test that this cowbench does not know");
        assertThat(comparison.rows(Verdict.DIFFER)).isEmpty();
    }
}
