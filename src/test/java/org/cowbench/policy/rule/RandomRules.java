package org.cowbench.policy.rule;

import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.cowbench.policy.FakePage;

/**
 * Draws rules and, beside the text of each, what evaluates it: written level by level as C's grammar has it, so that
 * how tightly an operator binds is known here without reading the text.
 */
final class RandomRules {
    private static final List<Word> WORDS = List.of(Word.values());
    private static final int MOST_OPERANDS = 3;
    private static final int LONGEST = 400;
    private static final long[] NUMBERS = {0, 1, 2, 3, 7, 1024, 999_999_999};

    private final Random random;

    /** A rule and its value. */
    record Rule(String text, ToLongFunction<FakePage> value) {}

    RandomRules(Random random) {
        this.random = random;
    }

    /**
     * Draws a rule that is not too long to be taken.
     *
     * @param depth how many parentheses and signs may be inside one another
     * @return the rule
     */
    Rule rule(int depth) {
        Rule rule = draw(depth);
        while (rule.text.length() > LONGEST) {
            rule = draw(depth);
        }
        return rule;
    }

    private Rule draw(int depth) {
        if (random.nextInt(5) > 0) {
            return either(depth);
        }
        Rule condition = either(depth);
        Rule yes = depth > 0 ? draw(depth - 1) : either(depth);
        Rule no = depth > 0 ? draw(depth - 1) : either(depth);
        return new Rule(
                condition.text + " ? " + yes.text + " : " + no.text,
                k -> condition.value.applyAsLong(k) != 0 ? yes.value.applyAsLong(k) : no.value.applyAsLong(k));
    }

    private Rule either(int depth) {
        Rule all = both(depth);
        for (int more = random.nextInt(MOST_OPERANDS); more > 1; more--) {
            Rule left = all;
            Rule right = both(depth);
            all = new Rule(
                    left.text + " || " + right.text,
                    k -> flag(left.value.applyAsLong(k) != 0 || right.value.applyAsLong(k) != 0));
        }
        return all;
    }

    private Rule both(int depth) {
        Rule all = equality(depth);
        for (int more = random.nextInt(MOST_OPERANDS); more > 1; more--) {
            Rule left = all;
            Rule right = equality(depth);
            all = new Rule(
                    left.text + "&&" + right.text,
                    k -> flag(left.value.applyAsLong(k) != 0 && right.value.applyAsLong(k) != 0));
        }
        return all;
    }

    private Rule equality(int depth) {
        Rule left = order(depth);
        if (random.nextInt(3) > 0) {
            return left;
        }
        Rule right = order(depth);
        boolean equal = random.nextBoolean();
        return new Rule(
                left.text + (equal ? " == " : "!=") + right.text,
                k -> flag(left.value.applyAsLong(k) == right.value.applyAsLong(k) == equal));
    }

    private Rule order(int depth) {
        Rule left = sum(depth);
        if (random.nextInt(3) > 0) {
            return left;
        }
        Rule right = sum(depth);
        return switch (random.nextInt(4)) {
            case 0 ->
                new Rule(
                        left.text + " < " + right.text,
                        k -> flag(left.value.applyAsLong(k) < right.value.applyAsLong(k)));
            case 1 ->
                new Rule(
                        left.text + "<=" + right.text,
                        k -> flag(left.value.applyAsLong(k) <= right.value.applyAsLong(k)));
            case 2 ->
                new Rule(
                        left.text + " > " + right.text,
                        k -> flag(left.value.applyAsLong(k) > right.value.applyAsLong(k)));
            default ->
                new Rule(
                        left.text + ">=" + right.text,
                        k -> flag(left.value.applyAsLong(k) >= right.value.applyAsLong(k)));
        };
    }

    private Rule sum(int depth) {
        Rule all = product(depth);
        for (int more = random.nextInt(MOST_OPERANDS); more > 1; more--) {
            Rule left = all;
            Rule right = product(depth);
            all = random.nextBoolean()
                    ? new Rule(
                            left.text + " + " + right.text, k -> left.value.applyAsLong(k) + right.value.applyAsLong(k))
                    : new Rule(
                            left.text + " - " + right.text,
                            k -> left.value.applyAsLong(k) - right.value.applyAsLong(k));
        }
        return all;
    }

    private Rule product(int depth) {
        Rule all = operand(depth);
        for (int more = random.nextInt(MOST_OPERANDS); more > 1; more--) {
            Rule left = all;
            Rule right = operand(depth);
            all = new Rule(left.text + "*" + right.text, k -> left.value.applyAsLong(k) * right.value.applyAsLong(k));
        }
        return all;
    }

    private Rule operand(int depth) {
        switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> {
                long number = NUMBERS[random.nextInt(NUMBERS.length)];
                return new Rule(Long.toString(number), _ -> number);
            }
            case 5 -> {
                Rule inside = operand(depth - 1);
                return new Rule("!" + inside.text, k -> flag(inside.value.applyAsLong(k) == 0));
            }
            case 6 -> {
                Rule inside = operand(depth - 1);
                return new Rule(" - " + inside.text, k -> -inside.value.applyAsLong(k));
            }
            case 7 -> {
                Rule inside = draw(depth - 1);
                return new Rule("(" + inside.text + ")", inside.value);
            }
            default -> {
                return word(WORDS.get(random.nextInt(WORDS.size())));
            }
        }
    }

    private static Rule word(Word word) {
        return switch (word) {
            case REF -> new Rule("ref", k -> k.folioRefCount(FakePage.FOLIO));
            case MAPCOUNT -> new Rule("mapcount", k -> k.pageMapcount(FakePage.PAGE));
            case SWAPCACHE -> new Rule("swapcache", k -> flag(k.folioTestSwapcache(FakePage.FOLIO)));
            case SWAPCOUNT ->
                new Rule("swapcount", k -> k.folioTestSwapcache(FakePage.FOLIO) ? k.pageSwapcount(FakePage.PAGE) : 0);
            case WRITEBACK -> new Rule("writeback", k -> flag(k.folioTestWriteback(FakePage.FOLIO)));
            case LRU -> new Rule("lru", k -> flag(k.folioTestLru(FakePage.FOLIO)));
            case N -> new Rule("n", k -> k.folioNrPages(FakePage.FOLIO));
            case LMAP -> new Rule("lmap", k -> k.folioLargeMapcount(FakePage.FOLIO));
            case SHARED -> new Rule("shared", k -> flag(k.folioMaybeMappedShared(FakePage.FOLIO)));
            case MINE -> new Rule("mine", k -> k.folioMmMapcount(FakePage.FOLIO));
            case EXCL -> new Rule("excl", k -> flag(k.pageAnonExclusive(FakePage.PAGE)));
            case EXCLUSIVE -> new Rule("exclusive", k -> flag(k.pageAnonExclusive(FakePage.PAGE)));
            case PINNED -> new Rule("pinned", k -> flag(k.folioMaybeDmaPinned(FakePage.FOLIO)));
            case DRAIN ->
                new Rule("drain()", k -> {
                    k.lruAddDrain();
                    return 1;
                });
            case FREE_SWAP -> new Rule("free_swap ( )", k -> flag(k.folioFreeSwap(FakePage.FOLIO)));
        };
    }

    private static long flag(boolean set) {
        return set ? 1 : 0;
    }
}
