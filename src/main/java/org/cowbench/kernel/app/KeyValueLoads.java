package org.cowbench.kernel.app;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What is asked of a program that keeps values by their keys: the same of each such program, seed and size.
 *
 * <p>The mix is ten GETs a SET, memtier_benchmark's default ratio, over uniform keys and over keys whose frequency falls
 * as Zipf's law has it.
 */
final class KeyValueLoads {
    /** memtier_benchmark's default ratio is 1:10. */
    private static final int GETS_A_SET = 10;
    /** YCSB's constant of Zipf's law. */
    private static final double ZIPF = 0.99;

    private final App.Size size;
    private final SplittableRandom random;
    private final int get;
    private final int set;
    private final IntUnaryOperator uniform;
    private final IntUnaryOperator zipf;

    /**
     * Begins.
     *
     * @param size how much is asked
     * @param seed of the keys
     * @param get the number of the plan's request that reads a key
     * @param set the number of that which writes it
     */
    KeyValueLoads(App.Size size, long seed, int get, int set) {
        this.size = size;
        this.get = get;
        this.set = set;
        random = new SplittableRandom(seed);
        uniform = ignored -> random.nextInt(size.keys());
        zipf = zipf(size.keys(), random);
    }

    /**
     * Adds the loads that all of them have: every key once, and with what they then use as the limit's measure GETs, SETs and
     * the mix.
     *
     * @param plan is added to
     * @return the plan
     */
    Plan add(Plan plan) {
        int pipeline = size.pipeline();
        return plan.load("fill", load(size.keys(), i -> set, i -> i), pipeline)
                .limit(size.percent())
                .load("get", load(size.requests(), i -> get, uniform), pipeline)
                .load("set", load(size.requests(), i -> set, uniform), pipeline)
                .load("mix", mix(), pipeline)
                .load("zipf", load(size.requests(), this::mixed, zipf), pipeline);
    }

    /** Another mix over uniform keys. */
    int[] mix() {
        return load(size.requests(), this::mixed, uniform);
    }

    private int mixed(int i) {
        return i % (GETS_A_SET + 1) == GETS_A_SET ? set : get;
    }

    private static int[] load(int count, IntUnaryOperator request, IntUnaryOperator key) {
        return IntStream.range(0, count)
                .map(i -> Plan.one(request.applyAsInt(i), key.applyAsInt(i)))
                .toArray();
    }

    /** Keys by Zipf's law; which key is the most frequent is random, so that frequent ones do not lie side by side. */
    private static IntUnaryOperator zipf(int keys, SplittableRandom random) {
        double[] sums = new double[keys];
        int[] names = IntStream.range(0, keys).toArray();
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += Math.pow(i + 1, -ZIPF);
            sums[i] = sum;
            int other = random.nextInt(i + 1);
            names[i] = names[other];
            names[other] = i;
        }
        double whole = sum;
        return ignored -> {
            int at = Arrays.binarySearch(sums, random.nextDouble() * whole);
            return names[Math.min(at < 0 ? -at - 1 : at, keys - 1)];
        };
    }
}
