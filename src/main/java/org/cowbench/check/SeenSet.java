package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The fingerprints of all states seen, off heap, eight bytes each: open addressing in chunks, which grows in place.
 *
 * <p>A cell's home is monotone in the (mixed) fingerprint and searches do not wrap round, so that a larger table has the
 * same order: growing appends chunks and moves every run of cells up, the last one first, into cells that have been left
 * already. It needs no second table. Any number of threads may ask while none inserts; inserting is for one alone.
 */
final class SeenSet implements AutoCloseable {
    /** Bytes by which a table grows at least. */
    static final long CHUNK_BYTES = 1L << 18;

    private static final int CHUNK_BITS = 15;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final double LOAD = 0.75;
    /** Cells behind the last home: at this load a run so long has a probability of less than e^-100. */
    private static final int TAIL = 1 << 12;

    private static final int FEW = 64;
    /** Fingerprints are the smallest of several, so their upper bits are not spread evenly; odd, so one to one. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Arena owner = Arena.ofShared();
    private MemorySegment[] chunks = {};
    private long homes;
    private long size;

    SeenSet() {
        allocate(1);
    }

    private void allocate(int more) {
        int old = chunks.length;
        MemorySegment[] longer = Arrays.copyOf(chunks, old + more);
        for (int i = old; i < longer.length; i++) {
            longer[i] = owner.allocate(CHUNK_BYTES, Long.BYTES);
        }
        chunks = longer;
        homes = cells() - TAIL;
    }

    private long cells() {
        return (long) chunks.length << CHUNK_BITS;
    }

    int chunks() {
        return chunks.length;
    }

    long bytes() {
        return chunks.length * CHUNK_BYTES;
    }

    /** How many fingerprints some chunks hold. */
    static long capacity(long chunks) {
        return (long) ((chunks * CHUNK - TAIL) * LOAD);
    }

    private long get(long cell) {
        return chunks[(int) (cell >>> CHUNK_BITS)].getAtIndex(ValueLayout.JAVA_LONG, cell & CHUNK - 1);
    }

    private void set(long cell, long fingerprint) {
        chunks[(int) (cell >>> CHUNK_BITS)].setAtIndex(ValueLayout.JAVA_LONG, cell & CHUNK - 1, fingerprint);
    }

    /** The cell that holds a fingerprint, or the empty one where it belongs. */
    private long find(long fingerprint) {
        long cell = Math.unsignedMultiplyHigh(fingerprint * MIX, homes);
        for (long found = get(cell); found != 0 && found != fingerprint; found = get(cell)) {
            cell++;
        }
        return cell;
    }

    boolean contains(long fingerprint) {
        return get(find(fingerprint)) != 0;
    }

    /**
     * Inserts a fingerprint; there must be {@link #capacity} for it.
     *
     * @param fingerprint not 0
     * @return whether it was new
     */
    boolean insert(long fingerprint) {
        long cell = find(fingerprint);
        if (get(cell) != 0) {
            return false;
        }
        if (size >= capacity(chunks.length) || cell == cells() - 1) {
            // The last cell stays empty: it ends every search.
            throw new IllegalStateException("the table of fingerprints is full: " + size);
        }
        set(cell, fingerprint);
        size++;
        return true;
    }

    /** Makes the table some chunks larger; no other thread may use it meanwhile. */
    void grow(int more) {
        long end = cells();
        allocate(more);
        long[] run = new long[FEW];
        for (long cell = end - 1; cell >= 0; cell--) {
            int length = 0;
            for (long found = get(cell); found != 0; found = cell < 0 ? 0 : get(cell)) {
                if (length == run.length) {
                    run = Arrays.copyOf(run, 2 * length);
                }
                run[length++] = found;
                set(cell--, 0);
            }
            // Homes have only moved up, and from where this run began on all cells are its own or hold what has moved.
            while (length > 0) {
                long fingerprint = run[--length];
                set(find(fingerprint), fingerprint);
            }
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
