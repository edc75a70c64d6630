package org.cowbench.result;

import java.util.Arrays;

/**
 * One secondary metric of a measurement, such as {@code copies}.
 *
 * @param unit unit of the values, such as {@code #/op}
 * @param raw values by fork and iteration; a fork that did not report the metric has an empty row
 */
public record Metric(String unit, double[][] raw) {

    /**
     * Returns the mean of every fork.
     *
     * @return one value a fork, in the order of {@link #raw()}; NaN for an empty row
     */
    public double[] forkMeans() {
        return Arrays.stream(raw).mapToDouble(fork -> Arrays.stream(fork).average().orElse(Double.NaN)).toArray();
    }
}
