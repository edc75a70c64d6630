package org.cowbench.machine;

import java.util.Arrays;

/** A number for each {@link Counter}. Not part of a machine's state, so that counting never makes two states differ. */
public final class Counters {
    private static final int COUNT = Counter.values().length;

    private final long[] values = new long[COUNT];

    /** All 0. */
    public Counters() {}

    /**
     * Reads a counter.
     *
     * @param counter which
     * @return its value
     */
    public long get(Counter counter) {
        return values[counter.ordinal()];
    }

    /**
     * Adds to a counter.
     *
     * @param counter which
     * @param delta how much
     */
    public void add(Counter counter, long delta) {
        values[counter.ordinal()] += delta;
    }

    /**
     * Raises a counter that keeps a greatest value.
     *
     * @param counter which
     * @param value its least value from now on
     */
    void atLeast(Counter counter, long value) {
        values[counter.ordinal()] = Math.max(values[counter.ordinal()], value);
    }

    void clear() {
        Arrays.fill(values, 0);
    }
}
