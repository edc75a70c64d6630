package org.cowbench.kernel;

/** What {@code kernel bench} reports: one access of one kind of page, each a benchmark of the result. */
public enum KernelFigure {
    /** The read of a private page that was paged out and is still in the swap cache: a swap-in without I/O. */
    SWAP_IN_READ("swapInRead", BenchKind.REREAD, "read"),
    /** The write of that page after the read. */
    WRITE_AFTER_READ("writeAfterRead", BenchKind.REREAD, "write"),
    /** The write after a read when another process has the page in swap too. */
    HIDDEN_SHARER("hiddenSharer", BenchKind.HIDDEN, "write"),
    /** The write of a present page after a fork. */
    SNAPSHOT_WRITE("snapshotWrite", BenchKind.SNAPSHOT, "write"),
    /** The write, without a read before it, of a page in the swap cache whose other process has gone. */
    WRITE_SWAP_IN("writeSwapIn", BenchKind.GONE, "write");

    private final String id;
    private final BenchKind kind;
    private final String access;

    KernelFigure(String id, BenchKind kind, String access) {
        this.id = id;
        this.kind = kind;
        this.access = access;
    }

    /**
     * The benchmark's name without package and class.
     *
     * @return a camel-case name
     */
    public String id() {
        return id;
    }

    /**
     * What was done to the pages first.
     *
     * @return the kind of measurement
     */
    public BenchKind kind() {
        return kind;
    }

    /**
     * The pass of a measurement.
     *
     * @param bench a measurement of this figure's kind
     * @return its pass
     */
    public GuestBench.Pass of(GuestBench bench) {
        return bench.pass(access);
    }
}
