package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;

import java.lang.foreign.MemorySegment;

/** References that outlive the operation that took them: pipes and pins. */
public final class References {
    /** A reference taken with FOLL_GET, held by a pipe. */
    public static final int KIND_GET = 1;
    /** A long-term pin that may write (FOLL_PIN with FOLL_WRITE). */
    public static final int KIND_PIN_RW = 2;
    /** A long-term pin that only reads (FOLL_PIN). */
    public static final int KIND_PIN_RO = 3;
    /** A passing reference of the adversary, as of a page cache look-up that lost a race; it belongs to no process. */
    public static final int KIND_SPECULATIVE = 4;

    private final MemorySegment memory;
    private final long references;

    References(MemorySegment memory, ArenaLayout layout) {
        this.memory = memory;
        references = layout.references;
    }

    private long at(int reference) {
        return references + (long) reference * ArenaLayout.REFERENCE_BYTES;
    }

    /**
     * The kind of a reference.
     *
     * @param reference the reference
     * @return a {@code KIND_} constant, or 0 when it is not held
     */
    public int kind(int reference) {
        return memory.get(INT, at(reference));
    }

    /**
     * The frame a reference holds.
     *
     * @param reference the reference
     * @return the frame
     */
    public int frame(int reference) {
        return memory.get(INT, at(reference) + 4);
    }

    /**
     * The process that took a reference.
     *
     * @param reference the reference
     * @return the process, or {@link PageArena#NIL} when it has gone
     */
    public int owner(int reference) {
        return memory.get(INT, at(reference) + 8);
    }

    /**
     * Sets a reference.
     *
     * @param reference the reference
     * @param kind a {@code KIND_} constant, or 0 when it is not held
     * @param frame the frame
     * @param taker the process that took it
     */
    public void set(int reference, int kind, int frame, int taker) {
        memory.set(INT, at(reference), kind);
        memory.set(INT, at(reference) + 4, frame);
        memory.set(INT, at(reference) + 8, taker);
    }

    /**
     * What a kind of reference adds to the reference count.
     *
     * @param kind a {@code KIND_} constant
     * @return 1024 for a pin, else 1
     */
    public static int weight(int kind) {
        return kind == KIND_PIN_RW || kind == KIND_PIN_RO ? FolioRecord.PIN_BIAS : 1;
    }
}
