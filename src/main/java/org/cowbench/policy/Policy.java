package org.cowbench.policy;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.policy.rule.RulePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Every reuse policy cowbench knows, in the order in which tables and plots show them. A constant names the fixed id,
 * the era and the source, and last the properties that the rule violates in the smallest scope of {@code check}, which a
 * test holds both ways; the class it makes holds the rule.
 */
public enum Policy {
    /**
     * Linux up to v5.7: map count plus swap count.
     * Looks at no reference: CVE-2020-29374, and a pin taken before a fork, or of the zero page, goes stale.
     */
    V5_7(
            "v5.7",
            "Linux up to v5.7",
            "reuse_swap_page()",
            new MapCountPolicy(),
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /**
     * Linux v5.8: as v5.7, and a read-only GUP breaks COW.
     * Breaks COW for a reference taken after a fork, not for one taken before.
     */
    V5_8("v5.8", "Linux v5.8", "17839856fd58", new ForcedCowPolicy(), Property.SECRECY, Property.PIN_COHERENCE),
    /**
     * Linux v5.9 to v5.17: {@code page_count == 1}.
     * Leaves CVE-2020-29374 open in do_swap_page, and copies under a pin; a pin of the zero page goes stale.
     */
    V5_9(
            "v5.9",
            "Linux v5.9 to v5.17 (modelled as v5.10)",
            "09854ba94c6a",
            new PageCountPolicy(),
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /** Liang Zhang's patch of 13 January 2022. Opens CVE-2020-29374 again for pages in the swap cache. */
    LIANG(
            "liang",
            "proposed 13 Jan 2022",
            "20220113140318.11117-1-zhangliang5@huawei.com",
            new LiangPolicy(),
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /**
     * Matthew Wilcox's alternative of the same day.
     * Takes the swap cache for its only other user: another process may have a swap entry.
     */
    WILCOX(
            "wilcox",
            "proposed 13 Jan 2022",
            "YeA5oP/iaxtVPHb3@casper.infradead.org",
            new WilcoxPolicy(),
            Property.ISOLATION,
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /** Linus Torvalds' rule of the same day. Closes do_wp_page; do_swap_page is that of v5.9. */
    LINUS(
            "linus",
            "proposed 13 Jan 2022",
            "CAHk-=wjB0i-B=U-DhpAajQx3f6bp1X==neLOrg0jwq29mgz=3g@mail.gmail.com",
            new LinusPolicy(),
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /**
     * Linux v5.18: the swap cache is freed, this CPU's batches drained.
     * Closes the security hole; a copy still parts a page from its pin, and a pin of the zero page goes stale.
     */
    V5_18("v5.18", "Linux v5.18", "53a05ad9f21d", new SwapCacheAwarePolicy(), Property.PIN_COHERENCE),
    /**
     * Linux v5.19 to v6.10: PageAnonExclusive, as v6.1 has it. What is exclusive stays so, what is not is never pinned,
     * but for the zero page: a read-only pin of it goes stale until v6.2. From there to v6.10 that is closed and a
     * device's write can be lost by way of mprotect (see {@code machine/FIDELITY.md}).
     */
    V5_19(
            "v5.19",
            "Linux v5.19 to v6.10 (modelled as v6.1)",
            "6c287605fd56",
            new AnonExclusivePolicy(),
            Property.PIN_COHERENCE),
    /**
     * Linux v6.11 to v6.14: an exclusive swap-in is mapped writable on a read.
     * Loses what a device wrote to a page that a read fault mapped writable but clean.
     */
    V6_11(
            "v6.11",
            "Linux v6.11 to v6.14 (modelled as v6.12)",
            "c18160dba5ff",
            new WritableSwapInPolicy(),
            Property.PIN_COHERENCE),
    /**
     * Linux v6.15 to v6.19: large folios are reused by whom they belong to; equal to v6.11 for base pages.
     * As {@link #V6_11}.
     */
    V6_15(
            "v6.15",
            "Linux v6.15 to v6.19 (base pages: as v6.11)",
            "1da190f4d0a6",
            new OwnerTrackingPolicy(),
            Property.PIN_COHERENCE),
    /** Linux v7.0 to v7.2: swap-in always through the swap cache. As {@link #V6_11}. */
    V7_0(
            "v7.0",
            "Linux v7.0 to v7.2 (modelled as v7.2)",
            "4b34f1d82c65",
            new CachedSwapInPolicy(),
            Property.PIN_COHERENCE),
    /** Linux v7.3: fewer LRU drains. As {@link #V6_11}. */
    V7_3("v7.3", "Linux v7.3", "20260701235955.36126", new FewerDrainsPolicy(), Property.PIN_COHERENCE),
    /** Upper bound of the cost: never reuses. Parts pages from their pins. */
    ALWAYS_COPY("always-copy", "bound: every fault copies", "-", new AlwaysCopyPolicy(), Property.PIN_COHERENCE),
    /** Lower bound of the cost, unsafe: always reuses. Violates all that can be violated. */
    ALWAYS_REUSE(
            "always-reuse",
            "bound: every fault reuses; unsafe",
            "-",
            new AlwaysReusePolicy(),
            Property.ISOLATION,
            Property.SECRECY,
            Property.PIN_COHERENCE),
    /** Lower bound of the cost of a safe policy: reuses exactly when nobody else can see the page. Safe. */
    ORACLE("oracle", "bound: copies only what others see", "-", new OraclePolicy()),
    /** The user's own, known only where one was given, so not among those {@linkplain #shipped() shipped}. */
    RULE(RulePolicy.ID, "your own: --rule EXPR", "-", null);

    /** The one to which a run's policies are compared: the kernels that the copies of January 2022 were of. */
    public static final Policy BASE = V5_9;

    /** Name of the parameter that carries the policy, in benchmarks and in results. */
    public static final String PARAM = "policy";

    private static final String UNSAFE = "UNSAFE ";

    private final String id;
    private final String era;
    private final String source;
    private final @Nullable ReusePolicy rule;

    private final Set<Property> violates;

    Policy(String id, String era, String source, @Nullable ReusePolicy rule, Property... violates) {
        this.id = id;
        this.era = era;
        this.source = source;
        this.rule = rule;
        Set<Property> declared = EnumSet.noneOf(Property.class);
        declared.addAll(Arrays.asList(violates));
        this.violates = Collections.unmodifiableSet(declared);
    }

    /**
     * The policies that are known without being given.
     *
     * @return all but {@link #RULE}, in order
     */
    public static List<Policy> shipped() {
        return Arrays.stream(values()).filter(policy -> policy != RULE).toList();
    }

    /**
     * Finds a policy by the name of its constant, which is how JMH spells the value of {@link #PARAM}.
     *
     * @param constant the name, or null
     * @return empty where this version knows none
     */
    public static Optional<Policy> named(@Nullable String constant) {
        return Arrays.stream(values())
                .filter(policy -> policy.name().equals(constant))
                .findFirst();
    }

    /**
     * Parameters of a benchmark as people read them.
     *
     * @param params by name, as JMH spells their values
     * @return the same in the same order, a policy that is known by its id
     */
    public static Map<String, String> displayed(Map<String, String> params) {
        Map<String, String> displayed = new LinkedHashMap<>(params);
        displayed.computeIfPresent(
                PARAM, (name, value) -> named(value).map(Policy::id).orElse(value));
        return displayed;
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
     * @return the one stateless instance; of {@link #RULE}, the one that {@link RulePolicy#ofProperties()} reads
     * @throws IllegalStateException if it is {@link #RULE} and none was given
     */
    public ReusePolicy rule() {
        return rule == null ? RulePolicy.ofProperties() : rule;
    }

    /**
     * Says whether the policy only bounds what others can cost.
     *
     * @return true of those no kernel has and nobody proposed
     */
    public boolean isBound() {
        return this != RULE && source.equals("-");
    }

    /**
     * The policies for whose base pages the same class decides: where there are no large folios they cannot differ.
     *
     * @return them in order, this one among them; of {@link #RULE} only itself
     */
    public List<Policy> alike() {
        return this == RULE
                ? List.of(this)
                : shipped().stream()
                        .filter(policy -> policy.rule().basePageRule() == rule().basePageRule())
                        .toList();
    }

    /**
     * Whether kernels of this era have large folios of a kind.
     *
     * @param pmd whether a PMD entry can map them; otherwise they are smaller
     * @return whether they do
     */
    public boolean hasFolios(boolean pmd) {
        return pmd || rule().largeFolios() == ReusePolicy.LargeFolios.ANY;
    }

    /**
     * The properties that the checker finds violated in two processes with one page, one reference and no help from the
     * adversary. All others hold there in every reachable state.
     *
     * @return the properties, in their order; empty for a safe policy, and for {@link #RULE}, of which nothing is declared
     */
    public Set<Property> violates() {
        return violates;
    }

    /**
     * The declared verdict in a word or two, for tables that show a policy's cost.
     *
     * @return as {@link #verdict(Set)}; {@code unknown} of {@link #RULE}
     */
    public String verdict() {
        return this == RULE ? "unknown" : verdict(violates);
    }

    /**
     * A verdict in a word or two.
     *
     * @param violated the violated properties
     * @return {@code safe}, or {@code UNSAFE} and the initials of the violated properties: {@code i}solation,
     *     {@code s}ecrecy, {@code p}in-coherence, {@code b}ookkeeping
     */
    public static String verdict(Set<Property> violated) {
        return violated.isEmpty()
                ? "safe"
                : violated.stream().map(Property::letter).collect(Collectors.joining("/", UNSAFE, ""));
    }

    /**
     * Whether a verdict that was stored is one of a policy that violates something.
     *
     * @param verdict as {@link #verdict(Set)} gives it
     * @return whether it is
     */
    public static boolean unsafe(String verdict) {
        return verdict.startsWith(UNSAFE);
    }

    /**
     * Reads a verdict that was stored.
     *
     * @param verdict as {@link #verdict(Set)} gives it
     * @param property one of those it may name
     * @return whether it names it
     */
    public static boolean violates(String verdict, Property property) {
        return unsafe(verdict)
                && List.of(verdict.substring(UNSAFE.length()).split("/")).contains(property.letter());
    }

    /**
     * Finds a policy by its id.
     *
     * @param id the id of one that is {@linkplain #shipped() shipped}, such as {@code v5.9}
     * @return the policy
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Policy of(String id) {
        for (Policy policy : shipped()) {
            if (policy.id.equals(id)) {
                return policy;
            }
        }
        if (id.equals(RULE.id)) {
            throw new IllegalArgumentException(
                    "policy 'rule' is one of your own: give it with --rule EXPR, it then stands"
                            + " beside those of --policy");
        }
        throw new IllegalArgumentException("unknown policy '" + id + "'; known: "
                + shipped().stream().map(Policy::id).collect(Collectors.joining(", ")));
    }
}
