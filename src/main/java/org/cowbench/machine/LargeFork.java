package org.cowbench.machine;

import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageTables.VMA_ABSENT;
import static org.cowbench.arena.PageTables.VMA_DONTFORK;

import java.util.Objects;
import org.cowbench.arena.Pte;

/** kernel/fork.c and kernel/exit.c where there are large folios. */
final class LargeFork extends Fork {
    private final LargeRmap largeRmap;
    private final Huge huge;
    private final int size;

    LargeFork(Mm mm) {
        super(mm);
        largeRmap = (LargeRmap) mm.rmap;
        huge = Objects.requireNonNull(mm.huge);
        size = 1 << mm.arena.spec().order();
    }

    @Override
    boolean copyArea(Task task, int child) {
        int parent = task.process;
        for (int page = 0; page < pages; page++) {
            int bits = tables.vmaBits(parent, page);
            tables.vmaBits(child, page, (bits & (VMA_DONTFORK | VMA_ABSENT)) != 0 ? VMA_ABSENT : bits);
        }
        for (int page = 0; page < pages; ) {
            if (tables.pmd(parent, page) == Pte.NONE || !copies(parent, child, page)) {
                page++;
                continue;
            }
            if (!reclaim.ensureFree(task)) {
                return false;
            }
            if (huge.maps(parent, page)) {
                if (copyHuge(task, child, page)) {
                    page += size;
                    continue;
                }
                huge.split(task, parent, page);
            }
            page += copyEntries(task, child, page);
        }
        return true;
    }

    private boolean copies(int parent, int child, int page) {
        return tables.hasAnonVma(parent, page) && (tables.vmaBits(child, page) & VMA_ABSENT) == 0;
    }

    /** copy_huge_pmd: both entries are write-protected; a pinned folio is left to copy_pte_range. */
    private boolean copyHuge(Task task, int child, int page) {
        int parent = task.process;
        long entry = tables.pmd(parent, page);
        int folio = Pte.frame(entry);
        if (policy.forkCopies(task, folio)) {
            return false;
        }
        lru.get(folio, 1);
        largeRmap.addHuge(child, folio, false);
        tables.pmd(parent, page, entry & ~Pte.WRITABLE);
        tables.pmd(child, page, entry & ~(Pte.WRITABLE | Pte.ACCESSED));
        return true;
    }

    /** copy_pte_range of one page, or of as many of one large folio as are shared; their number. */
    private int copyEntries(Task task, int child, int page) {
        int parent = task.process;
        if (tables.pmd(child, page) == Pte.NONE) {
            tables.pmd(child, page, Pte.TABLE);
        }
        long pte = tables.pte(parent, page);
        if (Pte.isSwap(pte)) {
            forkSwapped(parent, child, page, pte);
            return 1;
        }
        if (!Pte.isPresent(pte) || Pte.frame(pte) == ZERO_FRAME) {
            tables.pte(child, page, pte);
            return 1;
        }
        int frame = Pte.frame(pte);
        if (!frames.large(frame)) {
            forkPresent(task, child, page, pte);
            return 1;
        }
        int count = 0;
        int end = frames.folioOf(frame) + size - frame;
        boolean copy = false;
        for (int i = 0; i < end && page + i < pages; i++) {
            long next = tables.pte(parent, page + i);
            if (!Pte.maps(next, frame + i) || !copies(parent, child, page + i)) {
                break;
            }
            copy = policy.forkCopies(task, frame + i);
            if (copy) {
                break;
            }
            share(parent, child, page + i, next);
            count++;
        }
        if (count > 0) {
            lru.get(frames.folioOf(frame), count);
            largeRmap.addPages(child, frame, count, false);
        }
        if (copy && count == 0) {
            copyPresent(task, child, page, frame);
            return 1;
        }
        // A page to be copied is come to again when memory has been made free for it.
        return count;
    }

    @Override
    boolean drainsAtExit() {
        return policy.unmappingDrains();
    }

    @Override
    void zapAll(int process) {
        for (int page = 0; page < pages; page++) {
            if (huge.maps(process, page)) {
                huge.zap(process, page);
            }
            faults.zap(process, page);
        }
        for (int page = 0; page < pages; page++) {
            tables.vmaBits(process, page, 0);
            tables.pmd(process, page, Pte.NONE);
        }
    }
}
