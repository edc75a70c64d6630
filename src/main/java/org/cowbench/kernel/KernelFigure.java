package org.cowbench.kernel;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Situation;

/** What {@code kernel bench} reports: one access of pages in one situation, each a benchmark of the result. */
public enum KernelFigure {
    /** The read of a private page that was paged out and is still in the swap cache: a swap-in without I/O. */
    SWAP_IN_READ(KnownBenchmark.GUEST_SWAP_IN_READ, Situation.SWAPCACHE, "read"),
    /** The write of that page after the read. */
    WRITE_AFTER_READ(KnownBenchmark.GUEST_WRITE_AFTER_READ, Situation.SWAPCACHE, "write"),
    /** The write after a read when another process has the page in swap too. */
    HIDDEN_SHARER(KnownBenchmark.GUEST_HIDDEN_SHARER, Situation.HIDDEN_SHARER, "write"),
    /** The write of a present page after a fork: what a snapshot costs its writer. */
    SNAPSHOT_WRITE(KnownBenchmark.GUEST_SNAPSHOT_WRITE, Situation.FORK_SHARED, "write"),
    /** The write, without a read before it, of a page in the swap cache whose other process has gone. */
    WRITE_SWAP_IN(KnownBenchmark.GUEST_WRITE_SWAP_IN, Situation.SHARER_GONE, "write");

    /** The situations that are measured, each once in a boot, in their order. */
    public static final Set<Situation> SITUATIONS = Collections.unmodifiableSet(Arrays.stream(values())
            .map(KernelFigure::situation)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Situation.class))));

    private final KnownBenchmark benchmark;
    private final Situation situation;
    private final String access;

    KernelFigure(KnownBenchmark benchmark, Situation situation, String access) {
        this.benchmark = benchmark;
        this.situation = situation;
        this.access = access;
    }

    /**
     * What messages call a measurement: by its last access, for the read before a write is none of its own.
     *
     * @param situation one of {@link #SITUATIONS}
     * @return the benchmark's name without its class
     */
    public static String name(Situation situation) {
        return Arrays.stream(values())
                .filter(figure -> figure.situation == situation)
                .reduce((first, last) -> last)
                .orElseThrow()
                .benchmark
                .method();
    }

    /**
     * The benchmark in results.
     *
     * @return the benchmark
     */
    public KnownBenchmark benchmark() {
        return benchmark;
    }

    /**
     * What was done to the pages first.
     *
     * @return the situation
     */
    public Situation situation() {
        return situation;
    }

    /**
     * The pass of a measurement.
     *
     * @param bench a measurement in this figure's situation
     * @return its pass
     */
    public GuestBench.Pass of(GuestBench bench) {
        return bench.pass(access);
    }
}
