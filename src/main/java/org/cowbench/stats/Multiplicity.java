package org.cowbench.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Corrections of p values for the number of tests made together. A NaN is no test: it stays NaN and is not counted. */
public final class Multiplicity {

    private Multiplicity() {}

    /**
     * Holm's step-down correction: controls the probability of even one false rejection in the family.
     *
     * @param p p values in any order
     * @return adjusted p values in the same order
     */
    public static double[] holm(double... p) {
        int[] order = ascending(p);
        double[] adjusted = p.clone();
        double running = 0;
        for (int i = 0; i < order.length; i++) {
            running = Math.max(running, Math.min(1, (order.length - i) * p[order[i]]));
            adjusted[order[i]] = running;
        }
        return adjusted;
    }

    /**
     * Benjamini and Hochberg's step-up correction: controls the expected share of false rejections among all.
     *
     * @param p p values in any order
     * @return adjusted p values (q values) in the same order
     */
    public static double[] benjaminiHochberg(double... p) {
        int[] order = ascending(p);
        double[] adjusted = p.clone();
        double running = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            running = Math.min(running, p[order[i]] * order.length / (i + 1));
            adjusted[order[i]] = running;
        }
        return adjusted;
    }

    private static int[] ascending(double[] p) {
        return IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
