package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;
import static org.cowbench.arena.ArenaLayout.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Page frames: their records and their data. */
public final class Frames {
    private static final VarHandle ATOMIC_INT = INT.varHandle();

    private final MemorySegment memory;
    private final long records;
    private final long data;
    private final int bytes;

    Frames(MemorySegment memory, ArenaLayout layout, int bytes) {
        this.memory = memory;
        this.bytes = bytes;
        records = layout.pages;
        data = layout.data;
    }

    private long record(int frame) {
        return records + (long) frame * PageRecord.BYTES;
    }

    /**
     * Reads an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link PageRecord}
     * @return the value
     */
    public int get(int frame, int field) {
        return memory.get(INT, record(frame) + field);
    }

    /**
     * Sets an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link PageRecord}
     * @param value the new value
     */
    public void set(int frame, int field, int value) {
        memory.set(INT, record(frame) + field, value);
    }

    /**
     * When a frame's writeback ends.
     *
     * @param frame the frame
     * @return the value of {@link Control#CLOCK} at which it does
     */
    public long writebackDue(int frame) {
        return memory.get(LONG, record(frame) + PageRecord.WB_DUE);
    }

    /**
     * Sets when a frame's writeback ends.
     *
     * @param frame the frame
     * @param due the value of {@link Control#CLOCK} at which it does
     */
    public void writebackDue(int frame, long due) {
        memory.set(LONG, record(frame) + PageRecord.WB_DUE, due);
    }

    /**
     * Atomically adds to a frame's reference count.
     *
     * @param frame the frame
     * @param delta how much
     * @return the new count
     */
    public int addRef(int frame, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, record(frame) + PageRecord.REF, delta) + delta;
    }

    /**
     * Atomically adds to a frame's map count.
     *
     * @param frame the frame
     * @param delta how much
     * @return the new count
     */
    public int addMap(int frame, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, record(frame) + PageRecord.MAP, delta) + delta;
    }

    /**
     * Tells whether a frame carries any of some flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return whether it carries one
     */
    public boolean has(int frame, int flags) {
        return (memory.get(INT, record(frame) + PageRecord.FLAGS) & flags) != 0;
    }

    /**
     * Atomically sets flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return the flags before
     */
    public int setFlags(int frame, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseOr(memory, record(frame) + PageRecord.FLAGS, flags);
    }

    /**
     * Atomically clears flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return the flags before
     */
    public int clearFlags(int frame, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseAnd(memory, record(frame) + PageRecord.FLAGS, ~flags);
    }

    /**
     * Tries to take the page lock.
     *
     * @param frame the frame
     * @return whether the lock was free and is now the caller's
     */
    public boolean tryLock(int frame) {
        return (setFlags(frame, PageRecord.LOCKED) & PageRecord.LOCKED) == 0;
    }

    /**
     * Releases the page lock.
     *
     * @param frame the frame
     */
    public void unlock(int frame) {
        clearFlags(frame, PageRecord.LOCKED);
    }

    private long data(int frame) {
        return data + (long) frame * bytes;
    }

    /**
     * The first word of a frame.
     *
     * @param frame the frame
     * @return the word
     */
    public long load(int frame) {
        return memory.get(LONG, data(frame));
    }

    /**
     * Stores the first word of a frame.
     *
     * @param frame the frame
     * @param value the word
     */
    public void store(int frame, long value) {
        memory.set(LONG, data(frame), value);
    }

    /**
     * Copies a frame.
     *
     * @param from the source frame
     * @param to the destination frame
     */
    public void copy(int from, int to) {
        MemorySegment.copy(memory, data(from), memory, data(to), bytes);
    }

    /**
     * Zeroes a frame.
     *
     * @param frame the frame
     */
    public void zero(int frame) {
        memory.asSlice(data(frame), bytes).fill((byte) 0);
    }
}
