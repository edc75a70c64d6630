package org.cowbench.report.text;

/** Lines for a mail: plain ASCII, none longer than {@value #WIDTH} columns. */
public final class Mail {
    /** Widest line. */
    public static final int WIDTH = 72;

    private Mail() {}

    /**
     * Breaks at blanks, and inside a word that is longer than a line.
     *
     * @param text one paragraph
     * @param indent of each line but the first
     * @return lines, each ending in a newline
     */
    public static String wrap(String text, String indent) {
        StringBuilder wrapped = new StringBuilder();
        String rest = TextTable.ascii(text).stripTrailing();
        while (rest.length() > WIDTH) {
            int from = rest.length() - rest.stripLeading().length();
            int at = rest.lastIndexOf(' ', WIDTH);
            boolean inside = at <= Math.max(from, indent.length());
            int end = inside ? WIDTH : at;
            wrapped.append(rest, 0, end).append('\n');
            rest = indent + rest.substring(end).strip();
        }
        return wrapped.append(rest).append('\n').toString();
    }
}
