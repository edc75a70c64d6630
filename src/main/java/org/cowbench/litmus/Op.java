package org.cowbench.litmus;

/** The operations of the script language: those of memory first, then those of pins. */
public enum Op {
    /** {@code P write G V}: store. */
    WRITE("G V"),
    /** {@code P read G [-> V]}: load. */
    READ("G"),
    /** {@code P pageout G}: MADV_PAGEOUT. */
    PAGEOUT("G"),
    /** {@code P drain}: writeback has ended, this CPU's LRU batches are drained. */
    DRAIN(""),
    /** {@code P fork Q}. */
    FORK("Q"),
    /** {@code P exit}. */
    EXIT(""),
    /** {@code P discard G}: MADV_DONTNEED. */
    DISCARD("G"),
    /** {@code P protect G ro|rw}: mprotect. */
    PROTECT("G ro|rw"),
    /**
     * {@code P reclaim G}: writeback has ended, this CPU's LRU batches are drained, then memory pressure on the page, if
     * there is one in memory.
     */
    RECLAIM("G"),
    /** {@code P splice G X}: a FOLL_GET read reference into pipe X. */
    SPLICE("G X"),
    /** {@code P peek X [-> V]}: read through a reference; a pipe's is consumed. */
    PEEK("X"),
    /**
     * {@code P dio G V}: a direct (O_DIRECT) read of a block that holds V into the page: GUP for writing, by its fast path
     * where the entry is writable; the device writes; the reference is dropped; this CPU's LRU batches are drained.
     */
    DIO("G V"),
    /** {@code P pin G X}: a long-term pin that may write. */
    PIN("G X"),
    /** {@code P pinro G X}: a long-term pin that only reads. */
    PINRO("G X"),
    /** {@code P dma X V}: the device writes through a pin. */
    DMA("X V"),
    /** {@code P unpin X}. */
    UNPIN("X");

    private final String operands;

    Op(String operands) {
        this.operands = operands;
    }

    /**
     * The word in a script.
     *
     * @return the word, in lower case
     */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The operands after the word: {@code G} page, {@code V} value, {@code Q} process, {@code X} reference,
     * {@code ro|rw}.
     *
     * @return their pattern, separated by blanks
     */
    public String operands() {
        return operands;
    }

    /**
     * Whether the operation names a page, and so has PTE fields in its result.
     *
     * @return whether it does
     */
    public boolean namesPage() {
        return operands.startsWith("G");
    }

    /**
     * Whether the operation fills the page it names, by the process's own store or a device's, and so may copy it first.
     *
     * @return whether it does
     */
    public boolean fillsPage() {
        return operands.equals("G V");
    }

    /**
     * Whether the operation takes a reference to a page, into a pipe or a pin, which outlasts it.
     *
     * @return whether it does
     */
    public boolean takesReference() {
        return operands.equals("G X");
    }

    /**
     * Whether the operation goes through a reference that was taken before.
     *
     * @return whether it does
     */
    public boolean usesReference() {
        return operands.startsWith("X");
    }

    /**
     * Whether the operation sees a value, and so may carry an expectation.
     *
     * @return whether it does
     */
    public boolean seesValue() {
        return this == READ || this == PEEK;
    }
}
