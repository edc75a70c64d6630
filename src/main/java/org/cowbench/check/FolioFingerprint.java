package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.MAYBE_SHARED;
import static org.cowbench.arena.FolioRecord.PARTIALLY_MAPPED;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;

import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.Pte;

/**
 * The canonical form where the area is one large folio: pages keep their places, a folio has one name, and a page of it
 * that nobody can reach has no content.
 */
final class FolioFingerprint extends Fingerprint {

    FolioFingerprint(World world) {
        super(world);
    }

    /** No two pages are alike: the places of a folio's are told apart. */
    @Override
    void keys() {
        super.keys();
        for (int page = 0; page < pageKey.length; page++) {
            pageKey[page] = -page;
        }
    }

    @Override
    int folio(int frame) {
        return records.folioOf(frame);
    }

    @Override
    long entry(int process, int page) {
        return tables.entry(process, page);
    }

    @Override
    void addProcess(int process) {
        super.addProcess(process);
        long pmd = tables.pmd(process, 0);
        // Which folio it maps is said by the entries of its pages.
        add(Pte.isPresent(pmd) ? 1 : pmd == Pte.TABLE ? 2 : 0);
    }

    @Override
    void addSlot(int slot) {
        super.addSlot(slot);
        int cached = swap.cached(slot);
        add(cached < 0 ? 0 : 1 + cached - folio(cached));
    }

    @Override
    void addFrame(int frame) {
        if (!records.large(frame)) {
            super.addFrame(frame);
            return;
        }
        int flags = records.get(frame, FolioRecord.FLAGS);
        add((long) (flags & (FLAGS | MAYBE_SHARED | PARTIALLY_MAPPED)) << 40
                | (long) records.get(frame, FolioRecord.LMAP) << 32
                | (long) records.get(frame, FolioRecord.EMAP) << 24
                | (long) records.get(frame, FolioRecord.PINS) << 16
                | records.get(frame, FolioRecord.REF));
        long first = owner(records.get(frame, FolioRecord.OWNER0));
        long second = owner(records.get(frame, FolioRecord.OWNER1));
        // Which of two owners has which slot makes no difference.
        add(Math.min(first, second) << 32 | Math.max(first, second));
        boolean cached = (flags & SWAPCACHE) != 0;
        int slot = records.get(frame, FolioRecord.SLOT);
        for (int i = 0; i < Scope.FOLIO_PAGES; i++) {
            add(records.get(frame + i, PageRecord.MAP) << 1 | (records.anonExclusive(frame + i) ? 1 : 0));
            addValue(visible(frame, i, cached ? slot + i : -1) ? (int) records.load(frame + i) : 0);
            if (cached) {
                addSlotOf(slot + i);
            }
        }
    }

    private long owner(int word) {
        return word == 0 ? 0 : (long) (processRank[(word >> 16) - 1] + 1) << 16 | word & 0xffff;
    }

    private boolean visible(int folio, int i, int slot) {
        boolean visible = records.get(folio + i, PageRecord.MAP) > 0
                || records.get(folio, FolioRecord.EMAP) > 0
                || slot >= 0 && swap.count(slot) > 0;
        for (int reference = 0; reference < references && !visible; reference++) {
            visible = taken.kind(reference) != 0 && taken.frame(reference) == folio + i;
        }
        return visible;
    }
}
