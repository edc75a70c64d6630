package org.cowbench.policy.rule;

/**
 * A rule, read. Every value is a number of 64 bits that wraps around; one is true unless it is 0, and what is true or
 * false is the number 1 or 0.
 */
sealed interface Expression {

    /** A number as it is written. */
    record Literal(long value) implements Expression {}

    /** What the kernel says of the page, or does. */
    record Ask(Word word) implements Expression {}

    /** {@code -}. */
    record Negation(Expression operand) implements Expression {}

    /** {@code + - *}. */
    record Arithmetic(Operator operator, Expression left, Expression right) implements Expression {}

    /** {@code !}. */
    record Not(Expression operand) implements Expression {}

    /** {@code == != < <= > >=}. */
    record Comparison(Operator operator, Expression left, Expression right) implements Expression {}

    /** {@code &&}: the right is not evaluated when the left decides. */
    record Both(Expression left, Expression right) implements Expression {}

    /** {@code ||}: likewise. */
    record Either(Expression left, Expression right) implements Expression {}

    /** {@code ?:}: one of the two is evaluated. */
    record Choice(Expression condition, Expression yes, Expression no) implements Expression {}
}
