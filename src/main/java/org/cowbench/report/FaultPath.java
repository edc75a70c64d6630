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
     * @param count how often one fault does it
     */
    record Part(String primitive, double count) {}

    private static final Map<String, String> SWAP_CACHE = Map.of("situation", "SWAPCACHE");

    /** The paths every report sums up: a change of the fault path changes the counts here. */
    static final List<FaultPath> ALL = List.of(
            copy("copy, in L2", "WriteAfterRead.l2", "copyWarm"),
            reuse("reuse, in L2", "WriteAfterRead.l2"),
            copy("copy, in DRAM", "WriteAfterRead.dram", "copyCold"),
            reuse("reuse, in DRAM", "WriteAfterRead.dram"));

    /** page_count is above 1: a frame is allocated, the page copied, the old page's reference and rmap dropped. */
    private static FaultPath copy(String name, String benchmark, String copy) {
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_9, List.of(
                new Part(copy, 1), new Part("allocFree", 1), new Part("refGetPut", 1)));
    }

    /** The page is locked, taken out of the swap cache and its last other reference dropped. */
    private static FaultPath reuse(String name, String benchmark) {
        return new FaultPath(name, benchmark, SWAP_CACHE, Policy.V5_18, List.of(
                new Part("lockUnlock", 1), new Part("swapCacheLookup", 1), new Part("refGetPut", 1)));
    }
}
