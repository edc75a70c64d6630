package org.cowbench.bench;

import java.util.Random;

/** Orders of access drawn before a measurement. */
final class Shuffled {
    private static final long SEED = 0x5eed;

    private Shuffled() {}

    /**
     * Draws a random order, the same in every fork, so that forks and policies do the same work. Pages in a row would
     * let the processor's prefetcher hide what a fault on a page of its own costs.
     *
     * @param count how many numbers
     * @return the numbers from 0 to {@code count - 1} in random order
     */
    static int[] order(int count) {
        Random random = new Random(SEED);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
