package org.cowbench.machine;

import static org.cowbench.arena.FreeLists.FREE_RUNS;
import static org.cowbench.arena.FreeLists.PARTLY_FREE_RUNS;
import static org.cowbench.arena.PageArena.NIL;

import java.util.Arrays;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.FreeLists;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;

/**
 * Proves besides that large folios add up: mappings of folio and pages by page-table and PMD entries, owner slots that
 * never call a folio one process's that others map, pins, runs of slots, marks that only one user has, and free blocks.
 */
final class LargeValidator extends Validator {
    private final boolean tracks;
    private final FreeLists lists;
    private final int size;
    private final int[] entire;
    private final int[] all;
    private final int[] pins;
    /** The one process that maps a folio, plus 1; 0 for none, -1 for several. */
    private final int[] mapper;

    private long held;

    LargeValidator(PageArena arena, boolean tracksOwners) {
        super(arena);
        tracks = tracksOwners;
        lists = arena.freeLists();
        size = 1 << spec.order();
        entire = new int[spec.frames()];
        all = new int[spec.frames()];
        pins = new int[spec.frames()];
        mapper = new int[spec.frames()];
    }

    @Override
    void validate() {
        held = 0;
        super.validate();
        if (held != arena.control(Control.PAGES_HELD)) {
            throw wrong("%d pages are held for nothing, the count says %d", held, arena.control(Control.PAGES_HELD));
        }
    }

    @Override
    void countEntries() {
        Arrays.fill(entire, 0);
        Arrays.fill(all, 0);
        Arrays.fill(pins, 0);
        Arrays.fill(mapper, 0);
        super.countEntries();
        for (int process = 0; process < spec.processes(); process++) {
            for (int page = 0; page < spec.pages(); page++) {
                long pmd = tables.pmd(process, page);
                if (spec.pmd() && page % size == 0 && Pte.isPresent(pmd)) {
                    countHuge(process, page, Pte.frame(pmd), Pte.isWritable(pmd));
                }
                long pte = tables.pte(process, page);
                if (pte != Pte.NONE && pmd != Pte.TABLE) {
                    throw wrong("process %d page %d: an entry but no page table", process, page);
                }
                if (Pte.isPresent(pte) && frames.large(Pte.frame(pte))) {
                    count(process, frames.folioOf(Pte.frame(pte)));
                }
                if (spec.pmd() && pmd != Pte.NONE && !tables.alive(process)) {
                    throw wrong("process %d has gone but has a PMD entry at page %d", process, page);
                }
            }
        }
    }

    private void count(int process, int folio) {
        all[folio]++;
        mapper[folio] = mapper[folio] == 0 || mapper[folio] == process + 1 ? process + 1 : -1;
    }

    private void countHuge(int process, int page, int folio, boolean writable) {
        if (frames.get(folio, FolioRecord.ORDER) != spec.order()
                || frames.get(folio, PageRecord.INDEX) != page
                || writable && tables.readOnly(process, page)) {
            throw wrong("process %d page %d: a PMD entry maps frame %d as it must not", process, page, folio);
        }
        entire[folio]++;
        holders[folio]++;
        count(process, folio);
    }

    @Override
    void countReference(int kind, int page) {
        int folio = frames.folioOf(page);
        if (!frames.large(folio)) {
            super.countReference(kind, page);
            return;
        }
        holders[folio]++;
        pins[folio] += References.weight(kind) > 1 ? 1 : 0;
    }

    @Override
    int slotOf(int page) {
        int folio = frames.folioOf(page);
        return super.slotOf(folio) + page - folio;
    }

    /** Free blocks; all frames of one are free. */
    @Override
    void checkFreeList() {
        int free = 0;
        for (int order = 0; order <= spec.order(); order++) {
            int previous = NIL;
            for (int block = lists.head(order); block != NIL; block = frames.get(block, FolioRecord.NEXT)) {
                if (!frames.has(block, FolioRecord.BUDDY)
                        || frames.get(block, FolioRecord.ORDER) != order
                        || frames.get(block, FolioRecord.PREV) != previous
                        || block % (1 << order) != 0) {
                    throw wrong("frame %d is no free block of order %d", block, order);
                }
                for (int frame = block; frame < block + (1 << order); frame++) {
                    listed[frame]++;
                    if (frames.get(frame, FolioRecord.REF) != 0
                            || frames.get(frame, PageRecord.MAP) != 0
                            || frame > block
                                    && (frames.get(frame, FolioRecord.FLAGS) | frames.get(frame, FolioRecord.ORDER))
                                            != 0) {
                        throw wrong("frame %d is free and in use", frame);
                    }
                }
                free += 1 << order;
                if (free >= spec.frames()) {
                    throw wrong("the free lists do not end");
                }
                previous = block;
            }
        }
        if (free != arena.control(Control.FREE_COUNT)) {
            throw wrong("%d frames are free, the count says %d", free, arena.control(Control.FREE_COUNT));
        }
    }

    @Override
    void checkFrame(int frame) {
        int order = frames.get(frame, FolioRecord.ORDER);
        boolean block = frames.has(frame, FolioRecord.BUDDY);
        if (order < 0) {
            checkTail(frame, frame + order);
        } else {
            super.checkFrame(frame);
        }
        if (order > 0 && !block) {
            checkFolio(frame, order);
        } else if (order == 0
                && (frames.get(frame, FolioRecord.LMAP)
                                | frames.get(frame, FolioRecord.EMAP)
                                | frames.get(frame, FolioRecord.OWNER0)
                                | frames.get(frame, FolioRecord.OWNER1)
                                | frames.get(frame, FolioRecord.PINS))
                        != 0) {
            throw wrong("frame %d is no large folio but counts like one", frame);
        }
    }

