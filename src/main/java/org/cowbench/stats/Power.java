package org.cowbench.stats;

import java.util.function.IntPredicate;

/**
 * How small an effect a number of units can show, and how many units an effect needs. All on the log scale. A unit is a
 * block or pair, or a fork of each side; {@code degrees} is how many degrees of freedom each unit but the first adds to
 * the test: 1 for paired values, up to 2 for independent ones.
 */
public final class Power {
    /** More blocks than this are not worth naming: nobody waits for them. */
    public static final int MOST_BLOCKS = 2000;

    private Power() {}

    /**
     * The effect that is told from zero with a given power.
     *
     * @param deviation standard deviation of the values of units
     * @param units number of units, at least 2
     * @param degrees degrees of freedom a unit
     * @param level two-sided level of the test, such as 0.05
     * @param power probability of seeing the effect, such as 0.8
     * @return (t[1 - level/2] + t[power]) deviation / sqrt(units); NaN with fewer than two units
     */
    public static double detectable(double deviation, int units, double degrees, double level, double power) {
        if (units < 2) {
            return Double.NaN;
        }
        double freedom = degrees * (units - 1.0);
        double quantiles = StudentT.quantile(1 - level / 2, freedom) + StudentT.quantile(power, freedom);
        return quantiles * deviation / Math.sqrt(units);
    }

    /**
     * The number of units that tell an effect from zero with a given power.
     *
     * @param deviation standard deviation of the values of units
     * @param effect size of the effect, on the scale of the deviation
     * @param degrees degrees of freedom a unit
     * @param level two-sided level of the test
     * @param power probability of seeing the effect
     * @return the smallest number of units, or {@link #MOST_BLOCKS} + 1 when more would be needed
     */
    public static int units(double deviation, double effect, double degrees, double level, double power) {
        return smallest(units -> detectable(deviation, units, degrees, level, power) <= Math.abs(effect));
    }

    /**
     * The number of units whose interval lies within a bound on both sides with a given power: both one-sided tests
     * must succeed together, which an effect of zero makes twice as hard as one of them.
     *
     * @param deviation standard deviation of the values of units
     * @param effect size of the effect, on the scale of the deviation
     * @param bound the interval must lie between this and its negative
     * @param level 1 - confidence of the interval
     * @param power probability that it does
     * @return the smallest number of units, or {@link #MOST_BLOCKS} + 1 when more would be needed
     */
    public static int unitsWithin(double deviation, double effect, double bound, double level, double power) {
        return smallest(units -> {
            double error = deviation / Math.sqrt(units);
            double margin = StudentT.quantile(1 - level / 2, units - 1.0);
            double misses = 0;
            for (double room : new double[] {bound - effect, bound + effect}) {
                misses += error == 0 ? room > 0 ? 0 : 1 : 1 - StudentT.cumulative(room / error - margin, units - 1.0);
            }
            return 1 - misses >= power;
        });
    }

    /** The smallest number of units that is enough, of a condition that stays true once it is. */
    private static int smallest(IntPredicate enough) {
        if (!enough.test(MOST_BLOCKS)) {
            return MOST_BLOCKS + 1;
        }
        int low = 2;
        int high = MOST_BLOCKS;
        while (low < high) {
            int middle = (low + high) / 2;
            if (enough.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
