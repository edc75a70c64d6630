package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.ISOLATED;
import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageArena.NIL;

import java.util.Objects;

/** mm/vmscan.c where there are large folios: they go out whole, or are split and go out page by page. */
final class LargeReclaim extends Reclaim {
    private final LargeSwap largeSwap;
    private final Huge huge;

    LargeReclaim(Mm mm) {
        super(mm);
        largeSwap = (LargeSwap) mm.swap;
        huge = Objects.requireNonNull(mm.huge);
    }

    /** What a folio is split into is all on reclaim's list, and is put back when all of it has been looked at. */
    @Override
    void take(Task task, int folio, boolean force, boolean byBatch) {
        int pages = frames.pages(folio);
        isolate(folio);
        shrink(task, folio, force);
        if (pages == 1 || frames.large(folio)) {
            putBack(task, folio, byBatch);
            return;
        }
        for (int page = folio + 1; page < folio + pages; page++) {
            shrink(task, page, force);
        }
        for (int page = folio; page < folio + pages; page++) {
            putBack(task, page, byBatch);
        }
    }

    /** One that has no user left is not put back but freed, and empties no batch. */
    @Override
    void putBackByBatch(Task task, int folio) {
        if (frames.large(folio) && frames.get(folio, REF) == 1) {
            frames.clearFlags(folio, ISOLATED);
            lru.put(folio, 1);
        } else {
            super.putBackByBatch(task, folio);
        }
    }

    @Override
    int slotFor(Task task, int folio) {
        if (!frames.large(folio)) {
            return super.slotFor(task, folio);
        }
        if (!huge.canSplit(folio, 1)) {
            activate(folio);
            return NIL;
        }
        boolean early = policy.splitsBeforeSwapOut(task, folio);
        int slot = !early && options.largeSwap() ? largeSwap.allocRun() : NIL;
        if (slot == NIL) {
            splitFirst(task, folio, early);
        }
        return slot;
    }

    /** The folio's first page goes on as one of its own; the others are the caller's to look at. */
    private void splitFirst(Task task, int folio, boolean early) {
        if (!huge.splitFolio(task, folio, true)) {
            activate(folio);
            return;
        }
        if (!early) {
            task.count(Counter.SWPOUT_FALLBACK, 1);
        }
        shrinkLocked(task, folio, true);
    }

    /** Pressure on a page is pressure on its folio, and on what that is split into. */
    @Override
    void press(Task task, int page) {
        int first = frames.folioOf(page);
        int end = first + frames.pages(first);
        for (int round = 0; round < 3; round++) {
            settle(task);
            for (int at = first; at < end; at++) {
                if (frames.folioOf(at) == at
                        && frames.has(at, ALLOCATED)
                        && frames.has(at, LRU)
                        && !frames.has(at, WRITEBACK)) {
                    take(task, at, true, false);
                }
            }
        }
    }
}
