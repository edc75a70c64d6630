package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageRecord.MAP;
import static org.cowbench.arena.PageTables.VMA_ANON;
import static org.cowbench.arena.PageTables.VMA_READ_ONLY;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.ReusePolicy.Decision;

/** mm/memory.c: an access to a page, what handle_mm_fault does where the entry does not allow it, and unmapping. */
final class Faults {
    private final PageArena arena;
    private final ReusePolicy policy;
    private final MachineOptions options;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final PageAlloc pageAlloc;
    private final Lru lru;
    private final Swap swap;
    private final Rmap rmap;
    private final PageIo io;
    private final Reclaim reclaim;
    private final SwapReadahead readahead;

    Faults(Mm mm) {
        arena = mm.arena;
        policy = mm.policy;
        options = mm.options;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        slots = mm.arena.slots();
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        swap = mm.swap;
        rmap = mm.rmap;
        io = mm.io;
        reclaim = mm.reclaim;
        readahead = mm.readahead;
    }

    int read(Task task, int page) {
        int process = task.process;
        long pte = tables.pte(process, page);
        int outcome = 0;
        if (!Pte.isPresent(pte)) {
            outcome = fault(task, page, false);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = tables.pte(process, page);
        }
        touch(process, page, pte, Pte.ACCESSED);
        task.saw(frames.load(Pte.frame(pte)));
        io.tick(task);
        return outcome;
    }

    int write(Task task, int page, long word) {
        int process = task.process;
        long pte = tables.pte(process, page);
        int outcome = 0;
        if (!Pte.isWritable(pte)) {
            if (tables.readOnly(process, page)) {
                return Outcome.SEGV;
            }
            outcome = fault(task, page, true);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = tables.pte(process, page);
        }
        touch(process, page, pte, Pte.ACCESSED | Pte.DIRTY);
        frames.store(Pte.frame(pte), word);
        io.tick(task);
        return outcome;
    }

    void touch(int process, int page, long pte, long bits) {
        if ((pte & bits) != bits) {
            tables.pte(process, page, pte | bits);
        }
    }

    /** handle_mm_fault: the entry does not allow the access. */
    int fault(Task task, int page, boolean write) {
        int process = task.process;
        if (!reclaim.ensureFree(task)) {
            return Outcome.NO_MEMORY;
        }
        long pte = tables.pte(process, page);
        int outcome;
        if (Pte.isPresent(pte)) {
            outcome = write && !Pte.isWritable(pte) ? Outcome.MINOR | protectionFault(task, page, pte, false) : 0;
        } else if (Pte.isSwap(pte)) {
            outcome = swapFault(task, page, pte, write);
        } else {
            outcome = Outcome.MINOR | untouchedFault(task, page, write);
        }
        if (!Outcome.failed(outcome)) {
            task.count((outcome & Outcome.MAJOR) != 0 ? Counter.MAJOR_FAULTS : Counter.MINOR_FAULTS, 1);
        }
        return outcome;
    }

    /** do_anonymous_page. */
    private int untouchedFault(Task task, int page, boolean write) {
        if (!write) {
            tables.pte(task.process, page, Pte.present(ZERO_FRAME, Pte.ACCESSED));
            return Outcome.ZERO_PAGE;
        }
        zeroFilled(task, page, true);
        return Outcome.ZERO_FILL;
    }

    private void zeroFilled(Task task, int page, boolean mayWrite) {
        int frame = pageAlloc.alloc(task, page);
        frames.zero(frame);
        mapNew(task, task.process, page, frame, mayWrite);
    }

    /** Maps a new page of one process alone; it takes over the allocation's reference. */
    void mapNew(Task task, int process, int page, int frame, boolean mayWrite) {
        boolean writable = mayWrite && !tables.readOnly(process, page);
        tables.vmaBits(process, page, tables.vmaBits(process, page) | VMA_ANON);
        rmap.add(frame, true);
        lru.add(task, frame);
        tables.pte(process, page,
                Pte.present(frame, Pte.ACCESSED | (mayWrite ? Pte.DIRTY : 0) | (writable ? Pte.WRITABLE : 0)));
    }

    /** do_wp_page: a write to, or with {@code unshare} the unsharing of, a present page that is not writable. */
    int protectionFault(Task task, int page, long pte, boolean unshare) {
        int frame = Pte.frame(pte);
        if (frame == ZERO_FRAME) {
            zeroFilled(task, page, !unshare);
            return Outcome.ZERO_FILL;
        }
        Decision decision = policy.onWriteFault(task, frame);
        if (decision == Decision.REUSE) {
            if (!unshare) {
                int process = task.process;
                long writable = tables.readOnly(process, page) ? 0 : Pte.WRITABLE;
                tables.pte(process, page, pte | Pte.ACCESSED | Pte.DIRTY | writable);
            }
            task.count(Counter.WP_REUSES, 1);
            return Outcome.WP_REUSE;
        }
        if (decision == Decision.COPY) {
            copy(task, page, frame, !unshare);
            return Outcome.WP_COPY;
        }
        return Outcome.WAIT;
    }

