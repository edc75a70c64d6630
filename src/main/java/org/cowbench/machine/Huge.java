package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.ACTIVE;
import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.FLAGS;
import static org.cowbench.arena.FolioRecord.ISOLATED;
import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.LOCKED;
import static org.cowbench.arena.FolioRecord.ORDER;
import static org.cowbench.arena.FolioRecord.PAGES_MAPPED;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.FolioRecord.REFERENCED;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageRecord.ANON_EXCLUSIVE;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.ReusePolicy;

/** mm/huge_memory.c: PMD entries, and splitting, of them and of folios. */
class Huge {
    private final ReusePolicy policy;
    private final Frames frames;
    private final PageTables tables;
    private final PageAlloc pageAlloc;
    private final Lru lru;
    private final Swap swap;
    private final LargeRmap rmap;
    private final Owners owners;
    private final Vmas vmas;
    private final int processes;
    private final int size;

    Huge(Mm mm) {
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        swap = mm.swap;
        rmap = (LargeRmap) mm.rmap;
        owners = mm.owners;
        vmas = mm.vmas;
        processes = mm.arena.spec().processes();
        size = 1 << mm.arena.spec().order();
    }

    /** The first page of what a page table maps, or a folio of the area. */
    int start(int page) {
        return page & -size;
    }

    /** Whether a PMD entry maps a page. */
    boolean maps(int process, int page) {
        return Pte.isPresent(tables.pmd(process, page));
    }

    /** __split_huge_pmd: a page table maps the same folio from now on. */
    void split(Task task, int process, int page) {
        split(task, process, page, policy.splitKeepsDirty());
    }

    private void split(Task task, int process, int page, boolean keepsDirty) {
        int start = start(page);
        long pmd = tables.pmd(process, start);
        int folio = Pte.frame(pmd);
        long entry = pmd;
        if ((pmd & Pte.DIRTY) != 0 && !keepsDirty) {
            frames.setFlags(folio, DIRTY);
            entry &= ~Pte.DIRTY;
        }
        for (int i = 0; i < size; i++) {
            tables.pte(process, start + i, Pte.advance(entry, i));
        }
        tables.pmd(process, start, Pte.TABLE);
        rmap.split(process, folio);
        task.count(Counter.SPLIT_PMD, 1);
    }

    void splitIfMaps(Task task, int process, int folio) {
        int start = frames.get(folio, INDEX);
        if (Pte.maps(tables.pmd(process, start), folio)) {
            split(task, process, start);
        }
    }

    /** Before a bit of a range's areas is set or cleared: no area ends where it is already as it shall be. */
    void splitAtEnds(Task task, int first, int last, int bit, boolean set) {
        if (vmas.differs(task.process, first, first, bit, set)) {
            splitAt(task, task.process, first);
        }
        if (vmas.differs(task.process, last, last, bit, set)) {
            splitAt(task, task.process, last + 1);
        }
    }

    /** split_huge_pmd_if_needed: an area is about to end or begin at a page, in the midst of what a PMD entry maps. */
    private void splitAt(Task task, int process, int page) {
        if (page % size != 0 && maps(process, page)) {
            split(task, process, page);
        }
    }

    /** zap_huge_pmd. */
    void zap(int process, int page) {
        int folio = Pte.frame(tables.pmd(process, page));
        tables.pmd(process, page, Pte.NONE);
        rmap.removeHuge(process, folio);
        swap.freeCache(folio);
        lru.put(folio, 1);
    }

    /** can_split_folio: every reference but the caller's is a mapping or the swap cache's. */
    boolean canSplit(int folio, int callers) {
        int cache = frames.has(folio, SWAPCACHE) ? size : 0;
        return frames.get(folio, LMAP) == frames.get(folio, REF) - cache - callers;
    }

    /**
     * split_folio: every page becomes a folio of its own, mapped and marked as it was; one that nobody needs is freed.
     *
     * @param task who splits
     * @param folio a large folio; its lock is the caller's if it is isolated, and free again if not
     * @param isolated whether reclaim has isolated it, as it then has each page
     * @return whether it could be split
     */
    boolean splitFolio(Task task, int folio, boolean isolated) {
        if (!isolated && !frames.tryLock(folio)) {
            return false;
        }
        if (frames.has(folio, WRITEBACK) || !canSplit(folio, isolated ? 1 : 0)) {
            if (!isolated) {
                frames.unlock(folio);
            }
            return false;
        }
        int start = frames.get(folio, INDEX);
        for (int process = 0; process < processes; process++) {
            if (Pte.maps(tables.pmd(process, start), folio)) {
                split(task, process, start, policy.splitKeepsDirty() || policy.migrationKeepsDirty());
            }
        }
        if (mappedDirty(folio)) {
            frames.setFlags(folio, DIRTY);
        }
        task.count(Counter.SPLIT_FOLIO, 1);
        if (!isolated) {
            lru.remove(folio);
        }
        owners.hold(folio, -1);
        owners.clear(folio);
        frames.set(folio + 1, PAGES_MAPPED, 0);
        boolean cached = frames.has(folio, SWAPCACHE);
        if (policy.splitDropsZeroes()) {
            dropZeroes(folio);
        }
        int slot = frames.get(folio, SLOT);
        int flags = frames.get(folio, FLAGS) & (SWAPCACHE | DIRTY | REFERENCED | ACTIVE);
        for (int i = 0; i < size; i++) {
            int page = folio + i;
            int kept = isolated ? i == 0 ? ISOLATED | LOCKED : ISOLATED : 0;
            frames.set(page, FLAGS, frames.get(page, FLAGS) & ANON_EXCLUSIVE | ALLOCATED | flags | kept);
            frames.set(page, ORDER, 0);
            frames.set(page, REF, frames.get(page, MAP) + (cached ? 1 : 0) + (isolated ? 1 : 0));
            if (cached) {
                frames.set(page, SLOT, slot + i);
            }
        }
        for (int page = folio; page < folio + size; page++) {
            settle(page, isolated);
        }
        return true;
    }

    /** try_to_migrate: a dirty entry of any page makes all of the folio dirty, and so each part. */
    private boolean mappedDirty(int folio) {
        for (int page = folio; page < folio + size; page++) {
            int index = frames.get(page, INDEX);
            for (int process = 0; process < processes; process++) {
                long pte = tables.pte(process, index);
                if (Pte.maps(pte, page) && (pte & Pte.DIRTY) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** try_to_map_unused_to_zeropage: who maps a zero-filled page maps the zero page instead. */
    private void dropZeroes(int folio) {
        for (int page = folio; page < folio + size; page++) {
            if (frames.load(page) != 0) {
                continue;
            }
            int index = frames.get(page, INDEX);
            for (int process = 0; process < processes; process++) {
                if (Pte.maps(tables.pte(process, index), page)) {
                    tables.pte(process, index, Pte.present(ZERO_FRAME, Pte.ACCESSED));
                }
            }
            frames.set(page, MAP, 0);
            frames.clearAnonExclusive(page);
        }
    }

    /** What becomes of a page that was split off: nobody may need it. */
    private void settle(int page, boolean isolated) {
        if (!isolated) {
            if (frames.get(page, REF) == 0) {
                pageAlloc.free(page);
                return;
            }
            lru.insert(page, false);
        }
        // free_page_and_swap_cache: the swap cache's reference may be its last but for that of who splits.
        lru.get(page, 1);
        swap.freeCache(page);
        lru.put(page, 1);
    }
}
