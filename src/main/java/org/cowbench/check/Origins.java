package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The origin of each state by the state's number, off heap. In chunks, so that growing copies nothing and needs no room
 * for two copies. One thread appends while no other reads.
 */
final class Origins implements AutoCloseable {
    private static final int CHUNK_BITS = 13;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final long CHUNK_BYTES = (long) CHUNK * Long.BYTES;

    private final Arena owner = Arena.ofShared();
    private MemorySegment[] chunks = {};
    private int size;

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
