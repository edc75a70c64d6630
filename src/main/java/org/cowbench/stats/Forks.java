package org.cowbench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/** Estimates from one value a fork. Inputs are never modified; an empty input gives NaN. */
public final class Forks {

    /** Fewer values than this give no interval: two values bound nothing worth printing. */
    public static final int MINIMUM_FOR_INTERVAL = 3;

    private Forks() {}

    /**
     * The median; of an even count, the mean of the two middle values.
     *
     * @param values any number of values
     * @return their median, or NaN when there is none
     */
    public static double median(double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The arithmetic mean.
     *
     * @param values any number of values
     * @return their mean, or NaN when there is none
     */
    public static double mean(double... values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /**
     * One value a fork: the median of its iterations, so that one disturbed iteration does not move the fork.
     *
     * @param raw {@code [fork][iteration]}
     * @return the medians of the forks that have at least one finite iteration, in fork order
     */
    public static double[] medians(double[][] raw) {
        return Arrays.stream(raw)
                .mapToDouble(fork ->
                        median(Arrays.stream(fork).filter(Double::isFinite).toArray()))
                .filter(Double::isFinite)
                .toArray();
    }

    /**
     * The geometric mean with its Student t interval, both computed on logarithms.
     *
     * @param values one positive value a fork; a value that is not positive makes the estimate the arithmetic mean,
     *     without bounds
     * @param confidence the level, such as 0.95
     * @return estimate and bounds in the unit of the values; bounds only from {@link #MINIMUM_FOR_INTERVAL} values on
     * @throws IllegalArgumentException if the level does not lie strictly between 0 and 1
     */
    public static Interval geometric(double[] values, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence level must lie between 0 and 1, not " + confidence);
        }
        if (values.length == 0 || Arrays.stream(values).anyMatch(value -> !(value > 0))) {
            return Interval.point(mean(values), values.length);
        }
        double[] logs = Arrays.stream(values).map(StrictMath::log).toArray();
        double center = mean(logs);
        double estimate = StrictMath.exp(center);
        if (logs.length < MINIMUM_FOR_INTERVAL) {
            return Interval.point(estimate, logs.length);
        }
        double squares = 0;
        for (double log : logs) {
            squares += (log - center) * (log - center);
        }
        double standardError = StrictMath.sqrt(squares / (logs.length - 1) / logs.length);
        double quantile = new TDistribution(null, logs.length - 1).inverseCumulativeProbability((1 + confidence) / 2);
        return new Interval(
                estimate,
                StrictMath.exp(center - quantile * standardError),
                StrictMath.exp(center + quantile * standardError),
                logs.length);
    }

    /**
     * The ratio of two series measured side by side: the geometric mean of the pairs' ratios, so that what both sides
     * of a pair share (the machine's mood in that block) cancels.
     *
     * @param head numerators, one a pair
     * @param base denominators, in the same order
     * @param confidence the level, such as 0.95
     * @return head / base with bounds as {@link #geometric} gives them
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Interval pairedRatio(double[] head, double[] base, double confidence) {
        if (head.length != base.length) {
            throw new IllegalArgumentException("pairs need equal lengths, not " + head.length + " and " + base.length);
        }
        double[] ratios = new double[head.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = head[i] / base[i];
        }
        return geometric(ratios, confidence);
    }
}
