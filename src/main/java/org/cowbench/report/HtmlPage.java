package org.cowbench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Svg;

/**
 * One HTML page under construction: everything is inside it, nothing is fetched, and no script runs. The policy in its
 * head forbids both to the browser as well. It is well-formed XML too, so any parser reads its numbers back.
 */
final class HtmlPage {
    /** Pictures are drawn for white; in the dark their few fixed colours are exchanged, the series' own are kept. */
    private static final String CSS = """
            :root{color-scheme:light dark;--bg:#fff;--fg:#1d1d1f;--soft:#5b5b60;--line:#d9d9de;--head:#f4f4f6;--link:#0057a8;
            --better:#0a5a8f;--worse:#b04400;--same:#00694d;--open:#66666b}
            @media screen and (prefers-color-scheme:dark){:root{--bg:#17181a;--fg:#e6e6e8;--soft:#a5a5aa;--line:#3a3b3f;
            --head:#222327;--link:#7cc0ff;--better:#6cbcf2;--worse:#ff9d5c;--same:#4fd0a5;--open:#a5a5aa}
            svg[fill="#222"]{fill:#e0e0e2}svg [fill="#fff"]{fill:#17181a}svg [stroke="#fff"]{stroke:#17181a}svg [fill="#444"],svg [fill="#555"]{fill:#b4b4b8}
            svg [stroke="#e6e6e6"]{stroke:#33343a}svg [stroke="#999"]{stroke:#6d6e74}svg [stroke="#555"]{stroke:#a0a1a6}
            svg [stroke="#000000"]{stroke:#f2f2f2}svg [fill="#000000"]{fill:#f2f2f2}
            svg [stroke="#0072B2"]{stroke:#8a96ff}svg [fill="#0072B2"]{fill:#8a96ff}
            svg [stroke="#005C45"]{stroke:#2f9a6c}svg [fill="#005C45"]{fill:#2f9a6c}
            svg [stroke="#777777"]{stroke:#a8a8ad}}
            *{box-sizing:border-box}
            body{margin:0 auto;max-width:76rem;padding:1rem 1.2rem 4rem;background:var(--bg);color:var(--fg);
            font:16px/1.5 system-ui,"DejaVu Sans",Verdana,sans-serif}
            h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
            h3{font-size:1rem;margin:1.4rem 0 .3rem}h1,h2,h3,p,li{overflow-wrap:anywhere}
            p,li{margin:.4rem 0;max-width:60rem}a{color:var(--link)}
            .scroll{overflow-x:auto;max-width:100%;margin:.5rem 0 1rem}
            table{border-collapse:separate;border-spacing:0;font-variant-numeric:tabular-nums;font-size:.9rem}
            th,td{padding:.28rem .7rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
            th{background:var(--head);white-space:normal;vertical-align:bottom}td.n,th.n{text-align:right}td.wide{white-space:normal;min-width:14rem;overflow-wrap:anywhere}
            .soft{color:var(--soft)}.same{color:var(--same)}.inconclusive{color:var(--open)}
            .faster,.fewer.cost{color:var(--better)}.slower,.more.cost{color:var(--worse)}.faster,.slower,.cost{font-weight:600}
            .banner{border-left:.35rem solid var(--worse);background:var(--head);padding:.6rem 1rem;margin:1rem 0}
            .tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0;padding:0;list-style:none}
            .tiles li{border:1px solid var(--line);border-radius:.4rem;padding:.4rem 1rem;min-width:7rem;margin:0}
            .tiles b{display:block;font-size:1.5rem;line-height:1.2}
            pre{background:var(--head);padding:.8rem 1rem;overflow-x:auto;font-size:.82rem;line-height:1.35}
            figure{margin:1.8rem 0}figcaption p{font-size:.88rem}svg{max-width:100%;height:auto;display:block}
            .panels{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:flex-start;margin-top:.6rem}
            .panels>div{max-width:100%;overflow-x:auto}.panels>.key{flex-basis:100%}
            nav{margin:.8rem 0}nav a{margin-right:1rem;white-space:nowrap}
            @media(max-width:44rem){body{padding:.6rem .7rem 3rem}th,td{padding:.28rem .45rem}
            td:first-child,th:first-child{position:sticky;left:0;background:var(--bg);white-space:normal;min-width:6rem}
            th:first-child{background:var(--head)}.tiles{gap:.5rem}.tiles li{min-width:6rem;padding:.3rem .6rem}}
            @media print{:root{--bg:#fff;--fg:#000;--head:#f0f0f0;--line:#bbb}body{max-width:none;padding:0;font-size:10pt}
            nav{display:none}tr,.panels>div,figcaption,.tiles li{break-inside:avoid}h2,h3,figcaption,.key{break-after:avoid}
            .scroll,.panels>div{overflow:visible}.panels{display:block}.panels>div>div{min-width:0!important}
            .panels>div{display:inline-block;width:49%;vertical-align:top}.panels>.key,.panels>.wide,.panels>:only-child,
            .key+:last-child{display:block;width:auto}table{font-size:7.5pt}th,td{padding:.2rem .35rem;white-space:normal}
            td.wide{min-width:0}pre{white-space:pre-wrap;font-size:8pt}}
            """;

    /** A panel that is wider than the screen shrinks to this share of its width; then it scrolls. */
    private static final double LEAST_SHRINK = 0.8;

