package org.cowbench.workload;

import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.AbstractRandomGenerator;

/**
 * Streams drawn from a distribution. The same arguments give the same stream on every machine: the generator is the
 * JDK's L64X128MixRandom, whose algorithm is specified, seeded by the caller.
 */
public final class SyntheticStreams {
    private static final int PAGE_BYTES = 4096;

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

    /**
     * Draws requests as memtier_benchmark sends them to a redis that holds values of one size, keys uniform, and what
     * redis then does to the pages of its values. A GET of a key that is there reads the value. A SET reads the start of
     * the value that it replaces, where its type is written, and writes the new one into the memory that the SET before
     * it freed, as an allocator does that gives out first what was freed last. Table and keys are too hot to leave
     * memory, so a GET of a key that is not there accesses nothing.
     *
     * @param values   values that redis holds
     * @param requests number of requests
     * @param getsASet GETs for each SET
     * @param hits     probability that a GET finds its key, from 0 to 1
     * @param size     bytes of a value
     * @param place    bytes from one value to the next, at least {@code size}
     * @param seed     seed of the generator
     * @return a stream named {@code memtier}
     * @throws IllegalArgumentException if an argument is out of range, or the requests access nothing
     */
    public static RequestStream keyValue(
            int values, int requests, int getsASet, double hits, int size, int place, long seed) {
        if (values < 1 || requests < 1 || getsASet < 0 || !(hits >= 0 && hits <= 1) || size < 1 || place < size) {
            throw new IllegalArgumentException("not requests: values " + values + ", requests " + requests
                    + ", GETs a SET " + getsASet + ", hits " + hits + ", size " + size + ", place " + place);
        }
        RandomGenerator random = generator(seed);
        // One place more than values: that of the last value freed.
        long pages = (values * (long) place + size - 1) / PAGE_BYTES + 1;
        if (pages > AccessStream.MAX_PAGES) {
            throw new IllegalArgumentException(
                    values + " values of " + place + " bytes are more pages than " + AccessStream.MAX_PAGES);
        }
        int[] placeOf = permutation(values, random);
        int free = values;
        IntStream.Builder codes = IntStream.builder();
        for (int i = 0; i < requests; i++) {
            int key = random.nextInt(values);
            if (random.nextInt(getsASet + 1) == 0) {
                int old = placeOf[key];
                codes.add(AccessStream.access(page(old * (long) place), false));
                whole(codes, free, size, place, true);
                placeOf[key] = free;
                free = old;
            } else if (random.nextDouble() < hits) {
                whole(codes, placeOf[key], size, place, false);
            }
        }
        return new RequestStream(
                new AccessStream("memtier", (int) pages, codes.build().toArray()), requests);
    }

    private static void whole(IntStream.Builder codes, int where, int size, int place, boolean write) {
        long first = where * (long) place;
        for (int page = page(first); page <= page(first + size - 1); page++) {
            codes.add(AccessStream.access(page, write));
        }
    }

    private static int page(long offset) {
        return (int) (offset / PAGE_BYTES);
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
