package org.cowbench.kernel;

/**
 * What a kernel can do beyond what every kernel can.
 *
 * @param reclaim pressure on one page: needs memory cgroups of version 2
 * @param pin long-term pins: needs io_uring
 */
public record Capabilities(boolean reclaim, boolean pin) {}
