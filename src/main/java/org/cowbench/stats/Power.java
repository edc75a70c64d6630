package org.cowbench.stats;

/** How small an effect a number of blocks can show, and how many blocks an effect needs. All on the log scale. */
public final class Power {
    /** More blocks than this are not worth naming: nobody waits for them. */
    public static final int MOST_BLOCKS = 2000;

    private Power() {}

    /**
     * The effect that is told from zero with a given power.
     *
     * @param deviation standard deviation of the block values
     * @param blocks number of blocks, at least 2
     * @param level two-sided level of the test, such as 0.05
     * @param power probability of seeing the effect, such as 0.8
     * @return (t[1 - level/2] + t[power]) deviation / sqrt(blocks); NaN with fewer than two blocks
     */
    public static double detectable(double deviation, int blocks, double level, double power) {
        if (blocks < 2) {
            return Double.NaN;
        }
        double quantiles = StudentT.quantile(1 - level / 2, blocks - 1.0) + StudentT.quantile(power, blocks - 1.0);
        return quantiles * deviation / Math.sqrt(blocks);
    }

    /**
     * The number of blocks that tell an effect from zero with a given power.
     *
     * @param deviation standard deviation of the block values
     * @param effect size of the effect, on the scale of the deviation
     * @param level two-sided level of the test
     * @param power probability of seeing the effect
     * @return the smallest number of blocks, or {@link #MOST_BLOCKS} + 1 when more would be needed
     */
    public static int blocks(double deviation, double effect, double level, double power) {
        if (!(detectable(deviation, MOST_BLOCKS, level, power) <= Math.abs(effect))) {
            return MOST_BLOCKS + 1;
        }
        int low = 2;
        int high = MOST_BLOCKS;
        while (low < high) {
            int middle = (low + high) / 2;
            if (detectable(deviation, middle, level, power) <= Math.abs(effect)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
