package org.cowbench.arena;

/**
 * Layout of a page record: 64 bytes, one cache line, as {@code struct page}.
 *
 * <pre>
 *   0        4        8        12       16       20       24       28       32
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | ref    | map    | flags  | slot   | prev   | next   | index  | order  |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | wbNext | wbDue (long)    | 20 bytes unused                            |
 *   +--------+-----------------+--------------------------------------------+
 *   32       40                48
 * </pre>
 *
 * <p>{@code ref} is the reference count: PTE mappings + swap cache + GUP references + LRU batches + isolation, where
 * FOLL_PIN adds {@link #PIN_BIAS} and FOLL_GET adds 1. {@code map} is the map count, starting at 0 (the kernel's starts
 * at -1). {@code slot} is valid while {@link #SWAPCACHE} is set. {@code index} is the page's number in every area that
 * maps it, which is what the reverse map needs. {@code order} is 0: only base pages are modelled.
 */
public final class PageRecord {
    /** Size of a record in bytes. */
    public static final int BYTES = 64;
    /** Offset of the reference count, an int. */
    public static final int REF = 0;
    /** Offset of the map count, an int. */
    public static final int MAP = 4;
    /** Offset of the flags, an int. */
    public static final int FLAGS = 8;
    /** Offset of the swap slot, an int. */
    public static final int SLOT = 12;
    /** Offset of the previous frame on a list, an int. */
    public static final int PREV = 16;
    /** Offset of the next frame on a list, an int. */
    public static final int NEXT = 20;
    /** Offset of the page's number in the areas that map it, an int. */
    public static final int INDEX = 24;
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
    /** PageAnonExclusive: mapped by one process that may write it without asking. */
    public static final int ANON_EXCLUSIVE = 1 << 5;
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

    /** What FOLL_PIN adds to the reference count of a base page (GUP_PIN_COUNTING_BIAS). */
    public static final int PIN_BIAS = 1024;

    private PageRecord() {}
}
