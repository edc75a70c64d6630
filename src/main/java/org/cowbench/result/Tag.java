package org.cowbench.result;

import java.util.Map;
import org.cowbench.policy.Policy;

/**
 * Names of measurements in {@code histograms.hlog}.
 *
 * <p>A tag is {@code Class.method}, then {@code ;name=value} for every parameter in JMH's order, the policy by its id:
 * {@code WriteAfterRead.l2;policy=v5.9;situation=SWAPCACHE}. The log format separates fields by commas and allows no
 * white space in a tag, so those characters become {@code _}.
 */
public final class Tag {
    /** Name of the parameter that carries the policy. */
    public static final String POLICY_PARAM = "policy";

    private Tag() {}

    /**
     * Returns the tag of a measurement.
     *
     * @param benchmark {@code Class.method}
     * @param params parameters in JMH's order, as JMH spells their values
     * @return the tag
     */
    public static String of(String benchmark, Map<String, String> params) {
        StringBuilder tag = new StringBuilder(benchmark);
        params.forEach((name, value) -> tag.append(';').append(name).append('=').append(display(name, value)));
        return tag.toString().replaceAll("[,\\s]", "_");
    }

    /**
     * Returns a parameter's value as people read it: the policy's id for the policy, otherwise the value itself.
     *
     * @param name the parameter
     * @param value its value as JMH spells it
     * @return the text to show
     */
    public static String display(String name, String value) {
        if (name.equals(POLICY_PARAM)) {
            for (Policy policy : Policy.values()) {
                if (policy.name().equals(value)) {
                    return policy.id();
                }
            }
        }
        return value;
    }
}
