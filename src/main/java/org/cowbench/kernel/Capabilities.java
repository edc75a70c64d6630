package org.cowbench.kernel;

import java.util.Set;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.machine.MachineOptions;

/**
 * What a kernel can do of what not every kernel can: the probe says it of each operation whose row has a {@code can}, and
 * of folios.
 *
 * @param missing the operations that it cannot do
 * @param folios the sizes of its folios in KiB
 * @param largeSwap whether it swaps out folios whole, to the device it has
 * @param zeroPage whether a read of untouched memory maps its page of zeroes
 */
public record Capabilities(Set<Op> missing, Set<Integer> folios, boolean largeSwap, boolean zeroPage) {
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
        return new Capabilities(Set.of(missing), Set.copyOf(ScriptParser.FOLIOS), true, true);
    }

    /**
     * The model's machine that is like this kernel's.
     *
     * @return its options
     */
    MachineOptions machine() {
        return zeroPage ? MachineOptions.LITMUS : MachineOptions.LITMUS.withoutZeroPage();
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
