package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy;

/** mm/rmap.c: who maps a page, found by its index in every process. */
class Rmap {
    final ReusePolicy policy;
    final Frames frames;
    final PageTables tables;
    final Lru lru;
    final Swap swap;
    final int processes;

    Rmap(Mm mm) {
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        lru = mm.lru;
        swap = mm.swap;
        processes = mm.arena.spec().processes();
    }

    /** A page-table entry of a process maps a page from now on. */
    void add(int process, int frame, boolean exclusive) {
        frames.addMap(frame, 1);
        if (exclusive && policy.tracksExclusive()) {
            frames.setAnonExclusive(frame);
        }
    }

    /** A page-table entry of a process maps it no longer. */
    void remove(int process, int frame) {
        frames.addMap(frame, -1);
    }

    /** page_referenced: how many mappings were used since this was asked last. */
    int referenced(int frame) {
        int index = frames.get(frame, INDEX);
        int referenced = 0;
        int mappings = frames.get(frame, MAP);
        for (int process = 0; process < processes && mappings > 0; process++) {
            long pte = tables.pte(process, index);
            if (Pte.maps(pte, frame)) {
                mappings--;
                if ((pte & Pte.ACCESSED) != 0) {
                    tables.pte(process, index, pte & ~Pte.ACCESSED);
                    referenced++;
                }
            }
        }
        return referenced;
    }

    /** try_to_unmap: every mapping becomes a swap entry, unless the policy refuses. */
    boolean unmap(Task task, int frame) {
        int index = frames.get(frame, INDEX);
        int slot = frames.get(frame, SLOT);
        for (int process = 0; process < processes && frames.get(frame, MAP) > 0; process++) {
            long pte = tables.pte(process, index);
            if (Pte.maps(pte, frame) && !unmapPage(task, process, index, slot, pte)) {
                return false;
            }
        }
        return true;
    }

    /** try_to_unmap_one of the page that an entry maps; false if the policy keeps it. */
    final boolean unmapPage(Task task, int process, int index, int slot, long pte) {
        int page = Pte.frame(pte);
        int how = policy.onUnmap(task, page);
        if (how == ReusePolicy.UNMAP_REFUSED) {
            return false;
        }
        int folio = frames.folioOf(page);
        swap.duplicate(slot);
        tables.pte(process, index, Pte.swap(slot, how == ReusePolicy.UNMAP_EXCLUSIVE));
        if ((pte & Pte.DIRTY) != 0) {
            frames.setFlags(folio, DIRTY);
        }
        remove(process, page);
        lru.put(folio, 1);
        return true;
    }
}
