package org.cowbench.policy.rule;

import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;

/**
 * A user's own rule for do_wp_page, given as text: the page lock is tried, or the page copied; with the lock held the
 * rule is evaluated, and the page reused exactly when it is true. In all else this is a base policy.
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

    /**
     * For the classes that {@link RuleCompiler} makes.
     *
     * @param text the rule
     * @param base the policy that decides all else
     */
    RulePolicy(String text, ReusePolicy base) {
        super(base);
        this.text = text;
        tracksExclusive = base.tracksExclusive();
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
        return RuleCompiler.compile(rule, new RuleParser(rule).parse(), base);
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
        return of(rule, Policy.of(System.getProperty(BASE_PROPERTY, Policy.V5_9.id())).rule());
    }

    /**
     * The rule.
     *
     * @return as it was given
     */
    public final String text() {
        return text;
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
