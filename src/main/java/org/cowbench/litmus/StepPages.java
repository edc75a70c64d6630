package org.cowbench.litmus;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.machine.Outcome;
import org.jspecify.annotations.Nullable;

/** What a step does to the pages it names, one or several, on its way to a result. */
final class StepPages {
    /** Error numbers of Linux. */
    private static final int EAGAIN = 11;

    private static final int EINVAL = 22;

    private final Step step;
    private final PageTables tables;
    private final int process;
    private final long[] before;
    private int minor;
    private int major;
    private OptionalLong seen = OptionalLong.empty();
    private OptionalLong old = OptionalLong.empty();
    private boolean differ;
    private @Nullable WriteKind swapIn;
    private int failure;

    /** Looks at the pages before anything is done. */
    StepPages(Step step, PageTables tables, int process) {
        this.step = step;
        this.tables = tables;
        this.process = process;
        before = look();
    }

    private long[] look() {
        long[] entries = new long[step.last() - step.page() + 1];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = tables.entry(process, step.page() + i);
        }
        return entries;
    }

    /** A page's part is done. */
    void done(int page, int outcome, OptionalLong was, OptionalLong value) {
        boolean read = (outcome & Outcome.MAJOR) != 0;
        major += read ? 1 : 0;
        minor += !read && (outcome & Outcome.MINOR) != 0 ? 1 : 0;
        if (Outcome.failed(outcome)) {
            failure = outcome;
            return;
        }
        if (page == step.page()) {
            seen = value;
            old = was;
        }
        differ |= !seen.equals(value) || !old.equals(was);
        if (step.op().fillsPage() && Pte.isSwap(before[page - step.page()])) {
            WriteKind kind = (outcome & Outcome.WP_COPY) != 0 ? WriteKind.SWAP_IN_COPY : WriteKind.SWAP_IN_REUSE;
            swapIn = swapIn == null || swapIn == kind ? kind : WriteKind.MIXED;
        }
    }

    /** Whether a page's part could not be done; then no more is. */
    boolean failed() {
        return failure != 0;
    }

    private @Nullable String problem() {
        if (!failed()) {
            return null;
        }
        if (step.op() == Op.COLLAPSE) {
            return StepResult.MADVISE + ((failure & Outcome.BUSY) != 0 ? EAGAIN : EINVAL);
        }
        return (failure & Outcome.SEGV) == 0
                ? "nomem"
                : (step.op() == Op.WRITE || step.op() == Op.READ ? Refusal.SEGV : Refusal.EFAULT).toString();
    }

    /** The result. */
    StepResult result(String file, int number) {
        boolean none = failed() || differ;
        OptionalLong value = none ? OptionalLong.empty() : seen;
        if (!step.op().namesPage()) {
            return new StepResult(file, number, step, null, null, null, 0, 0, value, problem());
        }
        long[] after = look();
        EntryState first = state(before[0]);
        EntryState then = state(after[0]);
        FrameChange frame = change(before[0], after[0]);
        for (int i = 1; i < after.length; i++) {
            first = first == state(before[i]) ? first : EntryState.MIXED;
            then = then == state(after[i]) ? then : EntryState.MIXED;
            frame = frame == change(before[i], after[i]) ? frame : FrameChange.MIXED;
        }
        return new StepResult(
                file,
                number,
                step,
                first,
                then,
                frame,
                minor,
                major,
                value,
                problem(),
                none ? OptionalLong.empty() : old,
                OptionalInt.empty(),
                swapIn,
                null,
                null);
    }

    private static FrameChange change(long before, long after) {
        return !Pte.isPresent(before) || !Pte.isPresent(after)
                ? FrameChange.UNKNOWN
                : Pte.frame(before) == Pte.frame(after) ? FrameChange.SAME : FrameChange.CHANGED;
    }

    private static EntryState state(long pte) {
        return Pte.isPresent(pte) ? EntryState.PRESENT : Pte.isSwap(pte) ? EntryState.SWAPPED : EntryState.NONE;
    }
}
