package org.cowbench.arena;

/** The control words of a machine, one long each: list heads and counts, the clock, the adversary. */
public enum Control {
    /** First frame of the free list; of {@link FreeLists} where there are large folios. */
    FREE_HEAD,
    /** Frames on the free list. */
    FREE_COUNT,
    /** First frame of the inactive list, the one used last. */
    INACTIVE_HEAD,
    /** Last frame of the inactive list, the one reclaim looks at first. */
    INACTIVE_TAIL,
    /** Frames on the inactive list. */
    INACTIVE_COUNT,
    /** First frame of the active list. */
    ACTIVE_HEAD,
    /** Last frame of the active list. */
    ACTIVE_TAIL,
    /** Frames on the active list. */
    ACTIVE_COUNT,
    /** First free swap slot; of {@link FreeLists} where there are large folios. */
    SLOT_HEAD,
    /** Swap slots in use. */
    SLOTS_USED,
    /** First frame under writeback, the one begun first. */
    WRITEBACK_HEAD,
    /** Last frame under writeback. */
    WRITEBACK_TAIL,
    /** Operations done, while writeback ends after a number of them. */
    CLOCK,
    /** Not 0 while the swap device is stalled, by the adversary (1) or by a process: no writeback ends. */
    DEVICE_STALLED,
    /** Not 0 while others than the modelled processes have filled swap past half. */
    SWAP_PRESSURE,
    /** Pages of large folios that nobody maps while their folio is mapped: memory held for nothing. */
    PAGES_HELD;

    /** Bytes that all control words take. */
    static final int BYTES = values().length * Long.BYTES;

    /** Where it lies, in bytes from the start of the segment. */
    long at() {
        return (long) ordinal() * Long.BYTES;
    }
}
