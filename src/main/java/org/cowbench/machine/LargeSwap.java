package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.FreeLists.FREE_RUNS;
import static org.cowbench.arena.FreeLists.PARTLY_FREE_RUNS;
import static org.cowbench.arena.PageArena.NIL;

import org.cowbench.arena.FreeLists;

/**
 * mm/swapfile.c and mm/swap_state.c where there are large folios: a folio takes a run of slots, as many and as aligned
 * as it is, and is in the swap cache under all of them until no entry names any. A run of which single slots were
 * given, or are left, gives single slots. Its first slot links it to the next such run and has the number of slots in
 * use in its word, its second slot's word links it to the one before.
 */
class LargeSwap extends Swap {
    private final FreeLists lists;
    private final Owners owners;
    private final int run;

    LargeSwap(Mm mm) {
        super(mm);
        lists = arena.freeLists();
        owners = mm.owners;
        run = 1 << arena.spec().order();
    }

    @Override
    void reset() {
        lists.head(FREE_RUNS, NIL);
        lists.head(PARTLY_FREE_RUNS, NIL);
        for (int slot = slotCount - 1; slot >= 0; slot--) {
            slots.cached(slot, NIL);
            slots.next(slot, NIL);
            if (slot % run == 0) {
                push(FREE_RUNS, slot);
            }
        }
        slots.head(NIL);
    }

    private void push(int list, int first) {
        int next = lists.head(list);
        slots.next(first, next);
        slots.link(first + 1, NIL);
        if (next != NIL) {
            slots.link(next + 1, first);
        }
        lists.head(list, first);
    }

    private void unlink(int list, int first) {
        int next = slots.next(first);
        int previous = slots.link(first + 1);
        if (previous == NIL) {
            lists.head(list, next);
        } else {
            slots.next(previous, next);
        }
        if (next != NIL) {
            slots.link(next + 1, previous);
        }
        slots.next(first, NIL);
        slots.link(first + 1, NIL);
    }

    private boolean unused(int slot) {
        return slots.count(slot) == 0 && slots.cached(slot) == NIL;
    }

    private void used(int first, int more) {
        slots.link(first, slots.link(first) + more);
        slots.use(more);
    }

    /** The caller gives the slot a user at once: till then it would be given again. */
    @Override
    int alloc() {
        int first = lists.head(PARTLY_FREE_RUNS);
        if (first == NIL) {
            first = lists.head(FREE_RUNS);
            if (first == NIL) {
                return NIL;
            }
            unlink(FREE_RUNS, first);
            push(PARTLY_FREE_RUNS, first);
        }
        int slot = first;
        while (!unused(slot)) {
            slot++;
        }
        used(first, 1);
        if (slots.link(first) == run) {
            unlink(PARTLY_FREE_RUNS, first);
        }
        return slot;
    }

    /** Takes a run of slots for a large folio, or {@code NIL}. */
    int allocRun() {
        int first = lists.head(FREE_RUNS);
        if (first != NIL) {
            unlink(FREE_RUNS, first);
            used(first, run);
        }
        return first;
    }

    @Override
    void freeIfUnused(int slot) {
        if (!unused(slot)) {
            return;
        }
        int first = slot / run * run;
        if (slots.link(first) == run) {
            push(PARTLY_FREE_RUNS, first);
        }
        used(first, -1);
        if (slots.link(first) == 0) {
            unlink(PARTLY_FREE_RUNS, first);
            push(FREE_RUNS, first);
        }
    }

    @Override
    void addToCache(int folio, int slot) {
        if (!frames.large(folio)) {
            super.addToCache(folio, slot);
            return;
        }
        owners.hold(folio, -1);
        frames.addRef(folio, run);
        frames.set(folio, SLOT, slot);
        for (int i = 0; i < run; i++) {
            slots.cached(slot + i, folio + i);
        }
        frames.setFlags(folio, SWAPCACHE);
        owners.hold(folio, 1);
    }

    @Override
    void removeFromCache(int folio) {
        if (!frames.large(folio)) {
            super.removeFromCache(folio);
            return;
        }
        int slot = frames.get(folio, SLOT);
        owners.hold(folio, -1);
        frames.clearFlags(folio, SWAPCACHE);
        owners.hold(folio, 1);
        for (int i = 0; i < run; i++) {
            slots.cached(slot + i, NIL);
            freeIfUnused(slot + i);
        }
        frames.addRef(folio, -run);
    }

    @Override
    boolean mapped(int folio) {
        return frames.large(folio) ? frames.get(folio, LMAP) > 0 : super.mapped(folio);
    }

    /** Of any page of a folio in the swap cache. */
    @Override
    int count(int page) {
        int folio = frames.folioOf(page);
        return slots.count(frames.get(folio, SLOT) + page - folio);
    }

    /** folio_swapped: whether an entry names any slot of a folio in the swap cache. */
    @Override
    boolean swapped(int folio) {
        return countAll(folio) != 0;
    }

    int countAll(int folio) {
        int slot = frames.get(folio, SLOT);
        int all = 0;
        for (int i = frames.pages(folio) - 1; i >= 0; i--) {
            all += slots.count(slot + i);
        }
        return all;
    }
}
