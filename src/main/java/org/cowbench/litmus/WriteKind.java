package org.cowbench.litmus;

/** What became of the page that a write or a direct read filled; its word is that of results and of {@code #expect}. */
public enum WriteKind {
    /** There was no page yet. */
    NEW("new"),
    /** The frame changed. */
    COPY("copy"),
    /** A fault kept the frame. */
    REUSE("reuse"),
    /** No fault. */
    QUIET("quiet"),
    /** The page was brought back from swap, then copied. */
    SWAP_IN_COPY("swapin copy"),
    /** The page was brought back from swap and kept its frame. */
    SWAP_IN_REUSE("swapin reuse"),
    /** The page was brought back from swap, and a kernel does not show which of the two it was. */
    SWAP_IN("swapin"),
    /** Of several pages: not all the same. */
    MIXED("mixed");

    private final String words;

    WriteKind(String words) {
        this.words = words;
    }

    /**
     * Whether it is what a script expects; what a kernel does not show is.
     *
     * @param expected one of those that a script can name
     * @return whether it may be
     */
    boolean meets(WriteKind expected) {
        return switch (this) {
            case SWAP_IN_COPY -> expected == COPY;
            case SWAP_IN_REUSE -> expected == REUSE;
            case SWAP_IN -> expected == COPY || expected == REUSE;
            default -> this == expected;
        };
    }

    /** The words of results. */
    @Override
    public String toString() {
        return words;
    }
}
