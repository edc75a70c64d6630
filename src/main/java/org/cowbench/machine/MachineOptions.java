package org.cowbench.machine;

/**
 * What a machine's swap device and reclaim are like.
 *
 * @param writeback when writeback ends: {@link #AT_ONCE} (with the operation that began it), {@link #EXPLICIT} (by a
 *     drain, or where reclaim waits for it), or after that many operations
 * @param synchronousIo the device answers at once (SWP_SYNCHRONOUS_IO, such as zram)
 * @param stableWrites a page must not change while the device reads it (SWP_STABLE_WRITES)
 * @param readahead largest swap readahead window in pages, {@code 1 << page-cluster}: 8 by default, 1 for none
 * @param reclaim whether memory that runs low is reclaimed; if not, an operation that finds none free fails
 * @param audit whether needless copies are counted, which looks at every copied page once more
 * @param largeSwap whether the device gives a large folio a run of slots; one that rotates does not up to v6.12, and the
 *     folio is split before it goes out
 * @param zeroPage whether a read of untouched memory maps the shared zero page; a kernel may forbid it
 *     (mm_forbids_zeropage of v6.10, and some hypervisors' guests), and then a read brings in a page as a write does
 */
public record MachineOptions(
        long writeback,
        boolean synchronousIo,
        boolean stableWrites,
        int readahead,
        boolean reclaim,
        boolean audit,
        boolean largeSwap,
        boolean zeroPage) {
    /** Writeback ends with the operation that began it. */
    public static final long AT_ONCE = 0;
    /** Writeback ends when it is told to. */
    public static final long EXPLICIT = -1;

    /**
     * What litmus scripts run on, in the model and in a guest: an asynchronous device whose writeback has ended when
     * the next step begins, no readahead.
     */
    public static final MachineOptions LITMUS = new MachineOptions(AT_ONCE, false, false, 1, false, true);

    /**
     * Options for a device that gives large folios runs of slots, on a kernel that has a zero page.
     *
     * @param writeback when writeback ends
     * @param synchronousIo whether the device answers at once
     * @param stableWrites whether a page must not change while the device reads it
     * @param readahead largest swap readahead window in pages
     * @param reclaim whether memory that runs low is reclaimed
     * @param audit whether needless copies are counted
     */
    public MachineOptions(
            long writeback,
            boolean synchronousIo,
            boolean stableWrites,
            int readahead,
            boolean reclaim,
            boolean audit) {
        this(writeback, synchronousIo, stableWrites, readahead, reclaim, audit, true, true);
    }

    /**
     * The same machine where reads of untouched memory bring in pages of their own.
     *
     * @return its options
     */
    public MachineOptions withoutZeroPage() {
        return new MachineOptions(writeback, synchronousIo, stableWrites, readahead, reclaim, audit, largeSwap, false);
    }

    /**
     * The same machine with a device as zram is, or a disk.
     *
     * @param zram whether the device answers at once and needs stable pages
     * @return its options
     */
    public MachineOptions synchronous(boolean zram) {
        return new MachineOptions(writeback, zram, zram, readahead, reclaim, audit, largeSwap, zeroPage);
    }

    /** Checks the ranges. */
    public MachineOptions {
        if (writeback < EXPLICIT || Integer.bitCount(readahead) != 1 || readahead > 32) {
            throw new IllegalArgumentException("not machine options: writeback " + writeback + ", readahead "
                    + readahead + " (a power of two up to 32)");
        }
    }
}
