package org.cowbench.result;

import java.util.Arrays;

/**
 * One secondary metric of a measurement, such as {@code copies}.
 *
 * @param unit unit of the values, such as {@code #/op}
 * @param raw values by fork and iteration; a fork that did not report the metric has an empty row
 * @param percentile whether the metric is a percentile that JMH takes in mode sample, and of what
 */
public record Metric(String unit, double[][] raw, Percentile percentile) {

    /** What a metric is a percentile of. */
    public enum Percentile {
        /** It is none. */
        NONE,
        /** Of all samples of a fork: one value a fork. */
        OF_FORKS,
        /** Of the samples of each iteration: the file holds no samples, and their mean is no percentile of the fork. */
        OF_ITERATIONS
    }

    /**
     * A metric that is no percentile.
     *
     * @param unit unit of the values
     * @param raw values by fork and iteration
     */
    public Metric(String unit, double[][] raw) {
        this(unit, raw, Percentile.NONE);
    }

    /**
     * Returns the mean of every fork.
     *
     * @return one value a fork, in the order of {@link #raw()}; NaN for an empty row
     */
    public double[] forkMeans() {
        return Arrays.stream(raw)
                .mapToDouble(fork -> Arrays.stream(fork).average().orElse(Double.NaN))
                .toArray();
    }
}
