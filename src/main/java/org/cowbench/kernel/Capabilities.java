package org.cowbench.kernel;

/**
 * What a kernel can do beyond what every kernel can.
 *
 * @param reclaim pressure on one page: needs memory cgroups of version 2
 * @param pin long-term pins that may write: needs io_uring
 * @param dio direct reads: needs a device or a file that this kernel reads without its page cache
 * @param pinro long-term pins that only read: needs CONFIG_GUP_TEST of v6.2 or newer, and debugfs
 */
public record Capabilities(boolean reclaim, boolean pin, boolean dio, boolean pinro) {

    /**
     * A kernel with direct reads and without CONFIG_GUP_TEST, as distributions build them.
     *
     * @param reclaim pressure on one page
     * @param pin long-term pins that may write
     */
    public Capabilities(boolean reclaim, boolean pin) {
        this(reclaim, pin, true, false);
    }
}
