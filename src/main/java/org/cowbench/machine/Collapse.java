package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import java.util.Objects;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;

/** mm/khugepaged.c as MADV_COLLAPSE uses it: what a page table maps is copied into one new folio. */
final class Collapse {
    private final ReusePolicy policy;
    private final ArenaSpec spec;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final MachineOptions options;
    private final PageAlloc pageAlloc;
    private final Lru lru;
    private final Reclaim reclaim;
    private final LargeFaults faults;
    private final Huge huge;
    private final Vmas vmas;
    private final int size;

    Collapse(Mm mm) {
        policy = mm.policy;
        spec = mm.arena.spec();
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        slots = mm.arena.slots();
        options = mm.options;
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        reclaim = mm.reclaim;
        faults = (LargeFaults) mm.faults;
        huge = Objects.requireNonNull(mm.huge);
        vmas = mm.vmas;
        size = 1 << spec.order();
    }

    int collapse(Task task, int page) {
        int process = task.process;
        int start = huge.start(page);
        if (!policy.collapses() || !spec.pmd() || !vmas.covers(process, start, size)) {
            return Outcome.INVALID;
        }
        lru.addDrainAll();
        if (huge.maps(process, start)) {
            return 0;
        }
        if (tables.pmd(process, start) == Pte.NONE) {
            return Outcome.INVALID;
        }
        int outcome = scan(task, start, true);
        return outcome == 0 ? collapse(task, start, faults.allocFolio(task, start)) : outcome;
    }

    /** collapse_huge_page: the new folio comes first, for memory that is made free for it may be what is collapsed. */
    private int collapse(Task task, int start, int folio) {
        if (folio == NIL) {
            return Outcome.NO_MEMORY;
        }
        int outcome = swapIn(task, start);
        if (outcome == 0) {
            // __collapse_huge_page_isolate: again, as the swapped pages are there now, or were and had to go for
            // others.
            outcome = scan(task, start, false);
        }
        if (outcome == 0) {
            copy(task, start, folio);
        } else {
            lru.put(folio, 1);
        }
        return outcome;
    }

    /** hpage_collapse_scan_pmd, of what is present. */
    private int scan(Task task, int start, boolean maySwap) {
        boolean writable = false;
        for (int page = start; page < start + size; page++) {
            long pte = tables.pte(task.process, page);
            if (Pte.isSwap(pte) && !maySwap) {
                return Outcome.INVALID;
            }
            writable |= Pte.isPresent(pte) && Pte.isWritable(pte);
            if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
                int folio = frames.folioOf(Pte.frame(pte));
                int cache = frames.has(folio, SWAPCACHE) ? frames.pages(folio) : 0;
                boolean used = frames.get(folio, REF) != task.folioLargeMapcount(folio) + cache;
                if (!frames.tryLock(folio)) {
                    return Outcome.BUSY;
                }
                frames.unlock(folio);
                if (used || !frames.has(folio, LRU)) {
                    return Outcome.BUSY;
                }
            }
        }
        return writable || !policy.collapseNeedsWritable() ? 0 : Outcome.INVALID;
    }

    /**
     * __collapse_huge_page_swapin. It waits for no device where the read itself does not: do_swap_page finds the lock of the
     * page that it has begun to read taken, and lets go of the mmap lock (VM_FAULT_RETRY). So the first page that is to be
     * read ends the collapse.
     */
    private int swapIn(Task task, int start) {
        boolean read = false;
        for (int page = start; page < start + size; page++) {
            long pte = tables.pte(task.process, page);
            if (Pte.isSwap(pte)) {
                if (!reclaim.ensureFree(task)) {
                    return Outcome.NO_MEMORY;
                }
                int slot = Pte.slot(pte);
                if (slots.cached(slot) == NIL
                        && !policy.swapReadWaits()
                        && !options.synchronousIo()
                        && !slots.zeroes(slot)) {
                    int frame = pageAlloc.alloc(task, page);
                    faults.readIntoCache(task, page, slot, frame);
                    lru.put(frame, 1);
                    return Outcome.BUSY;
                }
                int outcome = faults.swapFault(task, page, pte, false);
                if (Outcome.failed(outcome)) {
                    return outcome;
                }
                read = true;
            }
        }
        if (read) {
            lru.addDrain(task);
        }
        return 0;
    }

    /** __collapse_huge_page_copy: what was not there is zeroes; others who map the old pages keep them. */
    private void copy(Task task, int start, int folio) {
        for (int i = 0; i < size; i++) {
            long pte = tables.pte(task.process, start + i);
            if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
                frames.copy(Pte.frame(pte), folio + i);
                task.count(Counter.BYTES_COPIED, spec.frameBytes());
            } else {
                frames.zero(folio + i);
            }
            faults.zap(task.process, start + i);
        }
        faults.mapNewFolio(task, start, folio);
    }
}
