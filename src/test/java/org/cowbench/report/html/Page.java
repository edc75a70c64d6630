package org.cowbench.report.html;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A page read back, as a reader sees it: tables under their headings, tiles, texts, and what is under the pointer. */
public final class Page {

    /** A cell: what it shows, what is under the pointer, its classes. */
    public record Cell(String text, String tip, List<String> classes) {}

    /** A table, and the heading above it. */
    public record Table(String heading, List<String> heads, List<List<Cell>> rows) {

        /** The cells of a row by the heads of their columns; of two equal heads the second gets a mark. */
        public Map<String, Cell> cells(List<Cell> row) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            for (int i = 0; i < heads.size(); i++) {
                String head = heads.get(i);
                cells.put(cells.containsKey(head) ? head + "*" : head, row.get(i));
            }
            return cells;
        }

        /** The cells of the only row whose first cell shows a text. */
        public Map<String, Cell> row(String first) {
            List<List<Cell>> found = rows.stream()
                    .filter(row -> row.getFirst().text.equals(first))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " rows '" + first + "' under " + heading);
            }
            return cells(found.getFirst());
        }
    }

    /** A panel of a figure. */
    public record Panel(String title, String caption, List<String> tips) {}

    /** A cell with more characters than this may be broken into lines. */
    public static final int LINE = HtmlPage.LINE;

    private static final Pattern NUMBER = Pattern.compile("([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)([kMGTP]?)");

    public final List<Table> tables = new ArrayList<>();
    public final Map<String, String> tiles = new LinkedHashMap<>();
    public final List<String> paragraphs = new ArrayList<>();
    public final List<String> banners = new ArrayList<>();
    public final Map<String, List<String>> lists = new LinkedHashMap<>();
    public final Map<String, List<Panel>> figures = new LinkedHashMap<>();
    /** Headings, tables and banners in the order of the page. */
    public final List<String> order = new ArrayList<>();

    public String preformatted = "";
    private String heading = "";

    private Page(Element body) {
        walk(body);
    }

    /** Reads a page; fails when it is not well-formed. */
    public static Page of(String html) {
        try {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
            return new Page((Element) document.getElementsByTagName("body").item(0));
        } catch (Exception e) {
            throw new AssertionError("the page is not well-formed: " + e.getMessage(), e);
        }
    }

    private void walk(Element element) {
        switch (element.getTagName()) {
            case "h1", "h2", "h3" -> {
                heading = element.getTextContent();
                order.add(heading);
            }
            case "p" -> {
                (element.getAttribute("class").equals("banner") ? banners : paragraphs).add(element.getTextContent());
                order.add(element.getTextContent());
            }
            case "pre" -> preformatted += element.getTextContent();
            case "table" -> table(element);
            case "figure" -> figure(element);
            case "ul" -> list(element);
            default -> children(element).forEach(this::walk);
        }
    }

    private void list(Element element) {
        if (element.getAttribute("class").equals("tiles")) {
            children(element).forEach(tile -> {
                String number = children(tile).findFirst().orElseThrow().getTextContent();
                tiles.put(tile.getTextContent().substring(number.length()), number);
            });
        } else {
            lists.put(heading, children(element).map(Node::getTextContent).toList());
        }
    }

    private void table(Element element) {
        List<String> heads = all(element, "th").map(Node::getTextContent).toList();
        List<List<Cell>> rows = new ArrayList<>();
        all((Element) element.getElementsByTagName("tbody").item(0), "tr")
                .forEach(row -> rows.add(children(row)
                        .map(cell -> new Cell(
                                cell.getTextContent(),
                                cell.getAttribute("title"),
                                List.of(cell.getAttribute("class").split(" "))))
                        .toList()));
        tables.add(new Table(heading, heads, rows));
        order.add("table " + heads);
    }

    private void figure(Element element) {
        List<Panel> panels = new ArrayList<>();
        all(element, "svg")
                .filter(svg -> !svg.getAttribute("aria-labelledby").contains("-key-"))
                .forEach(svg -> {
                    List<String> tips = all(svg, "g")
                            .filter(group -> group.hasAttribute("pointer-events"))
                            .flatMap(group -> all(group, "title"))
                            .map(Node::getTextContent)
                            .toList();
                    panels.add(new Panel(
                            svg.getElementsByTagName("title").item(0).getTextContent(),
                            svg.getElementsByTagName("desc").item(0).getTextContent(),
                            tips));
                });
        figures.put(element.getAttribute("id").replaceFirst("^figure-", ""), panels);
    }

    /** What every page looks like. */
    public static String styleSheet() throws IOException {
        try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The rule of the style sheet for a selector. */
    public static String rule(String selector) throws IOException {
        return styleSheet()
                .lines()
                .filter(line -> line.startsWith(selector + "{"))
                .findFirst()
                .orElseThrow();
    }

    /** The tables whose heading starts so. */
    public List<Table> tables(String start) {
        return tables.stream().filter(table -> table.heading.startsWith(start)).toList();
    }

    /** The only table whose heading starts so. */
    public Table table(String start) {
        List<Table> found = tables(start);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " tables under " + start);
        }
        return found.getFirst();
    }

    /** Reads a number as people do: 12.35k is 12 350. */
    public static double number(String shown) {
        Matcher matcher = NUMBER.matcher(shown);
        if (!matcher.matches()) {
            throw new AssertionError("no number: '" + shown + "'");
        }
        return Double.parseDouble(matcher.group(1))
                * Math.pow(1000, " kMGTP".indexOf((matcher.group(2) + " ").charAt(0)));
    }

    /** Whether what is shown is a value rounded to so many significant digits, or that it is unknown. */
    public static boolean significant(String shown, double value, int digits) {
        if (!Double.isFinite(value)) {
            return shown.equals("n/a");
        }
        double unit = value == 0 ? 0 : Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - digits + 1);
        return Math.abs(number(shown) - value) <= unit / 2 * (1 + 1e-9);
    }

    /** Whether what is shown is a value rounded to so many decimals, or that it is unknown. */
    public static boolean decimals(String shown, double value, int decimals) {
        return Double.isFinite(value)
                ? Math.abs(number(shown) - value) <= Math.pow(10, -decimals) / 2 * (1 + 1e-9)
                : shown.equals("n/a");
    }

    private static Stream<Element> children(Element element) {
        return elements(element.getChildNodes());
    }

    private static Stream<Element> all(Element element, String name) {
        return elements(element.getElementsByTagName(name));
    }

    private static Stream<Element> elements(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element) {
                elements.add(element);
            }
        }
        return elements.stream();
    }
}
