package org.cowbench.report.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.stats.ChangePoints;

/** The page of a trend: where levels changed, the picture, and every run's value. */
final class HtmlTrend {

    private HtmlTrend() {}

    static String page(TrendPlot.Trend trend, String pattern, List<Figure> figures) {
        HtmlPage page = new HtmlPage("cowbench trend");
        page.paragraph("Benchmarks that match '" + pattern + "' over " + trend.runs()
                + " runs of one machine, kernel and JDK, by commit" + trend.drift());
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("summary", "Summary");
        contents.put("plots", "Plots");
        contents.put("values", "Values");
        contents.put("environment", "Environment");
        contents.put("method", "Method");
        page.contents(contents);
        if (trend.disturbed() > 0) {
            page.banner(trend.disturbedRuns() + ". Measure those commits again on a quiet machine.");
        }
        if (!trend.leftOut().isEmpty()) {
            page.heading("Left out").list(trend.leftOut());
        }
        page.section("summary", "Summary");
        Map<String, String> tiles = new LinkedHashMap<>();
        tiles.put("series", Integer.toString(trend.series().size()));
        tiles.put("runs", Integer.toString(trend.runs()));
        tiles.put(
                "changes",
                Integer.toString(trend.series().stream()
                        .mapToInt(one -> one.changes().size())
                        .sum()));
        page.tiles(tiles);
        HtmlPage.Table states = page.cards("benchmark", "state");
        trend.series().forEach(one -> states.start()
                .cell(one.name(), "", "")
                .cell(one.state(), "wide", "")
                .end());
        states.close();
        page.section("plots", "Plots");
        figures.forEach(page::figure);
        page.section("values", "Values");
        for (TrendPlot.Series one : trend.series()) {
            page.heading(one.name() + " (" + one.unit() + ", " + RunWording.better(one.unit()) + ")");
            HtmlPage.Table table =
                    page.table("run", "commit", "started", "#score", "95% interval", "#forks", "disturbed", "");
            for (int i = 0; i < one.points().size(); i++) {
                TrendPlot.Point point = one.points().get(i);
                int change = one.changes().indexOf(i);
                table.start()
                        .cell(point.label(), "", "")
                        .cell(point.commit(), "", "")
                        .cell(point.started(), "soft", "");
                HtmlRun.number(table, point.value().estimate());
                HtmlRun.interval(table, point.value());
                table.cell(Integer.toString(point.value().count()), "", "")
                        .cell(point.disturbed() ? "most forks" : "", "", "")
                        .cell(change < 0 ? "" : "level changed: " + CompareNumbers.ratio(one.change(change)), "", "")
                        .end();
            }
            table.close();
        }
        page.section("environment", "Environment");
        HtmlPage.Table facts = page.table("fact", "value");
        trend.context().forEach((key, value) -> facts.start()
                .cell(key, "", "")
                .cell(value.isEmpty() ? "unknown" : value, "wide", "")
                .end());
        facts.close();
        page.section("method", "Method");
        page.paragraph("Score: geometric mean over forks of the median iteration; interval: "
                + CompareNumbers.percent(TrendPlot.CONFIDENCE)
                + " Student t over forks, from 3 forks on. A change of level is a split of the series by"
                + " E-divisive whose Welch's"
                + " t test"
                + " is below"
                + " " + CompareNumbers.percent(TrendPlot.LEVEL) + "; it has at least "
                + ChangePoints.SIDE + " runs on either side, and is looked for from " + ChangePoints.LEAST
                + " runs on. A + after a commit: with local changes.");
        return page.finish();
    }
}
