package org.cowbench.stats;

/** When a percentile of one sample may be shown. */
public final class Percentiles {
    private static final long BEYOND = 100;

    private Percentiles() {}

    /**
     * Tells whether a sample holds enough values beyond a percentile to show it.
     *
     * @param count number of values
     * @param fraction the percentile as a fraction
     * @return true when at least {@value #BEYOND} values are expected above it
     */
    public static boolean shown(long count, double fraction) {
        // The fraction is a decimal such as 0.999, so what lies beyond is computed with its rounding allowed for.
        return count * (1 - fraction) >= BEYOND * (1 - 1e-9);
    }
}
