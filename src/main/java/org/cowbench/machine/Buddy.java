package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.BUDDY;
import static org.cowbench.arena.FolioRecord.FLAGS;
import static org.cowbench.arena.FolioRecord.NEXT;
import static org.cowbench.arena.FolioRecord.ORDER;
import static org.cowbench.arena.FolioRecord.PREV;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.Control;
import org.cowbench.arena.FreeLists;

/**
 * mm/page_alloc.c where there are large folios: free blocks of 2^k frames on a list an order, each at a multiple of its
 * size; a block is halved to give less, and merges with its other half when that is free too.
 */
final class Buddy extends PageAlloc {
    private final FreeLists lists;
    private final int largest;
    private final int count;

    Buddy(Mm mm) {
        super(mm);
        lists = arena.freeLists();
        largest = arena.spec().order();
        count = arena.spec().frames();
    }

    @Override
    void reset() {
        frames.set(ZERO_FRAME, FLAGS, ALLOCATED);
        frames.set(ZERO_FRAME, REF, 1);
        for (int order = 0; order <= largest; order++) {
            lists.head(order, NIL);
        }
        // From the end, so that low frames are given first.
        for (int end = count; end > 1; ) {
            int order = Math.min(Integer.numberOfTrailingZeros(end), largest);
            while (end - (1 << order) < 1) {
                order--;
            }
            end -= 1 << order;
            push(end, order);
        }
        arena.control(Control.FREE_HEAD, NIL);
        arena.control(Control.FREE_COUNT, count - 1);
    }

    private void push(int frame, int order) {
        int next = lists.head(order);
        frames.set(frame, FLAGS, BUDDY);
        frames.set(frame, ORDER, order);
        frames.set(frame, PREV, NIL);
        frames.set(frame, NEXT, next);
        if (next != NIL) {
            frames.set(next, PREV, frame);
        }
        lists.head(order, frame);
    }

    private void unlink(int frame, int order) {
        int prev = frames.get(frame, PREV);
        int next = frames.get(frame, NEXT);
        if (prev == NIL) {
            lists.head(order, next);
        } else {
            frames.set(prev, NEXT, next);
        }
        if (next != NIL) {
            frames.set(next, PREV, prev);
        }
        frames.set(frame, FLAGS, 0);
        frames.set(frame, ORDER, 0);
    }

    /** Takes a block, or {@code NIL} when there is none so large. */
    private int take(int order) {
        int from = order;
        while (from <= largest && lists.head(from) == NIL) {
            from++;
        }
        if (from > largest) {
            return NIL;
        }
        int frame = lists.head(from);
        unlink(frame, from);
        while (from > order) {
            from--;
            push(frame + (1 << from), from);
        }
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) - (1L << order));
        return frame;
    }

    @Override
    int alloc(Task task, int index) {
        int frame = take(0);
        if (frame == NIL) {
            throw new IllegalStateException("no free frame: a caller did not make memory free first");
        }
        return prepared(task, frame, index, arena.control(Control.FREE_COUNT));
    }

    /** Takes a large folio with one reference and no mapping, or {@code NIL}: memory is short or in splinters. */
    int allocFolio(Task task, int index, int order) {
        int folio = take(order);
        if (folio == NIL) {
            return NIL;
        }
        int size = 1 << order;
        for (int i = size - 1; i >= 0; i--) {
            prepared(task, folio + i, index + i, arena.control(Control.FREE_COUNT));
            frames.set(folio + i, REF, i == 0 ? 1 : 0);
            frames.set(folio + i, ORDER, i == 0 ? order : -i);
        }
        return folio;
    }

    /** Of a folio of any order; what it leaves in records is nothing. */
    @Override
    void free(int folio) {
        int order = frames.get(folio, ORDER);
        for (int i = (1 << order) - 1; i >= 0; i--) {
            frames.set(folio + i, FLAGS, 0);
            frames.set(folio + i, ORDER, 0);
        }
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) + (1L << order));
        int block = folio;
        for (; order < largest; order++) {
            int other = block ^ 1 << order;
            if (other + (1 << order) > count || !frames.has(other, BUDDY) || frames.get(other, ORDER) != order) {
                break;
            }
            unlink(other, order);
            block = Math.min(block, other);
        }
        push(block, order);
    }
}
