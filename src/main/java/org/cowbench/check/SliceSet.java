package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The fingerprints that one slice of a level has found, each with the smallest origin (parent and move) that reached it.
 * Off heap, open addressing, of fixed size; several threads may insert.
 */
final class SliceSet implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int ENTRY = 2 * Long.BYTES;
    private static final long MIX = 0xD6E8FEB86659FD93L;

    private final Arena owner = Arena.ofShared();
    private final MemorySegment table;
    private final int bits;

    /**
     * Makes an empty set.
     *
     * @param most fingerprints that it must hold
     */
    SliceSet(int most) {
        // At most half full.
        bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * most - 1);
        table = owner.allocate((long) ENTRY << bits, Long.BYTES);
    }

    /** Bits of an entry's number. */
    int bits() {
        return bits;
    }

    /**
     * Inserts a fingerprint, or lowers its origin.
     *
     * @param fingerprint not 0
     * @param origin the origin, not 0
     * @return the entry if the fingerprint was new, else -1
     */
    int insert(long fingerprint, long origin) {
        int entry = (int) (fingerprint * MIX >>> Long.SIZE - bits);
        while (true) {
            long offset = (long) entry * ENTRY;
            long found = (long) LONG.getVolatile(table, offset);
            if (found == 0) {
                found = (long) LONG.compareAndExchange(table, offset, 0L, fingerprint);
                if (found == 0) {
                    lower(offset + Long.BYTES, origin);
                    return entry;
                }
            }
            if (found == fingerprint) {
                lower(offset + Long.BYTES, origin);
                return -1;
            }
            entry = entry + 1 & (1 << bits) - 1;
        }
    }

    private void lower(long offset, long origin) {
        long present = (long) LONG.getVolatile(table, offset);
        while (present == 0 || origin < present) {
            long witness = (long) LONG.compareAndExchange(table, offset, present, origin);
            if (witness == present) {
                return;
            }
            present = witness;
        }
    }

    long fingerprint(int entry) {
        return table.get(ValueLayout.JAVA_LONG, (long) entry * ENTRY);
    }

    long origin(int entry) {
        return table.get(ValueLayout.JAVA_LONG, (long) entry * ENTRY + Long.BYTES);
    }

    /** Empties an entry; of one slice all must be, and no other thread may use the set meanwhile. */
    void clear(int entry) {
        table.set(ValueLayout.JAVA_LONG, (long) entry * ENTRY, 0);
        table.set(ValueLayout.JAVA_LONG, (long) entry * ENTRY + Long.BYTES, 0);
    }

    @Override
    public void close() {
        owner.close();
    }
}
