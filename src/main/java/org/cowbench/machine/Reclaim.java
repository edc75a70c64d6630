package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageRecord.ACTIVE;
import static org.cowbench.arena.PageRecord.DIRTY;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.ISOLATED;
import static org.cowbench.arena.PageRecord.LRU;
import static org.cowbench.arena.PageRecord.RECLAIM;
import static org.cowbench.arena.PageRecord.REFERENCED;
import static org.cowbench.arena.PageRecord.SLOT;
import static org.cowbench.arena.PageRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.WRITEBACK;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy;

/** Reclaim: second chance over two lists, and shrink_page_list for one isolated page. */
final class Reclaim {
    /** SWAP_CLUSTER_MAX: pages that one round of reclaim takes from a list. */
    private static final int CLUSTER = 32;

    private final Mm mm;
    private final PageArena arena;
    private final Frames frames;
    private final PageTables tables;
    private final int low;
    private final int high;

    Reclaim(Mm mm) {
        this.mm = mm;
        arena = mm.arena;
        frames = arena.frames();
        tables = arena.tables();
        // What one fault can take: a readahead window, and a copy.
        low = mm.options.readahead() + 1;
        high = low + CLUSTER;
    }

    /**
     * Makes enough memory free for any one fault.
     *
     * @return whether there is
     */
    boolean ensureFree() {
        return mm.freeFrames() >= low || mm.options.reclaim() && balance();
    }

    private boolean balance() {
        int idle = 0;
        while (mm.freeFrames() < high) {
            int before = mm.freeFrames();
            boolean looked = shrinkLists();
            if (mm.freeFrames() > before) {
                idle = 0;
            } else if (mm.writebackGoesOn()) {
                // Reclaim waits for the device.
                mm.endFirstWriteback();
            } else if (!looked || ++idle > 4 * arena.spec().frames() / CLUSTER + 4) {
                return mm.freeFrames() >= low;
            }
        }
        return true;
    }

    private boolean shrinkLists() {
        mm.lruAddDrain();
        if (arena.control(Control.INACTIVE_COUNT) < arena.control(Control.ACTIVE_COUNT)) {
            for (int i = 0; i < CLUSTER && arena.control(Control.ACTIVE_COUNT) > 0; i++) {
                int frame = (int) arena.control(Control.ACTIVE_TAIL);
                mm.lruRemove(frame);
                frames.clearFlags(frame, ACTIVE);
                mm.lruInsert(frame, false);
            }
        }
        int looked = 0;
        for (; looked < CLUSTER && arena.control(Control.INACTIVE_COUNT) > 0; looked++) {
            int frame = (int) arena.control(Control.INACTIVE_TAIL);
            isolate(frame);
            shrink(frame, false);
            putBack(frame);
        }
        return looked > 0;
    }

    /** isolate_lru_page: off its list, with a reference. */
    void isolate(int frame) {
        mm.get(frame, 1);
        mm.lruRemove(frame);
        frames.setFlags(frame, ISOLATED);
    }

    /** move_pages_to_lru: straight back to its list, and the isolator's reference goes. */
    void putBack(int frame) {
        frames.clearFlags(frame, ISOLATED);
        mm.lruInsert(frame, false);
        mm.put(frame, 1);
    }

    /** putback_lru_page: back by way of this CPU's batch, and the isolator's reference goes. */
    void putBackByBatch(int frame) {
        frames.clearFlags(frame, ISOLATED);
        mm.lruAdd(frame);
        mm.put(frame, 1);
    }

    /**
     * shrink_page_list for one isolated page. Frees as much of it as can be: afterwards only the isolator's reference
     * may be left, which the caller drops by putting the page back.
     *
     * @param frame the page
     * @param force whether references by page tables are ignored
     */
    void shrink(int frame, boolean force) {
        if (!frames.tryLock(frame)) {
            return;
        }
        shrinkLocked(frame, force);
        frames.unlock(frame);
    }