    /** Of narrower panels, two stand beside each other on paper, in pixels. */
    private static final double WIDE = 500;

    private final StringBuilder out = new StringBuilder();

    /**
     * Starts a page.
     *
     * @param title of the window and the page
     */
    HtmlPage(String title) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n")
                .append("<meta name=\"generator\" content=\"cowbench\"/>\n<title>").append(escape(title))
                .append("</title>\n<style>\n").append(CSS).append("</style>\n</head>\n<body>\n<h1>")
                .append(escape(title)).append("</h1>\n");
    }

    /** Adds a link to each section. */
    HtmlPage contents(Map<String, String> titlesById) {
        out.append("<nav>");
        titlesById.forEach((id, title) ->
                out.append("<a href=\"#").append(id).append("\">").append(escape(title)).append("</a>\n"));
        out.append("</nav>\n");
        return this;
    }

    HtmlPage section(String id, String title) {
        out.append("<h2 id=\"").append(id).append("\">").append(escape(title)).append("</h2>\n");
        return this;
    }

    HtmlPage heading(String title) {
        out.append("<h3>").append(escape(title)).append("</h3>\n");
        return this;
    }

    HtmlPage paragraph(String text) {
        out.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    /** A paragraph that must not be overlooked. */
    HtmlPage banner(String text) {
        out.append("<p class=\"banner\" role=\"alert\">").append(escape(text)).append("</p>\n");
        return this;
    }

    /** Large numbers with what they count. */
    HtmlPage tiles(Map<String, String> numbersByName) {
        out.append("<ul class=\"tiles\">");
        numbersByName.forEach((name, number) -> out.append("<li class=\"").append(escape(name)).append("\"><b>")
                .append(escape(number)).append("</b>").append(escape(name)).append("</li>"));
        out.append("</ul>\n");
        return this;
    }

    HtmlPage preformatted(String text) {
        out.append("<pre>").append(escape(text)).append("</pre>\n");
        return this;
    }

    HtmlPage list(List<String> items) {
        out.append("<ul>");
        items.forEach(item -> out.append("<li>").append(escape(item)).append("</li>"));
        out.append("</ul>\n");
        return this;
    }

    /**
     * A figure inside the page: title and notes are text of the page, and the panels flow with it, beside each other
     * where there is room.
     *
     * @param figure the figure; its id must be unique in the page
     */
    HtmlPage figure(Figure figure) {
        out.append("<figure id=\"figure-").append(figure.id()).append("\" aria-label=\"")
                .append(escape(figure.description())).append("\">\n<figcaption><h3>").append(escape(figure.title())).append("</h3>\n");
        figure.notes().forEach(note -> out.append("<p class=\"soft\">").append(escape(note)).append("</p>\n"));
        out.append("</figcaption>\n<div class=\"panels\">\n");
        figure.key().ifPresent(key -> panel("<div class=\"key\">", key));
        figure.parts().forEach(part -> panel(part.width() > WIDE ? "<div class=\"wide\">" : "<div>", part));
        out.append("</div></figure>\n");
        return this;
    }

    private void panel(String start, Svg picture) {
        out.append(start).append("<div style=\"min-width:").append(Math.round(picture.width() * LEAST_SHRINK))
                .append("px\">\n").append(picture).append("</div></div>\n");
    }

    /**
     * Starts a table.
     *
     * @param heads one a column; one that starts with {@code #} is of numbers and aligned right
     */
    Table table(String... heads) {
        return new Table(heads);
    }

    /** A table of this page; closing it writes it, without the columns in which no row says anything. */
    final class Table {
        private final String[] heads;
        private final boolean[] filled;
        private final List<List<String>> rows = new ArrayList<>();

        private Table(String... heads) {
            this.heads = heads;
            filled = new boolean[heads.length];
            filled[0] = true;
        }

        /** Adds a row of plain cells. */
        Table row(String... cells) {
            start();
            for (String cell : cells) {
                cell(cell, "", "");
            }
            return end();
        }

        /** Starts a row of cells that are added one by one. */
        Table start() {
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
        Table cell(String text, String style, String tip) {
            int column = rows.getLast().size();
            filled[column] |= !text.isEmpty() && !text.equals("n/a");
            String classes = (number(column) ? "n " + style : style).strip();
            rows.getLast().add("<td" + (classes.isEmpty() ? "" : " class=\"" + classes + '"')
                    + (tip.isEmpty() ? "" : " title=\"" + escape(tip) + '"') + '>' + escape(text) + "</td>");
            return this;
        }

        Table end() {
            return this;
        }

        HtmlPage close() {
            out.append("<div class=\"scroll\"><table><thead><tr>");
            for (int i = 0; i < heads.length; i++) {
                if (filled[i]) {
                    out.append(number(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                            .append(escape(number(i) ? heads[i].substring(1) : heads[i])).append("</th>");
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

        private boolean number(int column) {
            return heads[column].startsWith("#");
        }
    }

    /** Ends the page. */
    String finish() {
        return out.append("</body>\n</html>\n").toString();
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(
                        c >= 0x20 && c < 0x7F || c >= 0xA0 && c < 0xD800 || c == '\n' || c >= 0xE000 && c < 0xFFFE
                                || c > 0xFFFF ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }
}
