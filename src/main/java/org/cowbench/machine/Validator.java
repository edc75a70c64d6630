package org.cowbench.machine;

import static org.cowbench.arena.PageArena.BATCHES;
import static org.cowbench.arena.PageArena.KIND_GET;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Control;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.Pte;

/**
 * Proves that a state between two operations adds up: every reference count is the sum of its parts, map counts and swap
 * counts equal the page tables, no frame or slot is both free and in use, none is lost, and every list holds what its
 * flags say.
 */
final class Validator {
    private final PageArena arena;
    private final ArenaSpec spec;
    private final int[] references;
    private final int[] mappings;
    private final int[] swapEntries;
    private final int[] listed;

    private Validator(PageArena arena) {
        this.arena = arena;
        spec = arena.spec();
        references = new int[spec.frames()];
        mappings = new int[spec.frames()];
        swapEntries = new int[spec.slots()];
        listed = new int[spec.frames()];
    }

    static void validate(PageArena arena) {
        Validator validator = new Validator(arena);
        validator.countEntries();
        validator.countHolders();
        validator.checkLists();
        validator.checkFrames();
        validator.checkSlots();
    }

    private void countEntries() {
        for (int process = 0; process < spec.processes(); process++) {
            for (int page = 0; page < spec.pages(); page++) {
                long pte = arena.pte(process, page);
                check(arena.alive(process) || pte == Pte.NONE && arena.vmaBits(process, page) == 0,
                        "process %d has gone but maps page %d", process, page);
                if (Pte.isSwap(pte)) {
                    swapEntries[Pte.slot(pte)]++;
                } else if (Pte.isPresent(pte)) {
                    checkMapping(process, page, pte);
                } else {
                    check(pte == Pte.NONE, "process %d page %d: entry %d is neither", process, page, pte);
                }
            }
        }
    }

    private void checkMapping(int process, int page, long pte) {
        int frame = Pte.frame(pte);
        check(!Pte.isWritable(pte) || frame != ZERO_FRAME && !arena.readOnly(process, page),
                "process %d page %d: writable entry for a page that is not", process, page);
        if (frame != ZERO_FRAME) {
            check(arena.page(frame, PageRecord.INDEX) == page, "frame %d: index %d but mapped at page %d", frame,
                    arena.page(frame, PageRecord.INDEX), page);
            mappings[frame]++;
            references[frame]++;
        }
    }

    private void countHolders() {
        for (int reference = 0; reference < spec.references(); reference++) {
            int kind = arena.referenceKind(reference);
            if (kind != 0) {
                references[arena.referenceFrame(reference)] += kind == KIND_GET ? 1 : PageRecord.PIN_BIAS;
            }
        }
        for (int cpu = 0; cpu < spec.cpus(); cpu++) {
            for (int which = 0; which < BATCHES; which++) {
                int count = arena.batchCount(cpu, which);
                check(count >= 0 && count < spec.lruBatch(), "CPU %d: batch of %d pages", cpu, count);
                for (int entry = 0; entry < count; entry++) {
                    references[arena.batchEntry(cpu, which, entry)]++;
                }
            }
        }
        for (int slot = 0; slot < spec.slots(); slot++) {
            int frame = arena.cached(slot);
            if (frame != NIL) {
                references[frame]++;
                check(arena.has(frame, PageRecord.SWAPCACHE) && arena.page(frame, PageRecord.SLOT) == slot,
                        "slot %d caches frame %d, which does not say so", slot, frame);
            }
        }
    }

    private void checkLists() {
        checkLru(Control.INACTIVE_HEAD, Control.INACTIVE_TAIL, Control.INACTIVE_COUNT, false);
        checkLru(Control.ACTIVE_HEAD, Control.ACTIVE_TAIL, Control.ACTIVE_COUNT, true);
        int free = 0;
        for (int frame = head(Control.FREE_HEAD); frame != NIL; frame = arena.page(frame, PageRecord.NEXT)) {
            check(arena.page(frame, PageRecord.FLAGS) == 0 && arena.page(frame, PageRecord.REF) == 0,
                    "frame %d is free and in use", frame);
            listed[frame]++;
            check(++free < spec.frames(), "the free list does not end");
        }
        check(free == arena.control(Control.FREE_COUNT), "%d frames are free, the count says %d", free,
                arena.control(Control.FREE_COUNT));
        int writeback = 0;
        for (int frame = head(Control.WRITEBACK_HEAD); frame != NIL; frame = arena.page(frame, PageRecord.WB_NEXT)) {
            check(arena.has(frame, PageRecord.WRITEBACK), "frame %d waits for writeback it is not under", frame);
            check(++writeback < spec.frames(), "the writeback list does not end");
        }
        for (int frame = 1; frame < spec.frames(); frame++) {
            writeback -= arena.has(frame, PageRecord.WRITEBACK) ? 1 : 0;
        }
        check(writeback == 0, "pages under writeback are not on its list: %d", -writeback);
    }

