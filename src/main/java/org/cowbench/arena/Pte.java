package org.cowbench.arena;

/**
 * A page-table entry: 8 bytes.
 *
 * <pre>
 *   none     0
 *   present  frame &lt;&lt; 8 | ACCESSED | DIRTY | WRITABLE | PRESENT
 *   swap     slot  &lt;&lt; 8 | EXCLUSIVE | SWAP
 * </pre>
 *
 * <p>A PMD entry is none, a page table, or present: then its frame is a folio's first, and it maps them all.
 *
 * <p>The exclusive bit of a swap entry is that of commit 1493a1913e34 ("mm/swap: remember PG_anon_exclusive via a swp
 * pte bit"). The zero page is frame {@link PageArena#ZERO_FRAME}, always mapped read-only.
 */
public final class Pte {
    /** The empty entry. */
    public static final long NONE = 0;
    /** Maps a frame. */
    public static final long PRESENT = 1;
    /** The hardware lets a store through. */
    public static final long WRITABLE = 2;
    /** Stored to. */
    public static final long DIRTY = 4;
    /** Used since reclaim last looked. */
    public static final long ACCESSED = 8;
    /** Names a swap slot. */
    public static final long SWAP = 16;
    /** A swap entry whose page was exclusive when it was unmapped. */
    public static final long EXCLUSIVE = 32;
    /** A PMD entry that has a page table below it, whatever that holds. */
    public static final long TABLE = 64;

    private static final int SHIFT = 8;

    private Pte() {}

    /**
     * An entry that maps a frame.
     *
     * @param frame the frame
     * @param bits any of {@link #WRITABLE}, {@link #DIRTY}, {@link #ACCESSED}
     * @return the entry
     */
    public static long present(int frame, long bits) {
        return (long) frame << SHIFT | bits | PRESENT;
    }

    /**
     * An entry that names a swap slot.
     *
     * @param slot the slot
     * @param exclusive whether the page was exclusive
     * @return the entry
     */
    public static long swap(int slot, boolean exclusive) {
        return (long) slot << SHIFT | SWAP | (exclusive ? EXCLUSIVE : 0);
    }

    /**
     * Tells whether an entry maps a frame.
     *
     * @param pte the entry
     * @return whether it does
     */
    public static boolean isPresent(long pte) {
        return (pte & PRESENT) != 0;
    }

    /**
     * Tells whether an entry maps a certain frame.
     *
     * @param pte the entry
     * @param frame the frame
     * @return whether it is present and maps that one
     */
    public static boolean maps(long pte, int frame) {
        return isPresent(pte) && frame(pte) == frame;
    }

    /**
     * Tells whether an entry lets a store through.
     *
     * @param pte the entry
     * @return whether it does
     */
    public static boolean isWritable(long pte) {
        return (pte & WRITABLE) != 0;
    }

    /**
     * Tells whether an entry names a swap slot.
     *
     * @param pte the entry
     * @return whether it does
     */
    public static boolean isSwap(long pte) {
        return (pte & SWAP) != 0;
    }

    /**
     * The same entry for another frame or slot.
     *
     * @param pte a present or swap entry
     * @param by how much further on it is
     * @return the entry
     */
    public static long advance(long pte, int by) {
        return pte + ((long) by << SHIFT);
    }

    /**
     * The frame of a present entry.
     *
     * @param pte the entry
     * @return the frame number
     */
    public static int frame(long pte) {
        return (int) (pte >>> SHIFT);
    }

    /**
     * The slot of a swap entry.
     *
     * @param pte the entry
     * @return the slot number
     */
    public static int slot(long pte) {
        return (int) (pte >>> SHIFT);
    }
}
