package org.cowbench.result;

import java.util.Map;

/**
 * One benchmark with one set of parameters, over all its forks.
 *
 * @param benchmark {@code Class.method}, with the package, threads and thread groups where others in the file would
 *     have the same name without them; what identifies it is the key
 * @param key what was measured
 * @param forks number of forks the result claims; the rows of {@code raw} are those that delivered
 * @param unit unit of the values, such as {@code ns/op}
 * @param raw score by fork and iteration
 * @param secondary the other metrics by name
 */
public record Measurement(
        String benchmark, MeasurementKey key, int forks, String unit, double[][] raw, Map<String, Metric> secondary) {

    /**
     * A measurement of this project's own, by one thread.
     *
     * @param benchmark {@code Class.method}
     * @param mode JMH's short name of the mode
     * @param params parameters in JMH's order, as JMH spells their values
     * @param forks number of forks the result claims
     * @param unit unit of the values
     * @param raw score by fork and iteration
     * @param secondary the other metrics by name
     */
    public Measurement(
            String benchmark,
            String mode,
            Map<String, String> params,
            int forks,
            String unit,
            double[][] raw,
            Map<String, Metric> secondary) {
        this(
                benchmark,
                new MeasurementKey(MeasurementKey.OWN + benchmark, mode, 1, "", params),
                forks,
                unit,
                raw,
                secondary);
    }

    /**
     * Returns the mode.
     *
     * @return JMH's short name of it, such as {@code avgt}
     */
    public String mode() {
        return key.mode();
    }

    /**
     * Returns the parameters.
     *
     * @return in JMH's order, as JMH spells their values, those of an enum by the constant's name
     */
    public Map<String, String> params() {
        return key.params();
    }

    /**
     * Returns the mean of every fork, the unit of every interval.
     *
     * @return one value a fork
     */
    public double[] forkMeans() {
        return new Metric(unit, raw).forkMeans();
    }
}
