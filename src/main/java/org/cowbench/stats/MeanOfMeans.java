package org.cowbench.stats;

/**
 * The mean of several independent means, each of which is known with an error of its own: the rows count the same, and
 * the error is that of their forks, by Welch's and Satterthwaite's degrees of freedom. How much rows differ from each
 * other is no part of it, for the rows are not a sample of other rows.
 */
public final class MeanOfMeans {

    private MeanOfMeans() {}

    /**
     * Combines.
     *
     * @param means the means, at least one
     * @param components variances of those means; a mean may have several that add up, such as one a side
     * @param degrees degrees of freedom of each component
     * @param confidence the level, such as 0.95
     * @return the mean of the means and its bounds; bounds are NaN where a component is NaN
     */
    public static Interval of(double[] means, double[] components, double[] degrees, double confidence) {
        double estimate = Forks.mean(means);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < components.length; i++) {
            sum += components[i];
            squares += components[i] * components[i] / degrees[i];
        }
        if (!Double.isFinite(sum)) {
            return Interval.point(estimate, means.length);
        }
        double half = sum == 0
                ? 0
                : StudentT.quantile((1 + confidence) / 2, sum * sum / squares) * Math.sqrt(sum) / means.length;
        return new Interval(estimate, estimate - half, estimate + half, means.length);
    }
}
