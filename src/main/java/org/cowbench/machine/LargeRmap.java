package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.EMAP;
import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.PAGES_MAPPED;
import static org.cowbench.arena.FolioRecord.PARTIALLY_MAPPED;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.MAP;

import java.util.Objects;
import org.cowbench.arena.Pte;

/** mm/rmap.c where there are large folios: mappings by page-table and by PMD entries, counted a page and a folio. */
class LargeRmap extends Rmap {
    private final Mm mm;
    private final Owners owners;

    LargeRmap(Mm mm) {
        super(mm);
        this.mm = mm;
        owners = mm.owners;
    }

    @Override
    void add(int process, int page, boolean exclusive) {
        if (frames.large(page)) {
            addPages(process, page, 1, exclusive);
        } else {
            super.add(process, page, exclusive);
        }
    }

    @Override
    void remove(int process, int page) {
        if (frames.large(page)) {
            removePages(process, page, 1);
        } else {
            super.remove(process, page);
        }
    }

    /** folio_add_anon_rmap_ptes: page-table entries of a process map consecutive pages of a large folio from now on. */
    void addPages(int process, int page, int count, boolean exclusive) {
        int folio = frames.folioOf(page);
        owners.hold(folio, -1);
        int first = 0;
        for (int i = 0; i < count; i++) {
            if (frames.addMap(page + i, 1) == 1) {
                first++;
            }
            if (exclusive && policy.tracksExclusive()) {
                frames.setAnonExclusive(page + i);
            }
        }
        frames.set(folio + 1, PAGES_MAPPED, frames.get(folio + 1, PAGES_MAPPED) + first);
        owners.map(folio, process, count);
        owners.hold(folio, 1);
    }

    /** folio_remove_rmap_ptes: page-table entries of a process map consecutive pages of a large folio no longer. */
    void removePages(int process, int page, int count) {
        int folio = frames.folioOf(page);
        owners.hold(folio, -1);
        boolean whole = frames.get(folio, EMAP) > 0;
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (frames.addMap(page + i, -1) == 0) {
                last++;
                if (!whole) {
                    // Nobody asks for it before it is set again; so that equal states are equal bytes.
                    frames.clearAnonExclusive(page + i);
                }
            }
        }
        frames.set(folio + 1, PAGES_MAPPED, frames.get(folio + 1, PAGES_MAPPED) - last);
        owners.unmap(folio, process, count);
        settle(folio, last > 0);
    }

    /** folio_add_anon_rmap_pmd: a PMD entry of a process maps a folio from now on. */
    void addHuge(int process, int folio, boolean exclusive) {
        owners.hold(folio, -1);
        frames.set(folio, EMAP, frames.get(folio, EMAP) + 1);
        owners.map(folio, process, 1);
        if (exclusive && policy.tracksExclusive()) {
            frames.setAnonExclusive(folio);
        }
        owners.hold(folio, 1);
    }

    /** folio_remove_rmap_pmd: a PMD entry of a process maps it no longer. */
    void removeHuge(int process, int folio) {
        owners.hold(folio, -1);
        int left = frames.get(folio, EMAP) - 1;
        frames.set(folio, EMAP, left);
        owners.unmap(folio, process, 1);
        if (left == 0 && frames.get(folio, MAP) == 0) {
            frames.clearAnonExclusive(folio);
        }
        settle(folio, left == 0);
    }

    /**
     * __split_huge_pmd_locked: page-table entries take the place of a PMD entry, for all pages at once, so that nobody
     * sees the folio less mapped than it is. The PMD entry's mark is that of its first page, and now of every one.
     */
    void split(int process, int folio) {
        int pages = frames.pages(folio);
        boolean exclusive = frames.anonExclusive(folio);
        addPages(process, folio, pages, exclusive);
        frames.set(folio, EMAP, frames.get(folio, EMAP) - 1);
        owners.unmap(folio, process, 1);
        frames.addRef(folio, pages - 1);
    }

    /** After a mapping has gone: deferred_split_folio where a page has lost its last one, and what is held for nothing. */
    private void settle(int folio, boolean lost) {
        owners.hold(folio, 1);
        if (lost && owners.partly(folio) && !frames.has(folio, SWAPCACHE)) {
            frames.setFlags(folio, PARTIALLY_MAPPED);
        }
    }

    @Override
    int referenced(int folio) {
        if (!frames.large(folio)) {
            return super.referenced(folio);
        }
        int first = frames.get(folio, INDEX);
        int pages = frames.pages(folio);
        int referenced = 0;
        for (int process = 0; process < processes; process++) {
            boolean used = false;
            long pmd = tables.pmd(process, first);
            if (Pte.maps(pmd, folio)) {
                used = (pmd & Pte.ACCESSED) != 0;
                tables.pmd(process, first, pmd & ~Pte.ACCESSED);
            }
            for (int i = 0; i < pages; i++) {
                long pte = tables.pte(process, first + i);
                if (Pte.maps(pte, folio + i) && (pte & Pte.ACCESSED) != 0) {
                    tables.pte(process, first + i, pte & ~Pte.ACCESSED);
                    used = true;
                }
            }
            referenced += used ? 1 : 0;
        }
        return referenced;
    }

    /** try_to_unmap with TTU_SPLIT_HUGE_PMD; at a page that the policy keeps it stops. */
    @Override
    boolean unmap(Task task, int folio) {
        if (!frames.large(folio)) {
            return super.unmap(task, folio);
        }
        int first = frames.get(folio, INDEX);
        int slot = frames.get(folio, SLOT);
        int pages = frames.pages(folio);
        for (int process = 0; process < processes && frames.get(folio, LMAP) > 0; process++) {
            Objects.requireNonNull(mm.huge).splitIfMaps(task, process, folio);
            for (int i = 0; i < pages; i++) {
                long pte = tables.pte(process, first + i);
                if (Pte.maps(pte, folio + i) && !unmapPage(task, process, first + i, slot + i, pte)) {
                    return false;
                }
            }
        }
        return true;
    }
}
