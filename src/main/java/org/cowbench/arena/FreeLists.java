package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;

import java.lang.foreign.MemorySegment;

/** Where the lists of free memory and of free swap begin in a machine with large folios. */
public final class FreeLists {
    /** The list of runs of swap slots that are free as a whole; the lists before it are of free blocks, by order. */
    public static final int FREE_RUNS = ArenaSpec.PMD_ORDER + 1;
    /** The list of runs of which some slots are free. */
    public static final int PARTLY_FREE_RUNS = FREE_RUNS + 1;
    /** Number of lists. */
    public static final int LISTS = PARTLY_FREE_RUNS + 1;

    /** Bytes that the heads take. */
    static final int BYTES = LISTS * Integer.BYTES;

    private final MemorySegment memory;
    private final long heads;

    FreeLists(MemorySegment memory, ArenaLayout layout) {
        this.memory = memory;
        heads = layout.heads;
    }

    /**
     * The first of a list.
     *
     * @param list an order, or one of the constants
     * @return the frame or slot, or {@link PageArena#NIL}
     */
    public int head(int list) {
        return memory.get(INT, heads + (long) list * Integer.BYTES);
    }

    /**
     * Sets the first of a list.
     *
     * @param list an order, or one of the constants
     * @param first the frame or slot, or {@link PageArena#NIL}
     */
    public void head(int list, int first) {
        memory.set(INT, heads + (long) list * Integer.BYTES, first);
    }
}
