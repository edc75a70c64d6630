package org.cowbench.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a rule once from left to right and says what is wrong where. Nothing gets past it but numbers, the counts and
 * functions it is given, parentheses and C's operators, so that the expression language behind it offers no more.
 */
final class RuleScanner {
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(?<step>--|\\+\\+)"
            + "|(?<number>\\d\\w*)|(?<name>[A-Za-z_]\\w*)"
            + "|(?<binary>&&|\\|\\||==|!=|<=|>=|<|>|\\+|-|\\*|\\?|:)|(?<not>!)|(?<open>\\()|(?<close>\\))|(?<other>\\S))");
    private static final Pattern CALL = Pattern.compile("\\s*\\(\\s*\\)");
    private static final int DIGITS = 9;
    /**
     * Most parentheses, {@code !}, {@code -} and {@code ?} inside one another. What reads and evaluates the rule behind
     * this class does so by recursion, and a {@code (} alone takes it some thirty calls.
     */
    private static final int MAX_DEPTH = 50;
    /** Most words and signs of a rule; a chain of operators is read by recursion too. */
    private static final int MAX_TOKENS = 500;

    private final String rule;
    private final Set<String> counts;
    private final Set<String> functions;
    private final StringBuilder text;
    /** What is open: parentheses, and {@code ?} that wait for their {@code :}. */
    private final Deque<Integer> open = new ArrayDeque<>();
    private boolean wantsOperand = true;
    /** How many {@code !} and {@code -} stand before what comes next, and around the parentheses it is in. */
    private int prefixes;
    /** What of them is outside each open parenthesis. */
    private final Deque<Integer> outside = new ArrayDeque<>();
    /** {@code ?} so far: what follows a {@code :} is inside all before it. */
    private int questions;

    RuleScanner(String rule, Set<String> counts, Set<String> functions) {
        this.rule = rule;
        this.counts = counts;
        this.functions = functions;
        text = new StringBuilder(rule);
    }

    /**
     * Scans the whole rule.
     *
     * @return the rule, character by character in its place, with calls of functions as plain names
     * @throws RuleException where something is wrong
     */
    String scan() {
        Matcher token = TOKEN.matcher(rule);
        int at = 0;
        int tokens = 0;
        while (token.region(at, rule.length()).lookingAt()) {
            at = token.end();
            if (++tokens > MAX_TOKENS) {
                throw new RuleException("the rule has more than " + MAX_TOKENS + " words and signs: shorten it");
            }
            if (token.group("number") != null) {
                number(token.start("number"), token.group("number"));
            } else if (token.group("name") != null) {
                at = name(token.start("name"), token.group("name"), at);
            } else if (token.group("binary") != null) {
                binary(token.start("binary"), token.group("binary"));
            } else if (token.group("not") != null) {
                wantOperand(token.start("not"), "!");
                prefixes++;
            } else if (token.group("open") != null) {
                wantOperand(token.start("open"), "(");
                open.push(token.start("open"));
                outside.push(prefixes);
            } else if (token.group("step") != null) {
                throw error(token.start("step"),
                        token.group("step") + " changes a count in C, and a rule changes nothing");
            } else if (token.group("close") != null) {
                close(token.start("close"));
            } else {
                throw other(token.start("other"));
            }
            if (outside.size() + prefixes + questions > MAX_DEPTH) {
                throw new RuleException("character " + at + ": more than " + MAX_DEPTH
                        + " of ( ! - ? inside one another: simplify the rule");
            }
        }
        if (wantsOperand) {
            throw error(rule.length(), "the rule ends where a count, a number, ! or ( was expected");
        }
        if (!open.isEmpty()) {
            boolean question = rule.charAt(open.peek()) == '?';
            throw error(rule.length(), "the rule ends where " + (question ? "the : of the ?" : "the ) of the (")
                    + " at character " + (open.peek() + 1) + " was expected");
        }
        return text.toString();
    }

    private RuleException error(int column, String problem) {
        return new RuleException(rule, column, problem);
    }

    private void wantOperand(int at, String found) {
        if (!wantsOperand) {
            throw error(at, "found " + found + " where an operator or the end was expected: && || == != < <= > >= + - *"
                    + " ? : or )");
        }
    }

    private void number(int at, String digits) {
        wantOperand(at, digits);
        if (!digits.matches("0|[1-9]\\d*") || digits.length() > DIGITS) {
            throw error(at, "'" + digits + "' is not a number: decimal digits, no leading zero, at most " + DIGITS
                    + " of them");
        }
        operand();
    }

    /** An operand is there: the signs before it are its own. */
    private void operand() {
        wantsOperand = false;
        prefixes = outside.isEmpty() ? 0 : outside.peek();
    }

    private int name(int at, String name, int end) {
        if (!counts.contains(name) && !functions.contains(name)) {
            throw error(at, "unknown name '" + name + "'; known: " + String.join(", ", new TreeSet<>(counts))
                    + " and the functions " + String.join("(), ", new TreeSet<>(functions)) + "()");
        }
        wantOperand(at, name);
        operand();
        Matcher call = CALL.matcher(rule).region(end, rule.length());
        if (!functions.contains(name)) {
            return end;
        }
        if (!call.lookingAt()) {
            throw error(end, name + " is a function and takes nothing: () was expected");
        }
        for (int i = call.start(); i < call.end(); i++) {
            text.setCharAt(i, ' ');
        }
        return call.end();
    }

    private void binary(int at, String operator) {
        if (wantsOperand) {
            if (operator.equals("-")) {
                prefixes++;
                return;
            }
            throw error(at, "found " + operator + " where a count, a number, ! or ( was expected");
        }
        if (operator.equals("?")) {
            open.push(at);
            questions++;
        } else if (operator.equals(":")) {
            if (open.isEmpty() || rule.charAt(open.peek()) != '?') {
                throw error(at, "found : without its ?");
            }
            open.pop();
        }
        wantsOperand = true;
    }

    private void close(int at) {
        if (wantsOperand) {
            throw error(at, "found ) where a count, a number, ! or ( was expected");
        }
        if (open.isEmpty()) {
            throw error(at, "found ) without its (");
        }
        if (rule.charAt(open.peek()) == '?') {
            throw error(at, "found ) where the : of the ? at character " + (open.peek() + 1) + " was expected");
        }
        open.pop();
        outside.pop();
        operand();
    }

    private static final Map<Character, String> HINTS = new TreeMap<>(Map.of(
            '=', "= assigns in C and a rule changes nothing: == was expected",
            '&', "& is not an operator of rules: && was expected",
            '|', "| is not an operator of rules: || was expected",
            '.', "rules have no members: an operator was expected",
            ';', "a rule is one expression: an operator or the end was expected"));

    private RuleException other(int at) {
        char found = rule.charAt(at);
        return error(at, HINTS.getOrDefault(found, "'" + found + "' has no meaning in a rule: counts, numbers, ( ) and"
                + " && || ! == != < <= > >= + - * ? : were expected"));
    }
}
