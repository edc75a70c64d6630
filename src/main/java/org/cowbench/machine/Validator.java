package org.cowbench.machine;

import static org.cowbench.arena.Batches.BATCHES;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import java.util.Arrays;
import java.util.Locale;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;

/**
 * Proves that a state between two operations adds up: every reference count is the sum of its parts, map counts and swap
 * counts equal the page tables, no frame or slot is both free and in use, none is lost, every list holds what its
 * flags say, no page lock is held but by the checker's adversary, and the zero page is as it was.
 *
 * <p>One validator serves one arena and allocates nothing while all is well: the checker calls it after every
 * transition.
 */
class Validator {
    final PageArena arena;
    final ArenaSpec spec;
    final Frames frames;
    final PageTables tables;
    final SwapSlots slots;
    private final References references;
    private final Batches batches;
    /** References that each folio should have. */
    final int[] holders;
    /** Page-table entries that map each page. */
    final int[] mappings;

    final int[] swapEntries;
    final int[] listed;

    Validator(PageArena arena) {
        this.arena = arena;
        spec = arena.spec();
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        references = arena.references();
        batches = arena.batches();
        holders = new int[spec.frames()];
        mappings = new int[spec.frames()];
        swapEntries = new int[spec.slots()];
        listed = new int[spec.frames()];
    }

    static Validator of(PageArena arena, boolean tracksOwners) {
        return Mm.large(arena) ? new LargeValidator(arena, tracksOwners) : new Validator(arena);
    }

    void validate() {
        Arrays.fill(holders, 0);
        Arrays.fill(mappings, 0);
        Arrays.fill(swapEntries, 0);
        Arrays.fill(listed, 0);
        countEntries();
        countHolders();
        checkLru(Control.INACTIVE_HEAD, Control.INACTIVE_TAIL, Control.INACTIVE_COUNT, false);
        checkLru(Control.ACTIVE_HEAD, Control.ACTIVE_TAIL, Control.ACTIVE_COUNT, true);
        checkFreeList();
        checkWritebackList();
        checkZeroPage();
        for (int frame = 1; frame < spec.frames(); frame++) {
            checkFrame(frame);
        }
        checkSlots();
    }

    void countEntries() {
        for (int process = 0; process < spec.processes(); process++) {
            for (int page = 0; page < spec.pages(); page++) {
                long pte = tables.pte(process, page);
                if (!tables.alive(process)) {
                    if (pte != Pte.NONE || tables.vmaBits(process, page) != 0) {
                        throw wrong("process %d has gone but has page %d", process, page);
                    }
                } else if (Pte.isSwap(pte)) {
                    swapEntries[Pte.slot(pte)]++;
                } else if (Pte.isPresent(pte)) {
                    countMapping(process, page, pte);
                } else if (pte != Pte.NONE) {
                    throw wrong("process %d page %d: entry %d is neither present nor swapped", process, page, pte);
                }
            }
        }
    }

    private void countMapping(int process, int page, long pte) {
        int frame = Pte.frame(pte);
        if (Pte.isWritable(pte) && (frame == ZERO_FRAME || tables.readOnly(process, page))) {
            throw wrong("process %d page %d: writable entry for a page that is not", process, page);
        }
        if (frame != ZERO_FRAME) {
            if (frames.get(frame, PageRecord.INDEX) != page) {
                throw wrong(
                        "frame %d: index %d but mapped at page %d", frame, frames.get(frame, PageRecord.INDEX), page);
            }
            mappings[frame]++;
            holders[frames.folioOf(frame)]++;
        }
    }

    /** A reference that is held. */
    void countReference(int kind, int page) {
        holders[page] += References.weight(kind);
    }

    /** The slot that a page of the swap cache says it has. */
    int slotOf(int page) {
        return frames.get(page, FolioRecord.SLOT);
    }

