package org.cowbench.kernel;

import java.util.Set;
import java.util.TreeSet;
import org.cowbench.litmus.Op;

/**
 * What a kernel can do of what not every kernel can: the probe says it of each operation whose row has a {@code can}, and
 * of folios.
 *
 * @param missing the operations that it cannot do
 * @param folios the sizes of its folios in KiB
 * @param largeSwap whether it swaps out folios whole, to the device it has
 */
public record Capabilities(Set<Op> missing, Set<Integer> folios, boolean largeSwap) {
    private static final int LEAST_KIB = 16;
    private static final int MOST_KIB = 2048;

    /** Copies the sets. */
    public Capabilities {
        missing = Set.copyOf(missing);
        folios = Set.copyOf(folios);
    }

    /**
     * A kernel that can do all others.
     *
     * @param missing the operations that it cannot do
     * @return what it can
     */
    static Capabilities without(Op... missing) {
        return new Capabilities(Set.of(missing), everySize(), true);
    }

    /**
     * The sizes that a script can ask for.
     *
     * @return them in KiB, the smallest first
     */
    static Set<Integer> everySize() {
        Set<Integer> sizes = new TreeSet<>();
        for (int size = LEAST_KIB; size <= MOST_KIB; size *= 2) {
            sizes.add(size);
        }
        return sizes;
    }

    /**
     * Whether the kernel can do an operation.
     *
     * @param op the operation
     * @return whether it can
     */
    boolean can(Op op) {
        return !missing.contains(op);
    }
}
