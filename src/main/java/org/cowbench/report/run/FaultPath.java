package org.cowbench.report.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.policy.Policy;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Situation;

/**
 * What a fault must do at least: how often it does each primitive. The sum of these floors is what the fault's measured
 * cost is held against.
 *
 * @param name what the path is called in the table
 * @param benchmark the fault
 * @param params its parameters other than the policy
 * @param policy the policy whose fault takes this path
 * @param parts primitives and how often each is done
 */
public record FaultPath(
        String name, KnownBenchmark benchmark, Map<String, String> params, Policy policy, List<Part> parts) {

    /**
     * A primitive and its number.
     *
     * @param primitive method of {@code Primitives}
     * @param count how often one fault does it; a half where the primitive is a pair and the fault does one of the two
     */
    public record Part(String primitive, double count) {}

    private static final Map<String, String> SWAP_CACHE = Map.of(Situation.PARAM, Situation.SWAPCACHE.name());

    /** Readings of the clock a fault: one a batch of 16, one before the first, and JMH's two around an invocation. */
    private static final double CLOCK_L2 = 7.0 / 64;

    private static final double CLOCK_DRAM = 259.0 / 4096;
    /** The same a page of a whole process. */
    private static final double CLOCK_PROCESS = 5.0 / 512;

    /** Plain loads of metadata on each path: page table, area, page record, free list, swap slot. */
    private static final double COPY_LOADS = 11;

    private static final double REUSE_LOADS = 13;
    private static final double SWAP_IN_LOADS = 12;
    private static final double FORK_LOADS = 5;
    private static final double EXIT_LOADS = 3;

    /** The page is found by its slot, locked and referenced, mapped, and the slot's count drops. */
    private static final List<Part> SWAP_IN_READ = List.of(
            new Part("swapCacheLookup", 1),
            new Part("lockUnlock", 1),
            new Part("refGetPut", 0.5),
            new Part("flagSet", 1),
            new Part("mapUnmap", 0.5),
            new Part("swapCount", 0.5),
            new Part("pteLookup", SWAP_IN_LOADS),
            new Part("pteUpdate", 1),
            new Part("countEvent", 2),
            new Part("storeWarm", 1));

    /**
     * The reference count is not 1: a frame is allocated (half of the pair), the page copied while the old one is held,
     * the new page mapped and put into an LRU batch, the old one unmapped and dropped.
     */
    private static final List<Part> COPY = List.of(
            new Part("copyWarm", 1),
            new Part("allocFree", 0.5),
            new Part("refGetPut", 1),
            new Part("mapUnmap", 1),
            new Part("lruBatch", 1),
            new Part("pteLookup", COPY_LOADS),
            new Part("pteUpdate", 1),
            new Part("countEvent", 3),
            new Part("storeWarm", 1));

    /** The page is locked and taken out of the swap cache; then its count is 1. */
    private static final List<Part> REUSE = List.of(
            new Part("lockUnlock", 1),
            new Part("freeSwapWarm", 1),
            new Part("pteLookup", REUSE_LOADS),
            new Part("pteUpdate", 1),
            new Part("countEvent", 2),
            new Part("storeWarm", 1));

    /**
     * As {@link #COPY}, where no cache holds the entry, the area, both records and both frames. The copy waits for its
     * record and frames, the allocation for the new record.
     */
    private static final List<Part> COPY_COLD = List.of(
            new Part("copyHeldCold", 1),
            new Part("allocCold", 1),
            new Part("pteChaseCold", 1),
            new Part("mapUnmap", 0.5),
            new Part("lruBatch", 1),
            new Part("pteLookup", COPY_LOADS - 2),
            new Part("pteUpdate", 1),
            new Part("countEvent", 2),
            new Part("storeWarm", 1));

    /** As {@link #REUSE}, where no cache holds the entry, the area, the record, the slot and the frame. */
    private static final List<Part> REUSE_COLD = List.of(
            new Part("lockUnlock", 1),
            new Part("freeSwapCold", 1),
            new Part("pteChaseCold", 1),
            new Part("pteLookup", REUSE_LOADS - 2),
            new Part("pteUpdate", 1),
            new Part("countEvent", 2),
            new Part("storeChasedCold", 1));

    /**
     * The paths every report sums up: a change of the fault path changes the counts here. Fork and exit of swapped pages
     * are none of them: nothing in their loops waits, so the processor overlaps pages, and the sum of what each page does
     * alone is no floor (measured: 0.3 and 0.6 of it).
     */
    public static final List<FaultPath> ALL = List.of(
            afterRead("copy, in L2", KnownBenchmark.WRITE_AFTER_READ_L2, Policy.V5_9, COPY, CLOCK_L2),
            afterRead("reuse, in L2", KnownBenchmark.WRITE_AFTER_READ_L2, Policy.V5_18, REUSE, CLOCK_L2),
            afterRead("copy, in DRAM", KnownBenchmark.WRITE_AFTER_READ_DRAM, Policy.V5_9, COPY_COLD, CLOCK_DRAM),
            afterRead("reuse, in DRAM", KnownBenchmark.WRITE_AFTER_READ_DRAM, Policy.V5_18, REUSE_COLD, CLOCK_DRAM),
            alone("read, in L2", KnownBenchmark.SWAP_IN_READ, Policy.V5_9, List.of(SWAP_IN_READ, clock(CLOCK_L2))),
            alone(
                    "read and copy, in L2",
                    KnownBenchmark.READ_THEN_WRITE,
                    Policy.V5_9,
                    List.of(SWAP_IN_READ, COPY, clock(CLOCK_L2))),
            alone(
                    "read and reuse, in L2",
                    KnownBenchmark.READ_THEN_WRITE,
                    Policy.V5_18,
                    List.of(SWAP_IN_READ, REUSE, clock(CLOCK_L2))),
            alone(
                    "write, in L2",
                    KnownBenchmark.WRITE_SWAP_IN,
                    Policy.V5_18,
                    List.of(SWAP_IN_READ, List.of(new Part("freeSwapWarm", 1)), clock(CLOCK_L2))),
            alone(
                    "fork, present",
                    KnownBenchmark.FORK_PRESENT,
                    Policy.V5_9,
                    List.of(
                            List.of(
                                    new Part("refGetPut", 0.5),
                                    new Part("mapUnmap", 0.5),
                                    new Part("pteUpdate", 3),
                                    new Part("pteLookup", FORK_LOADS)),
                            clock(CLOCK_PROCESS))),
            alone(
                    "exit, present",
                    KnownBenchmark.EXIT_PRESENT,
                    Policy.V5_9,
                    List.of(
                            List.of(
                                    new Part("refGetPut", 0.5),
                                    new Part("mapUnmap", 0.5),
                                    new Part("pteUpdate", 2),
                                    new Part("pteLookup", EXIT_LOADS)),
                            clock(CLOCK_PROCESS))));

    private static FaultPath afterRead(
            String name, KnownBenchmark benchmark, Policy policy, List<Part> parts, double clock) {
        return new FaultPath(name, benchmark, SWAP_CACHE, policy, sum(List.of(parts, clock(clock))));
    }

    private static FaultPath alone(String name, KnownBenchmark benchmark, Policy policy, List<List<Part>> stretches) {
        return new FaultPath(name, benchmark, Map.of(), policy, sum(stretches));
    }

    private static List<Part> clock(double readings) {
        return List.of(new Part("clock", readings));
    }

    /** A primitive that several stretches of a path do is one part. */
    private static List<Part> sum(List<List<Part>> stretches) {
        Map<String, Double> counts = new LinkedHashMap<>();
        stretches.stream()
                .flatMap(List::stream)
                .forEach(part -> counts.merge(part.primitive(), part.count(), Double::sum));
        return counts.entrySet().stream()
                .map(entry -> new Part(entry.getKey(), entry.getValue()))
                .toList();
    }
}
