package org.cowbench.machine;

import static org.cowbench.arena.Batches.BATCHES;
import static org.cowbench.arena.Batches.BATCH_ADD;
import static org.cowbench.arena.Batches.BATCH_ROTATE;
import static org.cowbench.arena.FolioRecord.ACTIVE;
import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.NEXT;
import static org.cowbench.arena.FolioRecord.PREV;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;

/** mm/swap.c: references to pages, LRU lists, and the batches in which each CPU keeps pages on their way to them. */
class Lru {
    private final PageArena arena;
    final Frames frames;
    private final Batches batches;
    private final PageAlloc pageAlloc;
    private final int capacity;

    Lru(Mm mm) {
        arena = mm.arena;
        frames = mm.arena.frames();
        batches = mm.arena.batches();
        pageAlloc = mm.pageAlloc;
        capacity = mm.arena.spec().lruBatch();
    }

    void reset() {
        arena.control(Control.INACTIVE_HEAD, NIL);
        arena.control(Control.INACTIVE_TAIL, NIL);
        arena.control(Control.ACTIVE_HEAD, NIL);
        arena.control(Control.ACTIVE_TAIL, NIL);
    }

    void get(int frame, int count) {
        if (frame != ZERO_FRAME) {
            frames.addRef(frame, count);
        }
    }

    /** Drops references to a folio; the last one frees it. */
    void put(int frame, int count) {
        if (frame != ZERO_FRAME && frames.addRef(frame, -count) == 0) {
            if (frames.has(frame, LRU)) {
                remove(frame);
            }
            pageAlloc.free(frame);
        }
    }

    /** folio_rotate_reclaimable: the page joins the CPU's batch of those that go to the tail of the inactive list. */
    void rotate(Task task, int frame) {
        batch(task.cpu(), BATCH_ROTATE, frame);
    }

    /** lru_cache_add: the page joins the CPU's batch, which holds a reference until it is drained. */
    void add(Task task, int frame) {
        batch(task.cpu(), BATCH_ADD, frame);
    }

    private void batch(int cpu, int which, int frame) {
        int count = batches.count(cpu, which);
        frames.addRef(frame, 1);
        batches.entry(cpu, which, count, frame);
        batches.count(cpu, which, ++count);
        if (count == capacity) {
            drain(cpu, which);
        }
    }

    final void drain(int cpu, int which) {
        int count = batches.count(cpu, which);
        batches.count(cpu, which, 0);
        for (int entry = 0; entry < count; entry++) {
            int frame = batches.entry(cpu, which, entry);
            // So that equal states are equal bytes.
            batches.entry(cpu, which, entry, 0);
            if (which == BATCH_ADD) {
                insert(frame, false);
            } else if (frames.has(frame, LRU)) {
                remove(frame);
                frames.clearFlags(frame, ACTIVE);
                insert(frame, true);
            }
            put(frame, 1);
        }
    }

    void drainCpu(int cpu) {
        for (int which = 0; which < BATCHES; which++) {
            drain(cpu, which);
        }
    }

    void addDrainAll() {
        for (int cpu = 0; cpu < arena.spec().cpus(); cpu++) {
            drainCpu(cpu);
        }
    }

    /** lru_add_drain: empties the batches of a task's CPU. */
    void addDrain(Task task) {
        task.count(Counter.LRU_DRAINS, 1);
        drainCpu(task.cpu());
    }

    /** Puts a page on the list its ACTIVE flag names. */
    void insert(int frame, boolean atTail) {
        boolean active = frames.has(frame, ACTIVE);
        Control head = active ? Control.ACTIVE_HEAD : Control.INACTIVE_HEAD;
        Control tail = active ? Control.ACTIVE_TAIL : Control.INACTIVE_TAIL;
        if (atTail) {
            int last = (int) arena.control(tail);
            link(frame, last, NIL, head, tail);
        } else {
            int first = (int) arena.control(head);
            link(frame, NIL, first, head, tail);
        }
        Control count = active ? Control.ACTIVE_COUNT : Control.INACTIVE_COUNT;
        arena.control(count, arena.control(count) + 1);
        frames.setFlags(frame, LRU);
    }

    private void link(int frame, int prev, int next, Control head, Control tail) {
        frames.set(frame, PREV, prev);
        frames.set(frame, NEXT, next);
        if (prev == NIL) {
            arena.control(head, frame);
        } else {
            frames.set(prev, NEXT, frame);
        }
        if (next == NIL) {
            arena.control(tail, frame);
        } else {
            frames.set(next, PREV, frame);
        }
    }

    void remove(int frame) {
        boolean active = frames.has(frame, ACTIVE);
        int prev = frames.get(frame, PREV);
        int next = frames.get(frame, NEXT);
        if (prev == NIL) {
            arena.control(active ? Control.ACTIVE_HEAD : Control.INACTIVE_HEAD, next);
        } else {
            frames.set(prev, NEXT, next);
        }
        if (next == NIL) {
            arena.control(active ? Control.ACTIVE_TAIL : Control.INACTIVE_TAIL, prev);
        } else {
            frames.set(next, PREV, prev);
        }
        Control count = active ? Control.ACTIVE_COUNT : Control.INACTIVE_COUNT;
        arena.control(count, arena.control(count) - 1);
        frames.clearFlags(frame, LRU);
    }
}
