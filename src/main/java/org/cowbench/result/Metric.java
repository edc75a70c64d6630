package org.cowbench.result;

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
        return Rows.means(raw);
    }

    /**
     * Returns the mean over forks of the forks' means, so that a fork with fewer iterations weighs as much as another.
     *
     * @return the mean, NaN when there is no value
     */
    public double mean() {
        return Rows.mean(forkMeans());
    }
}
