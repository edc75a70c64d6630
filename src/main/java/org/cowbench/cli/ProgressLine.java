package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cowbench.bench.Cell;
import org.cowbench.bench.RunListener;
import org.cowbench.result.ForkInfo;

/** Shows a run's progress on standard error: a bar on a terminal, a plain line now and then elsewhere. */
final class ProgressLine implements RunListener {
    private static final int BAR = 24;
    private static final int WIDTH = 79;
    /** Off a terminal, the time between two lines. */
    static final long PLAIN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final double SECONDS_PER_MINUTE = 60;

    private final PrintWriter err;
    private final boolean terminal;
    private long lastPlain;
    private boolean barShown;

    /**
     * Creates the display.
     *
     * @param err standard error
     * @param terminal whether a person watches a terminal
     */
    ProgressLine(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Tells whether standard error is a terminal that can redraw a line.
     *
     * @param environment the process's environment variables
     * @return false in CI, for a dumb terminal, a file or a pipe
     */
    static boolean onTerminal(Map<String, String> environment) {
        if (environment.containsKey("CI") || "dumb".equals(environment.get("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void starting(Cell cell, int done, int total, double remainingSeconds) {
        if (terminal) {
            int filled = total == 0 ? BAR : (int) ((long) BAR * done / total);
            String line = String.format(
                    Locale.ROOT,
                    "[%s%s] %d/%d  %s left  %s",
                    "#".repeat(filled),
                    ".".repeat(BAR - filled),
                    done,
                    total,
                    clock(remainingSeconds),
                    cell.tag());
            err.print("\r\033[K" + line.substring(0, Math.min(line.length(), WIDTH)));
            err.flush();
            barShown = true;
        } else if (done == 0) {
            lastPlain = System.nanoTime();
            plain(done, total, remainingSeconds);
        }
    }

    @Override
    public void finished(ForkInfo fork, int done, int total, double remainingSeconds) {
        if (terminal) {
            if (done == total) {
                clear();
            }
        } else if (done == total || System.nanoTime() - lastPlain >= PLAIN_EVERY_NANOS) {
            lastPlain = System.nanoTime();
            plain(done, total, remainingSeconds);
        }
    }

    @Override
    public void warning(String line) {
        clear();
        err.println("warning: " + line);
        err.flush();
    }

    /** Takes the bar off the screen, so that what follows starts on a clean line. */
    void clear() {
        if (barShown) {
            err.print("\r\033[K");
            err.flush();
            barShown = false;
        }
    }

    private void plain(int done, int total, double remainingSeconds) {
        err.println(String.format(Locale.ROOT, "%d of %d forks, about %s left", done, total, clock(remainingSeconds)));
        err.flush();
    }

    static String clock(double seconds) {
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", (long) (whole / SECONDS_PER_MINUTE), whole % 60);
    }
}
