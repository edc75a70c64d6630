package org.cowbench.arena;

/**
 * What of a record is the folio's, in the record of its first page, as {@code struct folio} lies over
 * {@code struct page}; the layout is in {@link PageRecord}.
 *
 * <p>{@code ref} is the reference count: PTE mappings + swap cache + GUP references + LRU batches + isolation, where
 * FOLL_PIN adds {@link #PIN_BIAS} and FOLL_GET adds 1. {@code slot} is valid while {@link #SWAPCACHE} is set.
 *
 * <p>{@code order} is 0 in the record of a folio of one page, whose number is then its page's. A large folio of order k
 * is 2^k consecutive frames, the first of them a multiple of 2^k, which is its number; the record of every other page
 * holds minus its distance to that one. Its references are mappings (one a PMD entry, one a page-table entry) + its
 * number of pages while it is in the swap cache + GUP references, pins also counting 1, + isolation. {@code slot} is
 * that of its first page, the others' follow.
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
    /** Offset of a large folio's entire map count, an int: PMD entries that map it. */
    public static final int EMAP = 36;
    /** Offset in the record of a large folio's <em>second</em> page, an int: pages that a page-table entry maps. */
    public static final int PAGES_MAPPED = 36;
    /** Offset of the operation at which writeback ends, a long. */
    public static final int WB_DUE = 40;
    /** Offset of a large folio's map count, an int: all entries that map any of it, a PMD entry counting 1. */
    public static final int LMAP = 48;
    /** Offset of the first owner slot, an int: {@code process + 1 << 16 | mappings}, 0 when free. */
    public static final int OWNER0 = 52;
    /** Offset of the second owner slot, an int. */
    public static final int OWNER1 = 56;
    /** Offset of a large folio's pin count, an int. */
    public static final int PINS = 60;

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
    /** A large folio's owner slots do not say that one process has all its mappings (FOLIO_MM_IDS_SHARED_BITNUM). */
    public static final int MAYBE_SHARED = 1 << 13;
    /** A page of a large folio has lost its last mapping while another kept one; the folio waits for its split. */
    public static final int PARTIALLY_MAPPED = 1 << 14;
    /** First frame of a block on a free list, whose order it holds (PageBuddy). */
    public static final int BUDDY = 1 << 15;

    /** What FOLL_PIN adds to the reference count of a folio of one page (GUP_PIN_COUNTING_BIAS). */
    public static final int PIN_BIAS = 1024;

    private FolioRecord() {}
}
