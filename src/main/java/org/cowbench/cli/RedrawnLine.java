package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A line on standard error: redrawn on a terminal, elsewhere another now and then. For several threads. */
final class RedrawnLine {
    private final LongSupplier clock;
    private final PrintWriter err;
    private final boolean terminal;
    private final long every;
    private long lastShown;
    private boolean shown;

    /**
     * Begins with nothing shown.
     *
     * @param clock in nanoseconds
     * @param err standard error
     * @param terminal whether a person watches a terminal
     * @param everyNanos how long a line stands on a terminal at least
     */
    RedrawnLine(LongSupplier clock, PrintWriter err, boolean terminal, long everyNanos) {
        this.clock = clock;
        this.err = err;
        this.terminal = terminal;
        every = terminal ? everyNanos : ProgressLine.PLAIN_EVERY_NANOS;
        lastShown = clock.getAsLong();
    }

    /**
     * Shows another line, if it is time.
     *
     * @param line the line
     */
    synchronized void show(Supplier<String> line) {
        long now = clock.getAsLong();
        if (now - lastShown >= every) {
            lastShown = now;
            shown = true;
            err.print(terminal ? "\r\033[K" + line.get() : line.get() + System.lineSeparator());
            err.flush();
        }
    }

    /** Takes the line off a terminal, so that what follows starts on a clean one. */
    synchronized void clear() {
        if (terminal && shown) {
            shown = false;
            err.print("\r\033[K");
            err.flush();
        }
    }
}
