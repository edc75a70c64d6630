package org.cowbench.arena;

/**
 * What of a record is the folio's, in the record of its first page, as {@code struct folio} lies over
 * {@code struct page}; the layout is in {@link PageRecord}.
 *
 * <p>{@code ref} is the reference count: PTE mappings + swap cache + GUP references + LRU batches + isolation, where
 * FOLL_PIN adds {@link #PIN_BIAS} and FOLL_GET adds 1. {@code slot} is valid while {@link #SWAPCACHE} is set.
 * {@code order} is 0: every folio is of one page, so that its number is its page's.
 */
public final class FolioRecord {
    /** Offset of the reference count, an int. */
    public static final int REF = 0;
    /** Offset of the flags, an int. */
    public static final int FLAGS = 8;
    /** Offset of the swap slot, an int. */
    public static final int SLOT = 12;
    /** Offset of the previous frame on a list, an int. */
    public static final int PREV = 16;
    /** Offset of the next frame on a list, an int. */
    public static final int NEXT = 20;
    /** Offset of the order, an int. */
    public static final int ORDER = 28;
    /** Offset of the next frame under writeback, an int. */
    public static final int WB_NEXT = 32;
    /** Offset of the operation at which writeback ends, a long. */
    public static final int WB_DUE = 40;

    /** The page lock. */
    public static final int LOCKED = 1;
    /** On an LRU list. */
    public static final int LRU = 1 << 1;
    /** In the swap cache. */
    public static final int SWAPCACHE = 1 << 2;
    /** Being written to the swap device. */
    public static final int WRITEBACK = 1 << 3;
    /** Newer than its copy on the swap device. */
    public static final int DIRTY = 1 << 4;
    /** Seen referenced once by reclaim. */
    public static final int REFERENCED = 1 << 6;
    /** Belongs to the active list. */
    public static final int ACTIVE = 1 << 7;
    /** To be rotated to the tail of the inactive list when writeback ends. */
    public static final int RECLAIM = 1 << 8;
    /** Brought in by readahead and not yet used. */
    public static final int READAHEAD = 1 << 9;
    /** In use: not on the free list. The model's own flag, for {@code validate()}. */
    public static final int ALLOCATED = 1 << 10;
    /** Taken off its LRU list by reclaim, which holds a reference. The model's own flag. */
    public static final int ISOLATED = 1 << 11;
    /** Locked by somebody outside the modelled processes, who may keep the lock. The model's own flag. */
    public static final int LOCKED_ELSEWHERE = 1 << 12;

    /** What FOLL_PIN adds to the reference count of a folio of one page (GUP_PIN_COUNTING_BIAS). */
    public static final int PIN_BIAS = 1024;

    private FolioRecord() {}
}
