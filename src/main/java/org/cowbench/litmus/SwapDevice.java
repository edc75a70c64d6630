package org.cowbench.litmus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cowbench.machine.MachineOptions;

/** Where pages go that leave memory; in scripts, options and messages of the probe it is its name in lower case. */
public enum SwapDevice {
    /** A disk: it is written asynchronously, and a page stays in the swap cache meanwhile. */
    DISK,
    /**
     * Compressed memory (zram). It answers at once (SWP_SYNCHRONOUS_IO), so that a page that goes out is free when the call
     * returns, and one that comes back need not enter the swap cache; and it reads what must not change meanwhile
     * (SWP_STABLE_WRITES).
     */
    ZRAM,
    /** Nowhere: what swaps cannot be done. */
    NONE;

    /** The words, for messages. */
    public static final String WORDS =
            Arrays.stream(values()).map(SwapDevice::toString).collect(Collectors.joining(", "));

    /**
     * Finds a device.
     *
     * @param word its word
     * @return the device; empty if none has that word
     */
    public static Optional<SwapDevice> of(String word) {
        return Arrays.stream(values())
                .filter(device -> device.toString().equals(word))
                .findFirst();
    }

    /**
     * A machine that swaps to it.
     *
     * @param options a machine
     * @return the same machine but for the device; of one without swap nothing is asked that swaps
     */
    public MachineOptions of(MachineOptions options) {
        return options.synchronous(this == ZRAM);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
