package org.cowbench.bench.misses;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What accesses of measured classes are made to call: each is told to a tally, then done. One thread runs. The methods are
 * called as those of {@link MemorySegment} and {@link VarHandle} are, whose object comes first.
 */
public final class TracedMemory {
    private static @Nullable Tally tally;

    private TracedMemory() {}

    /**
     * Says who is told from now on.
     *
     * @param to the tally, null for nobody
     */
    static void tell(@Nullable Tally to) {
        tally = to;
    }

    private static void touch(MemorySegment memory, long offset, long bytes) {
        Tally told = tally;
        if (told != null) {
            told.touch(memory, offset, bytes);
        }
    }

    private static void atomic(MemorySegment memory, long offset) {
        touch(memory, offset, Integer.BYTES);
        fence();
    }

    private static void fence() {
        Tally told = tally;
        if (told != null) {
            told.fence();
        }
    }

    /**
     * {@link MemorySegment#get(ValueLayout.OfInt, long)}.
     *
     * @param memory the segment
     * @param layout the type
     * @param offset where, in bytes
     * @return the value
     */
    public static int get(MemorySegment memory, ValueLayout.OfInt layout, long offset) {
        touch(memory, offset, Integer.BYTES);
        return memory.get(layout, offset);
    }

    /**
     * {@link MemorySegment#get(ValueLayout.OfLong, long)}.
     *
     * @param memory the segment
     * @param layout the type
     * @param offset where, in bytes
     * @return the value
     */
    public static long get(MemorySegment memory, ValueLayout.OfLong layout, long offset) {
        touch(memory, offset, Long.BYTES);
        return memory.get(layout, offset);
    }

    /**
     * {@link MemorySegment#set(ValueLayout.OfInt, long, int)}.
     *
     * @param memory the segment
     * @param layout the type
     * @param offset where, in bytes
     * @param value the value
     */
    public static void set(MemorySegment memory, ValueLayout.OfInt layout, long offset, int value) {
        touch(memory, offset, Integer.BYTES);
        memory.set(layout, offset, value);
    }

    /**
     * {@link MemorySegment#set(ValueLayout.OfLong, long, long)}.
     *
     * @param memory the segment
     * @param layout the type
     * @param offset where, in bytes
     * @param value the value
     */
    public static void set(MemorySegment memory, ValueLayout.OfLong layout, long offset, long value) {
        touch(memory, offset, Long.BYTES);
        memory.set(layout, offset, value);
    }

    /**
     * {@link MemorySegment#copy(MemorySegment, long, MemorySegment, long, long)}.
     *
     * @param from the source
     * @param fromOffset where in it, in bytes
     * @param to the destination
     * @param toOffset where in it, in bytes
     * @param bytes how many
     */
    public static void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        // Line by line, as it is done: the last lines of both are what is used last.
        for (long done = 0; tally != null && done < bytes; done += Capacities.LINE) {
            long length = Math.min(Capacities.LINE, bytes - done);
            touch(from, fromOffset + done, length);
            touch(to, toOffset + done, length);
        }
        MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
    }

    /**
     * {@link MemorySegment#fill(byte)}.
     *
     * @param memory the segment
     * @param value what every byte of it becomes
     * @return the segment
     */
    public static MemorySegment fill(MemorySegment memory, byte value) {
        touch(memory, 0, memory.byteSize());
        return memory.fill(value);
    }

    /**
     * {@link VarHandle#getAndAdd} of an int of a segment.
     *
     * @param field the int
     * @param memory the segment
     * @param offset where, in bytes
     * @param value what is added
     * @return the value before
     */
    public static int getAndAdd(VarHandle field, MemorySegment memory, long offset, int value) {
        atomic(memory, offset);
        return (int) field.getAndAdd(memory, offset, value);
    }

    /**
     * {@link VarHandle#getAndBitwiseOr} of an int of a segment.
     *
     * @param field the int
     * @param memory the segment
     * @param offset where, in bytes
     * @param value bits to set
     * @return the value before
     */
    public static int getAndBitwiseOr(VarHandle field, MemorySegment memory, long offset, int value) {
        atomic(memory, offset);
        return (int) field.getAndBitwiseOr(memory, offset, value);
    }

    /**
     * {@link VarHandle#getAndBitwiseAnd} of an int of a segment.
     *
     * @param field the int
     * @param memory the segment
     * @param offset where, in bytes
     * @param value bits to keep
     * @return the value before
     */
    public static int getAndBitwiseAnd(VarHandle field, MemorySegment memory, long offset, int value) {
        atomic(memory, offset);
        return (int) field.getAndBitwiseAnd(memory, offset, value);
    }

    /** {@link VarHandle#fullFence()}. */
    public static void fullFence() {
        fence();
        VarHandle.fullFence();
    }
}
