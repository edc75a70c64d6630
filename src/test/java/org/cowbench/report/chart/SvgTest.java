package org.cowbench.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

class SvgTest {

    @Test
    void markupAndForbiddenCharactersAreEscaped() {
        Svg svg = new Svg("a", 100, 50, "1 < 2 & \"3\"", "x\u0000y\uD800");
        svg.text(1, 20, "<script>alert(1)</script>", Svg.Anchor.START, 11, false, "");
        assertThat(svg.toString())
                .contains(">1 &lt; 2 &amp; &quot;3&quot;</title>")
                .contains("x\uFFFDy\uFFFD")
                .contains("&lt;script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void accessibleNameRefersToTitleAndDescription() {
        assertThat(new Svg("cost-x", 100, 50, "T", "D").toString())
                .contains("role=\"img\" aria-labelledby=\"cost-x-title cost-x-desc\"")
                .contains("<title id=\"cost-x-title\">T</title>")
                .contains("<desc id=\"cost-x-desc\">D</desc>");
    }

    @Test
    void boxesTellWhatCollides() {
        Svg svg = new Svg("a", 100, 50, "t", "d");
        svg.text(0, 20, "wide text", Svg.Anchor.START, 11, false, "");
        svg.text(30, 20, "more", Svg.Anchor.START, 11, false, "");
        svg.text(0, 40, "below", Svg.Anchor.START, 11, false, "");
        List<Svg.TextBox> boxes = svg.textBoxes();
        assertThat(boxes.get(0).overlaps(boxes.get(1))).isTrue();
        assertThat(boxes.get(0).overlaps(boxes.get(2))).isFalse();
    }

    @Test
    void anchorsMoveTheBox() {
        Svg svg = new Svg("a", 100, 50, "t", "d");
        svg.text(50, 20, "abc", Svg.Anchor.MIDDLE, 10, false, "");
        svg.text(50, 20, "abc", Svg.Anchor.END, 10, false, "");
        Svg.TextBox middle = svg.textBoxes().get(0);
        assertThat((middle.left() + middle.right()) / 2).isEqualTo(50);
        assertThat(svg.textBoxes().get(1).right()).isEqualTo(50);
    }

    @Test
    void thirtyFiveSeriesLookDifferentAndNeighboursInEveryRespect() {
        Set<String> looks = new HashSet<>();
        for (int i = 0; i < 35; i++) {
            Style style = Style.of(i);
            Style next = Style.of(i + 1);
            looks.add(style.colour() + style.dash());
            assertThat(style.colour()).isNotEqualTo(next.colour());
            assertThat(style.dash()).isNotEqualTo(next.dash());
            assertThat(style.marker()).isNotEqualTo(next.marker());
        }
        assertThat(looks).hasSize(35);
    }

    /** CIE lightness, 0 to 100: what is left of a colour in grey. */
    private static double lightness(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double y = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            y += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return y > 216 / 24389.0 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
    }

    @Test
    void policiesTellApartInGrey() {
        List<Style> styles = Arrays.stream(Policy.values())
                .map(policy -> Style.of(policy.ordinal()))
                .toList();
        for (int i = 0; i < styles.size(); i++) {
            Style one = styles.get(i);
            if (i > 0) {
                assertThat(Math.abs(lightness(one.colour().light())
                                - lightness(styles.get(i - 1).colour().light())))
                        .as("neighbours %d and %d", i - 1, i)
                        .isGreaterThan(15);
            }
            assertThat(styles.subList(0, i))
                    .as("%d", i)
                    .noneMatch(other -> other.dash().equals(one.dash()) && other.marker() == one.marker());
        }
    }

    /** Seven shades between black and the lightest that still stands out on white are at most some 11 apart. */
    @Test
    void everyTwoSeriesDifferInGrey() {
        for (Ink one : Ink.SERIES) {
            for (Ink other : Ink.SERIES) {
                assertThat(one == other || Math.abs(lightness(one.light()) - lightness(other.light())) > 7)
                        .as("%s and %s", one.name(), other.name())
                        .isTrue();
            }
        }
    }

    @Test
    void aNarrowPanelHasThreeLabels() {
        for (Scale scale : List.of(
                new Scale.Log(19_000, 41_000),
                new Scale.Linear(0, 6_300),
                new Scale.Log(1.7, 9.5),
                new Scale.Linear(12_300, 12_450))) {
            Svg svg = new Figure("f", "t", "d")
                    .grid(1, 130, 60)
                    .panel("", "", new Axis("ns", scale), new Axis("", new Scale.Rows(List.of("row"))), panel -> {})
                    .parts()
                    .getFirst();
            assertThat(svg.textBoxes().stream().map(Svg.TextBox::text).filter(text -> text.matches("[0-9.]+k?")))
                    .as("%s", scale)
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void notesAreWrappedAtBlanks() {
        List<String> lines = Figure.wrap("several words that do not fit on one line", 100);
        assertThat(lines).hasSizeGreaterThan(1).allSatisfy(line -> assertThat(TextWidth.of(line, Svg.FONT_SIZE, false))
                .isLessThanOrEqualTo(100));
        assertThat(String.join(" ", lines)).isEqualTo("several words that do not fit on one line");
    }

    @Test
    void aFigureWithoutPanelIsRefused() {
        assertThatThrownBy(() -> new Figure("a", "t", "d").draw()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tipsLieOnTopAndAreNotDrawn() {
        Svg svg = new Svg("a", 100, 50, "t", "d");
        svg.tip(1, 2, 30, 10, "99 %: 12 < 13\nns");
        svg.rectangle(0, 0, 100, 50, "fill=\"#fff\"");
        assertThat(svg.toString())
                .endsWith("<g fill=\"none\" pointer-events=\"all\">\n"
                        + "<path d=\"M1 2h30v10h-30z\"><title>99 %: 12 &lt; 13\nns</title></path>\n</g>\n</svg>\n");
    }

    @Test
    void aTextThatDoesNotFitKeepsBothEndsAndIsWholeUnderThePointer() {
        String name = "Benchmark.aMethodWhoseNameGoesOnAndOnAndOn size=1000";
        Svg svg = new Svg("a", 400, 50, "t", "d");
        svg.shortened(0, 20, name, Svg.Anchor.START, 11, true, "", 200);
        svg.shortened(0, 40, "short", Svg.Anchor.START, 11, true, "", 200);
        assertThat(svg.textBoxes()).allSatisfy(box -> assertThat(box.right()).isLessThanOrEqualTo(200));
        assertThat(svg.textBoxes().getFirst().text())
                .matches("Benchmark\\..+\u2026.+size=1000")
                .hasSizeLessThan(name.length());
        assertThat(svg.toString()).contains("<g><title>" + name + "</title>").doesNotContain("<title>short");
        assertThat(TextWidth.shorten(name, 11, false, 1)).isEqualTo("\u2026");
    }

    private static Figure figure(String... names) {
        Axis x = new Axis("ns", new Scale.Linear(0, 1));
        Axis y = new Axis("", new Scale.Rows(List.of(names)));
        return new Figure("f", "Title", "description")
                .note("note")
                .origin("run of yesterday")
                .grid(2, 300, 40)
                .legend("series", Style.of(0), true, true)
                .panel("one", "caption", x, y, panel -> panel.rowTip(0, "first"))
                .panel("", "", x, y, panel -> panel.rowTip(1, "second"));
    }

    @Test
    void aFigureIsDrawnWholeOrInParts() {
        Figure figure = figure("a", "b");
        assertThat(figure.draw().toString())
                .contains(">Title<", ">note<", ">run of yesterday<", ">series<", ">first<", ">second<");
        List<Svg> parts = figure.parts();
        assertThat(parts).extracting(Svg::id).containsExactly("f-1", "f-2");
        assertThat(parts.getFirst().toString())
                .contains("<title id=\"f-1-title\">one<", ">first<")
                .doesNotContain("Title", "note", "series", "second");
        assertThat(parts.getLast().toString()).contains("<title id=\"f-2-title\">Title<", ">second<");
        assertThat(figure.key().orElseThrow().toString()).contains(">series<");
        assertThat(figure.key().orElseThrow().width()).isLessThan(360);
        assertThat(figure.notes())
                .as("a page says once where its pictures come from")
                .containsExactly("note");
        assertThat(new Figure("g", "t", "d").key()).isEmpty();
    }

    /** A phone is 390 pixels wide: names beside the marks would push these out of it. */
    @Test
    void longNamesOfRowsStandAboveThemInParts() {
        String longer = "Benchmark.method of=many, parameters=here";
        Figure figure = figure(longer, "b");
        assertThat(figure.draw().width()).isGreaterThan(800);
        Svg part = figure.parts().getFirst();
        assertThat(part.width()).isLessThan(360);
        assertThat(part.textBoxes()).extracting(Svg.TextBox::text).contains(longer);
        Svg.TextBox name = part.textBoxes().stream()
                .filter(box -> box.text().equals(longer))
                .findFirst()
                .orElseThrow();
        assertThat(name.left()).as("inside the panel").isGreaterThan(14);
        assertThat(figure("a", "b").parts().getFirst().height()).isLessThan(part.height());
    }

    @Test
    void wordsLongerThanALineDoNotLeaveIt() {
        assertThat(Figure.wrap("label " + "x".repeat(200) + " end", 120))
                .allSatisfy(line ->
                        assertThat(TextWidth.of(line, Svg.FONT_SIZE, false)).isLessThanOrEqualTo(120));
    }
}
