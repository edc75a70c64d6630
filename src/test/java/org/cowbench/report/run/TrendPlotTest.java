package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.cowbench.compare.Session;
import org.cowbench.golden.Golden;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.html.Page;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Forks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendPlotTest {
    private static final Pattern ALL = Pattern.compile("");

    @TempDir
    Path results;

    private final SplittableRandom random = new SplittableRandom(3);

    private ResultDirectory run(int day, double nanos, String kernel) {
        return run(String.format(Locale.ROOT, "run-%02d", day), day, nanos, Map.of("kernel.release", kernel));
    }

    private ResultDirectory run(String label, int day, double nanos, Map<String, String> environment) {
        return run(label, day, nanos, environment, List.of());
    }

    private ResultDirectory run(
            String label, int day, double nanos, Map<String, String> environment, List<ForkInfo> forks) {
        ResultWriter writer = ResultWriter.create(results, label);
        List<String> raw = new ArrayList<>();
        for (int fork = 0; fork < 3; fork++) {
            raw.add("[" + nanos * (1 + 0.01 * random.nextDouble()) + "]");
        }
        writer.writeJmh(out -> out.write(("[{\"benchmark\":\"a.B.m\",\"mode\":\"avgt\",\"params\":{},\"primaryMetric\":"
                        + "{\"scoreUnit\":\"ns/op\",\"rawData\":" + raw + "}}]")
                .getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                label,
                String.format(Locale.ROOT, "%040x", day * 7919),
                false,
                List.of(),
                1,
                "quick",
                String.format(Locale.ROOT, "2022-01-%02dT00:00:00Z", day),
                1,
                true,
                environment,
                forks,
                List.of()));
        return ResultDirectory.read(writer.finish());
    }

    @Test
    void aStepIsMarkedAtItsCommit() throws IOException {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 20; day >= 1; day--) {
            runs.add(run(day, day < 12 ? 100 : 110, "6.12"));
        }
        runs.add(run(25, 500, "6.12"));
        runs.removeLast();
        TrendPlot.Trend trend = TrendPlot.of(runs, ALL);
        List<TrendPlot.Series> series = trend.series();
        assertThat(series).hasSize(1);
        assertThat(series.getFirst().points())
                .hasSize(20)
                .extracting(TrendPlot.Point::label)
                .isSorted();
        assertThat(series.getFirst().changes()).containsExactly(11);
        Svg svg = TrendPlot.draw(trend).orElseThrow().draw();
        assertThat(svg.toString()).contains("20 runs, +").contains(" at 00000000".substring(0, 4));
        Golden.check("compare/trend.svg", svg.toString());
    }

    /** What machines of a merged run do not have alike stands under the part's number, and is no less of the machine. */
    @Test
    void mergedRunsOfOtherMachinesAreNotJoined() {
        Map<String, String> one = Map.of("shards", "2", "shard.1.cpu.model", "A", "shard.2.cpu.model", "B");
        Map<String, String> other = Map.of("shards", "2", "shard.1.cpu.model", "A", "shard.2.cpu.model", "C");
        List<ResultDirectory> runs = new ArrayList<>(List.of(run("a", 1, 100, one), run("b", 2, 100, other)));
        assertThat(TrendPlot.of(runs, ALL).series()).isEmpty();
        runs.add(run("c", 3, 100, other));
        TrendPlot.Trend trend = TrendPlot.of(runs, ALL);
        assertThat(trend.series().getFirst().points())
                .extracting(TrendPlot.Point::label)
                .containsExactly("b", "c");
        assertThat(trend.context()).containsEntry("shard.2.cpu.model", "C").doesNotContainKey("shards");
        assertThat(trend.leftOut()).contains("1 run of another machine, kernel or JDK than the latest");
    }

    @Test
    void shortSeriesAndOtherMachinesSayNothing() {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 1; day <= 6; day++) {
            runs.add(run(day, day < 4 ? 100 : 200, "6.12"));
        }
        assertThat(TrendPlot.of(runs, ALL).series().getFirst().changes()).isEmpty();
        runs.add(run(7, 100, "6.13"));
        assertThat(TrendPlot.of(runs, ALL).series())
                .as("one run of the latest kernel")
                .isEmpty();
        assertThat(TrendPlot.of(List.of(), ALL).series()).isEmpty();
        assertThat(TrendPlot.draw(TrendPlot.of(List.of(), ALL))).isEmpty();
        assertThat(TrendPlot.of(runs.subList(0, 6), Pattern.compile("nothing")).series())
                .isEmpty();
    }

    private List<ResultDirectory> sessions() {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 1; day <= 12; day++) {
            runs.add(run(day, 100, "6.12"));
        }
        for (int day = 13; day <= 15; day++) {
            Map<String, String> facts = Map.of(
                    "kernel.release", "6.12", Session.ID, "s" + day + "/1", Session.CONTROL, "s" + day + "-control");
            runs.add(run("s" + day + "-base", day, 100, facts));
            runs.add(run("s" + day + "-head", day, 50, facts));
            runs.add(run("s" + day + "-control", day, 100, facts));
        }
        return runs;
    }

    /** A head is a proposal: among the runs it would look like a level that comes and goes. */
    @Test
    void headsOfSessionsAreASeriesOfTheirOwnAndControlsRepeatTheirBases() {
        List<ResultDirectory> runs = sessions();
        runs.add(run("old-kernel", 1, 300, Map.of("kernel.release", "5.10")));
        TrendPlot.Trend trend = TrendPlot.of(runs, ALL);
        assertThat(trend.series()).extracting(TrendPlot.Series::name).containsExactly("B.m", "B.m, heads of ab");
        assertThat(trend.series().getFirst().points())
                .hasSize(15)
                .extracting(TrendPlot.Point::label)
                .contains("s13-base")
                .doesNotContain("s13-head", "s13-control");
        assertThat(trend.series().getFirst().changes()).isEmpty();
        assertThat(trend.series().getLast().points())
                .extracting(TrendPlot.Point::label)
                .containsExactly("s13-head", "s14-head", "s15-head");
        assertThat(trend.leftOut())
                .containsExactly(
                        "3 controls of ab sessions, copies of their bases",
                        "1 run of another machine, kernel or JDK than the latest");
        assertThat(TrendPlot.draw(trend).orElseThrow().draw().toString()).contains("Left out: 3 controls");
    }

    @Test
    void copiedAndPlantedSidesOfASelfStudyAreNoPoints() {
        List<ResultDirectory> runs = new ArrayList<>();
        runs.add(run(1, 100, "6.12"));
        Map<String, String> facts = Map.of("kernel.release", "6.12", Session.ID, "20220113-self/7");
        for (String side : new String[] {"base", "copy1", "copy2", "slower3", "slower1"}) {
            runs.add(run("20220113-self-" + side, 13, side.startsWith("slower") ? 103 : 100, facts));
        }
        TrendPlot.Trend trend = TrendPlot.of(runs, ALL);
        assertThat(trend.series()).singleElement().satisfies(one -> assertThat(one.points())
                .extracting(TrendPlot.Point::label)
                .containsExactly("run-01", "20220113-self-base"));
        assertThat(trend.leftOut())
                .containsExactly("4 sides of self studies, copies of their bases, slowed down or not");
        assertThat(trend.drift()).contains("drift not controlled");
    }

    @Test
    void countsHaveNoDriftToWarnOf() {
        TrendPlot.Trend trend = TrendPlot.of(
                List.of(
                        ResultDirectory.read(Path.of("results/20261125-story1-5.10")),
                        ResultDirectory.read(Path.of("results/20261125-story1-5.10"))),
                ALL);
        assertThat(trend.series()).isNotEmpty();
        assertThat(HtmlTrend.page(trend, "", TrendPlot.draw(trend).stream().toList()))
                .doesNotContain("drift");
    }

    /** Three forks, some of them with other load around them. */
    private static List<ForkInfo> forks(int disturbed) {
        return IntStream.range(0, 3)
                .mapToObj(i -> new ForkInfo(
                        i,
                        i,
                        "B.m",
                        Map.of(),
                        "2022-01-13T14:03:18Z",
                        1,
                        100,
                        "ns/op",
                        null,
                        Map.of("others", i < disturbed ? 90.0 : 1.0)))
                .toList();
    }

    @Test
    void runsThatWereMostlyDisturbedAreHollow() {
        List<ResultDirectory> runs = new ArrayList<>();
        int[] disturbed = {0, 1, 3, 0, 2};
        for (int day = 1; day <= disturbed.length; day++) {
            runs.add(run("run-" + day, day, 100, Map.of(), forks(disturbed[day - 1])));
        }
        TrendPlot.Trend trend = TrendPlot.of(runs, ALL);
        assertThat(trend.series().getFirst().points())
                .extracting(TrendPlot.Point::disturbed)
                .containsExactly(false, false, true, false, true);
        Figure figure = TrendPlot.draw(trend).orElseThrow();
        // Filled with the colour of the line or of the paper; the key has one of each more.
        String drawn = figure.draw().toString();
        assertThat(filled(drawn, Ink.BLUE)).isEqualTo(3 + 1);
        assertThat(filled(drawn, Ink.PAPER)).isEqualTo(2 + 1);
        assertThat(drawn).contains("DISTURBED: 2 of 5 runs, drawn hollow", ">most of its forks disturbed<");
        assertThat(figure.parts().getFirst().toString()).contains("most of its forks were disturbed</title>");
        Page page = Page.of(HtmlTrend.page(trend, "", List.of(figure)));
        assertThat(page.banners).singleElement().asString().startsWith("DISTURBED: 2 of 5 runs");
        assertThat(page.table("B.m").rows().stream()
                        .map(row ->
                                page.table("B.m").cells(row).get("disturbed").text()))
                .containsExactly("", "", "most forks", "", "most forks");
    }

    /** How many marks have a fill; a panel and the background are no paths. */
    private static long filled(String svg, Ink ink) {
        return svg.lines()
                .filter(line -> line.startsWith("<path") && line.contains("fill=\"" + ink.light() + "\""))
                .count();
    }

    @Test
    void anUndisturbedTrendSaysNothingOfIt() {
        TrendPlot.Trend trend =
                TrendPlot.of(List.of(run("a", 1, 100, Map.of(), forks(0)), run("b", 2, 100, Map.of(), forks(1))), ALL);
        String drawn = TrendPlot.draw(trend).orElseThrow().draw().toString();
        assertThat(filled(drawn, Ink.PAPER)).isZero();
        assertThat(drawn).doesNotContain("isturbed", "DISTURBED");
    }

    @Test
    void thePageHoldsEveryValue() {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 1; day <= 20; day++) {
            runs.add(run(day, day < 12 ? 100 : 110, "6.12"));
        }
        TrendPlot.Trend trend = TrendPlot.of(runs, Pattern.compile("B.m"));
        Page page = Page.of(
                HtmlTrend.page(trend, "B.m", TrendPlot.draw(trend).stream().toList()));
        assertThat(page.tiles).isEqualTo(Map.of("series", "1", "runs", "20", "changes", "1"));
        TrendPlot.Series series = trend.series().getFirst();
        List<String> tips = page.figures.get("trend").getFirst().tips();
        assertThat(tips).hasSize(20);
        for (int i = 0; i < 20; i++) {
            TrendPlot.Point point = series.points().get(i);
            Map<String, Page.Cell> cells =
                    page.table("B.m (ns/op, lower is better)").row(point.label());
            assertThat(cells.get("commit").text())
                    .isEqualTo(runs.get(i).info().commit().substring(0, 8));
            assertThat(cells.get("started").text()).isEqualTo(runs.get(i).info().started());
            assertThat(Double.parseDouble(cells.get("score").tip()))
                    .isEqualTo(point.value().estimate());
            assertThat(Page.significant(cells.get("score").text(), point.value().estimate(), 3))
                    .isTrue();
            assertThat(cells.get("95% interval").tip())
                    .isEqualTo(point.value().low() + " to " + point.value().high());
            assertThat(cells.get("forks").text()).isEqualTo("3");
            assertThat(cells.get("").text())
                    .isEqualTo(i == 11 ? "level changed: " + CompareNumbers.ratio(series.change(0)) : "");
            assertThat(tips.get(i))
                    .startsWith(point.label() + ", commit " + point.commit() + ": ")
                    .endsWith(" ns/op");
            String[] numbers = tips.get(i)
                    .replaceAll(".*: (\\S+) \\[(\\S+), (\\S+)].*", "$1 $2 $3")
                    .split(" ");
            assertThat(Page.significant(numbers[0], point.value().estimate(), 4)
                            && Page.significant(numbers[1], point.value().low(), 4)
                            && Page.significant(numbers[2], point.value().high(), 4))
                    .as(tips.get(i))
                    .isTrue();
        }
        double before = median(series, 0, 11);
        assertThat(series.change(0)).isEqualTo(median(series, 11, 20) / before);
        assertThat(page.table("Environment").row("kernel.release").get("value").text())
                .isEqualTo("6.12");
    }

    private static double median(TrendPlot.Series series, int from, int to) {
        return Forks.median(series.points().subList(from, to).stream()
                .mapToDouble(p -> p.value().estimate())
                .toArray());
    }
}
