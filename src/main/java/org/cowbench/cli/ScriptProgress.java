package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How many scripts, or tests, kernels have run, on standard error. For several threads.
 */
final class ScriptProgress {
    private static final long EVERY_NANOS = 200_000_000L;

    private final RedrawnLine line;
    private final String what;
    private int total;
    private int done;

    /**
     * Begins to count.
     *
     * @param err standard error
     * @param terminal whether a person watches a terminal
     * @param total scripts to run, on all kernels
     */
    ScriptProgress(PrintWriter err, boolean terminal, int total) {
        this(System::nanoTime, err, terminal, "scripts", total);
    }

    /**
     * Begins to count what is not known to be how many.
     *
     * @param err standard error
     * @param terminal whether a person watches a terminal
     * @param what is counted
     */
    ScriptProgress(PrintWriter err, boolean terminal, String what) {
        this(System::nanoTime, err, terminal, what, 0);
    }

    /** With another clock, for tests. */
    ScriptProgress(LongSupplier clock, PrintWriter err, boolean terminal, String what, int total) {
        line = new RedrawnLine(clock, err, terminal, EVERY_NANOS);
        this.what = what;
        this.total = total;
    }

    /**
     * There are more than was known.
     *
     * @param more so many more
     */
    synchronized void expect(int more) {
        total += more;
    }

    /**
     * A script is done.
     *
     * @param kernel the kernel that has run it
     */
    synchronized void done(String kernel) {
        done++;
        line.show(() -> String.format(Locale.ROOT, "%d of %d %s, last on %s", done, total, what, kernel));
    }

    /** Takes the line off a terminal, so that what follows starts on a clean one. */
    void clear() {
        line.clear();
    }
}
