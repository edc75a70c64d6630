package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.ACTIVE;
import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.ISOLATED;
import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.RECLAIM;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.FolioRecord.REFERENCED;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.ReusePolicy;

/** mm/vmscan.c: second chance over two lists, and shrink_page_list for one isolated page. */
class Reclaim {
    /** SWAP_CLUSTER_MAX: pages that one round of reclaim takes from a list. */
    private static final int CLUSTER = 32;

    private final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
    final Frames frames;
    final PageAlloc pageAlloc;
    final Lru lru;
    final Swap swap;
    final Rmap rmap;
    final PageIo io;
    private final int low;
    private final int high;

    Reclaim(Mm mm) {
        arena = mm.arena;
        policy = mm.policy;
        options = mm.options;
        frames = mm.arena.frames();
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        swap = mm.swap;
        rmap = mm.rmap;
        io = mm.io;
        // What one fault can take: a readahead window, and a copy.
        low = mm.options.readahead() + 1;
        high = low + CLUSTER;
    }

    /**
     * Makes enough memory free for any one fault.
     *
     * @param task who needs it
     * @return whether there is
     */
    boolean ensureFree(Task task) {
        return pageAlloc.freeFrames() >= low || options.reclaim() && balance(task, high);
    }

    /**
     * Makes enough memory free for a fault and a large folio besides; it may still lie in splinters.
     *
     * @param task who needs it
     * @param pages the folio's pages
     * @return whether there is
     */
    final boolean ensureFree(Task task, int pages) {
        return balance(task, high + pages);
    }

    /** Frees frames up to a number of them, or as many as it can. */
    final boolean balance(Task task, int wanted) {
        int idle = 0;
        while (pageAlloc.freeFrames() < wanted) {
            int before = pageAlloc.freeFrames();
            boolean looked = shrinkLists(task);
            if (pageAlloc.freeFrames() > before) {
                idle = 0;
            } else if (io.goesOn()) {
                // Reclaim waits for the device.
                io.endFirst(task);
            } else if (!looked || ++idle > 4 * arena.spec().frames() / CLUSTER + 4) {
                return pageAlloc.freeFrames() >= low;
            }
        }
        return true;
    }

    private boolean shrinkLists(Task task) {
        lru.addDrain(task);
        if (arena.control(Control.INACTIVE_COUNT) < arena.control(Control.ACTIVE_COUNT)) {
            for (int i = 0; i < CLUSTER && arena.control(Control.ACTIVE_COUNT) > 0; i++) {
                int frame = (int) arena.control(Control.ACTIVE_TAIL);
                lru.remove(frame);
                frames.clearFlags(frame, ACTIVE);
                lru.insert(frame, false);
            }
        }
        int looked = 0;
        for (; looked < CLUSTER && arena.control(Control.INACTIVE_COUNT) > 0; looked++) {
            int frame = (int) arena.control(Control.INACTIVE_TAIL);
            take(task, frame, false, false);
        }
        return looked > 0;
    }

    /** Isolates a folio, shrinks it and puts back what is left, by this CPU's batch or straight to the list. */
    void take(Task task, int folio, boolean force, boolean byBatch) {
        isolate(folio);
        shrink(task, folio, force);
        putBack(task, folio, byBatch);
    }

    final void putBack(Task task, int folio, boolean byBatch) {
        if (byBatch) {
            putBackByBatch(task, folio);
        } else {
            putBack(folio);
        }
    }

    /** isolate_lru_page: off its list, with a reference. */
    final void isolate(int frame) {
        lru.get(frame, 1);
        lru.remove(frame);
        frames.setFlags(frame, ISOLATED);
    }

    /** move_pages_to_lru: straight back to its list, and the isolator's reference goes. */
    private void putBack(int frame) {
        frames.clearFlags(frame, ISOLATED);
        lru.insert(frame, false);
        lru.put(frame, 1);
    }

    /**
     * putback_lru_page: back by way of this CPU's batch, and the isolator's reference goes. What a device has taken at once
     * has no other, is freed, and takes no place in a batch.
     */
    void putBackByBatch(Task task, int frame) {
        frames.clearFlags(frame, ISOLATED);
        if (!options.synchronousIo() || frames.get(frame, REF) != 1) {
            lru.add(task, frame);
        }
        lru.put(frame, 1);
    }

    /**
     * shrink_page_list for one isolated page. Frees as much of it as can be: afterwards only the isolator's reference
     * may be left, which the caller drops by putting the page back.
     *
     * @param task who reclaims
     * @param frame the page
     * @param force whether references by page tables are ignored
     */
    void shrink(Task task, int frame, boolean force) {
        if (!frames.tryLock(frame)) {
            return;
        }
        shrinkLocked(task, frame, force);
        frames.unlock(frame);
    }

    final void shrinkLocked(Task task, int frame, boolean force) {
        if (frames.has(frame, WRITEBACK)) {
            frames.setFlags(frame, RECLAIM);
            activate(frame);
            return;
        }
        if (!force && !old(frame)) {
            return;
        }
        if (!frames.has(frame, SWAPCACHE)) {
            if (policy.keepsPinnedOutOfSwap() && task.folioMaybeDmaPinned(frame)) {
                return;
            }
            int slot = slotFor(task, frame);
            if (slot == NIL) {
                return;
            }
            swap.addToCache(frame, slot);
            frames.setFlags(frame, DIRTY);
        }
        if (swap.mapped(frame) && !rmap.unmap(task, frame)) {
            activate(frame);
            return;
        }
        // The isolator's, and the swap cache's for each page: anybody else's reference keeps the folio.
        if (frames.get(frame, REF) != 1 + frames.pages(frame)) {
            return;
        }
        if (frames.has(frame, DIRTY)) {
            if (swap.tryFree(frame)) {
                return;
            }
            frames.clearFlags(frame, DIRTY);
            io.write(task, frame, frames.get(frame, SLOT));
            if (frames.has(frame, WRITEBACK)) {
                return;
            }
        }
        swap.removeFromCache(frame);
    }

    /** folio_alloc_swap: where a folio goes, or {@code NIL} where nothing more is to be done with it. */
    int slotFor(Task task, int frame) {
        int slot = swap.alloc();
        if (slot == NIL) {
            activate(frame);
        }
        return slot;
    }

    final void activate(int frame) {
        if (swap.full()) {
            swap.tryFree(frame);
        }
        frames.setFlags(frame, ACTIVE);
    }

    /** page_check_references for an anonymous page. */
    final boolean old(int frame) {
        int referenced = rmap.referenced(frame);
        if (referenced == 0) {
            frames.clearFlags(frame, REFERENCED);
            return true;
        }
        boolean before = (frames.setFlags(frame, REFERENCED) & REFERENCED) != 0;
        if (before || referenced > 1) {
            activate(frame);
        }
        return false;
    }

    /** MADV_PAGEOUT of one mapped page, this CPU's batches drained. */
    void pageout(Task task, int frame) {
        if (frames.get(frame, MAP) != 1 || !frames.has(frame, LRU)) {
            return;
        }
        take(task, frame, true, true);
    }

    /** What pressure does first, whatever it is on: all writeback ends, every CPU's batches are drained. */
    void settle(Task task) {
        io.endAll(task);
        lru.addDrainAll();
    }

    /** Memory pressure on one page until it has left the swap cache, or cannot. */
    void press(Task task, int frame) {
        for (int round = 0; round < 3; round++) {
            settle(task);
            if (!frames.has(frame, LRU) || frames.has(frame, WRITEBACK)) {
                return;
            }
            take(task, frame, true, false);
        }
    }
}
