package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.READAHEAD;
import static org.cowbench.arena.PageArena.NIL;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;

/**
 * Swap readahead by virtual address (swap_vma_readahead): the window grows with the hits on pages it brought in, and
 * shrinks to one page when access is random. The state of a process is its last faulted page, window and hits, packed
 * in one long; the page is kept plus one, so that 0 is the initial state, which counts as four hits.
 */
final class SwapReadahead {
    private static final int INITIAL_HITS = 4;
    private static final int MAX_HITS = 63;

    private final PageArena arena;
    private final ReusePolicy policy;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final PageAlloc pageAlloc;
    private final Lru lru;
    private final Swap swap;
    private final PageIo io;
    private final int largest;

    SwapReadahead(Mm mm) {
        arena = mm.arena;
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        slots = mm.arena.slots();
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        swap = mm.swap;
        io = mm.io;
        largest = mm.options.readahead();
    }

    /** lookup_swap_cache found the page. */
    void hit(Task task, int page, int frame) {
        boolean brought = (frames.clearFlags(frame, READAHEAD) & READAHEAD) != 0;
        if (largest > 1) {
            int process = task.process;
            long state = tables.readahead(process);
            int hits = brought ? Math.min(hits(state) + 1, MAX_HITS) : hits(state);
            tables.readahead(process, pack(page, window(state), hits));
        }
    }

    /** Reads the neighbours of a page that has just been read. */
    void around(Task task, int page) {
        if (largest == 1) {
            return;
        }
        int process = task.process;
        long state = tables.readahead(process);
        int last = lastPage(state);
        int window = nextWindow(last, page, hits(state), window(state));
        tables.readahead(process, pack(page, window, 0));
        if (window == 1) {
            return;
        }
        int start = page == last + 1 ? page : last == page + 1 ? page - window + 1 : page - (window - 1) / 2;
        int end = Math.min(start + window, arena.spec().pages());
        for (int other = Math.max(start, 0); other < end; other++) {
            long pte = tables.pte(process, other);
            if (Pte.isSwap(pte) && slots.cached(Pte.slot(pte)) == NIL && pageAlloc.freeFrames() > 1) {
                int frame = pageAlloc.alloc(task, other);
                swap.addToCache(frame, Pte.slot(pte));
                lru.add(task, frame);
                io.read(task, Pte.slot(pte), frame);
                frames.setFlags(frame, READAHEAD);
                lru.put(frame, 1);
            }
        }
        if (policy.readaheadDrains()) {
            lru.addDrain(task);
        }
    }

    /** __swapin_nr_pages. */
    private int nextWindow(int last, int page, int hits, int previous) {
        int window = hits + 2;
        if (window == 2) {
            window = page == last + 1 || page == last - 1 ? 2 : 1;
        } else {
            window = Math.max(4, Integer.highestOneBit(window - 1) << 1);
        }
        return Math.max(Math.min(window, largest), previous / 2);
    }

    private static long pack(int page, int window, int hits) {
        return (page + 1L) << 16 | (long) window << 8 | hits;
    }

    private static int lastPage(long state) {
        return (int) (state >>> 16) - 1;
    }

    private static int window(long state) {
        return (int) (state >>> 8) & 0xff;
    }

    private static int hits(long state) {
        return state == 0 ? INITIAL_HITS : (int) state & 0xff;
    }
}
