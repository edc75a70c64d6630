package org.cowbench.litmus;

import java.util.Locale;

/**
 * A script that cannot be read; the message is one line that names file, line and what was expected, with what does not
 * print escaped.
 */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the message.
     *
     * @param file the file
     * @param line the line, from 1
     * @param problem what was found and what was expected
     */
    public ScriptException(String file, int line, String problem) {
        super(visible(file + ":" + line + ": " + problem));
    }

    /** A script may hold anything, and a message goes to a terminal. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(each -> {
            switch (Character.getType(each)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED ->
                    visible.append(String.format(Locale.ROOT, each > 0xFFFF ? "\\u{%x}" : "\\u%04x", each));
                default -> visible.appendCodePoint(each);
            }
        });
        return visible.toString();
    }
}
