package org.cowbench.policy.rule;

/**
 * A rule that cannot be understood. The message has three lines: what is wrong, the rule, a caret under the place; only
 * the first for a rule that is too long to look at.
 */
public final class RuleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The place, from 0. */
    private final int column;

    /**
     * Points at a place in a rule.
     *
     * @param rule the rule
     * @param column the place, from 0; the rule's length for its end
     * @param problem what is wrong there, and what was expected
     */
    public RuleException(String rule, int column, String problem) {
        // Whatever white space the rule has, the caret stands below its place.
        super("character " + (column + 1) + ": " + problem + "\n  " + rule.replaceAll("\\s", " ") + "\n  "
                + " ".repeat(column) + "^");
        this.column = column;
    }

    /**
     * Refuses a whole rule.
     *
     * @param problem what is wrong with it, and what to do
     */
    public RuleException(String problem) {
        super(problem);
        column = 0;
    }

    /**
     * Where it is wrong.
     *
     * @return the place in the rule, from 0; 0 too for a whole rule
     */
    public int column() {
        return column;
    }
}
