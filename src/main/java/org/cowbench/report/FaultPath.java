package org.cowbench.report;

import java.util.ArrayList;
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
     * @param count how often one fault does it; a half where the primitive is a pair and the fault does one of the two;
     *     negative to take out what another part already holds
     */
    record Part(String primitive, double count) {}

    private static final Map<String, String> SWAP_CACHE = Map.of("situation", "SWAPCACHE");

    /** Faults that share one reading of the clock. */
    private static final double BATCH = 16;

    /** The paths every report sums up: a change of the fault path changes the counts here. */
    static final List<FaultPath> ALL = List.of(
            copy("copy, in L2", "WriteAfterRead.l2", "copyWarm", "pteUpdate", "refGetPut"),
            reuse("reuse, in L2", "WriteAfterRead.l2", "pteUpdate", "storeWarm", List.of()),
            copy("copy, in DRAM", "WriteAfterRead.dram", "copyCold", "pteUpdateCold", "refGetPutCold"),
            // The first touch of the page record misses the cache; the lock's own primitive was measured warm.
            reuse("reuse, in DRAM", "WriteAfterRead.dram", "pteUpdateCold", "storeCold",
                    List.of(new Part("refGetPutCold", 1), new Part("refGetPut", -1))));

    /**
     * The reference count is not 1: a frame is allocated (half of the pair), the page copied while the old one is held,
     * the new page mapped and put into an LRU batch, the old one unmapped and dropped.
     */
    private static FaultPath copy(String name, String benchmark, String copy, String pteUpdate, String refGetPut) {
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_9, List.of(
                new Part(copy, 1), new Part("allocFree", 0.5), new Part(refGetPut, 1), new Part("mapUnmap", 1),
                new Part("lruBatch", 1), new Part("pteLookup", 2), new Part(pteUpdate, 1), new Part("countEvent", 3),
                new Part("storeWarm", 1), new Part("clock", 1 / BATCH)));
    }

    /** The page is locked, marked dirty and taken out of the swap cache (half of the pair); then its count is 1. */
    private static FaultPath reuse(
            String name, String benchmark, String pteUpdate, String store, List<Part> misses) {
        List<Part> parts = new ArrayList<>(List.of(
                new Part("lockUnlock", 1), new Part("flagSet", 1), new Part("swapCacheAddRemove", 0.5),
                new Part("pteLookup", 2), new Part(pteUpdate, 1), new Part("countEvent", 2), new Part(store, 1),
                new Part("clock", 1 / BATCH)));
        parts.addAll(misses);
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_18, List.copyOf(parts));
    }
}
