package org.cowbench.machine;

/** What a task counts. */
public enum Counter {
    /** Faults answered without reading the device. */
    MINOR_FAULTS,
    /** Faults that read the device. */
    MAJOR_FAULTS,
    /** Write-protect faults that kept the frame. */
    WP_REUSES,
    /** Write-protect faults that copied. */
    WP_COPIES,
    /** Write-protect faults that put a page of its own where the zero page was mapped; none of {@link #WP_COPIES}. */
    ZERO_COPIES,
    /** Copies although nobody else could see the page; counted only by an auditing machine. */
    NEEDLESS_COPIES,
    /** Bytes copied from frame to frame. */
    BYTES_COPIED,
    /** Frames taken from the free list. */
    FRAMES_ALLOCATED,
    /** Most frames ever in use at once. */
    PEAK_FRAMES,
    /** Pages read from the swap device, readahead included. */
    SWAP_READS,
    /** Pages written to the swap device. */
    SWAP_WRITES,
    /** Faults that found their page in the swap cache. */
    SWAP_CACHE_HITS,
    /** Times this CPU's LRU batches were drained on request. */
    LRU_DRAINS,
    /** Flushes of translations, of a page or more, that write faults asked for (flush_tlb_mm_range). */
    TLB_FLUSHES,
    /** PMD entries that a page table has taken the place of (thp_split_pmd). */
    SPLIT_PMD,
    /** Large folios split into base pages (thp_split_page). */
    SPLIT_FOLIO,
    /** Large folios written to the swap device as a whole (thp_swpout). */
    SWPOUT_LARGE,
    /** Large folios split because there was no run of swap slots for them (thp_swpout_fallback). */
    SWPOUT_FALLBACK,
    /** Most bytes that, at the end of an operation, pages that nobody maps of large folios that somebody maps ever had. */
    BYTES_HELD;

    /** Whether it keeps a greatest value, so that that of several tasks is the greatest of theirs and not the sum. */
    boolean isPeak() {
        return this == PEAK_FRAMES || this == BYTES_HELD;
    }
}
