package org.cowbench.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Whether values in the order of their measurement drift: a trend, or neighbours that are alike. */
public final class Drift {

    private Drift() {}

    /**
     * The autocorrelation of neighbours.
     *
     * @param values in the order of measurement
     * @return the lag-1 coefficient in -1..1; NaN with fewer than three values or when all are equal
     */
    public static double lag1(double... values) {
        if (values.length < 3) {
            return Double.NaN;
        }
        double mean = Forks.mean(values);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
            products += i == 0 ? 0 : (values[i] - mean) * (values[i - 1] - mean);
        }
        return squares == 0 ? Double.NaN : products / squares;
    }

    /**
     * Two-sided p value of the lag-1 coefficient, from its limit distribution under independence.
     *
     * @param values in the order of measurement
     * @return p in [0, 1]; NaN with fewer than eight values, too few for the limit
     */
    public static double lag1P(double... values) {
        double coefficient = lag1(values);
        int n = values.length;
        if (n < 8 || Double.isNaN(coefficient)) {
            return Double.NaN;
        }
        // Under independence the coefficient has mean -1/n and a variance close to (n-2)^2 / (n^2 (n-1)).
        double deviation = (n - 2.0) / (n * Math.sqrt(n - 1.0));
        double z = (coefficient + 1.0 / n) / deviation;
        return 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-Math.abs(z));
    }

    /**
     * Two-sided p value of Mann's and Kendall's test for a monotonic trend, corrected for ties and continuity.
     *
     * @param values in the order of measurement
     * @return p in [0, 1]; NaN with fewer than four values; 1 when all are equal
     */
    public static double mannKendallP(double... values) {
        int n = values.length;
        if (n < 4) {
            return Double.NaN;
        }
        long score = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                score += (long) Math.signum(values[j] - values[i]);
            }
        }
        Map<Double, Integer> ties = new HashMap<>();
        Arrays.stream(values).forEach(v -> ties.merge(v, 1, Integer::sum));
        double variance = n * (n - 1.0) * (2.0 * n + 5);
        for (int t : ties.values()) {
            variance -= t * (t - 1.0) * (2.0 * t + 5);
        }
        variance /= 18;
        if (score == 0 || variance == 0) {
            return 1;
        }
        double z = (Math.abs(score) - 1) / Math.sqrt(variance);
        return 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-z);
    }
}
