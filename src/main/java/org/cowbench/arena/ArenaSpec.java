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
 * @param order order of the large folios that the area may be backed by, 2 to 9, and then it is one area from its first
 *     page to its last; 0 for base pages only, each of them an area of its own
 * @param pmd whether such a folio fills what one page table maps, so that a PMD entry may map it whole
 */
public record ArenaSpec(
        int frames,
        int slots,
        int processes,
        int pages,
        int cpus,
        int references,
        int lruBatch,
        int frameBytes,
        int order,
        boolean pmd) {
    /** Order of a folio of 2 MiB, the largest. */
    public static final int PMD_ORDER = 9;
    /** Folios that may be lost to pages which keep the rest of one from being free, in a roomy machine. */
    private static final int SPLINTERS = 32;

    /** Checks the ranges. */
    public ArenaSpec {
        if (frames < 2
                || slots < 0
                || processes < 1
                || pages < 1
                || cpus < 1
                || references < 0
                || lruBatch < 1
                || frameBytes < 8
                || frameBytes % 8 != 0) {
            throw new IllegalArgumentException("not a machine: frames " + frames + ", slots " + slots + ", processes "
                    + processes + ", pages " + pages + ", cpus " + cpus + ", references " + references + ", lruBatch "
                    + lruBatch + ", frameBytes " + frameBytes);
        }
        if (order < 0
                || order == 1
                || order > PMD_ORDER
                || pmd && order == 0
                || pages % (1 << order) != 0
                || slots % (1 << order) != 0) {
            throw new IllegalArgumentException("no such folios: order " + order + " (0, or 2 to " + PMD_ORDER
                    + "), pmd " + pmd + ", pages " + pages + " and slots " + slots + " must be whole folios");
        }
    }

    /**
     * A machine of base pages only.
     *
     * @param frames number of page frames
     * @param slots number of swap slots
     * @param processes number of processes
     * @param pages pages in each process's area
     * @param cpus number of CPUs
     * @param references number of references
     * @param lruBatch entries of an LRU batch
     * @param frameBytes bytes in a frame
     */
    public ArenaSpec(
            int frames, int slots, int processes, int pages, int cpus, int references, int lruBatch, int frameBytes) {
        this(frames, slots, processes, pages, cpus, references, lruBatch, frameBytes, 0, false);
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
        return new ArenaSpec(
                1 + 2 * mapped + held + 1, 2 * cached + 2, processes, pages, cpus, references, lruBatch, frameBytes);
    }

    /**
     * A machine with large folios in which a script does not run out of anything: neither of frames, nor of whole
     * folios that are free, nor of whole runs of swap slots.
     *
     * @param processes number of processes
     * @param pages pages in each process's area
     * @param cpus number of CPUs
     * @param references number of references
     * @param lruBatch entries of an LRU batch
     * @param frameBytes bytes in a frame
     * @param order order of the folios
     * @param pmd whether a PMD entry may map one
     * @return the shape: every process and every reference may own a folio at every place beside a page at every place,
     *     and a good many may be split
     */
    public static ArenaSpec roomyLarge(
            int processes, int pages, int cpus, int references, int lruBatch, int frameBytes, int order, boolean pmd) {
        int size = 1 << order;
        int held = references + cpus * Batches.BATCHES * lruBatch;
        int single = processes * pages + held;
        int folios = processes * (pages >> order) + references + 2 + Math.min(single, SPLINTERS);
        int frames = (folios << order) + single + size + 1;
        int slots = 2 * ((folios << order) + single);
        return new ArenaSpec(
                frames,
                (slots / size + 1) * size,
                processes,
                pages,
                cpus,
                references,
                lruBatch,
                frameBytes,
                order,
                pmd);
    }
}
