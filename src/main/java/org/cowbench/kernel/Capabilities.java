package org.cowbench.kernel;

import java.util.EnumSet;
import java.util.Set;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.machine.MachineOptions;

/**
 * What a kernel can do of what not every kernel can: the probe says it of each operation whose row has a {@code can}, and
 * of folios.
 *
 * @param missing the operations that it cannot do
 * @param folios the sizes of its folios in KiB
 * @param largeSwap whether it swaps out folios whole, to the device it has
 * @param zeroPage whether a read of untouched memory maps the zero page
 * @param swap the swap device of scripts that name none
 * @param swaps the swap devices that a script can have
 */
public record Capabilities(
        Set<Op> missing,
        Set<Integer> folios,
        boolean largeSwap,
        boolean zeroPage,
        SwapDevice swap,
        Set<SwapDevice> swaps) {
    /** Copies the sets. */
    public Capabilities {
        missing = Set.copyOf(missing);
        folios = Set.copyOf(folios);
        swaps = Set.copyOf(swaps);
    }

    /**
     * A kernel that swaps to a disk, or to whatever a script asks for.
     *
     * @param missing the operations that it cannot do
     * @param folios the sizes of its folios in KiB
     * @param largeSwap whether it swaps out folios whole
     * @param zeroPage whether a read of untouched memory maps the zero page
     */
    Capabilities(Set<Op> missing, Set<Integer> folios, boolean largeSwap, boolean zeroPage) {
        this(missing, folios, largeSwap, zeroPage, SwapDevice.DISK, EnumSet.allOf(SwapDevice.class));
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
        MachineOptions options = swap.of(MachineOptions.LITMUS);
        return zeroPage ? options : options.withoutZeroPage();
    }

    /**
     * The same kernel where scripts can choose.
     *
     * @param device the swap device of those that name none
     * @param devices what they can choose from
     * @return what it can
     */
    Capabilities swapping(SwapDevice device, Set<SwapDevice> devices) {
        return new Capabilities(missing, folios, largeSwap, zeroPage, device, devices);
    }

    /**
     * Whether pages leave memory in a script.
     *
     * @param script the script
     * @return whether there is swap, and it is the script's
     */
    boolean swaps(Script script) {
        SwapDevice device = device(script);
        return device != SwapDevice.NONE && (script.swap() == null || swaps.contains(device));
    }

    /** Where pages go in a script. */
    SwapDevice device(Script script) {
        return script.swap() == null ? swap : script.swap();
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