    private void countHolders() {
        for (int reference = 0; reference < spec.references(); reference++) {
            int kind = references.kind(reference);
            if (kind != 0) {
                countReference(kind, references.frame(reference));
            }
        }
        for (int cpu = 0; cpu < spec.cpus(); cpu++) {
            for (int which = 0; which < BATCHES; which++) {
                int count = batches.count(cpu, which);
                if (count < 0 || count >= spec.lruBatch()) {
                    throw wrong("CPU %d: batch of %d pages", cpu, count);
                }
                for (int entry = 0; entry < count; entry++) {
                    holders[batches.entry(cpu, which, entry)]++;
                }
            }
        }
        for (int slot = 0; slot < spec.slots(); slot++) {
            int frame = slots.cached(slot);
            if (frame != NIL) {
                holders[frames.folioOf(frame)]++;
                if (!frames.has(frames.folioOf(frame), FolioRecord.SWAPCACHE) || slotOf(frame) != slot) {
                    throw wrong("slot %d caches frame %d, which does not say so", slot, frame);
                }
            }
        }
    }

    final int head(Control list) {
        return (int) arena.control(list);
    }

    private void checkLru(Control head, Control tail, Control count, boolean active) {
        int previous = NIL;
        int found = 0;
        for (int frame = head(head); frame != NIL; frame = frames.get(frame, FolioRecord.NEXT)) {
            if (!frames.has(frame, FolioRecord.LRU) || frames.has(frame, FolioRecord.ACTIVE) != active) {
                throw wrong("frame %d is on the wrong LRU list", frame);
            }
            if (frames.get(frame, FolioRecord.PREV) != previous) {
                throw wrong("frame %d: broken LRU link", frame);
            }
            listed[frame]++;
            if (++found >= spec.frames()) {
                throw wrong("an LRU list does not end");
            }
            previous = frame;
        }
        if (head(tail) != previous || arena.control(count) != found) {
            throw wrong("LRU list: %d pages found, the count says %d", found, arena.control(count));
        }
    }

    void checkFreeList() {
        int free = 0;
        for (int frame = head(Control.FREE_HEAD); frame != NIL; frame = frames.get(frame, FolioRecord.NEXT)) {
            if (frames.get(frame, FolioRecord.FLAGS) != 0 || frames.get(frame, FolioRecord.REF) != 0) {
                throw wrong("frame %d is free and in use", frame);
            }
            listed[frame]++;
            if (++free >= spec.frames()) {
                throw wrong("the free list does not end");
            }
        }
        if (free != arena.control(Control.FREE_COUNT)) {
            throw wrong("%d frames are free, the count says %d", free, arena.control(Control.FREE_COUNT));
        }
    }

    private void checkWritebackList() {
        int waiting = 0;
        for (int frame = head(Control.WRITEBACK_HEAD); frame != NIL; frame = frames.get(frame, FolioRecord.WB_NEXT)) {
            if (!frames.has(frame, FolioRecord.WRITEBACK)) {
                throw wrong("frame %d waits for writeback it is not under", frame);
            }
            if (++waiting >= spec.frames()) {
                throw wrong("the writeback list does not end");
            }
        }
        for (int frame = 1; frame < spec.frames(); frame++) {
            if (frames.has(frame, FolioRecord.WRITEBACK)) {
                waiting--;
            }
        }
        if (waiting != 0) {
            throw wrong("%d pages are under writeback but not on its list", -waiting);
        }
    }

    /** Nobody counts its users, nothing is done to it, and it stays what it is. */
    private void checkZeroPage() {
        if (frames.get(ZERO_FRAME, FolioRecord.REF) != 1
                || frames.get(ZERO_FRAME, PageRecord.MAP) != 0
                || frames.get(ZERO_FRAME, FolioRecord.FLAGS) != FolioRecord.ALLOCATED
                || frames.load(ZERO_FRAME) != 0) {
            throw wrong(
                    "zero page: refcount %d, mapcount %d, flags %x, word %d; must be 1, 0, %x and 0",
                    frames.get(ZERO_FRAME, FolioRecord.REF),
                    frames.get(ZERO_FRAME, PageRecord.MAP),
                    frames.get(ZERO_FRAME, FolioRecord.FLAGS),
                    frames.load(ZERO_FRAME),
                    FolioRecord.ALLOCATED);
        }
    }

