package org.cowbench.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which values were measured under conditions of their own, such as on one machine. What differs between the conditions is
 * taken out before values are tested: the estimate is the mean of the strata's, each weighted by its values, and what varies
 * is what varies within them. So it speaks of these machines, and of others as far as they are like them.
 */
public final class Strata {
    /** With fewer values a stratum's centre is mostly noise. */
    static final int LEAST = 3;

    private final int[] of;

    private Strata(int[] of) {
        this.of = of;
    }

    /** Where a stratum lies. */
    interface Centre {
        /**
         * Estimates it.
         *
         * @param values of one stratum
         * @return the centre
         */
        double of(double... values);
    }

    /**
     * Sorts values into strata. Where one would have fewer than three, all values are of one stratum: what differs between
     * the conditions is then part of what varies.
     *
     * @param keys one a value; equal keys are of one stratum
     * @return the strata
     */
    public static Strata of(int... keys) {
        boolean enough = Arrays.stream(keys).allMatch(key -> places(keys, key).length >= LEAST);
        return enough ? new Strata(keys.clone()) : one(keys.length);
    }

    /**
     * One stratum.
     *
     * @param values how many values
     * @return all of them
     */
    public static Strata one(int values) {
        return new Strata(new int[values]);
    }

    private static int[] places(int[] keys, int key) {
        return IntStream.range(0, keys.length).filter(i -> keys[i] == key).toArray();
    }

    /** How many there are. */
    int count() {
        return (int) Arrays.stream(of).distinct().count();
    }

    /**
     * Moves the mean of every stratum to that of all. What is left has one degree of freedom fewer for each stratum.
     *
     * @param values one a key
     * @return the values
     */
    double[] centred(double[] values) {
        return moved(values, Forks::mean, false);
    }

    /**
     * Moves every stratum to the place of all, for ranks. Deviations of n values from their own centre are smaller than
     * those from the true one; so they are stretched by the root of n / (n - 1).
     *
     * @param values one a key
     * @param centre where a stratum lies
     * @return the values as if there were one stratum; as they are where there is
     */
    double[] aligned(double[] values, Centre centre) {
        return moved(values, centre, true);
    }

    /**
     * Moves the median of every stratum to that of all, so that a value is far off only if it is so beside its own stratum's.
     *
     * @param values one a key
     * @return the values as if there were one stratum; as they are where there is
     */
    public double[] levelled(double... values) {
        return moved(values, Forks::median, false);
    }

    /**
     * Whether values are of several strata.
     *
     * @return whether there is anything to take out
     */
    public boolean several() {
        return count() > 1;
    }

    private double[] moved(double[] values, Centre centre, boolean stretched) {
        int[] keys = Arrays.stream(of).distinct().toArray();
        if (keys.length < 2) {
            return values.clone();
        }
        double[] aligned = new double[values.length];
        double all = 0;
        for (int key : keys) {
            int[] places = places(of, key);
            double own =
                    centre.of(Arrays.stream(places).mapToDouble(i -> values[i]).toArray());
            all += own * places.length / values.length;
            double stretch = stretched ? Math.sqrt(places.length / (places.length - 1.0)) : 1;
            for (int place : places) {
                aligned[place] = (values[place] - own) * stretch;
            }
        }
        double mean = all;
        return Arrays.stream(aligned).map(value -> mean + value).toArray();
    }
}
