package org.cowbench.bench;

import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.machine.Counters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What {@link Primitives} run over: a row of pages, their copies' frames, and the order in which they are used. */
@State(Scope.Thread)
public abstract class RowOfPages {
    /** Entries of an LRU batch, as up to v6.8. */
    static final int LRU_BATCH = 15;

    private static final int FRAME_BYTES = 4096;
    private static final int LINE = 64;
    /** Offset of a page's last line, in bytes. */
    static final int LAST_LINE = FRAME_BYTES - LINE;

    PageArena arena;
    Frames frames;
    PageTables tables;
    SwapSlots slots;
    Batches batches;
    final Counters counters = new Counters();
    int[] order;
    int pages;
    private int next;
    private int passes;

    /** Made by JMH. */
    protected RowOfPages() {}

    /**
     * Returns the size of the set.
     *
     * @return number of pages
     */
    abstract int size();

    /** Builds the arena and touches all of it. */
    @Setup
    public void build() {
        pages = size();
        arena = PageArena.map(new ArenaSpec(2 * pages, pages, 1, pages, 1, 0, LRU_BATCH, FRAME_BYTES), true);
        arena.clear();
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        batches = arena.batches();
        order = Shuffled.order(pages);
        for (int page = 0; page < pages; page++) {
            // Each entry, and each line, names the page that comes next in the order, so that the order can be chased.
            int next = order[page + 1 < pages ? page + 1 : 0];
            tables.pte(0, order[page], Pte.present(next, 0));
            for (int offset = 0; offset < FRAME_BYTES; offset += LINE) {
                frames.store(order[page], offset, next);
            }
            frames.set(page, FolioRecord.REF, 1);
            slots.cached(page, page);
        }
        // The frames of copies are free, in a ring.
        for (int frame = pages; frame < 2 * pages; frame++) {
            frames.set(frame, FolioRecord.NEXT, frame + 1 < 2 * pages ? frame + 1 : pages);
        }
        arena.control(Control.FREE_HEAD, pages);
        ForkProbe.hardware();
    }

    /**
     * Moves on by a row of pages; over the large set rows follow each other, so each finds its pages cold.
     *
     * @param count length of the row
     * @return where it begins in {@link #order}
     */
    int begin(int count) {
        int begin = next;
        next = begin + count < pages ? begin + count : 0;
        passes += next == 0 ? 1 : 0;
        return begin;
    }

    /** Passes over the set that have ended. */
    final int passes() {
        return passes;
    }

    /**
     * Returns the line of each page that this pass stores to.
     *
     * @return its offset in the page, in bytes
     */
    int line() {
        return 0;
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        arena.close();
    }

    /** Pages that fit in a second-level cache. */
    @State(Scope.Thread)
    public static class Warm extends RowOfPages {
        /** Made by JMH. */
        public Warm() {}

        @Override
        int size() {
            return WriteAfterRead.L2_PAGES;
        }
    }

    /** Pages that fit in no cache. */
    @State(Scope.Thread)
    public static class Cold extends RowOfPages {
        /** Made by JMH. */
        public Cold() {}

        @Override
        int size() {
            return WriteAfterRead.DRAM_PAGES;
        }

        /**
         * Another line each time, so that no cache holds it that does not hold the pages. Lines of a pair, which processors
         * like to fetch together, are half of all passes apart.
         */
        @Override
        int line() {
            int pairs = FRAME_BYTES / (2 * LINE);
            return (passes() % pairs * 2 + passes() / pairs % 2) * LINE;
        }
    }
}
