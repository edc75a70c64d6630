package org.cowbench.policy.rule;

import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;

/**
 * Policies whose rule for do_wp_page can be written as text. The base is the policy itself, which has the same swap-in,
 * fork and copy. No script makes anybody else hold the page lock, so it does not matter that a rule takes it before it
 * looks at a count, nor that up to v5.8 the fault waits for it.
 */
public enum WrittenRule {
    /** The map count and the swap count; what it finds alone it takes out of the swap cache. */
    V5_7(Policy.V5_7, "mapcount + swapcount == 1 && (free_swap() || 1)"),
    /** The same. */
    V5_8(Policy.V5_8, "mapcount + swapcount == 1 && (free_swap() || 1)"),
    /** The reference count. */
    V5_9(Policy.V5_9, "mapcount == 1 && ref == 1"),
    /** The reference count, or v5.7's rule in the swap cache. */
    LIANG(Policy.LIANG, "swapcache && mapcount + swapcount == 1 && (free_swap() || 1) || mapcount == 1 && ref == 1"),
    /** The reference count without the swap cache's. */
    WILCOX(Policy.WILCOX, "mapcount == 1 && ref == 1 + swapcache"),
    /** The reference count once the swap cache is free. */
    LINUS(Policy.LINUS, "(free_swap() || 1) && ref == 1"),
    /** That behind count tests and a drain. */
    V5_18(Policy.V5_18, "ref <= 3 && (lru || drain()) && ref <= 1 + swapcache && (free_swap() || 1) && ref == 1"),
    /** That unless the page is exclusive. */
    V5_19(
            Policy.V5_19,
            "exclusive || ref <= 3 && (lru || drain()) && ref <= 1+swapcache && (!swapcache || free_swap()) && ref==1"),
    /** The same. */
    V6_11(Policy.V6_11, V5_19.rule),
    /** The same. */
    V6_15(Policy.V6_15, V5_19.rule),
    /** The same. */
    V7_0(Policy.V7_0, V5_19.rule),
    /** With fewer drains. */
    V7_3(
            Policy.V7_3,
            "exclusive ? 1 : ref <= 1 + !lru + swapcache && (lru || drain()) && (free_swap() + 1) && ref == 1"),
    /** A constant. */
    ALWAYS_COPY(Policy.ALWAYS_COPY, "0"),
    /** Another. */
    ALWAYS_REUSE(Policy.ALWAYS_REUSE, "2 - 1");

    private final Policy policy;
    private final String rule;

    WrittenRule(Policy policy, String rule) {
        this.policy = policy;
        this.rule = rule;
    }

    /**
     * The policy.
     *
     * @return as it is built in
     */
    public Policy policy() {
        return policy;
    }

    /**
     * The rule.
     *
     * @return a class that was just made
     */
    public ReusePolicy compiled() {
        return RulePolicy.of(rule, policy.rule());
    }
}
