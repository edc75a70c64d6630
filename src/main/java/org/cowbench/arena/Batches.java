package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;

import java.lang.foreign.MemorySegment;

/** Per-CPU batches of pages on their way to an LRU list, or to its tail. */
public final class Batches {
    /** Batch of pages on their way to an LRU list; such a page does not carry the LRU flag yet. */
    public static final int BATCH_ADD = 0;
    /** Batch of pages to be moved to the tail of the inactive list, filled when writeback ends. */
    public static final int BATCH_ROTATE = 1;
    /** Number of batches a CPU has. */
    public static final int BATCHES = 2;

    private final MemorySegment memory;
    private final long batches;
    private final int batchBytes;

    Batches(MemorySegment memory, ArenaLayout layout) {
        this.memory = memory;
        batches = layout.batches;
        batchBytes = layout.batchBytes;
    }

    private long batch(int cpu, int which) {
        return batches + ((long) cpu * BATCHES + which) * batchBytes;
    }

    /**
     * Number of pages in a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @return the number
     */
    public int count(int cpu, int which) {
        return memory.get(INT, batch(cpu, which));
    }

    /**
     * Sets the number of pages in a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param count the number
     */
    public void count(int cpu, int which, int count) {
        memory.set(INT, batch(cpu, which), count);
    }

    /**
     * A page of a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param entry its position
     * @return the frame
     */
    public int entry(int cpu, int which, int entry) {
        return memory.get(INT, batch(cpu, which) + (1L + entry) * Integer.BYTES);
    }

    /**
     * Sets a page of a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param entry its position
     * @param frame the frame
     */
    public void entry(int cpu, int which, int entry, int frame) {
        memory.set(INT, batch(cpu, which) + (1L + entry) * Integer.BYTES, frame);
    }
}
