package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScriptProgressTest {
    private final StringWriter err = new StringWriter();
    private long now;

    @Test
    void saysNowAndThenHowFarItIs() {
        ScriptProgress progress = new ScriptProgress(() -> now, new PrintWriter(err), false, "scripts", 40);
        progress.done("5.10");
        now += TimeUnit.SECONDS.toNanos(14);
        progress.done("5.10");
        assertThat(err.toString()).isEmpty();
        now += TimeUnit.SECONDS.toNanos(2);
        progress.done("6.1");
        progress.done("6.1");
        progress.clear();
        assertThat(err.toString()).isEqualTo("3 of 40 scripts, last on 6.1" + System.lineSeparator());
    }

    @Test
    void redrawsALineOnATerminalAndTakesItOff() {
        ScriptProgress progress = new ScriptProgress(() -> now, new PrintWriter(err), true, "scripts", 2);
        progress.clear();
        assertThat(err.toString()).isEmpty();
        now += TimeUnit.SECONDS.toNanos(1);
        progress.done("5.10");
        progress.clear();
        assertThat(err.toString()).isEqualTo("\r\033[K1 of 2 scripts, last on 5.10\r\033[K");
    }
}
