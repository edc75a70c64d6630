package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.LOCKED;
import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.RECLAIM;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.WB_NEXT;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageArena.NIL;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;

/** mm/page_io.c: the swap device, and pages under writeback to it. */
class PageIo {
    // What a process has made of the device, beside what it is of itself: going on, 0, or stalled by the adversary,
    // 1.
    private static final int STALLED = 2;
    private static final int HELD = 3;

    private final PageArena arena;
    private final ReusePolicy policy;
    private final MachineOptions options;
    private final Frames frames;
    private final SwapSlots slots;
    private final Lru lru;

    PageIo(Mm mm) {
        arena = mm.arena;
        policy = mm.policy;
        options = mm.options;
        frames = mm.arena.frames();
        slots = mm.arena.slots();
        lru = mm.lru;
    }

    void reset() {
        arena.control(Control.WRITEBACK_HEAD, NIL);
        arena.control(Control.WRITEBACK_TAIL, NIL);
    }

    /** Reads a slot from the device into a frame. */
    void read(Task task, int slot, int frame) {
        slots.read(slot, frame);
        task.count(Counter.SWAP_READS, 1);
    }

    /**
     * swap_writepage of a folio, to its slot and those that follow. Which of them are zero-filled matters to who reads a folio
     * whole, as only from a device that answers at once, and to a collapse, which waits for no device.
     */
    void write(Task task, int frame, int slot) {
        int pages = frames.pages(frame);
        boolean zeroes = policy.swapsOutZeroesAtOnce();
        for (int i = 0; i < pages; i++) {
            slots.write(frame + i, slot + i);
            zeroes = zeroes && frames.load(frame + i) == 0;
        }
        if (options.synchronousIo() || arena.spec().pmd()) {
            for (int i = 0; i < pages; i++) {
                slots.zeroes(slot + i, zeroes);
            }
        }
        if (zeroes) {
            return;
        }
        task.count(Counter.SWAP_WRITES, pages);
        if (pages > 1) {
            task.count(Counter.SWPOUT_LARGE, 1);
        }
        if (options.synchronousIo()) {
            return;
        }
        frames.setFlags(frame, WRITEBACK | RECLAIM);
        frames.set(frame, WB_NEXT, NIL);
        frames.writebackDue(frame, options.writeback() > 0 ? arena.control(Control.CLOCK) + options.writeback() : 0);
        int last = (int) arena.control(Control.WRITEBACK_TAIL);
        if (last == NIL) {
            arena.control(Control.WRITEBACK_HEAD, frame);
        } else {
            frames.set(last, WB_NEXT, frame);
        }
        arena.control(Control.WRITEBACK_TAIL, frame);
    }

    /**
     * Ends the writeback that began first, on the CPU of a task; a page on an LRU list then waits in a batch there to
     * be moved to the list's tail.
     */
    void endFirst(Task task) {
        int frame = (int) arena.control(Control.WRITEBACK_HEAD);
        int next = frames.get(frame, WB_NEXT);
        arena.control(Control.WRITEBACK_HEAD, next);
        if (next == NIL) {
            arena.control(Control.WRITEBACK_TAIL, NIL);
        }
        frames.writebackDue(frame, 0);
        int before = frames.clearFlags(frame, WRITEBACK | RECLAIM);
        if ((before & (RECLAIM | LRU | DIRTY | LOCKED)) == (RECLAIM | LRU)) {
            lru.rotate(task, frame);
        }
    }

    /** Whether pages are under writeback and the device goes on, so that it will end. */
    boolean goesOn() {
        return arena.control(Control.WRITEBACK_HEAD) != NIL && arena.control(Control.DEVICE_STALLED) == 0;
    }

    /** From now on the device writes nothing of what it is told, until somebody waits for it, if it has not stalled. */
    void hold() {
        if (arena.control(Control.DEVICE_STALLED) == 0) {
            arena.control(Control.DEVICE_STALLED, HELD);
        }
    }

    /** The device stalls, or goes on. */
    void stall(Task task, boolean stalled) {
        if (stalled) {
            arena.control(Control.DEVICE_STALLED, STALLED);
        } else {
            goOn(task);
        }
    }

    /** Somebody waits for a device that is {@linkplain #hold held}. */
    void await(Task task) {
        if (arena.control(Control.DEVICE_STALLED) == HELD) {
            goOn(task);
        }
    }

    /**
     * Ends all writeback, and drains all batches, by definition: which pages its end moves to a list's tail, by way of a
     * batch, and who drains that by the way, is for no script. What the device was told to write it reads from memory only
     * now, whatever the page has become since; pages of large folios are never held.
     */
    private void goOn(Task task) {
        arena.control(Control.DEVICE_STALLED, 0);
        int frame = (int) arena.control(Control.WRITEBACK_HEAD);
        for (; frame != NIL; frame = frames.get(frame, WB_NEXT)) {
            slots.write(frame, frames.get(frame, SLOT));
        }
        endAll(task);
        lru.addDrainAll();
    }

    /** Ends all writeback that a device ends which somebody waits for. */
    void endAll(Task task) {
        await(task);
        while (goesOn()) {
            endFirst(task);
        }
    }

    /** Lets time pass where time ends writeback. */
    void tick(Task task) {
        if (!goesOn() || options.writeback() == MachineOptions.EXPLICIT) {
            return;
        }
        long now = arena.control(Control.CLOCK) + 1;
        if (options.writeback() > 0) {
            arena.control(Control.CLOCK, now);
        }
        while (goesOn() && frames.writebackDue((int) arena.control(Control.WRITEBACK_HEAD)) <= now) {
            endFirst(task);
        }
    }
}
