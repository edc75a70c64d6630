package org.cowbench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Wilcoxon's signed-rank test of paired differences, with the estimate and the interval that belong to it: the
 * Hodges-Lehmann estimate (median of all Walsh averages) and the order statistics of the Walsh averages that the exact
 * null distribution selects.
 *
 * <p>Up to {@value #EXACT} differences everything is exact: the null distribution is counted, given the ties of these
 * very differences where there are any. Beyond that a normal approximation with continuity and tie correction is used.
 * Differences of zero are left out of the test, as Wilcoxon did, but not out of estimate and interval.
 *
 * <p>The test assumes that the differences are symmetric about their centre. Where the order of the two sides was drawn
 * at random in each block, that holds by design under the null hypothesis.
 */
public final class SignedRank {
    /** Up to this many differences the distribution is counted, not approximated. */
    public static final int EXACT = 100;

    /** The Walsh averages of more differences than this would not fit in memory; no run has as many blocks. */
    static final int MOST = 5000;

    private final double[] differences;
    private final double[] walsh;

    private SignedRank(double[] differences, double[] walsh) {
        this.differences = differences;
        this.walsh = walsh;
    }

    /**
     * Prepares the test.
     *
     * @param differences one finite difference a pair or block
     * @return the test
     * @throws IllegalArgumentException if a difference is not finite or there are more than 5000
     */
    public static SignedRank of(double... differences) {
        int n = differences.length;
        if (n > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " differences: " + n);
        }
        for (double difference : differences) {
            if (!Double.isFinite(difference)) {
                throw new IllegalArgumentException("a difference is not finite: " + difference);
            }
        }
        double[] averages = new double[n * (n + 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                averages[next++] = (differences[i] + differences[j]) / 2;
            }
        }
        Arrays.sort(averages);
        return new SignedRank(differences.clone(), averages);
    }

    /**
     * The Hodges-Lehmann estimate of the centre of the differences.
     *
     * @return median of the Walsh averages, NaN without any difference
     */
    public double estimate() {
        int m = walsh.length;
        return m == 0 ? Double.NaN : m % 2 == 1 ? walsh[m / 2] : (walsh[m / 2 - 1] + walsh[m / 2]) / 2;
    }

    /**
     * The estimate with its confidence interval.
     *
     * @param confidence the level, such as 0.95; what is reached is at least this
     * @return estimate and bounds; bounds are NaN when there are too few differences for the level, see
     *     {@link #smallestP}
     * @throws IllegalArgumentException if the level does not lie strictly between 0 and 1
     */
    public Interval interval(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence level must lie between 0 and 1, not " + confidence);
        }
        int k = critical(differences.length, (1 - confidence) / 2);
        if (k < 0) {
            return Interval.point(estimate(), differences.length);
        }
        return new Interval(estimate(), walsh[k], walsh[walsh.length - 1 - k], differences.length);
    }

    /**
     * The two-sided p value of the hypothesis that the differences are centred on zero.
     *
     * @return p in (0, 1]; 1 when every difference is zero or there is none
     */
    public double p() {
        double[] nonzero = Arrays.stream(differences).filter(d -> d != 0).toArray();
        int n = nonzero.length;
        if (n == 0) {
            return 1;
        }
        int[] ranks = doubledRanks(nonzero);
        long positive = 0;
        long total = 0;
        for (int i = 0; i < n; i++) {
            positive += nonzero[i] > 0 ? ranks[i] : 0;
            total += ranks[i];
        }
        long smaller = Math.min(positive, total - positive);
        if (n <= EXACT) {
            double tail = 0;
            double[] distribution = distribution(ranks);
            for (int sum = 0; sum <= smaller; sum++) {
                tail += distribution[sum];
            }
            return Math.min(1, 2 * tail);
        }
        // Doubled ranks: the sum has mean total / 2 and a variance of a quarter of the sum of squares.
        double squares = 0;
        for (int rank : ranks) {
            squares += (double) rank * rank;
        }
        double z = Math.max(0, total / 2.0 - smaller - 1) / Math.sqrt(squares / 4);
        return Math.min(1, 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-z));
    }

    /**
     * The smallest two-sided p value that so many differences can give, all of one sign.
     *
     * @param count number of differences
     * @return 2 / 2^count, at most 1
     */
    public static double smallestP(int count) {
        return Math.min(1, StrictMath.scalb(2.0, -count));
    }

    /**
     * The number of differences from which a level can be reached at all.
     *
     * @param level two-sided, such as 0.01
     * @return the smallest count with {@link #smallestP} at most the level
     */
    public static int countFor(double level) {
        int count = 1;
        while (smallestP(count) > level) {
            count++;
        }
        return count;
    }

    /** The largest k with P(T+ at most k) not above the tail, without ties; -1 when there is none. */
    static int critical(int n, double tail) {
        if (n == 0) {
            return -1;
        }
        if (n > EXACT) {
            double mean = n * (n + 1) / 4.0;
            double deviation = Math.sqrt(n * (n + 1.0) * (2.0 * n + 1) / 24);
            double z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(tail);
            return (int) Math.floor(mean + z * deviation - 0.5);
        }
        int[] ranks = new int[n];
        for (int i = 0; i < n; i++) {
            ranks[i] = i + 1;
        }
        double[] distribution = distribution(ranks);
        double sum = 0;
        int k = -1;
        // A tail that equals the level up to rounding reaches it: 5 differences at 2/2^5.
        while (sum + distribution[k + 1] <= tail * (1 + 1e-9)) {
            sum += distribution[++k];
        }
        return k;
    }

    /** Probability of every sum of a random subset of the ranks. */
    private static double[] distribution(int[] ranks) {
        int total = Arrays.stream(ranks).sum();
        double[] probability = new double[total + 1];
        probability[0] = 1;
        int reached = 0;
        for (int rank : ranks) {
            reached += rank;
            for (int sum = reached; sum >= 0; sum--) {
                probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
            }
        }
        return probability;
    }

    /** Twice the mid-ranks of the absolute values, which are whole numbers with and without ties. */
    private static int[] doubledRanks(double[] values) {
        double[] sorted = Arrays.stream(values).map(Math::abs).sorted().toArray();
        int[] ranks = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            double value = Math.abs(values[i]);
            int first = Arrays.binarySearch(sorted, value);
            int last = first;
            while (first > 0 && sorted[first - 1] == value) {
                first--;
            }
            while (last + 1 < sorted.length && sorted[last + 1] == value) {
                last++;
            }
            ranks[i] = first + last + 2;
        }
        return ranks;
    }
}
