package org.cowbench.workload;

import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.AbstractRandomGenerator;

/**
 * Streams drawn from a distribution. The same arguments give the same stream on every machine: the generator is the
 * JDK's L64X128MixRandom, whose algorithm is specified, seeded by the caller.
 */
public final class SyntheticStreams {
    private SyntheticStreams() {}

    /**
     * Draws independent accesses to pages that are all equally likely.
     *
     * @param pages      footprint in pages
     * @param length     number of accesses
     * @param writeShare probability that an access writes, from 0 to 1
     * @param seed       seed of the generator
     * @return a stream named {@code uniform}
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static AccessStream uniform(int pages, int length, double writeShare, long seed) {
        check(pages, length, writeShare);
        RandomGenerator random = generator(seed);
        return draw("uniform", pages, length, writeShare, random, () -> random.nextInt(pages));
    }

    /**
     * Draws independent accesses to pages of which the k-th most popular has a probability proportional to
     * 1 / k<sup>exponent</sup>. Popular pages are scattered over the footprint by a random permutation, as a hash table
     * scatters popular keys, so that no policy profits from hot pages being neighbours.
     *
     * @param pages      footprint in pages
     * @param length     number of accesses
     * @param exponent   skew, more than 0; YCSB's default is 0.99
     * @param writeShare probability that an access writes, from 0 to 1
     * @param seed       seed of the generator
     * @return a stream named for the exponent, such as {@code zipf-0.99}
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static AccessStream zipf(int pages, int length, double exponent, double writeShare, long seed) {
        check(pages, length, writeShare);
        if (!(exponent > 0 && exponent < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("exponent must be positive and finite, not " + exponent);
        }
        RandomGenerator random = generator(seed);
        int[] pageOfRank = permutation(pages, random);
        ZipfDistribution ranks = new ZipfDistribution(new Adapter(random), pages, exponent);
        String name = String.format(Locale.ROOT, "zipf-%s", exponent);
        return draw(name, pages, length, writeShare, random, () -> pageOfRank[ranks.sample() - 1]);
    }

    private static AccessStream draw(
            String name, int pages, int length, double writeShare, RandomGenerator random, IntSupplier page) {
        int[] codes = new int[length];
        for (int i = 0; i < length; i++) {
            codes[i] = AccessStream.access(page.getAsInt(), random.nextDouble() < writeShare);
        }
        return new AccessStream(name, pages, codes);
    }

    private static void check(int pages, int length, double writeShare) {
        if (pages < 1 || pages > AccessStream.MAX_PAGES) {
            throw new IllegalArgumentException("pages must be 1 to " + AccessStream.MAX_PAGES + ", not " + pages);
        }
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, not " + length);
        }
        if (!(writeShare >= 0 && writeShare <= 1)) {
            throw new IllegalArgumentException("write share must be 0 to 1, not " + writeShare);
        }
    }

    static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static int[] permutation(int n, RandomGenerator random) {
        int[] permutation = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
        return permutation;
    }

    /** Lets commons-math3 draw from the JDK's generator. */
    private static final class Adapter extends AbstractRandomGenerator {
        private final RandomGenerator random;

        Adapter(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public void setSeed(long seed) {
            throw new UnsupportedOperationException("seeded at construction");
        }

        @Override
        public double nextDouble() {
            return random.nextDouble();
        }
    }
}
