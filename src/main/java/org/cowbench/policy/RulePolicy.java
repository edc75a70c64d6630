package org.cowbench.policy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntBiFunction;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlContext;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/**
 * A user's own rule for do_wp_page, given as text: the page lock is tried, or the page copied; with the lock held the
 * rule is evaluated, and the page reused exactly when it is true. In all else this is a base policy.
 *
 * <p>A rule is an expression of C over the page's counts and flags, read when they are used, so that a function before
 * them changes them: {@code (lru || drain()) && (free_swap() || 1) && ref == 1}. Numbers are true unless 0; a comparison
 * is 1 or 0. {@code &&}, {@code ||} and {@code ?:} evaluate only what they need. It is interpreted by Apache Commons
 * JEXL, to which no more is passed on than these expressions.
 */
public final class RulePolicy extends DelegatingPolicy {
    /** The id under which commands and reports name a rule of the user's. */
    public static final String ID = "rule";

    /** System property by which a fork is told the rule. */
    public static final String PROPERTY = "cowbench.rule";

    /** System property by which a fork is told the id of the base policy. */
    public static final String BASE_PROPERTY = "cowbench.rule.base";

    private static final Map<String, Name> NAMES = names();

    private static final JexlEngine JEXL = new JexlBuilder()
            .features(JexlFeatures.createNone())
            .permissions(JexlPermissions.RESTRICTED)
            .arithmetic(new Arithmetic())
            .antish(false)
            .booleanLogical(true)
            .strict(true)
            .silent(false)
            .safe(false)
            .create();

    private final String rule;
    private final JexlExpression expression;

    /** What a name in a rule stands for. */
    private record Name(boolean function, ToIntBiFunction<KernelOps, Integer> value) {}

    /**
     * Reads a rule.
     *
     * @param rule the rule
     * @param base the policy that decides all else
     * @throws RuleException if it cannot be understood
     */
    public RulePolicy(String rule, ReusePolicy base) {
        super(base);
        this.rule = rule;
        String text = new RuleScanner(rule, names(false), names(true)).scan();
        try {
            expression = JEXL.createExpression(new JexlInfo(ID, 1, 1), text);
        } catch (JexlException e) {
            // What the scanner lets through and C does too, such as 1 < ref < 3.
            int column = e.getInfo() == null ? 0 : e.getInfo().getColumn() - 1;
            throw new RuleException(rule, Math.clamp(column, 0, rule.length()),
                    "this does not go together; parentheses may help");
        }
    }

    /**
     * The rule of this process, as {@link #PROPERTY} and {@link #BASE_PROPERTY} give it.
     *
     * @return the policy
     * @throws IllegalStateException if no rule was given
     * @throws RuleException if it cannot be understood
     */
    static RulePolicy ofProperties() {
        String rule = System.getProperty(PROPERTY);
        if (rule == null) {
            throw new IllegalStateException("no rule was given: policy 'rule' needs 'run --rule EXPR'");
        }
        return new RulePolicy(rule, Policy.of(System.getProperty(BASE_PROPERTY, Policy.V5_9.id())).rule());
    }

    private static Set<String> names(boolean functions) {
        Set<String> names = new TreeSet<>();
        NAMES.forEach((name, meaning) -> {
            if (meaning.function() == functions) {
                names.add(name);
            }
        });
        return names;
    }

    private static Map<String, Name> names() {
        Map<String, Name> names = new TreeMap<>();
        names.put("ref", new Name(false, KernelOps::refcount));
        names.put("mapcount", new Name(false, KernelOps::mapcount));
        names.put("swapcache", new Name(false, (k, frame) -> flag(k.inSwapCache(frame))));
        // The slot of a page outside the swap cache is nobody's, or somebody else's.
        names.put("swapcount", new Name(false, (k, frame) -> k.inSwapCache(frame) ? k.swapcount(frame) : 0));
        names.put("writeback", new Name(false, (k, frame) -> flag(k.underWriteback(frame))));
        names.put("lru", new Name(false, (k, frame) -> flag(k.onLru(frame))));
        names.put("exclusive", new Name(false, (k, frame) -> flag(k.exclusive(frame))));
        names.put("pinned", new Name(false, (k, frame) -> flag(k.maybePinned(frame))));
        names.put("drain", new Name(true, (k, frame) -> {
            k.lruAddDrain();
            return 1;
        }));
        names.put("free_swap", new Name(true, (k, frame) -> flag(k.tryFreeSwap(frame))));
        return names;
    }

    private static int flag(boolean set) {
        return set ? 1 : 0;
    }

    /**
     * The rule.
     *
     * @return as it was given
     */
    public String text() {
        return rule;
    }

    @Override
    public Decision onWriteFault(KernelOps k, int process, int frame) {
        if (!k.tryLock(frame)) {
            return Decision.COPY;
        }
        boolean reuse = truth(expression.evaluate(new Page(k, frame)));
        k.unlock(frame);
        if (!reuse) {
            return Decision.COPY;
        }
        if (base.tracksExclusive()) {
            k.setExclusive(frame);
        }
        return Decision.REUSE;
    }

    private static boolean truth(Object value) {
        return value instanceof Boolean truth ? truth : ((Number) value).longValue() != 0;
    }

    /** The page a rule is asked about. */
    private record Page(KernelOps kernel, int frame) implements JexlContext {
        @Override
        public Object get(String name) {
            return NAMES.get(name).value().applyAsInt(kernel, frame);
        }

        @Override
        public boolean has(String name) {
            return NAMES.containsKey(name);
        }

        @Override
        public void set(String name, Object value) {
            throw new UnsupportedOperationException("a rule changes nothing");
        }
    }

    /** C's arithmetic in 64 bits, which wraps around: what a comparison yields is a number like any other. */
    private static final class Arithmetic extends JexlArithmetic {
        Arithmetic() {
            super(true);
        }

        private static Object number(Object value) {
            return value instanceof Boolean truth ? Integer.valueOf(flag(truth)) : value;
        }

        private static long integer(Object value) {
            return ((Number) number(value)).longValue();
        }

        @Override
        public boolean lessThan(Object left, Object right) {
            return super.lessThan(number(left), number(right));
        }

        @Override
        public boolean lessThanOrEqual(Object left, Object right) {
            return super.lessThanOrEqual(number(left), number(right));
        }

        @Override
        public boolean greaterThan(Object left, Object right) {
            return super.greaterThan(number(left), number(right));
        }

        @Override
        public boolean greaterThanOrEqual(Object left, Object right) {
            return super.greaterThanOrEqual(number(left), number(right));
        }

        @Override
        public boolean equals(Object left, Object right) {
            return super.equals(number(left), number(right));
        }

        @Override
        public Object add(Object left, Object right) {
            return integer(left) + integer(right);
        }

        @Override
        public Object subtract(Object left, Object right) {
            return integer(left) - integer(right);
        }

        @Override
        public Object multiply(Object left, Object right) {
            return integer(left) * integer(right);
        }

        @Override
        public Object negate(Object value) {
            return -integer(value);
        }
    }
}
