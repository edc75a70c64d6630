package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.SwapSlots;

/** mm/swapfile.c and mm/swap_state.c: swap slots and the swap cache. */
class Swap {
    final PageArena arena;
    final Frames frames;
    final SwapSlots slots;
    final int slotCount;

    Swap(Mm mm) {
        arena = mm.arena;
        frames = mm.arena.frames();
        slots = mm.arena.slots();
        slotCount = mm.arena.spec().slots();
    }

    void reset() {
        for (int slot = 0; slot < slotCount; slot++) {
            slots.cached(slot, NIL);
            slots.next(slot, slot + 1 < slotCount ? slot + 1 : NIL);
        }
        slots.head(slotCount > 0 ? 0 : NIL);
    }

    /** Takes a slot with count 0, or {@code NIL} when swap is full. */
    int alloc() {
        int slot = slots.head();
        if (slot != NIL) {
            slots.head(slots.next(slot));
            slots.next(slot, NIL);
            slots.use(1);
        }
        return slot;
    }

    void freeIfUnused(int slot) {
        if (slots.count(slot) == 0 && slots.cached(slot) == NIL) {
            slots.next(slot, slots.head());
            slots.head(slot);
            slots.use(-1);
        }
    }

    /** swap_duplicate: one entry more names a slot. */
    void duplicate(int slot) {
        slots.count(slot, slots.count(slot) + 1);
    }

    /** swap_free: one entry less does. */
    void free(int slot) {
        slots.count(slot, slots.count(slot) - 1);
        freeIfUnused(slot);
    }

    /** add_to_swap_cache. */
    void addToCache(int frame, int slot) {
        frames.addRef(frame, 1);
        frames.set(frame, SLOT, slot);
        slots.cached(slot, frame);
        frames.setFlags(frame, SWAPCACHE);
    }

    /**
     * Takes a frame out of the swap cache; its slot goes too when no entry names it. Its reference is never the last
     * (page_ref_sub): who takes a page out holds one.
     */
    void removeFromCache(int frame) {
        int slot = frames.get(frame, SLOT);
        slots.cached(slot, NIL);
        freeIfUnused(slot);
        frames.clearFlags(frame, SWAPCACHE);
        frames.addRef(frame, -1);
    }

    /** folio_mapped. */
    boolean mapped(int folio) {
        return frames.get(folio, MAP) > 0;
    }

    /** free_swap_cache: after a mapping has gone, an unmapped page need not stay in the swap cache. */
    void freeCache(int frame) {
        if (frames.has(frame, SWAPCACHE) && !mapped(frame) && frames.tryLock(frame)) {
            tryFree(frame);
            frames.unlock(frame);
        }
    }

    /** page_swapcount: the swap entries that name the slot of a page in the swap cache. */
    int count(int frame) {
        return slots.count(frames.get(frame, SLOT));
    }

    /** page_swapped: whether an entry names the slot of a page in the swap cache. */
    boolean swapped(int frame) {
        return count(frame) != 0;
    }

    /** try_to_free_swap; the page is locked. */
    boolean tryFree(int frame) {
        if (!frames.has(frame, SWAPCACHE) || frames.has(frame, WRITEBACK) || swapped(frame)) {
            return false;
        }
        deleteFromCache(frame);
        return true;
    }

    /** delete_from_swap_cache, then SetPageDirty. */
    void deleteFromCache(int frame) {
        removeFromCache(frame);
        frames.setFlags(frame, DIRTY);
    }

    /** vm_swap_full. */
    boolean full() {
        return slots.used() * 2 > slotCount || arena.control(Control.SWAP_PRESSURE) != 0;
    }
}
