package org.cowbench.litmus;

import java.util.OptionalLong;

/**
 * One operation of a script.
 *
 * @param line the line of the file it stands on, from 1; 0 when it was not read from one
 * @param process the acting process
 * @param op the operation
 * @param page the page, 0 when the operation names none
 * @param target the process or the reference the operation names, or the empty string
 * @param value the value written, 1 for read-write and 0 for read-only protection, else 0
 * @param expected the value that must be seen, if any
 */
public record Step(int line, String process, Op op, int page, String target, long value, OptionalLong expected) {

    /**
     * The same operation without its expectation.
     *
     * @return the text, such as {@code A read 0}
     */
    public String text() {
        StringBuilder text = new StringBuilder(process).append(' ').append(op.word());
        for (String operand : op.operands().split(" ")) {
            switch (operand) {
                case "G" -> text.append(' ').append(page);
                case "V" -> text.append(' ').append(Long.toUnsignedString(value));
                case "Q", "X" -> text.append(' ').append(target);
                case "ro|rw" -> text.append(value == 1 ? " rw" : " ro");
                default -> { }
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
