package org.cowbench.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Svg;

/**
 * One HTML page under construction: everything is inside it, nothing is fetched, and no script runs. The policy in its
 * head forbids both to the browser as well. It is well-formed XML too, so any parser reads its numbers back.
 */
public final class HtmlPage {
    private static final String STYLE_SHEET = Ink.declarations() + styleSheet("page.css");

    /** A panel that is wider than the screen shrinks to this share of its width; then it scrolls. */
    private static final double LEAST_SHRINK = 0.75;

    /** Of narrower panels, two stand beside each other on paper, in pixels. */
    private static final double WIDE = 500;

    /** A cell with more characters than this may be broken into lines: on a phone it must. */
    static final int LINE = 18;

    /** Between the parts of a name, such as those of Guest.hiddenSharer. */
    private static final Pattern DOT = Pattern.compile("(?<=\\p{L})\\.(?=\\p{L})");

    /** The name of an option, as in --budget. */
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    private final StringBuilder out = new StringBuilder();

    /**
     * Starts a page.
     *
     * @param title of the window and the page
     */
    public HtmlPage(String title) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n")
                .append("<meta name=\"generator\" content=\"cowbench\"/>\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE_SHEET)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(escape(title))
                .append("</h1>\n");
    }

    /** Adds a link to each section. */
    public HtmlPage contents(Map<String, String> titlesById) {
        out.append("<nav>");
        titlesById.forEach((id, title) -> out.append("<a href=\"#")
                .append(id)
                .append("\">")
                .append(escape(title))
                .append("</a>\n"));
        out.append("</nav>\n");
        return this;
    }

    public HtmlPage section(String id, String title) {
        out.append("<h2 id=\"").append(id).append("\">").append(escape(title)).append("</h2>\n");
        return this;
    }

    public HtmlPage heading(String title) {
        out.append("<h3>").append(escape(title)).append("</h3>\n");
        return this;
    }

    public HtmlPage paragraph(String text) {
        out.append("<p>").append(whole(text)).append("</p>\n");
        return this;
    }

    /** A paragraph that must not be overlooked. */
    public HtmlPage banner(String text) {
        out.append("<p class=\"banner\" role=\"alert\">").append(whole(text)).append("</p>\n");
        return this;
    }

    /** Large numbers with what they count. */
    public HtmlPage tiles(Map<String, String> numbersByName) {
        out.append("<ul class=\"tiles\">");
        numbersByName.forEach((name, number) -> out.append("<li class=\"")
                .append(escape(name))
                .append("\"><b>")
                .append(escape(number))
                .append("</b>")
                .append(escape(name))
                .append("</li>"));
        out.append("</ul>\n");
        return this;
    }

    /** A command line, which may be broken where the screen ends. */
    public HtmlPage command(String text) {
        out.append("<pre class=\"command\">").append(whole(text)).append("</pre>\n");
        return this;
    }

    public HtmlPage preformatted(String text) {
        out.append("<pre>").append(escape(text)).append("</pre>\n");
        return this;
    }

    public HtmlPage list(List<String> items) {
        out.append("<ul>");
        items.forEach(item -> out.append("<li>").append(whole(item)).append("</li>"));
        out.append("</ul>\n");
        return this;
    }

    /**
     * A figure inside the page: title and notes are text of the page, and the panels flow with it, beside each other
     * where there is room.
     *
     * @param figure the figure; its id must be unique in the page
     */
    public HtmlPage figure(Figure figure) {
        out.append("<figure id=\"figure-")
                .append(figure.id())
                .append("\" aria-label=\"")
                .append(escape(figure.description()))
                .append("\">\n<figcaption><h3>")
                .append(escape(figure.title()))
                .append("</h3>\n");
        figure.notes()
                .forEach(note ->
                        out.append("<p class=\"soft\">").append(whole(note)).append("</p>\n"));
        out.append("</figcaption>\n<div class=\"panels\">\n");
        figure.key().ifPresent(key -> panel("<div class=\"key\">", key));
        figure.parts().forEach(part -> panel(part.width() > WIDE ? "<div class=\"wide\">" : "<div>", part));
        out.append("</div></figure>\n");
        return this;
    }

