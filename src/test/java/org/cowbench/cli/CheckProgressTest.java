package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is shown of a long search, and how often. */
class CheckProgressTest {
    private final StringWriter shown = new StringWriter();
    private long now = TimeUnit.DAYS.toNanos(1);

    private void reports(boolean terminal) {
        CheckProgress progress = new CheckProgress(() -> now, new PrintWriter(shown), terminal, 2);
        progress.starting("v5.19");
        for (int second = 0; second <= 31; second++) {
            progress.report(10L * second, 1000L * second, 7, second);
            now += TimeUnit.SECONDS.toNanos(1);
        }
    }

    @Test
    void offATerminalALineEveryFifteenSeconds() {
        reports(false);
        assertThat(shown.toString().lines())
                .containsExactly(
                        "1/2 v5.19: depth 15, 150 states, 7 queued, 1000 moves/s",
                        "1/2 v5.19: depth 30, 300 states, 7 queued, 1000 moves/s");
    }

    @Test
    void onATerminalOneThatRewritesItself() {
        reports(true);
        assertThat(shown.toString())
                .doesNotContain("\n")
                .contains("\r\033[K1/2 v5.19: depth 1, ", "\r\033[K1/2 v5.19: depth 31, ");
    }
}
