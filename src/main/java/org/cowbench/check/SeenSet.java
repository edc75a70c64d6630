package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The fingerprints of all states seen, off heap, open addressing; each with the smallest origin (parent and move) that
 * reached it in the level that found it. Several threads may insert; growing is for one thread alone.
 */
final class SeenSet implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int ENTRY = 16;

    private Arena owner;
    private MemorySegment table;
    private long mask;

    SeenSet(long capacity) {
        allocate(Long.highestOneBit(Math.max(1024, capacity - 1)) << 1);
    }

    private void allocate(long entries) {
        owner = Arena.ofShared();
        table = owner.allocate(entries * ENTRY, 64);
        mask = entries - 1;
    }

    long capacity() {
        return mask + 1;
    }

    long bytes() {
        return table.byteSize();
    }

    /**
     * Inserts a fingerprint, or lowers the origin of one that this level has found.
     *
     * @param fingerprint not 0
     * @param origin the origin, not 0
     * @param levelStart the smallest origin of this level: entries below it are older and stay as they are
     * @return the entry if the fingerprint was new, else -1
     */
    long insert(long fingerprint, long origin, long levelStart) {
        long at = fingerprint & mask;
        while (true) {
            long offset = at * ENTRY;
            long found = (long) LONG.getVolatile(table, offset);
            if (found == 0) {
                found = (long) LONG.compareAndExchange(table, offset, 0L, fingerprint);
                if (found == 0) {
                    lower(offset + Long.BYTES, origin, levelStart);
                    return at;
                }
            }
            if (found == fingerprint) {
                lower(offset + Long.BYTES, origin, levelStart);
                return -1;
            }
            at = at + 1 & mask;
        }
    }

    private void lower(long offset, long origin, long levelStart) {
        long present = (long) LONG.getVolatile(table, offset);
        while (present == 0 || present >= levelStart && origin < present) {
            long witness = (long) LONG.compareAndExchange(table, offset, present, origin);
            if (witness == present) {
                return;
            }
            present = witness;
        }
    }

    long origin(long entry) {
        return table.get(ValueLayout.JAVA_LONG, entry * ENTRY + Long.BYTES);
    }

    /** Doubles the table; no other thread may use it meanwhile. */
    void grow() {
        MemorySegment old = table;
        Arena oldOwner = owner;
        allocate(2 * capacity());
        for (long offset = 0; offset < old.byteSize(); offset += ENTRY) {
            long fingerprint = old.get(ValueLayout.JAVA_LONG, offset);
            if (fingerprint != 0) {
                insert(fingerprint, old.get(ValueLayout.JAVA_LONG, offset + Long.BYTES), 1);
            }
        }
        oldOwner.close();
    }

    @Override
    public void close() {
        owner.close();
    }
}
