package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy;

/**
 * mm/rmap.c: who maps a page, found by its index in the processes that its record names. So what finding them takes grows
 * with those that map it, and not with those there are, as a walk of the page's anon_vma does not look at strangers.
 */
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
        frames.mappers(frame, frames.mappers(frame) | bit(process));
        count(frame, exclusive);
    }

    /** A mapping more of a base page. */
    final void count(int frame, boolean exclusive) {
        frames.addMap(frame, 1);
        if (exclusive && policy.tracksExclusive()) {
            frames.setAnonExclusive(frame);
        }
    }

    /** A page-table entry of a process maps it no longer. */
    void remove(int process, int frame) {
        if (frames.addMap(frame, -1) == 0) {
            frames.mappers(frame, 0);
        } else if (processes <= Long.SIZE) {
            // Else the bit may be another process's too, and stays while anybody maps the page.
            frames.mappers(frame, frames.mappers(frame) & ~bit(process));
        }
    }

    private static long bit(int process) {
        return 1L << process; // Java takes the shift modulo 64.
    }

    /** Who may map a page: a bit for each process, see {@link org.cowbench.arena.PageRecord#MAPPERS}. */
    long mappers(int frame) {
        return frames.mappers(frame);
    }

    /** The first process from one on that may map a page, or one that does not exist. */
    private static int next(long mappers, int from) {
        return from + Long.numberOfTrailingZeros(Long.rotateRight(mappers, from));
    }

    /** Looks at the entry by which a process may map a page. */
    long look(int process, int index) {
        return tables.pte(process, index);
    }

    /** page_referenced: how many mappings were used since this was asked last. */
    int referenced(int frame) {
        int index = frames.get(frame, INDEX);
        int referenced = 0;
        int mappings = frames.get(frame, MAP);
        long mappers = mappers(frame);
        for (int process = next(mappers, 0);
                process < processes && mappings > 0;
                process = next(mappers, process + 1)) {
            long pte = look(process, index);
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
        long mappers = mappers(frame);
        for (int process = next(mappers, 0);
                process < processes && frames.get(frame, MAP) > 0;
                process = next(mappers, process + 1)) {
            long pte = look(process, index);
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
