package org.cowbench.machine;

/** What an operation did: a set of bits in an int, 0 when nothing special. */
public final class Outcome {
    /** A fault that did not read the device. */
    public static final int MINOR = 1;
    /** A fault that read the device. */
    public static final int MAJOR = 1 << 1;
    /** The zero page was mapped. */
    public static final int ZERO_PAGE = 1 << 2;
    /** A zeroed frame was mapped. */
    public static final int ZERO_FILL = 1 << 3;
    /** The page was read from the device. */
    public static final int SWAPIN_DEVICE = 1 << 4;
    /** The page was found in the swap cache. */
    public static final int SWAPIN_CACHE = 1 << 5;
    /** A write-protected page was made writable where it was. */
    public static final int WP_REUSE = 1 << 6;
    /** A write-protected page was copied. */
    public static final int WP_COPY = 1 << 7;
    /** A swapped-in page was mapped writable at once. */
    public static final int MAPPED_WRITABLE = 1 << 8;
    /** All pages of a large folio became writable, not one: under a PMD entry, or by a swap-in of the whole folio. */
    public static final int WHOLE_FOLIO = 1 << 9;

    /** Failed: the area may not be accessed so. */
    public static final int SEGV = 1 << 16;
    /** Not done: somebody else holds the page lock; try again later. */
    public static final int WAIT = 1 << 17;
    /** Failed: no frame can be freed. */
    public static final int NO_MEMORY = 1 << 18;
    /** Failed: the kernel has no such operation, or none for this range (EINVAL). */
    public static final int INVALID = 1 << 19;
    /** Failed: somebody uses what would have to be free (EAGAIN). */
    public static final int BUSY = 1 << 20;
    /** The bits that say that the operation was not done. */
    public static final int FAILED = SEGV | WAIT | NO_MEMORY | INVALID | BUSY;

    private Outcome() {}

    /**
     * Tells whether an operation was not done.
     *
     * @param outcome the outcome
     * @return whether it was not
     */
    public static boolean failed(int outcome) {
        return (outcome & FAILED) != 0;
    }
}
