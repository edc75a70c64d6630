package org.cowbench.stats;

/**
 * An estimate with its confidence interval, all three in the same unit.
 *
 * @param estimate the point estimate; NaN when there was nothing to estimate from
 * @param low lower bound, or NaN when there were too few values for an interval
 * @param high upper bound, or NaN when there were too few values for an interval
 * @param count how many independent values (forks, or blocks of a paired comparison) it rests on
 */
public record Interval(double estimate, double low, double high, int count) {

    /**
     * Says whether there are bounds at all.
     *
     * @return true when both bounds are numbers
     */
    public boolean bounded() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }

    /**
     * An estimate without bounds.
     *
     * @param estimate the point estimate
     * @param count how many values it rests on
     * @return the estimate, its bounds NaN
     */
    public static Interval point(double estimate, int count) {
        return new Interval(estimate, Double.NaN, Double.NaN, count);
    }
}
