package org.cowbench.noise;

import java.util.Arrays;

/** A fixed piece of work whose time depends on the machine's state alone: a chain of dependent steps in cache. */
final class Calibration {
    private static final int LINKS = 1 << 14;
    private static final int STEPS = 1 << 17;
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 20;

    private final int[] next = new int[LINKS];
    private int sink;

    /** Builds the chain and lets the compiler see it often enough. */
    Calibration() {
        // A full-period congruential sequence visits every link once, in an order no prefetcher follows.
        for (int i = 0; i < LINKS; i++) {
            next[i] = i * 4925 + 12345 & LINKS - 1;
        }
        for (int i = 0; i < WARM_UP; i++) {
            round();
        }
    }

    /**
     * Does the work a few times.
     *
     * @return median time of a step in nanoseconds
     */
    double measure() {
        double[] nanos = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            round();
            nanos[i] = (System.nanoTime() - start) / (double) STEPS;
        }
        Arrays.sort(nanos);
        return nanos[ROUNDS / 2];
    }

    private void round() {
        int at = sink & LINKS - 1;
        for (int i = 0; i < STEPS; i++) {
            at = next[at];
        }
        sink = at;
    }
}
