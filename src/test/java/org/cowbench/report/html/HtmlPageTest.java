package org.cowbench.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cowbench.report.chart.Ink;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?\\b");

    @Test
    void columnsInWhichNoRowSaysAnythingAreLeftOut() {
        HtmlPage html = new HtmlPage("t");
        html.heading("plain")
                .table("name", "#time", "interval", "note", "#copies")
                .row("a", "1.5", "", "", "n/a")
                .row("b", "2.5", "", "x", "n/a")
                .close();
        html.heading("cards")
                .cards("", "#time", "empty", "unit")
                .row("a", "1.5", "", "ns")
                .close();
        Page page = Page.of(html.finish());
        assertThat(page.table("plain").heads()).containsExactly("name", "time", "note");
        assertThat(page.table("plain").rows().getFirst())
                .extracting(Page.Cell::text)
                .containsExactly("a", "1.5", "");
        assertThat(page.table("cards").heads()).containsExactly("", "time", "unit");
        assertThat(page.table("cards").rows().getFirst())
                .extracting(Page.Cell::text)
                .containsExactly("a", "1.5", "ns");
    }

    @Test
    void cellsOfCardsSayTheirColumn() {
        String html = new HtmlPage("t")
                .cards("", "#time", "a <b>")
                .row("x", "1", "y")
                .close()
                .finish();
        assertThat(html)
                .contains(
                        "<td>x</td>",
                        "<td data-label=\"time\" class=\"n\">1</td>",
                        "<td data-label=\"a &lt;b&gt;\">y</td>");
    }

    @Test
    void namesAreBrokenBetweenTheirParts() {
        String html = new HtmlPage("t")
                .table("name", "#time")
                .row("Guest.hiddenSharer&x 1.5, v5.19", "2.5")
                .close()
                .finish();
        assertThat(html).contains(">Guest.<wbr/>hiddenSharer&amp;x 1.5, v5.19<", ">2.5<");
        assertThat(Page.of(html).tables.getFirst().rows().getFirst().getFirst().text())
                .isEqualTo("Guest.hiddenSharer&x 1.5, v5.19");
    }

    @Test
    void noLineEndsWithinTheNameOfAnOption() throws IOException {
        String html = new HtmlPage("t")
                .banner("give more with --budget, not --a<b")
                .list(List.of("3--5 a--b --no-commit=x"))
                .finish();
        String option = "<span class=\"option\">%s</span>";
        assertThat(html)
                .contains(
                        "give more with " + option.formatted("--budget") + ", not " + option.formatted("--a") + "&lt;b",
                        "<li>3--5 a--b " + option.formatted("--no-commit") + "=x</li>");
        assertThat(Page.styleSheet()).contains(".option{white-space:nowrap}");
    }

    @Test
    void coloursAreNamedInOnePlaceAlone() throws IOException {
        assertThat(COLOUR.matcher(Page.styleSheet()).results().map(result -> result.group()))
                .isEmpty();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("Ink.java"))
                            .flatMap(file -> Pattern.compile("\"" + COLOUR.pattern() + "\\\\?\"")
                                    .matcher(read(file))
                                    .results()
                                    .map(found -> file.getFileName() + " " + found.group())))
                    .isEmpty();
        }
        // Every reference of the style sheet is declared, for light and dark.
        String declared = Ink.declarations();
        assertThat(Pattern.compile("var\\((--[a-z]+)\\)")
                        .matcher(Page.styleSheet())
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(declared.split(name + ":", -1)).hasSize(3));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** By WCAG: 4.5 for text, 3 for shapes, on what lies behind them. */
    @Test
    void textAndSeriesStandOutInLightAndDark() {
        for (Ink ink : Ink.values()) {
            boolean text = List.of(Ink.TEXT, Ink.SOFT, Ink.LINK, Ink.BETTER, Ink.WORSE, Ink.SAME, Ink.OPEN)
                    .contains(ink);
            boolean behind =
                    List.of(Ink.PAPER, Ink.RULE, Ink.HEAD, Ink.GRID, Ink.FRAME).contains(ink);
            // Orange is as dark as a colour between yellow and vermillion can be: it has markers and dashes.
            double least = text ? 4.5 : behind ? 1 : ink == Ink.ORANGE ? 2.4 : 3;
            for (Ink back : text ? List.of(Ink.PAPER, Ink.HEAD) : List.of(Ink.PAPER)) {
                assertThat(contrast(ink.light(), back.light()))
                        .as("%s on %s", ink.name(), back.name())
                        .isGreaterThanOrEqualTo(least);
                assertThat(contrast(ink.dark(), back.dark()))
                        .as("%s on %s, dark", ink.name(), back.name())
                        .isGreaterThanOrEqualTo(least);
            }
        }
    }

    private static double contrast(String one, String other) {
        double[] both = {luminance(one), luminance(other)};
        Arrays.sort(both);
        return (both[1] + 0.05) / (both[0] + 0.05);
    }

    private static double luminance(String colour) {
        String digits = colour.length() == 4 ? colour.replaceAll("([0-9a-f])", "$1$1") : colour;
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(digits.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
