package org.cowbench.compare;

import java.util.Map;
import java.util.Optional;
import org.cowbench.policy.Policy;
import org.cowbench.result.Measurement;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Tag;

/**
 * The policy of a measurement. Results know names of parameters and nothing of policies; another project's parameter of
 * that name is none.
 */
public final class MeasuredPolicy {
    private MeasuredPolicy() {}

    /**
     * The policy that was measured.
     *
     * @param key what was measured
     * @return empty where the benchmark is another project's, has none, or one that this version does not know
     */
    public static Optional<Policy> of(MeasurementKey key) {
        return has(key) ? Policy.named(key.params().get(Policy.PARAM)) : Optional.empty();
    }

    /**
     * Whether a policy was measured, be it one that this version does not know.
     *
     * @param key what was measured
     * @return true for a benchmark of this project that has the parameter
     */
    public static boolean has(MeasurementKey key) {
        return key.own() && key.params().containsKey(Policy.PARAM);
    }

    /**
     * The parameters as people read them.
     *
     * @param key what was measured
     * @return in JMH's order; a policy of this project by its id, all else as it is
     */
    public static Map<String, String> displayed(MeasurementKey key) {
        return key.own() ? Policy.displayed(key.params()) : key.params();
    }

    /**
     * The tag under which {@code histograms.hlog} holds a measurement's histograms. Only this project writes such logs, so
     * whose benchmark it was does not matter.
     *
     * @param measurement what was measured
     * @return the tag
     */
    public static String tag(Measurement measurement) {
        return Tag.of(measurement.benchmark(), Policy.displayed(measurement.params()));
    }
}