    private void shrinkLocked(int frame, boolean force) {
        if (frames.has(frame, WRITEBACK)) {
            frames.setFlags(frame, RECLAIM);
            activate(frame);
            return;
        }
        if (!force && !old(frame)) {
            return;
        }
        if (!frames.has(frame, SWAPCACHE)) {
            if (mm.policy.keepsPinnedOutOfSwap() && mm.maybePinned(frame)) {
                return;
            }
            int slot = mm.allocSlot();
            if (slot == NIL) {
                activate(frame);
                return;
            }
            mm.addToSwapCache(frame, slot);
            frames.setFlags(frame, DIRTY);
        }
        if (mm.mapcount(frame) > 0 && !unmap(frame)) {
            activate(frame);
            return;
        }
        // 2 = isolator and swap cache: anybody else's reference keeps the page.
        if (mm.refcount(frame) != 2) {
            return;
        }
        if (frames.has(frame, DIRTY)) {
            if (mm.tryFreeSwap(frame)) {
                return;
            }
            frames.clearFlags(frame, DIRTY);
            mm.startWriteback(frame, frames.get(frame, SLOT));
            if (frames.has(frame, WRITEBACK)) {
                return;
            }
        }
        mm.removeFromSwapCache(frame);
    }

    private void activate(int frame) {
        if (mm.swapFull()) {
            mm.tryFreeSwap(frame);
        }
        frames.setFlags(frame, ACTIVE);
    }

    /** page_check_references for an anonymous page; clears the accessed bits it finds. */
    private boolean old(int frame) {
        int index = frames.get(frame, INDEX);
        int referenced = 0;
        int mappings = mm.mapcount(frame);
        for (int process = 0; process < mm.processes() && mappings > 0; process++) {
            long pte = tables.pte(process, index);
            if (Pte.isPresent(pte) && Pte.frame(pte) == frame) {
                mappings--;
                if ((pte & Pte.ACCESSED) != 0) {
                    tables.pte(process, index, pte & ~Pte.ACCESSED);
                    referenced++;
                }
            }
        }
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

    /** try_to_unmap: every mapping becomes a swap entry, unless the policy refuses. */
    private boolean unmap(int frame) {
        int index = frames.get(frame, INDEX);
        int slot = frames.get(frame, SLOT);
        for (int process = 0; process < mm.processes() && mm.mapcount(frame) > 0; process++) {
            long pte = tables.pte(process, index);
            if (!Pte.isPresent(pte) || Pte.frame(pte) != frame) {
                continue;
            }
            int how = mm.policy.onUnmap(mm, frame);
            if (how == ReusePolicy.UNMAP_REFUSED) {
                return false;
            }
            mm.swapDuplicate(slot);
            tables.pte(process, index, Pte.swap(slot, how == ReusePolicy.UNMAP_EXCLUSIVE));
            if ((pte & Pte.DIRTY) != 0) {
                frames.setFlags(frame, DIRTY);
            }
            mm.removeRmap(frame);
            mm.put(frame, 1);
        }
        return true;
    }

    /** MADV_PAGEOUT of one mapped page, this CPU's batches drained. */
    void pageout(int frame) {
        if (mm.mapcount(frame) != 1 || !frames.has(frame, LRU)) {
            return;
        }
        isolate(frame);
        shrink(frame, true);
        putBackByBatch(frame);
    }

    /** What pressure does first, whatever it is on: all writeback ends, every CPU's batches are drained. */
    void settle() {
        mm.endAllWriteback();
        mm.drainAllCpus();
    }

    /** Memory pressure on one page until it has left the swap cache, or cannot. */
    void press(int frame) {
        for (int round = 0; round < 3; round++) {
            settle();
            if (!frames.has(frame, LRU) || frames.has(frame, WRITEBACK)) {
                return;
            }
            isolate(frame);
            shrink(frame, true);
            putBack(frame);
        }
    }
}
