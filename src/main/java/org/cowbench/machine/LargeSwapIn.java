package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;

/** do_swap_page of large folios. */
class LargeSwapIn {
    private final ReusePolicy policy;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final Lru lru;
    private final Swap swap;
    private final LargeRmap rmap;
    private final PageIo io;
    private final PageAlloc pageAlloc;
    private final Vmas vmas;
    private final Mm mm;
    private final int size;
    private final int frameBytes;
    /** Whether a fault may bring a folio from the device, and not only find one in the swap cache. */
    private final boolean reads;

    LargeSwapIn(Mm mm) {
        this.mm = mm;
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        slots = mm.arena.slots();
        lru = mm.lru;
        swap = mm.swap;
        rmap = (LargeRmap) mm.rmap;
        io = mm.io;
        pageAlloc = mm.pageAlloc;
        vmas = mm.vmas;
        size = 1 << mm.arena.spec().order();
        frameBytes = mm.arena.spec().frameBytes();
        reads = mm.options.synchronousIo() && !mm.arena.spec().pmd() && mm.policy.swapsInLargeFolios();
    }

    private LargeFaults faults() {
        return (LargeFaults) mm.faults;
    }

    /** Whether entries in one area name a whole run of slots, all with the bits of the one at which the fault is. */
    boolean alike(int process, int page, int index, long pte) {
        int start = page - index;
        if (!vmas.covers(process, start, size)) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (tables.pte(process, start + i) != Pte.advance(pte, i - index)) {
                return false;
            }
        }
        return true;
    }

    /** alloc_swap_folio: reads a whole folio, past the swap cache or into it, or gives {@code NIL}. */
    int readFolio(Task task, int page, long pte) {
        int index = page % size;
        int slot = Pte.slot(pte) - index;
        if (!reads
                || slot < 0
                || slot % size != 0
                || !alike(task.process, page, index, pte)
                || policy.bypassesSwapCache() && slots.count(slot + index) != 1
                || !roomForCopy(task)) {
            return NIL;
        }
        for (int i = 0; i < size; i++) {
            // swap_zeromap_batch: no folio is read in part from the device and in part not.
            if (slots.cached(slot + i) != NIL || slots.zeroes(slot + i) != slots.zeroes(slot)) {
                return NIL;
            }
        }
        int folio = faults().allocFolio(task, page - index);
        if (folio == NIL) {
            return NIL;
        }
        frames.tryLock(folio);
        if (!policy.bypassesSwapCache()) {
            swap.addToCache(folio, slot);
        }
        lru.add(task, folio);
        for (int i = 0; i < size; i++) {
            io.read(task, slot + i, folio + i);
        }
        return folio;
    }

    /** Whether a folio leaves memory for the copy that the same fault may make of a page of it. */
    private boolean roomForCopy(Task task) {
        return pageAlloc.freeFrames() > size
                || mm.options.reclaim() && mm.reclaim.ensureFree(task, size) && pageAlloc.freeFrames() > size;
    }

    /** Maps a folio that {@link #readFolio} gave. */
    int mapRead(Task task, int page, long pte, boolean write, int folio) {
        int bits = faults().faultBits(task.process, page, pte, write)
                | (policy.bypassesSwapCache() ? ReusePolicy.FAULT_FRESH : 0);
        return map(task, page, pte, folio + page % size, true, bits, Outcome.MAJOR | Outcome.SWAPIN_DEVICE);
    }

    /** A page of a folio in the swap cache. */
    int mapCached(Task task, int page, long pte, boolean write, int frame) {
        int folio = frames.folioOf(frame);
        if (!faults().lockCached(task, page, folio)) {
            return Outcome.WAIT;
        }
        int bits = faults().faultBits(task.process, page, pte, write);
        int outcome = Outcome.MINOR | Outcome.SWAPIN_CACHE;
        if (frame != folio && policy.swapInCopiesTail()) {
            outcome = copyTail(task, page, frame, Pte.slot(pte), bits, outcome);
            frames.unlock(folio);
            lru.put(folio, 1);
            return outcome;
        }
        boolean whole = policy.mapsWholeFolio() && alike(task.process, page, frame - folio, pte);
        return map(task, page, pte, frame, whole, bits, outcome);
    }

    /** ksm_might_need_to_copy takes a tail for a page of KSM's. */
    private int copyTail(Task task, int page, int tail, int slot, int bits, int outcome) {
        int copy = pageAlloc.alloc(task, page);
        frames.copy(tail, copy);
        task.count(Counter.BYTES_COPIED, frameBytes);
        frames.tryLock(copy);
        lru.add(task, copy);
        return faults().mapSwapped(task, page, copy, slot, bits | ReusePolicy.FAULT_FRESH, outcome);
    }

    private int map(Task task, int page, long pte, int frame, boolean whole, int bits, int outcome) {
        int process = task.process;
        int folio = frames.folioOf(frame);
        int index = whole ? frame - folio : 0;
        int count = whole ? size : 1;
        int first = page - index;
        int mappedFrom = frame - index;
        int slot = Pte.slot(pte) - index;
        int mapped = policy.onLargeSwapIn(task, mappedFrom, slot, count, bits);
        lru.get(folio, count - 1);
        long entry = Faults.swappedIn(mappedFrom, bits, mapped);
        for (int i = 0; i < count; i++) {
            tables.pte(process, first + i, Pte.advance(entry, i));
        }
        rmap.addPages(process, mappedFrom, count, (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0);
        policy.onLargeSwapInMapped(task, mappedFrom, slot, count, bits, mapped);
        frames.unlock(folio);
        int did = whole && Pte.isWritable(entry) ? outcome | Outcome.WHOLE_FOLIO : outcome;
        return faults().stillToWrite(task, page, tables.pte(process, page), bits, did);
    }
}
