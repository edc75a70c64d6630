package org.cowbench.policy;

/** Every reuse policy cowbench knows, in the order in which tables and plots show them. */
public enum Policy {
    /** Linux up to v5.7: map count plus swap count. */
    V5_7("v5.7"),
    /** Linux v5.8: as v5.7, and a read-only GUP breaks COW. */
    V5_8("v5.8"),
    /** Linux v5.9 to v5.17: {@code page_count == 1}. */
    V5_9("v5.9"),
    /** Liang Zhang's patch of 13 January 2022. */
    LIANG("liang"),
    /** Matthew Wilcox's alternative of the same day. */
    WILCOX("wilcox"),
    /** Linus Torvalds' rule of the same day. */
    LINUS("linus"),
    /** Linux v5.18. */
    V5_18("v5.18"),
    /** Linux v5.19 to v6.10: PageAnonExclusive. */
    V5_19("v5.19"),
    /** Linux v6.11: exclusive swap-in mapped writable on a read. */
    V6_11("v6.11"),
    /** Linux v6.15: adds reuse of large folios. */
    V6_15("v6.15"),
    /** Linux v7.0: swap-in always through the swap cache. */
    V7_0("v7.0"),
    /** Linux v7.3: fewer LRU drains. */
    V7_3("v7.3"),
    /** Upper bound of cost: never reuses. */
    ALWAYS_COPY("always-copy"),
    /** Lower bound of cost, unsafe: always reuses. */
    ALWAYS_REUSE("always-reuse"),
    /** Reuses exactly when nobody else can see the page. */
    ORACLE("oracle");

    private final String id;

    Policy(String id) {
        this.id = id;
    }

    /**
     * Returns the fixed id by which commands and reports name the policy.
     *
     * @return the id, such as {@code v5.9}
     */
    public String id() {
        return id;
    }
}
