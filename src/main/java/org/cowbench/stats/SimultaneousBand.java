package org.cowbench.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Intervals for several statistics of the same blocks that hold together, such as the ratios at five percentiles.
 *
 * <p>The factor by which each interval is widened comes from the largest studentised deviation over all statistics when
 * the signs of whole blocks are flipped at random. Flipping whole blocks keeps how the statistics hang together, so the
 * band is narrower than one corrected for their number.
 */
public final class SimultaneousBand {
    private static final int FLIPS = 2000;

    private SimultaneousBand() {}

    /**
     * Computes the band.
     *
     * @param differences {@code [block][statistic]}, one finite difference each
     * @param confidence the level at which all intervals hold together, such as 0.95
     * @param seed of the random signs
     * @return one interval a statistic, around its mean; bounds are NaN with fewer than five blocks
     */
    public static Interval[] of(double[][] differences, double confidence, long seed) {
        int blocks = differences.length;
        int statistics = blocks == 0 ? 0 : differences[0].length;
        Interval[] band = new Interval[statistics];
        double[] means = new double[statistics];
        double[] errors = new double[statistics];
        for (int s = 0; s < statistics; s++) {
            int index = s;
            double[] column = Arrays.stream(differences)
                    .mapToDouble(block -> block[index])
                    .toArray();
            means[s] = Forks.mean(column);
            errors[s] = Math.sqrt(StudentT.variance(column) / blocks);
        }
        double factor = blocks < 5 ? Double.NaN : factor(differences, means, confidence, new SplittableRandom(seed));
        for (int s = 0; s < statistics; s++) {
            double half = factor * errors[s];
            band[s] = new Interval(means[s], means[s] - half, means[s] + half, blocks);
        }
        return band;
    }

    private static double factor(double[][] differences, double[] means, double confidence, SplittableRandom random) {
        int blocks = differences.length;
        double[] largest = new double[FLIPS];
        boolean[] minus = new boolean[blocks];
        for (int flip = 0; flip < FLIPS; flip++) {
            for (int b = 0; b < blocks; b++) {
                minus[b] = random.nextBoolean();
            }
            for (int s = 0; s < means.length; s++) {
                double sum = 0;
                double squares = 0;
                for (int b = 0; b < blocks; b++) {
                    double centred = differences[b][s] - means[s];
                    double signed = minus[b] ? -centred : centred;
                    sum += signed;
                    squares += signed * signed;
                }
                double mean = sum / blocks;
                double variance = (squares - blocks * mean * mean) / (blocks - 1);
                double t = variance > 0 ? Math.abs(mean) / Math.sqrt(variance / blocks) : 0;
                largest[flip] = Math.max(largest[flip], t);
            }
        }
        Arrays.sort(largest);
        return largest[(int) Math.min(FLIPS - 1, Math.ceil(confidence * FLIPS))];
    }
}
