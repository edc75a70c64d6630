package org.cowbench.report.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns of plain text, as narrow as their content; two spaces between columns, no trailing blanks. */
public final class TextTable {

    /** Widest line that any output of cowbench prints. */
    public static final int WIDTH = 100;

    private static final Pattern STRANGE = Pattern.compile("[^ -~]|\\\\(?=u)");

    private final List<String> heads;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /** A head that starts with {@code <} is aligned left, any other right. */
    public TextTable(String... heads) {
        this.heads = new ArrayList<>();
        right = new boolean[heads.length];
        for (int i = 0; i < heads.length; i++) {
            right[i] = !heads[i].startsWith("<");
            this.heads.add(right[i] ? heads[i] : heads[i].substring(1));
        }
    }

    public void row(List<String> cells) {
        if (cells.size() != heads.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + heads.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    public void print(Appendable out) throws IOException {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = heads.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        line(out, heads, widths);
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        line(out, rule, widths);
        for (List<String> row : rows) {
            line(out, row, widths);
        }
    }

    private void line(Appendable out, List<String> cells, int[] widths) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blank = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : "  ").append(right[i] ? blank + cells.get(i) : cells.get(i) + blank);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    /** Breaks a sentence at blanks; continuation lines are indented by two. */
    public static void paragraph(Appendable out, String text) throws IOException {
        StringBuilder line = new StringBuilder();
        for (String word : ascii(text).split(" +")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                out.append(line).append('\n');
                line.setLength(0);
                line.append("  ").append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        out.append(line).append('\n');
    }

    /**
     * A table must survive a serial console and a mail: what is not ASCII is escaped as in Java, and so is a backslash
     * that would read as such an escape, so that different texts stay different. Only line ends and tabs become blanks.
     */
    public static String ascii(String text) {
        return STRANGE.matcher(text.replaceAll("[\\t\\r\\n]", " "))
                .replaceAll(found -> Matcher.quoteReplacement(String.format(
                        Locale.ROOT, "\\u%04x", (int) found.group().charAt(0))));
    }
}
