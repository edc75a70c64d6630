package org.cowbench.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Collections;
import java.util.Random;
import org.cowbench.policy.FakePage;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy.Decision;
import org.cowbench.policy.Situation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The class that is made of a rule: that it is the one asked, and that it says what the rule says. */
class RuleCompilerTest {
    private static final int RULES = 1500;
    private static final int PAGES = 8;
    private static final int DEPTH = 4;
    /** HotSpot's HugeMethodLimit: longer methods are interpreted for ever. */
    private static final int HUGE = 8000;

    @Test
    void aRuleIsAClassOfItsOwn() {
        RulePolicy rule = RulePolicy.of("ref == 1", Policy.V5_9.rule());
        assertThat(rule.getClass().isHidden()).isTrue();
        assertThat(rule.getClass().getSuperclass()).isEqualTo(RulePolicy.class);
        assertThat(rule.getClass().getClassLoader()).isSameAs(RulePolicy.class.getClassLoader());
        assertThat(rule.getClass().getDeclaredMethods()).extracting("name").containsExactly("holds");
        assertThat(rule.text()).isEqualTo("ref == 1");
        assertThat(RulePolicy.of("ref == 1", Policy.V5_9.rule()).getClass()).isNotEqualTo(rule.getClass());
    }

    /** A page that its caller has locked. */
    private static FakePage page(long seed) {
        return new FakePage(Situation.random(seed, false), true);
    }

    /** Values by C's rules, and what is evaluated and in which order: functions change what comes after them. */
    @Test
    void itDoesWhatIsReadOffTheExpression() {
        RandomRules rules = new RandomRules(new Random(20261126));
        int held = 0;
        int functions = 0;
        for (int i = 0; i < RULES; i++) {
            RandomRules.Rule rule = rules.rule(i % (DEPTH + 1));
            RulePolicy compiled = RulePolicy.of(rule.text(), Policy.V5_9.rule());
            for (int page = 0; page < PAGES; page++) {
                long seed = (long) i * PAGES + page;
                FakePage expected = page(seed);
                FakePage actual = page(seed);
                boolean truth = rule.value().applyAsLong(expected) != 0;
                assertThat(compiled.holds(actual, FakePage.FOLIO, FakePage.PAGE))
                        .as("%s, page %d", rule.text(), seed)
                        .isEqualTo(truth);
                assertThat(actual.calls()).as("%s, page %d", rule.text(), seed).isEqualTo(expected.calls());
                held += truth ? 1 : 0;
                functions += actual.calls().contains("folioFreeSwap") ? 1 : 0;
            }
        }
        // Else what is equal is of rules that say nothing.
        assertThat(held).isBetween(RULES * PAGES / 4, RULES * PAGES * 3 / 4);
        assertThat(functions).isGreaterThan(RULES);
    }

    /** Truth alone would hide a wrong number: each value is compared with what it should be, and with its neighbour. */
    @Test
    void itsNumbersAreThoseReadOffTheExpression() {
        RandomRules rules = new RandomRules(new Random(17));
        int compared = 0;
        for (int i = 0; i < RULES; i++) {
            RandomRules.Rule rule = rules.rule(i % (DEPTH + 1));
            long value = rule.value().applyAsLong(page(i));
            if (Math.abs(value) < 999_999_999) {
                String number = value < 0 ? "- " + -value : Long.toString(value);
                String next = value + 1 < 0 ? "- " + -(value + 1) : Long.toString(value + 1);
                assertThat(RulePolicy.of("(" + rule.text() + ") == " + number, Policy.V5_9.rule())
                                .holds(page(i), FakePage.FOLIO, FakePage.PAGE))
                        .as("%s is %d", rule.text(), value)
                        .isTrue();
                assertThat(RulePolicy.of("(" + rule.text() + ") == " + next, Policy.V5_9.rule())
                                .holds(page(i), FakePage.FOLIO, FakePage.PAGE))
                        .as("%s is %d", rule.text(), value)
                        .isFalse();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(RULES * 3 / 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        V5_9;  1; true;  REUSE; folioTrylock,folioUnlock
        V5_9;  0; true;  COPY;  folioTrylock,folioUnlock
        V5_9;  1; false; COPY;  folioTrylock
        V5_19; 1; true;  REUSE; folioTrylock,folioUnlock,setPageAnonExclusive
        V5_19; 0; true;  COPY;  folioTrylock,folioUnlock
        """)
    void thePageLockIsHeldWhileItIsAsked(Policy base, String rule, boolean lockable, Decision decision, String calls) {
        FakePage kernel = new FakePage(Situation.random(1, !lockable), false);
        assertThat(RulePolicy.of(rule, base.rule()).onWriteFault(kernel, FakePage.PAGE))
                .isEqualTo(decision);
        assertThat(kernel.calls()).containsExactly(calls.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ref + ref",
                "!ref + !ref",
                "((ref<ref)<(1<2))",
                "ref?ref:ref",
                "!!!ref",
                "-ref*-ref",
                "swapcount||swapcount",
                "ref==ref&&ref",
                "!drain()-!drain()"
            })
    void theLongestAreShortEnoughForHotSpot(String part) {
        int taken = 1;
        int refused = 2;
        while (taken(sum(part, refused))) {
            taken = refused;
            refused *= 2;
        }
        while (refused - taken > 1) {
            int between = (taken + refused) / 2;
            if (taken(sum(part, between))) {
                taken = between;
            } else {
                refused = between;
            }
        }
        assertThat(taken).isGreaterThan(9);
        assertThat(length(sum(part, taken))).isBetween(1, HUGE);
    }

    private static String sum(String part, int parts) {
        return String.join("+", Collections.nCopies(parts, part));
    }

    private static boolean taken(String rule) {
        try {
            new RuleParser(rule).parse();
            return true;
        } catch (RuleException e) {
            return false;
        }
    }

    private static int length(String rule) {
        MethodModel holds = ClassFile.of().parse(RuleCompiler.bytes(new RuleParser(rule).parse())).methods().stream()
                .filter(method -> method.methodName().equalsString("holds"))
                .findFirst()
                .orElseThrow();
        return ((CodeAttribute) holds.code().orElseThrow()).codeLength();
    }
}