    /** wp_page_copy. */
    private void copy(Task task, int page, int old, boolean mayWrite) {
        task.count(Counter.WP_COPIES, 1);
        task.count(Counter.BYTES_COPIED, arena.spec().frameBytes());
        if (options.audit() && !task.seenByOthers(old)) {
            task.count(Counter.NEEDLESS_COPIES, 1);
        }
        lru.get(old, 1);
        int frame = pageAlloc.alloc(task, page);
        frames.copy(old, frame);
        mapNew(task, task.process, page, frame, mayWrite);
        rmap.remove(old);
        if (policy.copyFreesSwapCache()) {
            swap.freeCache(old);
        }
        // The fault's own reference and the mapping's.
        lru.put(old, 2);
    }

    /** do_swap_page. */
    private int swapFault(Task task, int page, long pte, boolean write) {
        int process = task.process;
        int slot = Pte.slot(pte);
        int frame = slots.cached(slot);
        int bits = (write ? ReusePolicy.FAULT_WRITE : 0)
                | ((pte & Pte.EXCLUSIVE) != 0 ? ReusePolicy.FAULT_ENTRY_EXCLUSIVE : 0)
                | (tables.readOnly(process, page) ? 0 : ReusePolicy.FAULT_VM_WRITE);
        int outcome;
        if (frame != NIL) {
            if (!frames.tryLock(frame)) {
                return Outcome.WAIT;
            }
            lru.get(frame, 1);
            readahead.hit(task, page, frame);
            task.count(Counter.SWAP_CACHE_HITS, 1);
            outcome = Outcome.MINOR | Outcome.SWAPIN_CACHE;
        } else {
            frame = pageAlloc.alloc(task, page);
            frames.tryLock(frame);
            if (options.synchronousIo() && policy.bypassesSwapCache() && slots.count(slot) == 1) {
                bits |= ReusePolicy.FAULT_FRESH;
                io.read(task, slot, frame);
                lru.add(task, frame);
            } else {
                swap.addToCache(frame, slot);
                lru.add(task, frame);
                io.read(task, slot, frame);
                readahead.around(task, page);
            }
            outcome = Outcome.MAJOR | Outcome.SWAPIN_DEVICE;
        }
        int mapped = policy.onSwapIn(task, frame, slot, bits);
        boolean writable = (mapped & ReusePolicy.MAP_WRITABLE) != 0;
        long present = Pte.present(frame, Pte.ACCESSED | (writable ? Pte.WRITABLE : 0)
                | (writable && write ? Pte.DIRTY : 0));
        tables.pte(process, page, present);
        rmap.add(frame, (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0);
        policy.onSwapInMapped(task, frame, slot, bits, mapped);
        frames.unlock(frame);
        if (writable) {
            return outcome | Outcome.MAPPED_WRITABLE;
        }
        return write ? outcome | protectionFault(task, page, present, false) : outcome;
    }

    /** zap_pte_range of one page. */
    void zap(int process, int page) {
        long pte = tables.pte(process, page);
        tables.pte(process, page, Pte.NONE);
        if (Pte.isSwap(pte)) {
            zapSwapped(Pte.slot(pte));
        } else if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
            int frame = Pte.frame(pte);
            rmap.remove(frame);
            swap.freeCache(frame);
            lru.put(frame, 1);
        }
    }

    /** free_swap_and_cache. */
    private void zapSwapped(int slot) {
        int frame = slots.cached(slot);
        swap.free(slot);
        if (frame != NIL && slots.count(slot) == 0 && (frames.get(frame, MAP) == 0 || swap.full())
                && frames.tryLock(frame)) {
            lru.get(frame, 1);
            swap.tryFree(frame);
            frames.unlock(frame);
            lru.put(frame, 1);
        }
    }

    /** mprotect. */
    void protect(Task task, int page, boolean writable) {
        int process = task.process;
        if (tables.readOnly(process, page) != writable) {
            return;
        }
        tables.vmaBits(process, page, tables.vmaBits(process, page) ^ VMA_READ_ONLY);
        long pte = tables.pte(process, page);
        if (!Pte.isPresent(pte) || Pte.frame(pte) == ZERO_FRAME) {
            return;
        }
        if (!writable) {
            tables.pte(process, page, pte & ~Pte.WRITABLE);
        } else if (policy.protectMakesWritable(task, Pte.frame(pte), (pte & Pte.DIRTY) != 0)) {
            tables.pte(process, page, pte | Pte.WRITABLE);
        }
        io.tick(task);
    }
}
