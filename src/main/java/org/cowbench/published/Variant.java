package org.cowbench.published;

import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;

/**
 * A rule that a publication compares.
 *
 * @param name a policy's id, or what is changed of it
 * @param rule the rule
 */
public record Variant(String name, ReusePolicy rule) {

    static Variant of(Policy policy) {
        return new Variant(policy.id(), policy.rule());
    }
}