    private int head(Control list) {
        return (int) arena.control(list);
    }

    private void checkLru(Control head, Control tail, Control count, boolean active) {
        int previous = NIL;
        int found = 0;
        for (int frame = head(head); frame != NIL; frame = arena.page(frame, PageRecord.NEXT)) {
            check(arena.has(frame, PageRecord.LRU) && arena.has(frame, PageRecord.ACTIVE) == active,
                    "frame %d is on the wrong LRU list", frame);
            check(arena.page(frame, PageRecord.PREV) == previous, "frame %d: broken LRU link", frame);
            listed[frame]++;
            check(++found < spec.frames(), "an LRU list does not end");
            previous = frame;
        }
        check(head(tail) == previous && arena.control(count) == found, "LRU list: %d pages found, the count says %d",
                found, arena.control(count));
    }

    private void checkFrames() {
        for (int frame = 1; frame < spec.frames(); frame++) {
            boolean allocated = arena.has(frame, PageRecord.ALLOCATED);
            boolean onList = !allocated || arena.has(frame, PageRecord.LRU);
            check(listed[frame] == (onList ? 1 : 0), "frame %d is on %d lists", frame, listed[frame]);
            check(arena.page(frame, PageRecord.REF) == references[frame], "frame %d: refcount %d, its parts are %d",
                    frame, arena.page(frame, PageRecord.REF), references[frame]);
            check(allocated == references[frame] > 0, "frame %d is lost", frame);
            if (!allocated) {
                continue;
            }
            check(arena.page(frame, PageRecord.MAP) == mappings[frame], "frame %d: mapcount %d, mapped %d times",
                    frame, arena.page(frame, PageRecord.MAP), mappings[frame]);
            check(!arena.has(frame, PageRecord.ISOLATED), "frame %d is still isolated", frame);
            boolean cached = arena.has(frame, PageRecord.SWAPCACHE);
            int slot = arena.page(frame, PageRecord.SLOT);
            check(!cached || arena.cached(slot) == frame, "frame %d: its slot %d caches frame %d", frame, slot,
                    cached ? arena.cached(slot) : NIL);
            check(cached || !arena.has(frame, PageRecord.WRITEBACK), "frame %d is written back to no slot", frame);
            check(!arena.has(frame, PageRecord.ANON_EXCLUSIVE)
                    || mappings[frame] + (cached && mappings[frame] > 0 ? swapEntries[slot] : 0) <= 1,
                    "frame %d is exclusive to %d processes", frame, mappings[frame]);
        }
    }

    private void checkSlots() {
        int free = 0;
        for (int slot = head(Control.SLOT_HEAD); slot != NIL; slot = arena.nextSlot(slot)) {
            check(arena.swapCount(slot) == 0 && arena.cached(slot) == NIL, "slot %d is free and in use", slot);
            check(++free <= spec.slots(), "the list of free slots does not end");
        }
        check(free + arena.control(Control.SLOTS_USED) == spec.slots(), "%d slots are free, %d in use, of %d", free,
                arena.control(Control.SLOTS_USED), spec.slots());
        for (int slot = 0; slot < spec.slots(); slot++) {
            check(arena.swapCount(slot) == swapEntries[slot], "slot %d: swap count %d, %d entries", slot,
                    arena.swapCount(slot), swapEntries[slot]);
            free += arena.swapCount(slot) > 0 || arena.cached(slot) != NIL ? 1 : 0;
        }
        check(free == spec.slots(), "slots are lost: %d of %d found", free, spec.slots());
    }

    private static void check(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalStateException(String.format(java.util.Locale.ROOT, message, values));
        }
    }
}
