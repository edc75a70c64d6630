package org.cowbench.machine;

import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;

/** mm/madvise.c of areas of a page each: one after the other. */
class Madvise {
    final PageTables tables;
    final Lru lru;
    final PageIo io;
    final Reclaim reclaim;
    final Faults faults;

    Madvise(Mm mm) {
        tables = mm.arena.tables();
        lru = mm.lru;
        io = mm.io;
        reclaim = mm.reclaim;
        faults = mm.faults;
    }

    /** MADV_DONTNEED. */
    void discard(Task task, int first, int last) {
        for (int page = first; page <= last; page++) {
            lru.addDrain(task);
            faults.zap(task, page, page);
            io.tick(task);
        }
    }

    /** MADV_PAGEOUT. */
    void pageout(Task task, int first, int last) {
        for (int page = first; page <= last; page++) {
            long pte = tables.pte(task.process, page);
            if (Pte.isPresent(pte)) {
                // madvise_pageout drains before it looks at any page, the zero page too.
                lru.addDrain(task);
                if (Pte.frame(pte) != ZERO_FRAME) {
                    reclaim.pageout(task, Pte.frame(pte));
                }
            }
            io.tick(task);
        }
    }

    /** MADV_DONTFORK and MADV_DOFORK. */
    void dontFork(Task task, int first, int last, boolean kept) {
        throw new UnsupportedOperationException("areas of one page each have no part to keep from a child");
    }

    /** MADV_COLLAPSE. */
    int collapse(Task task, int page) {
        return Outcome.INVALID;
    }

    /** mremap to a place of its own. */
    void move(Task task, int first, int last) {
        throw new UnsupportedOperationException("areas of one page each are moved by nobody");
    }

    /** Whether a range takes more than one call. */
    boolean apart(int process, int first, int last) {
        throw new UnsupportedOperationException("a call is of one page");
    }
}
