package org.cowbench.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.TDistribution;

/** Student's and Welch's t tests with their intervals. All inputs are fork or block values, never iterations. */
public final class StudentT {

    private record Quantile(double probability, double degrees) {}

    private static final int MOST_QUANTILES = 10_000;
    private static final Map<Quantile, Double> QUANTILES = new ConcurrentHashMap<>();

    private StudentT() {}

    /**
     * Mean of differences with its interval.
     *
     * @param differences one a block
     * @param confidence the level, such as 0.95
     * @return mean and bounds; bounds are NaN with fewer than two differences
     */
    public static Interval interval(double[] differences, double confidence) {
        return interval(differences, 1, confidence);
    }

    /** The same of values of several strata that were moved to one place, which leaves fewer degrees of freedom. */
    static Interval interval(double[] differences, int strata, double confidence) {
        int n = differences.length;
        double mean = Forks.mean(differences);
        if (n < 2) {
            return Interval.point(n == 0 ? Double.NaN : mean, n);
        }
        double half = quantile((1 + confidence) / 2, n - strata) * error(differences, strata);
        return new Interval(mean, mean - half, mean + half, n);
    }

    /**
     * Two-sided p value of the hypothesis that the mean of differences is zero.
     *
     * @param differences one a block
     * @return p in [0, 1]; NaN with fewer than two differences; 1 when all are zero
     */
    public static double p(double[] differences) {
        return p(differences, 1);
    }

    /** The same of values of several strata that were moved to one place. */
    static double p(double[] differences, int strata) {
        int n = differences.length;
        return n < 2 ? Double.NaN : tail(Forks.mean(differences), error(differences, strata), n - strata);
    }

    private static double error(double[] differences, int strata) {
        int n = differences.length;
        return Math.sqrt(variance(differences) * (n - 1) / (n - strata) / n);
    }

    /**
     * Two-sided p value of Welch's test that two independent samples have one mean.
     *
     * @param a one value a fork
     * @param b one value a fork
     * @return p in [0, 1]; NaN when a side has fewer than two values
     */
    public static double welch(double[] a, double[] b) {
        return Math.min(a.length, b.length) < 2
                ? Double.NaN
                : tail(Forks.mean(b) - Forks.mean(a), error(a, b), welchDegrees(a, b));
    }

    /**
     * Difference of the means of two independent samples, with the interval that belongs to {@link #welch}.
     *
     * @param a one value a fork
     * @param b one value a fork
     * @param confidence the level, such as 0.95
     * @return mean(b) - mean(a) and bounds; bounds are NaN when a side has fewer than two values
     */
    public static Interval welchInterval(double[] a, double[] b, double confidence) {
        int units = Math.min(a.length, b.length);
        double difference = Forks.mean(b) - Forks.mean(a);
        if (units < 2) {
            return Interval.point(difference, units);
        }
        double half = quantile((1 + confidence) / 2, welchDegrees(a, b)) * error(a, b);
        return new Interval(difference, difference - half, difference + half, units);
    }

    /**
     * Degrees of freedom of {@link #welch}.
     *
     * @param a at least two values
     * @param b at least two values
     * @return from one less than the smaller count to two less than the sum of both
     */
    public static double welchDegrees(double[] a, double[] b) {
        double va = variance(a) / a.length;
        double vb = variance(b) / b.length;
        double least = Math.min(a.length, b.length) - 1.0;
        return va + vb == 0 ? least : (va + vb) * (va + vb) / (va * va / (a.length - 1) + vb * vb / (b.length - 1));
    }

    private static double error(double[] a, double[] b) {
        return Math.sqrt(variance(a) / a.length + variance(b) / b.length);
    }

    /**
     * The distribution function.
     *
     * @param value any number
     * @param degrees degrees of freedom, above 0
     * @return the probability of at most the value
     */
    static double cumulative(double value, double degrees) {
        return new TDistribution(null, degrees).cumulativeProbability(value);
    }

    /**
     * Quantile of the t distribution.
     *
     * @param probability in (0, 1)
     * @param degrees degrees of freedom, above 0
     * @return the quantile
     */
    public static double quantile(double probability, double degrees) {
        // Found by bisection, and a comparison asks for the same few tens of thousands of times.
        if (QUANTILES.size() > MOST_QUANTILES) {
            QUANTILES.clear();
        }
        return QUANTILES.computeIfAbsent(new Quantile(probability, degrees), key -> new TDistribution(null, key.degrees)
                .inverseCumulativeProbability(key.probability));
    }

    /**
     * The variance of a sample.
     *
     * @param values at least two values
     * @return sum of squared deviations over one less than the count; NaN with fewer than two values
     */
    public static double variance(double... values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = Forks.mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return squares / (values.length - 1);
    }

    private static double tail(double difference, double error, double degrees) {
        if (error == 0) {
            return difference == 0 ? 1 : 0;
        }
        return 2 * cumulative(-Math.abs(difference / error), degrees);
    }
}
