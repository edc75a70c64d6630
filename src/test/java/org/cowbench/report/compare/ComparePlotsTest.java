package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows pictures of a comparison show, and how; that their numbers are right is in {@link ComparisonPageTest}. */
class ComparePlotsTest {

    @TempDir
    Path results;

    private Comparison compare(SyntheticSession session) {
        session.write(results);
        return compare(results.resolve("base"), results.resolve("head"));
    }

    private static Comparison compare(Path base, Path head) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base), ResultDirectory.read(head), Rule.DEFAULT, CompareOptions.NONE);
    }

    private Path json(String name, List<String> entries) throws IOException {
        return Files.writeString(results.resolve(name), "[" + String.join(",", entries) + "]");
    }

    private static String entry(String benchmark, String unit, int n, double value) {
        double[][] raw = {{value}, {value * 1.001}, {value * 0.999}, {value * 1.0005}, {value * 0.9995}, {value}};
        return "{\"benchmark\":\"com.acme." + benchmark + "\",\"mode\":\"avgt\",\"forks\":6,\"params\":{\"n\":\"" + n
                + "\"},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":" + Arrays.deepToString(raw)
                + "}}";
    }

    private static Figure figure(Comparison comparison, String id) {
        return ComparePlots.of(comparison).stream()
                .filter(figure -> figure.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> tips(Figure figure) {
        return Page.of(new HtmlPage("x").figure(figure).finish()).figures.get(figure.id()).stream()
                .flatMap(panel -> panel.tips().stream())
                .toList();
    }

    /** What is better lies on one side of a picture, whatever benchmarks it holds; the called rows come first. */
    @Test
    void forestsHoldManyBenchmarksOfOneDirection() throws IOException {
        List<String> base = new ArrayList<>();
        List<String> head = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            for (String unit : List.of("ns/op", "us/op", "ops/s")) {
                String benchmark = "B.m" + n % 30 + unit.charAt(0);
                base.add(entry(benchmark, unit, n, 100));
                head.add(entry(benchmark, unit, n, n == 250 ? 130 : n == 270 ? 90 : 100 + n % 3 * 0.001));
            }
        }
        Comparison comparison = compare(json("old.json", base), json("new.json", head));
        List<Figure> forests = ComparePlots.of(comparison).stream()
                .filter(f -> f.id().startsWith("forest"))
                .toList();
        assertThat(forests).extracting(Figure::id).containsExactly("forest-times", "forest-rates");
        assertThat(forests.getFirst().title()).isEqualTo("Scores: change from base to head (ns/op, us/op)");
        List<String> times = tips(forests.getFirst());
        assertThat(times).hasSize(50);
        assertThat(times.subList(0, 4)).allMatch(tip -> tip.contains("slower") || tip.contains("faster"));
        assertThat(times.subList(0, 2))
                .containsExactlyInAnyOrder(
                        "B.m10n n=250: +30.0% [+29.9, +30.1] slower; base 100.0, head 130.0 ns/op; p <.001",
                        "B.m10u n=250: +30.0% [+29.9, +30.1] slower; base 100.0, head 130.0 us/op; p <.001");
        assertThat(forests.getFirst().notes()).anyMatch(note -> note.contains("Shown are 50 of 600 rows"));
        assertThat(forests.getFirst().draw().toString()).contains("left is better");
        assertThat(tips(forests.getLast()).getFirst()).contains("n=250: +30.0%", "faster");
        assertThat(forests.getLast().draw().toString()).contains("right is better");
    }

    @Test
    void oneBenchmarkIsNamedOnce() {
        Figure forest = figure(compare(new SyntheticSession()), "forest-times");
        assertThat(forest.title()).startsWith("WriteAfterRead.l2: change");
        assertThat(forest.draw().textBoxes()).extracting(Svg.TextBox::text).contains("v5.9!, SWAPCACHE");
    }

    @Test
    void titlesOfPanelsFitAndAreWholeUnderThePointer() {
        String name = "Benchmark.aMethodWhoseNameGoesOnAndOnAndOnAndOnAndOnAndOn";
        Comparison comparison = compare(new SyntheticSession()
                .histograms()
                .clear()
                .cell(name, 100, 1, "policy", "V5_9", "situation", "SWAPCACHE")
                .cell(name, 120, 1, "policy", "V5_19", "situation", "SWAPCACHE"));
        for (String id : List.of("curves", "shift", "ecdf", "forks")) {
            Svg svg = figure(comparison, id).draw();
            assertThat(svg.toString()).as(id).contains("<g><title>" + name + " v5.9!, SWAPCACHE</title>");
            List<Svg.TextBox> boxes = svg.textBoxes();
            for (Svg.TextBox box : boxes) {
                assertThat(boxes)
                        .as("%s over another in %s", box, id)
                        .allMatch(other -> other == box || !other.overlaps(box));
                assertThat(box.right()).isLessThanOrEqualTo(svg.width());
            }
        }
    }

    @Test
    @Tag("slow")
    void shiftsAreOfTheRowsThatMatter() {
        SyntheticSession session =
                new SyntheticSession().histograms().head(1.03).blocks(12);
        for (int i = 0; i < 14; i++) {
            session.cell("More.m" + i, 100, 1, "policy", "V5_9");
        }
        Comparison comparison = compare(session);
        List<String> expected = comparison.rows().stream()
                .filter(row -> row.kind() == Comparison.Kind.SCORE)
                .sorted(Comparator.comparing((Comparison.Row row) ->
                                row.verdict() != Verdict.FASTER && row.verdict() != Verdict.SLOWER)
                        .thenComparing(row -> -Math.abs(Math.log(row.change().estimate()))))
                .limit(12)
                .map(ComparePlots::title)
                .toList();
        Figure shift = figure(comparison, "shift");
        assertThat(Page.of(new HtmlPage("x").figure(shift).finish()).figures.get("shift"))
                .extracting(Page.Panel::title)
                .containsExactlyElementsOf(expected);
        assertThat(shift.notes())
                .anyMatch(note ->
                        note.contains("Shown are 12 of 16: those that were called") && note.contains("Dashed: bounds"));
    }

    /** With few blocks there are no bounds, and nothing dashed that could be taken for them. */
    @Test
    void aShiftWithoutBoundsPromisesNone() {
        Figure shift = figure(compare(new SyntheticSession().histograms().blocks(3)), "shift");
        assertThat(shift.notes())
                .anyMatch(note -> note.contains("No bounds: too few blocks."))
                .noneMatch(note -> note.contains("Dashed"));
        assertThat(shift.draw().toString()).doesNotContain("stroke-dasharray");
    }

    /** Each side by its own median: a change of half its size would otherwise make drift of a per cent invisible. */
    @Test
    void theSequenceOfForksShowsDriftWhateverTheChange() {
        Figure forks = figure(compare(new SyntheticSession().head(0.5).noise(0.002, 0.005)), "forks");
        assertThat(forks.draw().textBoxes().stream()
                        .map(Svg.TextBox::text)
                        .filter(text -> text.matches("-?[0-9.]+"))
                        .mapToDouble(Double::parseDouble)
                        .min()
                        .orElseThrow())
                .isBetween(-15.0, 0.0);
    }

    @Test
    void noMarkOfAForkLiesOnTheFrame() {
        Svg part = figure(compare(new SyntheticSession().blocks(6)), "forks")
                .parts()
                .getFirst();
        double[] frame = numbers(
                part, "<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\" fill=\"none\"");
        double[] marks = numbers(part, "<path d=\"M([0-9.]+) ([0-9.]+)h10v10h-10z\">");
        assertThat(marks.length).isEqualTo(2 * 24);
        for (int i = 0; i < marks.length; i += 2) {
            assertThat(marks[i]).isBetween(frame[0] + 1, frame[0] + frame[2] - 11);
            assertThat(marks[i + 1]).isBetween(frame[1] + 1, frame[1] + frame[3] - 11);
        }
    }

    private static double[] numbers(Svg svg, String pattern) {
        return Pattern.compile(pattern)
                .matcher(svg.toString())
                .results()
                .flatMap(match -> IntStream.rangeClosed(1, match.groupCount()).mapToObj(match::group))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
