package org.cowbench.policy.rule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An operator between two operands, and how tightly it binds, as in C. */
enum Operator {
    OR("||", 1),
    AND("&&", 2),
    EQUAL("==", 3),
    NOT_EQUAL("!=", 3),
    LESS("<", 4),
    LESS_OR_EQUAL("<=", 4),
    GREATER(">", 4),
    GREATER_OR_EQUAL(">=", 4),
    ADD("+", 5),
    SUBTRACT("-", 5),
    MULTIPLY("*", 6);

    /** What the loosest has. */
    static final int LOOSEST = 1;

    private final String text;
    private final int tightness;

    Operator(String text, int tightness) {
        this.text = text;
        this.tightness = tightness;
    }

    /**
     * Finds an operator.
     *
     * @param text as it stands in a rule
     * @return the operator, null if there is none
     */
    static @Nullable Operator of(String text) {
        return Arrays.stream(values())
                .filter(operator -> operator.text.equals(text))
                .findFirst()
                .orElse(null);
    }

    int tightness() {
        return tightness;
    }

    /** Whether it compares; C chains comparisons too, but then means something that nobody who writes it does. */
    boolean compares() {
        return tightness == EQUAL.tightness || tightness == LESS.tightness;
    }

    Expression join(Expression left, Expression right) {
        return switch (this) {
            case OR -> new Expression.Either(left, right);
            case AND -> new Expression.Both(left, right);
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                new Expression.Comparison(this, left, right);
            case ADD, SUBTRACT, MULTIPLY -> new Expression.Arithmetic(this, left, right);
        };
    }
}