    private void checkTail(int page, int folio) {
        int known = FolioRecord.ALLOCATED | PageRecord.ANON_EXCLUSIVE;
        if (folio < 0
                || frames.get(folio, FolioRecord.ORDER) != spec.order()
                || page - folio >= size
                || (frames.get(page, FolioRecord.FLAGS) & ~known) != 0
                || listed[page] != 0
                || frames.get(page, FolioRecord.REF) != 0
                || holders[page] != 0) {
            throw wrong("frame %d is no page of folio %d", page, folio);
        }
        if (frames.get(page, PageRecord.MAP) != mappings[page]) {
            throw wrong(
                    "frame %d: mapcount %d, mapped %d times", page, frames.get(page, PageRecord.MAP), mappings[page]);
        }
    }

    private void checkFolio(int folio, int order) {
        same(folio, "order", order, spec.order());
        same(folio, "entire mapcount", frames.get(folio, FolioRecord.EMAP), entire[folio]);
        same(folio, "large mapcount", frames.get(folio, FolioRecord.LMAP), all[folio]);
        same(folio, "pin count", frames.get(folio, FolioRecord.PINS), pins[folio]);
        boolean cached = frames.has(folio, FolioRecord.SWAPCACHE);
        int slot = frames.get(folio, FolioRecord.SLOT);
        int mapped = 0;
        for (int i = 0; i < size; i++) {
            int page = folio + i;
            mapped += mappings[page] > 0 ? 1 : 0;
            same(page, "place in its folio", frames.folioOf(page), folio);
            same(page, "index", frames.get(page, PageRecord.INDEX), frames.get(folio, PageRecord.INDEX) + i);
            if (cached) {
                same(page, "slot's page", slots.cached(slot + i), page);
            }
            int users = mappings[page] + entire[folio] + (cached ? swapEntries[slot + i] : 0);
            // Of a PMD entry the first page's mark is that of all.
            if (frames.anonExclusive(page) && (users > 1 || entire[folio] > 0 && (i > 0 || all[folio] > 1))) {
                throw wrong("frame %d is exclusive but has %d users", page, users);
            }
        }
        same(folio, "number of pages mapped", frames.get(folio + 1, FolioRecord.PAGES_MAPPED), mapped);
        held += entire[folio] > 0 || all[folio] == 0 || cached ? 0 : size - mapped;
        checkOwners(folio);
    }

    private void checkOwners(int folio) {
        int first = frames.get(folio, FolioRecord.OWNER0);
        int second = frames.get(folio, FolioRecord.OWNER1);
        if (!tracks) {
            same(folio, "owner", first | second, 0);
            return;
        }
        checkOwner(folio, first);
        checkOwner(folio, second);
        boolean shared = frames.has(folio, FolioRecord.MAYBE_SHARED);
        if (!shared
                && all[folio] > 0
                && (mapper[folio] == -1
                        || Owners.mappings(first) != all[folio] && Owners.mappings(second) != all[folio])) {
            throw wrong("folio %d: its owners say that one process has all %d mappings", folio, all[folio]);
        }
        if (first != 0 && second != 0 && (!shared || Owners.process(first) == Owners.process(second))) {
            throw wrong("folio %d: two owners, not shared", folio);
        }
    }

    private void checkOwner(int folio, int owner) {
        if (owner == 0) {
            return;
        }
        int process = Owners.process(owner);
        int index = frames.get(folio, PageRecord.INDEX);
        int found = spec.pmd() && isAt(tables.pmd(process, index), folio) ? 1 : 0;
        for (int i = 0; i < size; i++) {
            found += isAt(tables.pte(process, index + i), folio + i) ? 1 : 0;
        }
        if (Owners.mappings(owner) == 0 || Owners.mappings(owner) > found) {
            throw wrong(
                    "folio %d: process %d owns %d mappings of it, it has %d",
                    folio, process, Owners.mappings(owner), found);
        }
    }

    private static boolean isAt(long entry, int frame) {
        return Pte.isPresent(entry) && Pte.frame(entry) == frame;
    }

    private static void same(int frame, String what, int said, int found) {
        if (said != found) {
            throw wrong("frame %d: %s %d, found %d", frame, what, said, found);
        }
    }

    /** Runs of which all slots are free, and such of which some are, each on its list. */
    @Override
    int checkFreeSlots() {
        int found = 0;
        int free = 0;
        int partly = 0;
        for (int run = 0; run < spec.slots(); run += size) {
            int used = used(run);
            same(run, "slots of the run in use", slots.link(run), used);
            found += size - used;
            free += used == 0 ? 1 : 0;
            partly += used > 0 && used < size ? 1 : 0;
        }
        same(0, "free runs", listed(FREE_RUNS, 0, 0), free);
        same(0, "partly free runs", listed(PARTLY_FREE_RUNS, 1, size - 1), partly);
        return found;
    }

    private int used(int run) {
        int used = 0;
        for (int slot = run; slot < run + size; slot++) {
            used += slots.count(slot) > 0 || slots.cached(slot) != NIL ? 1 : 0;
        }
        return used;
    }

    private int listed(int list, int least, int most) {
        int found = 0;
        int previous = NIL;
        for (int run = lists.head(list); run != NIL; run = slots.next(run)) {
            int used = used(run);
            if (used < least || used > most || slots.link(run + 1) != previous || ++found > spec.slots()) {
                throw wrong("run of slots %d, %d of them in use, is on a list it must not be on", run, used);
            }
            previous = run;
        }
        return found;
    }
}
