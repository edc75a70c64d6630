package org.cowbench.policy;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Every reuse policy cowbench knows, in the order in which tables and plots show them. A constant names the fixed id,
 * the era and the source; the class it makes holds the rule.
 */
public enum Policy {
    /** Linux up to v5.7: map count plus swap count. */
    V5_7("v5.7", "Linux up to v5.7", "reuse_swap_page()", new MapCountPolicy()),
    /** Linux v5.8: as v5.7, and a read-only GUP breaks COW. */
    V5_8("v5.8", "Linux v5.8", "17839856fd58", new ForcedCowPolicy()),
    /** Linux v5.9 to v5.17: {@code page_count == 1}. */
    V5_9("v5.9", "Linux v5.9 to v5.17", "09854ba94c6a", new PageCountPolicy()),
    /** Liang Zhang's patch of 13 January 2022. */
    LIANG("liang", "proposed 13 Jan 2022", "20220113140318.11117-1-zhangliang5@huawei.com", new LiangPolicy()),
    /** Matthew Wilcox's alternative of the same day. */
    WILCOX("wilcox", "proposed 13 Jan 2022", "YeA5oP/iaxtVPHb3@casper.infradead.org", new WilcoxPolicy()),
    /** Linus Torvalds' rule of the same day. */
    LINUS("linus", "proposed 13 Jan 2022",
            "CAHk-=wjB0i-B=U-DhpAajQx3f6bp1X==neLOrg0jwq29mgz=3g@mail.gmail.com", new LinusPolicy()),
    /** Linux v5.18: the swap cache is freed, this CPU's batches drained. */
    V5_18("v5.18", "Linux v5.18", "53a05ad9f21d", new SwapCacheAwarePolicy()),
    /** Linux v5.19 to v6.10: PageAnonExclusive. */
    V5_19("v5.19", "Linux v5.19 to v6.10", "6c287605fd56", new AnonExclusivePolicy()),
    /** Linux v6.11 to v6.14: an exclusive swap-in is mapped writable on a read. */
    V6_11("v6.11", "Linux v6.11 to v6.14", "c18160dba5ff", new WritableSwapInPolicy()),
    /** Linux v6.15 to v6.19: adds reuse of large folios; equal to v6.11 for base pages, which is all that is modelled. */
    V6_15("v6.15", "Linux v6.15 to v6.19 (base pages: as v6.11)", "1da190f4d0a6", new WritableSwapInPolicy()),
    /** Linux v7.0 to v7.2: swap-in always through the swap cache. */
    V7_0("v7.0", "Linux v7.0 to v7.2", "4b34f1d82c65", new CachedSwapInPolicy()),
    /** Linux v7.3: fewer LRU drains. */
    V7_3("v7.3", "Linux v7.3", "20260701235955.36126", new FewerDrainsPolicy()),
    /** Upper bound of the cost: never reuses. */
    ALWAYS_COPY("always-copy", "bound: every fault copies", "-", new AlwaysCopyPolicy()),
    /** Lower bound of the cost, unsafe: always reuses. */
    ALWAYS_REUSE("always-reuse", "bound: every fault reuses; unsafe", "-", new AlwaysReusePolicy()),
    /** Lower bound of the cost of a safe policy: reuses exactly when nobody else can see the page. */
    ORACLE("oracle", "bound: copies only what others see", "-", new OraclePolicy());

    private final String id;
    private final String era;
    private final String source;
    private final ReusePolicy rule;

    Policy(String id, String era, String source, ReusePolicy rule) {
        this.id = id;
        this.era = era;
        this.source = source;
        this.rule = rule;
    }

    /**
     * The fixed id by which commands and reports name the policy.
     *
     * @return the id, such as {@code v5.9}
     */
    public String id() {
        return id;
    }

    /**
     * Which kernels, or whose proposal.
     *
     * @return a few words for a list
     */
    public String era() {
        return era;
    }

    /**
     * The commit or mail that made the rule.
     *
     * @return its id, {@code -} for a bound
     */
    public String source() {
        return source;
    }

    /**
     * The rule.
     *
     * @return the one stateless instance
     */
    public ReusePolicy rule() {
        return rule;
    }

    /**
     * Finds a policy by its id.
     *
     * @param id the id, such as {@code v5.9}
     * @return the policy
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Policy of(String id) {
        for (Policy policy : values()) {
            if (policy.id.equals(id)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("unknown policy '" + id + "'; known: "
                + Arrays.stream(values()).map(Policy::id).collect(Collectors.joining(", ")));
    }
}
