package org.cowbench.arena;

/**
 * The shape of a machine.
 *
 * @param frames number of page frames, the zero page (frame 0) included
 * @param slots number of swap slots
 * @param processes number of processes that can exist at once
 * @param pages pages in each process's area
 * @param cpus number of CPUs, each with its own LRU batches
 * @param references number of references (pipes and pins) that can be held at once
 * @param lruBatch entries of a per-CPU LRU batch: 15 up to Linux 6.8, 31 from 6.9
 * @param frameBytes bytes in a frame, a multiple of 8
 */
public record ArenaSpec(int frames, int slots, int processes, int pages, int cpus, int references, int lruBatch,
        int frameBytes) {

    /** Checks the ranges. */
    public ArenaSpec {
        if (frames < 2 || slots < 0 || processes < 1 || pages < 1 || cpus < 1 || references < 0 || lruBatch < 1
                || frameBytes < 8 || frameBytes % 8 != 0) {
            throw new IllegalArgumentException("not a machine: frames " + frames + ", slots " + slots + ", processes "
                    + processes + ", pages " + pages + ", cpus " + cpus + ", references " + references + ", lruBatch "
                    + lruBatch + ", frameBytes " + frameBytes);
        }
    }

    /**
     * A machine in which a script can never run out of anything.
     *
     * @param processes number of processes
     * @param pages pages in each process's area
     * @param cpus number of CPUs
     * @param references number of references
     * @param lruBatch entries of an LRU batch
     * @param frameBytes bytes in a frame
     * @return the shape: every process may own every page, every reference and every batch entry may hold one more
     */
    public static ArenaSpec roomy(int processes, int pages, int cpus, int references, int lruBatch, int frameBytes) {
        int mapped = processes * pages;
        int held = references + cpus * Batches.BATCHES * lruBatch;
        // Swap more than twice what can be used, so that vm_swap_full is never true by accident.
        int cached = mapped + held;
        return new ArenaSpec(1 + 2 * mapped + held + 1, 2 * cached + 2, processes, pages, cpus, references, lruBatch,
                frameBytes);
    }
}
