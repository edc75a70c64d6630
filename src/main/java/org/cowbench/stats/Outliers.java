package org.cowbench.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Values far from the rest, by median and median absolute deviation, which the outliers themselves do not move. */
public final class Outliers {
    /** Ten standard deviations, in multiples of the median absolute deviation of a normal distribution. */
    public static final double FAR = 14.826;

    /** Share of outliers from which a sample is not one of forks that did the same. */
    private static final double MOST = 0.2;

    private Outliers() {}

    /**
     * Distance of every value from the median.
     *
     * @param values one a fork
     * @return |value - median| in median absolute deviations; infinite where that deviation is 0 and the value differs
     */
    public static double[] distances(double... values) {
        double median = Forks.median(values);
        double mad = Forks.median(
                Arrays.stream(values).map(v -> Math.abs(v - median)).toArray());
        return Arrays.stream(values)
                .map(v -> v == median ? 0 : Math.abs(v - median) / mad)
                .toArray();
    }

    /**
     * Counts the outliers. Fewer than five values have none: the median of so few says nothing about the rest.
     *
     * @param values one a fork
     * @return how many are farther than {@link #FAR} from the median
     */
    public static int count(double... values) {
        return values.length < 5
                ? 0
                : (int) Arrays.stream(distances(values)).filter(d -> d > FAR).count();
    }

    /**
     * Counts the outliers where they are more than a fifth: such a sample says nothing about its median. Of values that
     * mostly repeat exactly, such as counts, one step less is infinitely many deviations away: what differs less than
     * matters is no outlier.
     *
     * @param least relative distance from the median up to which no value is far, such as 0.01
     * @param values one a fork
     * @return how many outliers there are, 0 when that is bearable
     */
    public static int tooManyBeyond(double least, double... values) {
        if (count(values) == 0) {
            return 0;
        }
        double median = Forks.median(values);
        double[] distances = distances(values);
        int far = (int) IntStream.range(0, values.length)
                .filter(i -> distances[i] > FAR && Math.abs(values[i] - median) > least * Math.abs(median))
                .count();
        return far > MOST * values.length ? far : 0;
    }
}
