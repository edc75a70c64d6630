package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The origin of each state by the state's number, off heap: its parent and the move from there, 0 of the first state.
 * In chunks, so that growing copies nothing and needs no room for two copies. One thread appends while no other reads.
 */
final class Origins implements AutoCloseable {
    private static final int CHUNK_BITS = 13;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final long CHUNK_BYTES = (long) CHUNK * Long.BYTES;

    private final Arena owner = Arena.ofShared();
    private MemorySegment[] chunks = {};
    private int size;

    /** The origin of what a move makes of a state. */
    static long origin(int parent, int move) {
        return (parent + 1L) << Moves.BITS | move;
    }

    static int parent(long origin) {
        return (int) (origin >>> Moves.BITS) - 1;
    }

    static int move(long origin) {
        return (int) origin & (1 << Moves.BITS) - 1;
    }

    /** The moves that an origin ends, from the first state on. */
    int[] path(long origin) {
        int length = 0;
        for (long each = origin; each != 0; each = get(parent(each))) {
            length++;
        }
        int[] path = new int[length];
        for (long each = origin; each != 0; each = get(parent(each))) {
            path[--length] = move(each);
        }
        return path;
    }

    int size() {
        return size;
    }

    /** Bytes for a number of states. */
    static long bytes(long states) {
        return (states + CHUNK - 1) / CHUNK * CHUNK_BYTES;
    }

    long get(int state) {
        return chunks[state >>> CHUNK_BITS].getAtIndex(ValueLayout.JAVA_LONG, state & CHUNK - 1);
    }

    void append(long origin) {
        int chunk = size >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk + 1);
            chunks[chunk] = owner.allocate(CHUNK_BYTES, Long.BYTES);
        }
        chunks[chunk].setAtIndex(ValueLayout.JAVA_LONG, size & CHUNK - 1, origin);
        size++;
    }

    @Override
    public void close() {
        owner.close();
    }
}
