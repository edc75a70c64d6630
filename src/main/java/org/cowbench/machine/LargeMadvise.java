package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageTables.VMA_DONTFORK;
import static org.cowbench.arena.PageTables.VMA_MOVED;

import java.util.Objects;
import org.cowbench.arena.Frames;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy;

/** mm/madvise.c where there are large folios. */
final class LargeMadvise extends Madvise {
    private final ReusePolicy policy;
    private final Frames frames;
    private final Huge huge;
    private final Vmas vmas;
    private final Collapse collapse;
    private final int size;

    LargeMadvise(Mm mm) {
        super(mm);
        policy = mm.policy;
        frames = mm.arena.frames();
        huge = Objects.requireNonNull(mm.huge);
        vmas = mm.vmas;
        collapse = new Collapse(mm);
        size = 1 << mm.arena.spec().order();
    }

    @Override
    void discard(Task task, int first, int last) {
        if (policy.unmappingDrains()) {
            lru.addDrain(task);
        }
        faults.zap(task, first, last);
        io.tick(task);
    }

    @Override
    void pageout(Task task, int first, int last) {
        int process = task.process;
        if (absent(process, first, last)) {
            io.tick(task);
            return;
        }
        for (int page = first; page <= last; ) {
            int end = vmas.end(process, page, last + 1);
            if (!vmas.absent(process, page)) {
                lru.addDrain(task);
                while (page < end) {
                    page = huge.maps(process, page) ? pageoutHuge(task, page, end) : pageoutEntry(task, page, end);
                }
            }
            page = end;
        }
        io.tick(task);
    }

    /** Whether no page of a range is there: nobody asks for the call then, as the probe of real kernels does not. */
    private boolean absent(int process, int first, int last) {
        for (int page = first; page <= last; page++) {
            if (Pte.isPresent(tables.entry(process, page))) {
                return false;
            }
        }
        return true;
    }

    /** madvise_cold_or_pageout_pte_range where a PMD entry maps the page; the page to go on with. */
    private int pageoutHuge(Task task, int page, int end) {
        int start = huge.start(page);
        int after = Math.min(end, start + size);
        int folio = Pte.frame(tables.pmd(task.process, page));
        if (policy.pageoutSkips(task, folio)) {
            return after;
        }
        if (after - page < size) {
            return huge.splitFolio(task, folio, false) ? page : after;
        }
        if (frames.has(folio, LRU)) {
            reclaim.take(task, folio, true, true);
        }
        return after;
    }

    private int pageoutEntry(Task task, int page, int end) {
        int process = task.process;
        long pte = tables.pte(process, page);
        if (!Pte.isPresent(pte) || Pte.frame(pte) == ZERO_FRAME) {
            return page + 1;
        }
        int frame = Pte.frame(pte);
        if (!frames.large(frame)) {
            reclaim.pageout(task, frame);
            return page + 1;
        }
        int folio = frames.folioOf(frame);
        int count = policy.pageoutKeepsWhole() ? inPlace(process, page, end, frame) : 0;
        if (count < size) {
            boolean split = !policy.pageoutSkips(task, frame) && huge.splitFolio(task, folio, false);
            // An era that keeps no folio whole leaves the rest of the page table alone.
            return split ? page : count > 0 ? page + count : Math.min(end, huge.start(page) + size);
        }
        if (frames.has(folio, LRU) && frames.get(folio, LMAP) == size) {
            reclaim.take(task, folio, true, true);
        }
        return page + size;
    }

    /** madvise_folio_pte_batch: how many pages from one on are mapped as they follow in the folio. */
    private int inPlace(int process, int page, int end, int frame) {
        int most = Math.min(end - page, frames.folioOf(frame) + size - frame);
        int count = 1;
        while (count < most && Pte.maps(tables.pte(process, page + count), frame + count)) {
            count++;
        }
        return count;
    }

    @Override
    void dontFork(Task task, int first, int last, boolean kept) {
        modify(task, first, last, VMA_DONTFORK, kept);
        io.tick(task);
    }

    @Override
    int collapse(Task task, int page) {
        int outcome = collapse.collapse(task, page);
        io.tick(task);
        return outcome;
    }

    /**
     * A page keeps its number where it has gone, and is no neighbour of those that stayed. What it leaves is unmapped
     * (do_vmi_munmap in move_vma), swapped or not.
     */
    @Override
    void move(Task task, int first, int last) {
        if (modify(task, first, last, VMA_MOVED, true) && policy.unmappingDrains()) {
            lru.addDrain(task);
        }
        io.tick(task);
    }

    @Override
    boolean apart(int process, int first, int last) {
        return vmas.runs(process, first, last) > 1;
    }

    /** Whether there was an area to change. */
    private boolean modify(Task task, int first, int last, int bit, boolean set) {
        int process = task.process;
        boolean differs = vmas.differs(process, first, last, bit, set);
        if (differs) {
            huge.splitAtEnds(task, first, last, bit, set);
            vmas.modify(process, first, last, bit, set);
        }
        return differs;
    }
}
