package org.cowbench.report;

import java.util.List;
import java.util.Map;
import org.cowbench.policy.Policy;

/**
 * What a fault must do at least: how often it does each primitive. The sum of these floors is what the fault's measured
 * cost is held against.
 *
 * @param name what the path is called in the table
 * @param benchmark {@code Class.method} of the fault
 * @param params its parameters other than the policy
 * @param policy the policy whose fault takes this path
 * @param parts primitives and how often each is done
 */
record FaultPath(String name, String benchmark, Map<String, String> params, Policy policy, List<Part> parts) {

    /**
     * A primitive and its number.
     *
     * @param primitive method of {@code Primitives}
     * @param count how often one fault does it; a half where the primitive is a pair and the fault does one of the two
     */
    record Part(String primitive, double count) {}

    private static final Map<String, String> SWAP_CACHE = Map.of("situation", "SWAPCACHE");

    /** Readings of the clock a fault: one a batch of 16, one before the first, and JMH's two around an invocation. */
    private static final double CLOCK_L2 = 7.0 / 64;
    private static final double CLOCK_DRAM = 259.0 / 4096;

    /** Plain loads of metadata on each path: page table, area, page record, free list, swap slot. */
    private static final double COPY_LOADS = 11;
    private static final double REUSE_LOADS = 13;

    /** The paths every report sums up: a change of the fault path changes the counts here. */
    static final List<FaultPath> ALL = List.of(
            copy("copy, in L2", "WriteAfterRead.l2", "copyWarm", "pteUpdate", "refGetPut", CLOCK_L2),
            reuse("reuse, in L2", "WriteAfterRead.l2", "pteUpdate", "freeSwapWarm", "storeWarm", CLOCK_L2),
            copy("copy, in DRAM", "WriteAfterRead.dram", "copyCold", "pteUpdateCold", "refGetPutCold",
                    CLOCK_DRAM),
            reuse("reuse, in DRAM", "WriteAfterRead.dram", "pteUpdateCold", "freeSwapCold", "storeCold",
                    CLOCK_DRAM));

    /**
     * The reference count is not 1: a frame is allocated (half of the pair), the page copied while the old one is held,
     * the new page mapped and put into an LRU batch, the old one unmapped and dropped.
     */
    private static FaultPath copy(String name, String benchmark, String copy, String pteUpdate, String refGetPut,
            double clock) {
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_9, List.of(
                new Part(copy, 1), new Part("allocFree", 0.5), new Part(refGetPut, 1), new Part("mapUnmap", 1),
                new Part("lruBatch", 1), new Part("pteLookup", COPY_LOADS), new Part(pteUpdate, 1),
                new Part("countEvent", 3), new Part("storeWarm", 1), new Part("clock", clock)));
    }

    /** The page is locked and taken out of the swap cache; then its count is 1. */
    private static FaultPath reuse(String name, String benchmark, String pteUpdate, String freeSwap, String store,
            double clock) {
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_18, List.of(
                new Part("lockUnlock", 1), new Part(freeSwap, 1), new Part("pteLookup", REUSE_LOADS),
                new Part(pteUpdate, 1), new Part("countEvent", 2), new Part(store, 1), new Part("clock", clock)));
    }
}
