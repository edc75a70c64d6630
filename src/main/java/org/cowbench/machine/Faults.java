package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
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
class Faults {
    final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
    final Frames frames;
    final PageTables tables;
    final SwapSlots slots;
    final PageAlloc pageAlloc;
    final Lru lru;
    final Swap swap;
    final Rmap rmap;
    final PageIo io;
    final Reclaim reclaim;
    final SwapReadahead readahead;

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

    /** The entry that maps a page, see {@link PageTables#entry}. */
    long entry(int process, int page) {
        return tables.pte(process, page);
    }

    int read(Task task, int page) {
        int process = task.process;
        long pte = entry(process, page);
        int outcome = 0;
        if (!Pte.isPresent(pte)) {
            outcome = fault(task, page, false);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = entry(process, page);
        }
        touch(process, page, pte, Pte.ACCESSED);
        task.saw(frames.load(Pte.frame(pte)));
        io.tick(task);
        return outcome;
    }

    int write(Task task, int page, long word) {
        int process = task.process;
        long pte = entry(process, page);
        int outcome = 0;
        if (!Pte.isWritable(pte)) {
            if (tables.readOnly(process, page)) {
                return Outcome.SEGV;
            }
            outcome = fault(task, page, true);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = entry(process, page);
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
        long pte = entry(process, page);
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
    int untouchedFault(Task task, int page, boolean write) {
        if (!write && options.zeroPage()) {
            tables.pte(task.process, page, Pte.present(ZERO_FRAME, Pte.ACCESSED));
            return Outcome.ZERO_PAGE;
        }
        zeroFilled(task, page, write || !tables.readOnly(task.process, page));
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
        prepareAnon(process, page);
        rmap.add(process, frame, true);
        lru.add(task, frame);
        tables.pte(
                process,
                page,
                Pte.present(frame, Pte.ACCESSED | (mayWrite ? Pte.DIRTY : 0) | (writable ? Pte.WRITABLE : 0)));
    }

    /** anon_vma_prepare. */
    void prepareAnon(int process, int page) {
        tables.vmaBits(process, page, tables.vmaBits(process, page) | VMA_ANON);
    }

    /** The page whose exclusive mark is that of a mapping: the mapped page itself. */
    int marked(int process, int page, int frame) {
        return frame;
    }

    /** What the era says to a write to a present page that is not writable. */
    Decision decide(Task task, int page) {
        return policy.onWriteFault(task, page);
    }

    /** do_wp_page: a write to, or with {@code unshare} the unsharing of, a present page that is not writable. */
    int protectionFault(Task task, int page, long pte, boolean unshare) {
        int frame = Pte.frame(pte);
        if (frame == ZERO_FRAME) {
            task.count(Counter.ZERO_COPIES, 1);
            task.count(Counter.TLB_FLUSHES, 1);
            zeroFilled(task, page, !unshare);
            return Outcome.ZERO_FILL;
        }
        Decision decision = decide(task, frame);
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
        int folio = frames.folioOf(old);
        lru.get(folio, 1);
        int frame = pageAlloc.alloc(task, page);
        frames.copy(old, frame);
        task.count(Counter.TLB_FLUSHES, 1);
        mapNew(task, task.process, page, frame, mayWrite);
        rmap.remove(task.process, old);
        if (policy.copyFreesSwapCache()) {
            swap.freeCache(folio);
        }
        // The fault's own reference and the mapping's.
        lru.put(folio, 2);
    }

    /** What a swap fault tells the policy of an entry. */
    final int faultBits(int process, int page, long pte, boolean write) {
        return (write ? ReusePolicy.FAULT_WRITE : 0)
                | ((pte & Pte.EXCLUSIVE) != 0 ? ReusePolicy.FAULT_ENTRY_EXCLUSIVE : 0)
                | (tables.readOnly(process, page) ? 0 : ReusePolicy.FAULT_VM_WRITE);
    }

    /** do_swap_page. */
    int swapFault(Task task, int page, long pte, boolean write) {
        int process = task.process;
        int slot = Pte.slot(pte);
        int frame = slots.cached(slot);
        int bits = faultBits(process, page, pte, write);
        int outcome;
        if (frame != NIL) {
            if (!lockCached(task, page, frame)) {
                return Outcome.WAIT;
            }
            outcome = Outcome.MINOR | Outcome.SWAPIN_CACHE;
        } else {
            frame = pageAlloc.alloc(task, page);
            frames.tryLock(frame);
            if (options.synchronousIo() && policy.bypassesSwapCache() && slots.count(slot) == 1) {
                bits |= ReusePolicy.FAULT_FRESH;
                io.read(task, slot, frame);
                lru.add(task, frame);
            } else {
                readIntoCache(task, page, slot, frame);
            }
            outcome = Outcome.MAJOR | Outcome.SWAPIN_DEVICE;
        }
        return mapSwapped(task, page, frame, slot, bits, outcome);
    }

    /** swapin_readahead: reads a slot into a new page of the swap cache, and what is read ahead with it. */
    final void readIntoCache(Task task, int page, int slot, int frame) {
        swap.addToCache(frame, slot);
        lru.add(task, frame);
        io.read(task, slot, frame);
        readahead.around(task, page);
    }

    /** Locks a folio that was found in the swap cache, with a reference; false where somebody else has the lock. */
    final boolean lockCached(Task task, int page, int folio) {
        if (!frames.tryLock(folio)) {
            return false;
        }
        lru.get(folio, 1);
        readahead.hit(task, page, folio);
        task.count(Counter.SWAP_CACHE_HITS, 1);
        return true;
    }

    /** do_swap_page from where it has the page, a folio of its own, locked and with a reference. */
    final int mapSwapped(Task task, int page, int frame, int slot, int bits, int outcome) {
        int process = task.process;
        int mapped = policy.onSwapIn(task, frame, slot, bits);
        long present = swappedIn(frame, bits, mapped);
        tables.pte(process, page, present);
        rmap.add(process, frame, (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0);
        policy.onSwapInMapped(task, frame, slot, bits, mapped);
        frames.unlock(frame);
        return stillToWrite(task, page, present, bits, outcome);
    }

    /** The entry by which a swap fault maps a page as the policy says. */
    static long swappedIn(int page, int bits, int mapped) {
        return Pte.present(
                page,
                (mapped & ReusePolicy.MAP_WRITABLE) == 0
                        ? Pte.ACCESSED
                        : Pte.ACCESSED | Pte.WRITABLE | ((bits & ReusePolicy.FAULT_WRITE) != 0 ? Pte.DIRTY : 0));
    }

    /** do_swap_page's end: do_wp_page where the fault is a write and the entry not writable; the outcome of all. */
    final int stillToWrite(Task task, int page, long present, int bits, int outcome) {
        if (Pte.isWritable(present)) {
            return outcome | Outcome.MAPPED_WRITABLE;
        }
        return (bits & ReusePolicy.FAULT_WRITE) != 0 ? outcome | protectionFault(task, page, present, false) : outcome;
    }

    /** zap_pte_range of one page. */
    final void zap(int process, int page) {
        long pte = tables.pte(process, page);
        tables.pte(process, page, Pte.NONE);
        if (Pte.isSwap(pte)) {
            zapSwapped(Pte.slot(pte));
        } else if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
            int frame = Pte.frame(pte);
            int folio = frames.folioOf(frame);
            rmap.remove(process, frame);
            swap.freeCache(folio);
            lru.put(folio, 1);
        }
    }

    /** free_swap_and_cache. */
    private void zapSwapped(int slot) {
        int page = slots.cached(slot);
        swap.free(slot);
        if (page == NIL || slots.count(slot) != 0) {
            return;
        }
        int folio = frames.folioOf(page);
        if ((!swap.mapped(folio) || swap.full()) && frames.tryLock(folio)) {
            lru.get(folio, 1);
            swap.tryFree(folio);
            frames.unlock(folio);
            lru.put(folio, 1);
        }
    }

    /** zap_page_range of a process's area, from a page to another. */
    void zap(Task task, int first, int last) {
        for (int page = first; page <= last; page++) {
            zap(task.process, page);
        }
    }

    /** mprotect of areas of a page each. */
    void protect(Task task, int first, int last, boolean writable) {
        int process = task.process;
        for (int page = first; page <= last; page++) {
            if (tables.readOnly(process, page) == writable) {
                tables.vmaBits(process, page, tables.vmaBits(process, page) ^ VMA_READ_ONLY);
                if (protectEntry(task, page, writable)) {
                    io.tick(task);
                }
            }
        }
    }

    /** change_pte_range of one page; whether there is one. */
    final boolean protectEntry(Task task, int page, boolean writable) {
        int process = task.process;
        long pte = tables.pte(process, page);
        if (!Pte.isPresent(pte) || Pte.frame(pte) == ZERO_FRAME) {
            return false;
        }
        if (!writable) {
            tables.pte(process, page, pte & ~Pte.WRITABLE);
        } else if (policy.protectMakesWritable(task, Pte.frame(pte), (pte & Pte.DIRTY) != 0)) {
            tables.pte(process, page, pte | Pte.WRITABLE);
        }
        return true;
    }
}
