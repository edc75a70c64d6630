package org.cowbench.litmus;

import java.util.OptionalLong;

/**
 * One operation of a script.
 *
 * @param line the line of the file it stands on, from 1; 0 when it was not read from one
 * @param process the acting process
 * @param op the operation
 * @param page the page, or the first of several; 0 when the operation names none
 * @param last the last page, the same one unless there are several
 * @param target the process or the reference the operation names, or the empty string
 * @param part of a reference to several pages the one that is named, by its number in the area; -1 for its first
 * @param value the value written, 1 for read-write and 0 for read-only protection, else 0
 * @param expected the value that must be seen, if any
 */
public record Step(
        int line,
        String process,
        Op op,
        int page,
        int last,
        String target,
        int part,
        long value,
        OptionalLong expected) {
    /** Stands for a reference's first page. */
    public static final int FIRST = -1;

    /**
     * An operation on one page, or none.
     *
     * @param line the line of the file it stands on, from 1; 0 when it was not read from one
     * @param process the acting process
     * @param op the operation
     * @param page the page, 0 when the operation names none
     * @param target the process or the reference the operation names, or the empty string
     * @param value the value written, 1 for read-write and 0 for read-only protection, else 0
     * @param expected the value that must be seen, if any
     */
    public Step(int line, String process, Op op, int page, String target, long value, OptionalLong expected) {
        this(line, process, op, page, page, target, FIRST, value, expected);
    }

    /**
     * The same operation of another process.
     *
     * @param other the process
     * @return the step
     */
    Step by(String other) {
        return new Step(line, other, op, page, last, target, part, value, expected);
    }

    /**
     * The same operation with another name in it.
     *
     * @param name the process or the reference
     * @return the step
     */
    Step naming(String name) {
        return new Step(line, process, op, page, last, name, part, value, expected);
    }

    /**
     * The same operation on other pages.
     *
     * @param from the first
     * @param to the last
     * @return the step
     */
    Step on(int from, int to) {
        return new Step(line, process, op, from, to, target, part, value, expected);
    }

    /**
     * The same operation on another page of the reference that it names.
     *
     * @param page the page's number in the area, or {@link #FIRST}
     * @return the step
     */
    Step of(int page) {
        return new Step(line, process, op, this.page, last, target, page, value, expected);
    }

    /**
     * The same operation with another value to write or to see.
     *
     * @param other the value written
     * @param seen the value that must be seen, if any
     * @return the step
     */
    public Step with(long other, OptionalLong seen) {
        return new Step(line, process, op, page, last, target, part, other, seen);
    }

    /**
     * Whether the operation names a page that another names too.
     *
     * @param other the other
     * @return whether there is one
     */
    public boolean meets(Step other) {
        return op.namesPage() && other.op.namesPage() && page <= other.last && other.page <= last;
    }

    /**
     * The same operation without its expectation.
     *
     * @return the text, such as {@code A read 0}
     */
    public String text() {
        StringBuilder text = new StringBuilder(process).append(' ').append(op.word());
        for (String operand : op.operands().split(" ")) {
            switch (operand) {
                case "G" -> text.append(' ').append(page).append(last > page ? "-" + last : "");
                case "V" -> text.append(' ').append(Long.toUnsignedString(value));
                case "Q", "X" -> text.append(' ').append(target).append(part == FIRST ? "" : "." + part);
                case "ro|rw" -> text.append(value == 1 ? " rw" : " ro");
                default -> {}
            }
        }
        return text.toString();
    }

    /**
     * The line of a script.
     *
     * @return the text with the expectation
     */
    @Override
    public String toString() {
        return expected.isPresent() ? text() + " -> " + Long.toUnsignedString(expected.getAsLong()) : text();
    }
}
