package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageTables.VMA_READ_ONLY;

import java.util.Objects;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy.Decision;
import org.cowbench.policy.ReusePolicy.LargeFolios;

/** mm/memory.c where there are large folios: what is different for a page of one, or where a PMD entry maps it. */
final class LargeFaults extends Faults {
    private final LargeRmap largeRmap;
    private final Buddy buddy;
    private final Huge huge;
    private final Vmas vmas;
    private final LargeSwapIn swapIn;
    private final int order;
    private final int size;
    private final boolean pmd;

    LargeFaults(Mm mm) {
        super(mm);
        largeRmap = (LargeRmap) mm.rmap;
        buddy = (Buddy) mm.pageAlloc;
        huge = Objects.requireNonNull(mm.huge);
        vmas = mm.vmas;
        order = mm.arena.spec().order();
        size = 1 << order;
        pmd = mm.arena.spec().pmd();
        swapIn = Objects.requireNonNull(mm.swapIn);
    }

    @Override
    long entry(int process, int page) {
        return tables.entry(process, page);
    }

    @Override
    void touch(int process, int page, long pte, long bits) {
        if (huge.maps(process, page)) {
            tables.pmd(process, page, tables.pmd(process, page) | bits);
        } else {
            super.touch(process, page, pte, bits);
        }
    }

    @Override
    int fault(Task task, int page, boolean write) {
        return vmas.absent(task.process, page) ? Outcome.SEGV : super.fault(task, page, write);
    }

    @Override
    void prepareAnon(int process, int page) {
        vmas.prepareAnon(process, page);
        makeTable(process, page);
    }

    /** pte_alloc: a page-table entry is about to be set. */
    private void makeTable(int process, int page) {
        if (tables.pmd(process, page) == Pte.NONE) {
            tables.pmd(process, page, Pte.TABLE);
        }
    }

    // ---- untouched memory ----

    /** A read brings a huge folio too, as there is no huge zero page, and a small zero page where folios are smaller. */
    @Override
    int untouchedFault(Task task, int page, boolean write) {
        if (write || pmd || !options.zeroPage()) {
            int start = huge.start(page);
            int folio = mayBeLarge(task.process, start) ? allocFolio(task, start) : NIL;
            if (folio != NIL) {
                for (int i = 0; i < size; i++) {
                    frames.zero(folio + i);
                }
                mapNewFolio(task, start, folio);
                return Outcome.ZERO_FILL | Outcome.WHOLE_FOLIO;
            }
        }
        makeTable(task.process, page);
        return super.untouchedFault(task, page, write);
    }

    /** thp_vma_suitable_order, and that nothing is there yet. */
    private boolean mayBeLarge(int process, int start) {
        if (!pmd && policy.largeFolios() != LargeFolios.ANY || !vmas.covers(process, start, size)) {
            return false;
        }
        return pmd ? tables.pmd(process, start) == Pte.NONE : untouched(process, start);
    }

    /** Whether no entry of a page table, or of what one folio may fill, has anything. */
    boolean untouched(int process, int start) {
        for (int page = start; page < start + size; page++) {
            if (tables.pte(process, page) != Pte.NONE) {
                return false;
            }
        }
        return true;
    }

    /** A large folio, or {@code NIL}: then base pages do as well. */
    int allocFolio(Task task, int start) {
        int folio = buddy.allocFolio(task, start, order);
        return folio == NIL && options.reclaim() && reclaim.ensureFree(task, size)
                ? buddy.allocFolio(task, start, order)
                : folio;
    }

    /** Maps a new folio of one process alone, whole; it takes over the allocation's reference. */
    void mapNewFolio(Task task, int start, int folio) {
        int process = task.process;
        vmas.prepareAnon(process, start);
        long entry =
                Pte.present(folio, Pte.ACCESSED | Pte.DIRTY | (tables.readOnly(process, start) ? 0 : Pte.WRITABLE));
        if (pmd) {
            largeRmap.addHuge(process, folio, true);
            tables.pmd(process, start, entry);
        } else {
            lru.get(folio, size - 1);
            largeRmap.addPages(process, folio, size, true);
            for (int i = 0; i < size; i++) {
                tables.pte(process, start + i, Pte.advance(entry, i));
            }
        }
        lru.add(task, folio);
    }

