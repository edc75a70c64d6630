package org.cowbench.stats;

/**
 * Fieller's interval of a ratio of two means from independent samples, as Kalibera and Jones (ISMM 2013) use it: the
 * replicates are forks, nothing below.
 */
public final class Fieller {

    private Fieller() {}

    /**
     * Ratio of the means with its interval.
     *
     * @param head numerators, one a fork
     * @param base denominators, one a fork
     * @param confidence the level, such as 0.95
     * @return mean(head) / mean(base) with bounds; the bounds are NaN when a side has fewer than two forks or the
     *     denominator cannot be told from zero, for the interval is then unbounded
     */
    public static Interval ratio(double[] head, double[] base, double confidence) {
        double y = Forks.mean(base);
        double other = Forks.mean(head);
        int count = Math.min(head.length, base.length);
        double estimate = other / y;
        if (count < 2) {
            return Interval.point(estimate, count);
        }
        double h = square(StudentT.quantile((1 + confidence) / 2, base.length - 1.0))
                * StudentT.variance(base)
                / base.length;
        double k = square(StudentT.quantile((1 + confidence) / 2, head.length - 1.0))
                * StudentT.variance(head)
                / head.length;
        double denominator = y * y - h;
        // Not the textbook's difference of products, which rounding makes negative where neither side varies.
        double inside = y * y * k + other * other * h - h * k;
        if (!(denominator > 0) || !(inside >= 0)) {
            return Interval.point(estimate, count);
        }
        double root = Math.sqrt(inside);
        return new Interval(estimate, (y * other - root) / denominator, (y * other + root) / denominator, count);
    }

    private static double square(double value) {
        return value * value;
    }
}
