package org.cowbench.stats;

import java.util.Arrays;

/**
 * Where the noise sits: between iterations of a fork, or between forks (Kalibera and Jones, ISMM 2013).
 *
 * @param withinForks mean variance of the iterations of a fork, in squared units of the values
 * @param betweenForks variance that forks add beyond that of their iterations; may be negative, which means none
 * @param iterations iterations of a fork, the smallest number over forks
 * @param forks number of forks with at least two iterations
 */
public record VarianceComponents(double withinForks, double betweenForks, int iterations, int forks) {

    /**
     * Splits the variance.
     *
     * @param raw {@code [fork][iteration]}; values that are not finite are left out
     * @return the components; NaN with fewer than two forks of at least two iterations
     */
    public static VarianceComponents of(double[][] raw) {
        double[][] usable = Arrays.stream(raw)
                .map(fork -> Arrays.stream(fork).filter(Double::isFinite).toArray())
                .filter(fork -> fork.length >= 2)
                .toArray(double[][]::new);
        int iterations = Arrays.stream(usable).mapToInt(fork -> fork.length).min().orElse(0);
        if (usable.length < 2) {
            return new VarianceComponents(Double.NaN, Double.NaN, iterations, usable.length);
        }
        double within = Arrays.stream(usable).mapToDouble(StudentT::variance).average().orElseThrow();
        double means = StudentT.variance(Arrays.stream(usable).mapToDouble(Forks::mean).toArray());
        return new VarianceComponents(within, means - within / iterations, iterations, usable.length);
    }

    /**
     * The number of iterations of a fork that gives the narrowest interval for the time spent.
     *
     * @param forkSeconds cost of a fork before its first measured iteration: start and warm-up
     * @param iterationSeconds cost of a measured iteration
     * @return at least 1; {@link Integer#MAX_VALUE} when forks add no variance, so that one long fork would do
     */
    public int bestIterations(double forkSeconds, double iterationSeconds) {
        if (!(betweenForks > 0)) {
            return Integer.MAX_VALUE;
        }
        double best = Math.ceil(Math.sqrt(forkSeconds / iterationSeconds * withinForks / betweenForks));
        return (int) Math.max(1, Math.min(best, Integer.MAX_VALUE));
    }
}
