package org.cowbench.policy.rule;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a rule once from left to right, and says of the first thing that is wrong where it is and what was expected.
 * One method a level of the grammar; what opened and is to be closed is handed down.
 */
final class RuleParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(?<step>--|\\+\\+)"
            + "|(?<number>\\d\\w*)|(?<name>[A-Za-z_]\\w*)"
            + "|(?<sign>&&|\\|\\||==|!=|<=|>=|<|>|\\+|-|\\*|\\?|:|!|\\(|\\))|(?<other>\\S))");
    private static final Pattern CALL = Pattern.compile("\\s*\\(\\s*\\)");
    private static final String OPERAND_WANTED = " where a count, a number, ! or ( was expected";
    private static final int DIGITS = 9;
    /**
     * Most parentheses, {@code !}, {@code -} and {@code ?} inside one another: reading and compiling a rule are
     * recursive, and its code has as many values on the stack.
     */
    private static final int MAX_DEPTH = 50;
    /** Most words and signs of a rule; HotSpot compiles no method of more than 8,000 bytes. */
    private static final int MAX_TOKENS = 500;

    private static final Map<Character, String> HINTS = new TreeMap<>(Map.of(
            '=', "= assigns in C and a rule changes nothing: == was expected",
            '&', "& is not an operator of rules: && was expected",
            '|', "| is not an operator of rules: || was expected",
            '.', "rules have no members: an operator was expected",
            ';', "a rule is one expression: an operator or the end was expected"));

    private final String rule;
    private final Matcher matcher;
    private final Set<Word> words = EnumSet.noneOf(Word.class);
    /** What comes next; its text is empty at the end of the rule. */
    private Token next;

    private int tokens;
    /** Parentheses, {@code !} and {@code -} around what comes next. */
    private int depth;
    /** {@code ?} so far: what follows a {@code :} is inside all before it. */
    private int questions;

    private enum Kind {
        NUMBER,
        NAME,
        SIGN,
        END
    }

    private record Token(Kind kind, String text, int start, int end) {
        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    RuleParser(String rule) {
        this.rule = rule;
        matcher = TOKEN.matcher(rule);
        next = read(0);
    }

    /**
     * Reads the whole rule.
     *
     * @return what it says
     * @throws RuleException where something is wrong
     */
    Expression parse() {
        return choice(null);
    }

    /**
     * The words that were read so far.
     *
     * @return each once
     */
    Set<Word> words() {
        return words;
    }

    /** A choice or less, up to what closes it: the end, or the other half of what opened. */
    private Expression choice(@Nullable Token opened) {
        Expression condition = binary(Operator.LOOSEST);
        if (next.is("?")) {
            Token question = next;
            questions++;
            skip();
            Expression yes = choice(question);
            skip();
            return new Expression.Choice(condition, yes, choice(opened));
        }
        if (!closes(opened)) {
            throw unclosed(opened);
        }
        return condition;
    }

    private boolean closes(@Nullable Token opened) {
        return opened == null ? next.kind() == Kind.END : next.is(opened.is("?") ? ":" : ")");
    }

    private RuleException unclosed(@Nullable Token opened) {
        if (next.kind() == Kind.END) {
            return error(
                    next.start(), "the rule ends where " + partner(Objects.requireNonNull(opened)) + " was expected");
        }
        if (next.is(":")) {
            return error(next.start(), "found : without its ?");
        }
        if (next.is(")")) {
            return error(
                    next.start(),
                    opened == null ? "found ) without its (" : "found ) where " + partner(opened) + " was expected");
        }
        return error(
                next.start(),
                "found " + next.text() + " where an operator or the end was expected: && || == != <"
                        + " <= > >= + - * ? : or )");
    }

    private static String partner(Token opened) {
        return (opened.is("?") ? "the : of the ?" : "the ) of the (") + " at character " + (opened.start() + 1);
    }

    /** Operands between operators that bind at least as tightly. */
    private Expression binary(int loosest) {
        Expression left = operand();
        Operator operator = operator();
        while (operator != null && operator.tightness() >= loosest) {
            skip();
            Expression right = binary(operator.tightness() + 1);
            Operator following = operator();
            if (operator.compares() && following != null && following.tightness() == operator.tightness()) {
                // C takes 1 < ref < 3, and means (1 < ref) < 3.
                throw error(next.start(), "this does not go together; parentheses may help");
            }
            left = operator.join(left, right);
            operator = following;
        }
        return left;
    }

    /** The operator that comes next, null if something else does. */
    private @Nullable Operator operator() {
        return next.kind() == Kind.SIGN ? Operator.of(next.text()) : null;
    }

    private Expression operand() {
        switch (next.kind()) {
            case NUMBER -> {
                return number();
            }
            case NAME -> {
                return word();
            }
            case SIGN -> {
                if (next.is("!") || next.is("-")) {
                    boolean not = next.is("!");
                    depth++;
                    skip();
                    Expression operand = operand();
                    depth--;
                    return not ? new Expression.Not(operand) : new Expression.Negation(operand);
                }
                if (next.is("(")) {
                    Token open = next;
                    depth++;
                    skip();
                    Expression inside = choice(open);
                    depth--;
                    skip();
                    return inside;
                }
                throw error(next.start(), "found " + next.text() + OPERAND_WANTED);
            }
            case END -> throw error(next.start(), "the rule ends" + OPERAND_WANTED);
        }
        throw new IllegalStateException(next.toString());
    }

    private Expression number() {
        String digits = next.text();
        if (!digits.matches("0|[1-9]\\d*") || digits.length() > DIGITS) {
            throw error(
                    next.start(),
                    "'" + digits + "' is not a number: decimal digits, no leading zero, at most " + DIGITS
                            + " of them");
        }
        skip();
        return new Expression.Literal(Long.parseLong(digits));
    }

    private Expression word() {
        Word word = Objects.requireNonNull(Word.of(next.text()));
        words.add(word);
        if (word.isFunction()) {
            Matcher call = CALL.matcher(rule).region(next.end(), rule.length());
            if (!call.lookingAt()) {
                throw error(next.end(), next.text() + " is a function and takes nothing: () was expected");
            }
            next = read(call.end());
        } else {
            skip();
        }
        return new Expression.Ask(word);
    }

    /** Goes on behind what came next. */
    private void skip() {
        if (depth + questions > MAX_DEPTH) {
            throw new RuleException("character " + next.end() + ": more than " + MAX_DEPTH
                    + " of ( ! - ? inside one another: simplify the rule");
        }
        next = read(next.end());
    }

    private Token read(int from) {
        if (!matcher.region(from, rule.length()).lookingAt()) {
            return new Token(Kind.END, "", rule.length(), rule.length());
        }
        if (++tokens > MAX_TOKENS) {
            throw new RuleException("the rule has more than " + MAX_TOKENS + " words and signs: shorten it");
        }
        if (matcher.group("step") != null) {
            throw error(
                    matcher.start("step"), matcher.group("step") + " changes a count in C, and a rule changes nothing");
        }
        if (matcher.group("other") != null) {
            throw other(matcher.start("other"));
        }
        if (matcher.group("number") != null) {
            return token(Kind.NUMBER, "number");
        }
        if (matcher.group("name") == null) {
            return token(Kind.SIGN, "sign");
        }
        String name = matcher.group("name");
        if (Word.of(name) == null) {
            throw error(matcher.start("name"), "unknown name '" + name + "'; known: " + Word.known());
        }
        return token(Kind.NAME, "name");
    }

    private Token token(Kind kind, String group) {
        return new Token(kind, matcher.group(group), matcher.start(group), matcher.end());
    }

    private RuleException other(int at) {
        char found = rule.charAt(at);
        return error(
                at,
                HINTS.getOrDefault(
                        found,
                        "'" + found + "' has no meaning in a rule: counts, numbers, ( ) and"
                                + " && || ! == != < <= > >= + - * ? : were expected"));
    }

    private RuleException error(int column, String problem) {
        return new RuleException(rule, column, problem);
    }
}
