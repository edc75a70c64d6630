package org.cowbench.stats;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * The order statistics that bound a percentile of one sample, whatever its distribution.
 *
 * @param low rank of the lower bound, from 1 (the smallest value); 0 when no value bounds the percentile from below
 * @param high rank of the upper bound; one above the count when no value bounds it from above
 */
public record PercentileRanks(long low, long high) {
    /** A percentile is worth showing from this many values beyond it. */
    public static final long BEYOND = 100;

    /**
     * The ranks for a percentile.
     *
     * @param count number of values
     * @param fraction the percentile as a fraction in (0, 1), such as 0.999
     * @param confidence the level, such as 0.95
     * @return the ranks
     * @throws IllegalArgumentException if count, fraction or level is out of range
     */
    public static PercentileRanks of(long count, double fraction, double confidence) {
        if (count < 1 || count > Integer.MAX_VALUE || !(fraction > 0 && fraction < 1)
                || !(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "no ranks for percentile " + fraction + " of " + count + " values at level " + confidence);
        }
        BinomialDistribution below = new BinomialDistribution(null, (int) count, fraction);
        double tail = (1 - confidence) / 2;
        return new PercentileRanks(
                below.inverseCumulativeProbability(tail), below.inverseCumulativeProbability(1 - tail) + 1L);
    }

    /**
     * Tells whether a sample holds enough values beyond a percentile to show it.
     *
     * @param count number of values
     * @param fraction the percentile as a fraction
     * @return true when at least {@link #BEYOND} values are expected above it
     */
    public static boolean shown(long count, double fraction) {
        // The fraction is a decimal such as 0.999, so what lies beyond is computed with its rounding allowed for.
        return count * (1 - fraction) >= BEYOND * (1 - 1e-9);
    }
}