    void checkFrame(int frame) {
        boolean allocated = frames.has(frame, FolioRecord.ALLOCATED);
        boolean onList = !allocated || frames.has(frame, FolioRecord.LRU);
        if (listed[frame] != (onList ? 1 : 0)) {
            throw wrong("frame %d is on %d lists", frame, listed[frame]);
        }
        if (frames.get(frame, FolioRecord.REF) != holders[frame]) {
            throw wrong(
                    "frame %d: refcount %d, its parts are %d",
                    frame, frames.get(frame, FolioRecord.REF), holders[frame]);
        }
        if (allocated != holders[frame] > 0) {
            throw wrong("frame %d is lost", frame);
        }
        if (!allocated) {
            return;
        }
        if (frames.get(frame, PageRecord.MAP) != mappings[frame]) {
            throw wrong(
                    "frame %d: mapcount %d, mapped %d times",
                    frame, frames.get(frame, PageRecord.MAP), mappings[frame]);
        }
        if (frames.has(frame, FolioRecord.ISOLATED)) {
            throw wrong("frame %d is still isolated", frame);
        }
        if (frames.has(frame, FolioRecord.LOCKED) != frames.has(frame, FolioRecord.LOCKED_ELSEWHERE)) {
            throw wrong(
                    "frame %d: %s",
                    frame,
                    frames.has(frame, FolioRecord.LOCKED)
                            ? "is still locked"
                            : "a lock that somebody else holds is free");
        }
        boolean cached = frames.has(frame, FolioRecord.SWAPCACHE);
        int slot = frames.get(frame, FolioRecord.SLOT);
        if (cached && slots.cached(slot) != frame) {
            throw wrong("frame %d: its slot %d caches frame %d", frame, slot, slots.cached(slot));
        }
        if (!cached && frames.has(frame, FolioRecord.WRITEBACK)) {
            throw wrong("frame %d is written back to no slot", frame);
        }
        if (frames.anonExclusive(frame)
                && mappings[frame] > 0
                && mappings[frame] + (cached ? swapEntries[slot] : 0) > 1) {
            throw wrong(
                    "frame %d is exclusive but has %d mappings and %d swap entries",
                    frame, mappings[frame], cached ? swapEntries[slot] : 0);
        }
    }

    /** How many slots are on lists of free ones. */
    int checkFreeSlots() {
        int found = 0;
        for (int slot = slots.head(); slot != NIL; slot = slots.next(slot)) {
            if (slots.count(slot) != 0 || slots.cached(slot) != NIL) {
                throw wrong("slot %d is free and in use", slot);
            }
            if (++found > spec.slots()) {
                throw wrong("the list of free slots does not end");
            }
        }
        return found;
    }

    private void checkSlots() {
        int found = checkFreeSlots();
        if (found + slots.used() != spec.slots()) {
            throw wrong("%d slots are free, %d in use, of %d", found, slots.used(), spec.slots());
        }
        for (int slot = 0; slot < spec.slots(); slot++) {
            if (slots.count(slot) != swapEntries[slot]) {
                throw wrong("slot %d: swap count %d, %d entries", slot, slots.count(slot), swapEntries[slot]);
            }
            found += slots.count(slot) > 0 || slots.cached(slot) != NIL ? 1 : 0;
        }
        if (found != spec.slots()) {
            throw wrong("slots are lost: %d of %d found", found, spec.slots());
        }
    }

    static IllegalStateException wrong(String message, Object... values) {
        return new IllegalStateException(String.format(Locale.ROOT, message, values));
    }
}
