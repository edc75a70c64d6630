package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Explorer;
import org.cowbench.check.Judgement;

/** Shows how searches go on: a line that rewrites itself on a terminal, elsewhere one now and then and one a policy. */
final class CheckProgress implements Explorer.Progress {
    private static final double NANOS = 1e9;
    private static final long EVERY_NANOS = 200_000_000L;

    private final LongSupplier clock;
    private final PrintWriter err;
    private final boolean terminal;
    private final int total;
    private int done;
    private String policy = "";
    private long searchStart;
    private long firstTransitions;
    private long lastTransitions;
    private long lastShown;

    CheckProgress(PrintWriter err, boolean terminal, int total) {
        this(System::nanoTime, err, terminal, total);
    }

    /** With another clock, for tests. */
    CheckProgress(LongSupplier clock, PrintWriter err, boolean terminal, int total) {
        this.clock = clock;
        this.err = err;
        this.terminal = terminal;
        this.total = total;
        lastShown = clock.getAsLong();
    }

    void starting(String id) {
        policy = id;
        lastTransitions = Long.MAX_VALUE;
    }

    @Override
    public void report(long states, long transitions, long queue, int depth) {
        long now = clock.getAsLong();
        if (transitions < lastTransitions) {
            // Another scope, which may go on from a checkpoint.
            searchStart = now;
            firstTransitions = transitions;
        }
        lastTransitions = transitions;
        if (now - lastShown >= (terminal ? EVERY_NANOS : ProgressLine.PLAIN_EVERY_NANOS)) {
            lastShown = now;
            double seconds = (now - searchStart) / NANOS;
            String line = String.format(
                    Locale.ROOT,
                    "%d/%d %s: depth %d, %d states, %d queued, %.0f moves/s",
                    done + 1,
                    total,
                    policy,
                    depth,
                    states,
                    queue,
                    seconds > 0 ? (transitions - firstTransitions) / seconds : 0);
            err.print(terminal ? "\r\033[K" + line : line + System.lineSeparator());
            err.flush();
        }
    }

    void finished(Judgement judgement) {
        done++;
        if (terminal) {
            clear();
            return;
        }
        long states =
                judgement.results().stream().mapToLong(CheckResult::states).sum();
        double seconds =
                judgement.results().stream().mapToDouble(CheckResult::seconds).sum();
        err.println(String.format(
                Locale.ROOT, "%d of %d: %s, %d states, %.1f s", done, total, judgement.policy(), states, seconds));
        err.flush();
        lastShown = clock.getAsLong();
    }

    void clear() {
        if (terminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
