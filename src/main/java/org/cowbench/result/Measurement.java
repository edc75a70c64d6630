package org.cowbench.result;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.cowbench.policy.Policy;

/**
 * One benchmark with one set of parameters, over all its forks.
 *
 * @param benchmark {@code Class.method}, without the package
 * @param mode JMH's short name of the mode, such as {@code avgt}
 * @param params parameters in JMH's order, as JMH spells their values; the policy by its enum constant's name
 * @param forks number of forks the result claims; the rows of {@code raw} are those that delivered
 * @param unit unit of the values, such as {@code ns/op}
 * @param raw score by fork and iteration
 * @param secondary the other metrics by name
 */
public record Measurement(
        String benchmark,
        String mode,
        Map<String, String> params,
        int forks,
        String unit,
        double[][] raw,
        Map<String, Metric> secondary) {

    /**
     * Returns the mean of every fork, the unit of every interval.
     *
     * @return one value a fork
     */
    public double[] forkMeans() {
        return new Metric(unit, raw).forkMeans();
    }

    /**
     * Returns the policy of this measurement.
     *
     * @return the policy, empty where the benchmark has none or it is not one this version knows
     */
    public Optional<Policy> policy() {
        String name = params.get(Tag.POLICY_PARAM);
        return Arrays.stream(Policy.values()).filter(policy -> policy.name().equals(name)).findFirst();
    }

    /**
     * Returns the tag under which {@code histograms.hlog} holds this measurement's histograms.
     *
     * @return the tag
     */
    public String tag() {
        return Tag.of(benchmark, params);
    }
}
