package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.FLAGS;
import static org.cowbench.arena.FolioRecord.NEXT;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageRecord.INDEX;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;

/** mm/page_alloc.c: the free list. */
class PageAlloc {
    final PageArena arena;
    final Frames frames;

    PageAlloc(Mm mm) {
        arena = mm.arena;
        frames = mm.arena.frames();
    }

    void reset() {
        int count = arena.spec().frames();
        // The zero page is in use for ever; its records are not counted.
        frames.set(ZERO_FRAME, FLAGS, ALLOCATED);
        frames.set(ZERO_FRAME, REF, 1);
        for (int frame = 1; frame < count; frame++) {
            frames.set(frame, NEXT, frame + 1 < count ? frame + 1 : NIL);
        }
        arena.control(Control.FREE_HEAD, 1);
        arena.control(Control.FREE_COUNT, count - 1);
    }

    int freeFrames() {
        return (int) arena.control(Control.FREE_COUNT);
    }

    /** Takes a frame with one reference and no mapping; there must be one. */
    int alloc(Task task, int index) {
        int frame = (int) arena.control(Control.FREE_HEAD);
        if (frame == NIL) {
            throw new IllegalStateException("no free frame: a caller did not make memory free first");
        }
        long free = arena.control(Control.FREE_COUNT) - 1;
        arena.control(Control.FREE_HEAD, frames.get(frame, NEXT));
        arena.control(Control.FREE_COUNT, free);
        return prepared(task, frame, index, free);
    }

    /** prep_new_page. */
    final int prepared(Task task, int frame, int index, long free) {
        frames.set(frame, REF, 1);
        frames.set(frame, FLAGS, ALLOCATED);
        frames.set(frame, INDEX, index);
        task.count(Counter.FRAMES_ALLOCATED, 1);
        long used = arena.spec().frames() - 1 - free;
        task.counters().atLeast(Counter.PEAK_FRAMES, used);
        return frame;
    }

    /** __free_page: nobody holds it, and no list does. */
    void free(int frame) {
        frames.set(frame, FLAGS, 0);
        frames.set(frame, NEXT, (int) arena.control(Control.FREE_HEAD));
        arena.control(Control.FREE_HEAD, frame);
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) + 1);
    }
}