    private void panel(String start, Svg picture) {
        out.append(start)
                .append("<div style=\"min-width:")
                .append(Math.round(picture.width() * LEAST_SHRINK))
                .append("px\">\n")
                .append(picture.inPage())
                .append("</div></div>\n");
    }

    /**
     * Starts a table.
     *
     * @param heads one a column; one that starts with {@code #} is of numbers and aligned right
     */
    public Table table(String... heads) {
        return new Table(false, heads);
    }

    /**
     * Starts a table that is read row by row: on a phone each row becomes a card, whose cells say their columns, and
     * nothing has to be moved aside to be seen.
     *
     * @param heads as of a {@link #table}
     */
    public Table cards(String... heads) {
        return new Table(true, heads);
    }

    /** A table of this page; closing it writes it, without the columns in which no row says anything. */
    public final class Table {
        private final boolean cards;
        private final String[] heads;
        private final boolean[] filled;
        private final List<List<String>> rows = new ArrayList<>();

        private Table(boolean cards, String... heads) {
            this.cards = cards;
            this.heads = heads;
            filled = new boolean[heads.length];
            filled[0] = true;
        }

        /** Adds a row of plain cells. */
        public Table row(String... cells) {
            start();
            for (String cell : cells) {
                cell(cell, "", "");
            }
            return end();
        }

        /** Starts a row of cells that are added one by one. */
        public Table start() {
            rows.add(new ArrayList<>());
            return this;
        }

        /**
         * Adds a cell.
         *
         * @param text what it shows
         * @param style class, or empty
         * @param tip text under the pointer, or empty
         */
        public Table cell(String text, String style, String tip) {
            int column = rows.getLast().size();
            filled[column] |= !text.isEmpty() && !text.equals("n/a");
            String classes = (number(column) ? "n " + style : text.length() > LINE ? "text " + style : style).strip();
            String label = cards && column > 0 ? " data-label=\"" + escape(head(column)) + '"' : "";
            rows.getLast()
                    .add("<td" + label + (classes.isEmpty() ? "" : " class=\"" + classes + '"')
                            + (tip.isEmpty() ? "" : " title=\"" + escape(tip) + '"') + '>' + breakable(whole(text))
                            + "</td>");
            return this;
        }

        public Table end() {
            return this;
        }

        public HtmlPage close() {
            out.append(
                    cards
                            ? "<div class=\"scroll\"><table class=\"cards\"><thead><tr>"
                            : "<div class=\"scroll\"><table><thead><tr>");
            for (int i = 0; i < heads.length; i++) {
                if (filled[i]) {
                    out.append(number(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                            .append(escape(head(i)))
                            .append("</th>");
                }
            }
            out.append("</tr></thead><tbody>\n");
            for (List<String> row : rows) {
                out.append("<tr>");
                for (int i = 0; i < row.size(); i++) {
                    out.append(filled[i] ? row.get(i) : "");
                }
                out.append("</tr>\n");
            }
            out.append("</tbody></table></div>\n");
            return HtmlPage.this;
        }

        private String head(int column) {
            return number(column) ? heads[column].substring(1) : heads[column];
        }

        private boolean number(int column) {
            return heads[column].startsWith("#");
        }
    }

    private static String styleSheet(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in the jar: build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Ends the page. */
    public String finish() {
        return out.append("</body>\n</html>\n").toString();
    }

    /** A number as it is, for what is under the pointer. */
    public static String exactly(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "unknown";
    }

    /** A phone's column is narrower than a long name: it is broken between its parts, not inside a word. */
    private static String breakable(String escaped) {
        return DOT.matcher(escaped).replaceAll(".<wbr/>");
    }

    /** Text in which no line ends within the name of an option. */
    private static String whole(String text) {
        return OPTION.matcher(escape(text)).replaceAll("<span class=\"option\">$0</span>");
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default ->
                    escaped.appendCodePoint(
                            c >= 0x20 && c < 0x7F
                                            || c >= 0xA0 && c < 0xD800
                                            || c == '\n'
                                            || c >= 0xE000 && c < 0xFFFE
                                            || c > 0xFFFF
                                    ? c
                                    : 0xFFFD);
            }
        });
        return escaped.toString();
    }
}
