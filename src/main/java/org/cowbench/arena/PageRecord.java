package org.cowbench.arena;

/**
 * Layout of a page record: 64 bytes, one cache line, as {@code struct page}; all but {@code map}, {@code index} and
 * {@link #ANON_EXCLUSIVE} among the flags is of the folio ({@link FolioRecord}).
 *
 * <pre>
 *   0        4        8        12       16       20       24       28       32
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | ref    | map    | flags  | slot   | prev   | next   | index  | order  |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | wbNext | emap   | wbDue (long)    | lmap   | owner0 | owner1 | pins   |
 *   +--------+--------+-----------------+--------+--------+--------+--------+
 *   32       36       40                48       52       56       60       64
 * </pre>
 *
 * <p>{@code map} is the map count, starting at 0 (the kernel's starts at -1). {@code index} is the page's number in
 * every area that maps it, which is what the reverse map needs.
 */
public final class PageRecord {
    /** Size of a record in bytes. */
    public static final int BYTES = 64;
    /** Offset of the map count, an int. */
    public static final int MAP = 4;
    /** Offset of the page's number in the areas that map it, an int. */
    public static final int INDEX = 24;

    /** Flag: PageAnonExclusive, mapped by one process that may write it without asking. */
    public static final int ANON_EXCLUSIVE = 1 << 5;

    private PageRecord() {}
}
