package org.cowbench.policy.rule;

import java.util.Set;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;

/**
 * A user's own rule for do_wp_page, given as text: the page lock is tried, or the page copied; with the lock held the
 * rule is evaluated, and the page reused exactly when it is true. In all else this is a base policy.
 *
 * <p>Large folios are the base policy's too, unless the rule has a name that is about them ({@code n}, {@code lmap},
 * {@code shared}, {@code mine}): then it decides for every page that a page-table entry maps, of one page or of a large
 * folio, and says itself how these differ: {@code n == 1 ? ... : excl || lmap > 1 && !shared && lmap == ref}. A rule
 * written for base pages would copy every page of every large folio, whose references are of many pages; that tells
 * nothing about it. Where a PMD entry maps a folio the base policy decides, always.
 *
 * <p>A rule is an expression of C over the page's counts and flags, read when they are used, so that a function before
 * them changes them: {@code (lru || drain()) && (free_swap() || 1) && ref == 1}. Numbers are true unless 0; a
 * comparison is 1 or 0. {@code &&}, {@code ||} and {@code ?:} evaluate only what they need. Each rule is a class of its
 * own that {@link RuleCompiler} makes.
 */
public abstract class RulePolicy extends DelegatingPolicy {
    /** The id under which commands and reports name a rule of the user's. */
    public static final String ID = "rule";

    /** System property by which a fork is told the rule. */
    public static final String PROPERTY = "cowbench.rule";

    /** System property by which a fork is told the id of the base policy. */
    public static final String BASE_PROPERTY = "cowbench.rule.base";

    private final String text;
    private final boolean tracksExclusive;
    private final boolean tracksOwners;
    private final boolean decidesLarge;

    /**
     * For the classes that {@link RuleCompiler} makes.
     *
     * @param text the rule
     * @param base the policy that decides all else
     * @param words the rule's
     */
    RulePolicy(String text, ReusePolicy base, Set<Word> words) {
        super(base);
        this.text = text;
        tracksExclusive = base.tracksExclusive();
        tracksOwners = base.tracksOwners() || words.stream().anyMatch(Word::asksOwners);
        decidesLarge = words.stream().anyMatch(Word::isOfLargeFolios);
    }

    /**
     * Reads and compiles a rule.
     *
     * @param rule the rule
     * @param base the policy that decides all else
     * @return the policy
     * @throws RuleException if it cannot be understood
     */
    public static RulePolicy of(String rule, ReusePolicy base) {
        RuleParser parser = new RuleParser(rule);
        return RuleCompiler.compile(rule, parser.parse(), base, parser.words());
    }

    /**
     * The rule of this process, as {@link #PROPERTY} and {@link #BASE_PROPERTY} give it.
     *
     * @return the policy
     * @throws IllegalStateException if no rule was given
     * @throws RuleException if it cannot be understood
     */
    public static RulePolicy ofProperties() {
        String rule = System.getProperty(PROPERTY);
        if (rule == null) {
            throw new IllegalStateException("no rule was given: policy 'rule' needs 'run --rule EXPR'");
        }
        return of(
                rule,
                Policy.of(System.getProperty(BASE_PROPERTY, Policy.V5_9.id())).rule());
    }

    /**
     * The rule.
     *
     * @return as it was given
     */
    public final String text() {
        return text;
    }

    /**
     * Whether the rule decides for large folios.
     *
     * @return false where the base policy does
     */
    public final boolean decidesLarge() {
        return decidesLarge;
    }

    /** Also where the base has no owner slots and the rule asks what they say. */
    @Override
    public final boolean tracksOwners() {
        return tracksOwners;
    }

    @Override
    public final Decision onLargeWriteFault(KernelOps k, int page) {
        return decidesLarge ? onWriteFault(k, page) : base.onLargeWriteFault(k, page);
    }

    @Override
    public final Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        boolean reuse = holds(k, folio, page);
        k.folioUnlock(folio);
        if (!reuse) {
            return Decision.COPY;
        }
        if (tracksExclusive) {
            k.setPageAnonExclusive(page);
        }
        return Decision.REUSE;
    }

    /**
     * Evaluates the rule.
     *
     * @param k the kernel
     * @param folio the folio of the page, locked
     * @param page the page
     * @return whether it is true
     */
    abstract boolean holds(KernelOps k, int folio, int page);

    /** {@link Word#SWAPCOUNT}: the slot of a page outside the swap cache is nobody's, or somebody else's. */
    static int swapcount(KernelOps k, int page) {
        return k.folioTestSwapcache(k.folioOf(page)) ? k.pageSwapcount(page) : 0;
    }

    /** {@link Word#DRAIN}. */
    static boolean drain(KernelOps k, int folio) {
        k.lruAddDrain();
        return true;
    }
}
