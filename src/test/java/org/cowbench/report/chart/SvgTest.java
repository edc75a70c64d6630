package org.cowbench.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void twentyEightSeriesLookDifferentAndNeighboursInEveryRespect() {
        Set<String> looks = new HashSet<>();
        for (int i = 0; i < 28; i++) {
            Style style = Style.of(i);
            Style next = Style.of(i + 1);
            looks.add(style.colour() + style.dash());
            assertThat(style.colour()).isNotEqualTo(next.colour());
            assertThat(style.dash()).isNotEqualTo(next.dash());
            assertThat(style.marker()).isNotEqualTo(next.marker());
        }
        assertThat(looks).hasSize(28);
    }

    @Test
    void notesAreWrappedAtBlanks() {
        List<String> lines = Figure.wrap("several words that do not fit on one line", 100);
        assertThat(lines).hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(TextWidth.of(line, Svg.FONT_SIZE, false)).isLessThanOrEqualTo(100));
        assertThat(String.join(" ", lines)).isEqualTo("several words that do not fit on one line");
    }

    @Test
    void aFigureWithoutPanelIsRefused() {
        assertThatThrownBy(() -> new Figure("a", "t", "d").draw()).isInstanceOf(IllegalStateException.class);
    }
}