    // ---- write protection ----

    @Override
    int marked(int process, int page, int frame) {
        return huge.maps(process, page) ? frames.folioOf(frame) : frame;
    }

    @Override
    Decision decide(Task task, int page) {
        return frames.large(page) ? policy.onLargeWriteFault(task, page) : super.decide(task, page);
    }

    @Override
    int protectionFault(Task task, int page, long pte, boolean unshare) {
        int process = task.process;
        if (!huge.maps(process, page)) {
            return super.protectionFault(task, page, pte, unshare);
        }
        long entry = tables.pmd(process, page);
        Decision decision = policy.onHugeWriteFault(task, Pte.frame(entry));
        if (decision == Decision.WAIT) {
            return Outcome.WAIT;
        }
        if (decision == Decision.SPLIT) {
            huge.split(task, process, page);
            return super.protectionFault(task, page, tables.pte(process, page), unshare);
        }
        if (!unshare) {
            tables.pmd(
                    process,
                    page,
                    entry | Pte.ACCESSED | Pte.DIRTY | (tables.readOnly(process, page) ? 0 : Pte.WRITABLE));
        }
        task.count(Counter.WP_REUSES, 1);
        return Outcome.WP_REUSE | Outcome.WHOLE_FOLIO;
    }

    // ---- swap ----

    @Override
    int swapFault(Task task, int page, long pte, boolean write) {
        int frame = slots.cached(Pte.slot(pte));
        if (frame == NIL) {
            int folio = swapIn.readFolio(task, page, pte);
            if (folio != NIL) {
                return swapIn.mapRead(task, page, pte, write, folio);
            }
        } else if (frames.large(frame)) {
            return swapIn.mapCached(task, page, pte, write, frame);
        }
        return super.swapFault(task, page, pte, write);
    }

    // ---- unmapping and protection of a range ----

    /** zap_page_range: what a PMD entry maps in part is first mapped by a page table. */
    @Override
    void zap(Task task, int first, int last) {
        int process = task.process;
        for (int page = first; page <= last; page++) {
            int start = huge.start(page);
            boolean whole = page == start && last >= start + size - 1;
            if (huge.maps(process, page)) {
                if (whole) {
                    huge.zap(process, page);
                    page += size - 1;
                    continue;
                }
                huge.split(task, process, page);
            }
            zap(process, page);
            if (page == start + size - 1
                    && first <= start
                    && policy.discardFreesTable()
                    && vmas.covers(process, start, size)
                    && untouched(process, start)) {
                tables.pmd(process, start, Pte.NONE);
            }
        }
    }

    @Override
    void protect(Task task, int first, int last, boolean writable) {
        int process = task.process;
        if (!vmas.differs(process, first, last, VMA_READ_ONLY, !writable)) {
            return;
        }
        huge.splitAtEnds(task, first, last, VMA_READ_ONLY, !writable);
        for (int page = first; page <= last; page++) {
            if (vmas.absent(process, page) || tables.readOnly(process, page) != writable) {
                continue;
            }
            if (huge.maps(process, page)) {
                if (page == huge.start(page)) {
                    protectHuge(task, page, writable);
                }
            } else {
                protectEntry(task, page, writable);
            }
        }
        vmas.modify(process, first, last, VMA_READ_ONLY, !writable);
        io.tick(task);
    }

    /** change_huge_pmd. */
    private void protectHuge(Task task, int page, boolean writable) {
        int process = task.process;
        long entry = tables.pmd(process, page);
        int folio = Pte.frame(entry);
        if (!writable) {
            tables.pmd(process, page, entry & ~Pte.WRITABLE);
        } else if (policy.protectMakesHugeWritable(task, folio)) {
            tables.pmd(process, page, entry | Pte.WRITABLE);
        }
    }
}
