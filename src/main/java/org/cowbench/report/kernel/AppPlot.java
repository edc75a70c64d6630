package org.cowbench.report.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.html.PageFiles;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Interval;
import org.jspecify.annotations.Nullable;

/** What a program costs from kernel to kernel: a panel a load, kernels down; above instructions, below swap-ins. */
public final class AppPlot {
    private static final double ROW_HEIGHT = 17;
    private static final double PANEL_WIDTH = 175;
    private static final double ROOM = 1.05;

    private AppPlot() {}

    /**
     * Draws the picture and the page that shows it beside the tables.
     *
     * @param results what was measured, in the order to show
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last; none when there is one kernel only
     * @throws IOException if the tables cannot be printed
     * @throws org.cowbench.result.ResultStorageException if a file cannot be written
     */
    public static List<Path> draw(List<ResultDirectory> results, Path directory, Consumer<String> warn)
            throws IOException {
        Optional<Figure> figure = figure(results);
        if (figure.isEmpty()) {
            return List.of();
        }
        StringBuilder tables = new StringBuilder();
        AppTable.print(results, tables);
        HtmlPage page = new HtmlPage("cowbench kernel app");
        page.figure(figure.get()).preformatted(tables.toString());
        return PageFiles.write(List.of(figure.get()), page.finish(), directory, warn);
    }

    static Optional<Figure> figure(List<ResultDirectory> results) {
        AppTable.Rows rows = AppTable.Rows.of(results);
        List<String> kernels = rows.loads().values().stream().findFirst().orElse(List.of()).stream()
                .map(AppTable.Row::kernel)
                .toList();
        if (kernels.size() < 2) {
            return Optional.empty();
        }
        Map<String, String> facts = results.getFirst().info().environment();
        Figure figure = new Figure(
                        "apps",
                        "What a request costs " + facts.getOrDefault("app.name", "a program")
                                + " from kernel to kernel",
                        "Dot plot, one row a kernel and one panel a load. " + summary(rows))
                .note("Lower is better. Mark: mean over the boots; bar: its 95 % interval. Each panel has its own"
                        + " scale. Keys: " + facts.getOrDefault("app.keys", "unknown") + "; memory limited to "
                        + facts.getOrDefault("app.limit", "less than it uses") + ". Results "
                        + String.join(
                                ", ",
                                results.stream().map(ResultDirectory::label).toList()) + ".");
        // Nothing is limited yet while keys are set for the first time.
        List<String> loads = rows.loads().keySet().stream()
                .filter(load -> !load.equals("fill"))
                .toList();
        Axis names = new Axis("", new Scale.Rows(kernels), false);
        figure.grid(loads.size() + (rows.forks().isEmpty() ? 0 : 1), PANEL_WIDTH, ROW_HEIGHT * kernels.size() + 6);
        loads.forEach(
                load -> panel(figure, load, "instructions per request", rows.load(load), null, names, Style.of(0)));
        if (!rows.forks().isEmpty()) {
            panel(figure, "fork", "instructions", rows.forks(), null, names, Style.of(2));
        }
        loads.forEach(load -> panel(
                figure, load, "swap-ins per request", rows.load(load), KnownMetric.SWAP_READS, names, Style.of(1)));
        return Optional.of(figure);
    }

    private static void panel(
            Figure figure,
            String heading,
            String unit,
            List<AppTable.Row> rows,
            @Nullable KnownMetric metric,
            Axis names,
            Style style) {
        List<Interval> intervals = new ArrayList<>();
        rows.forEach(row -> intervals.add(row.interval(metric).orElse(Interval.point(Double.NaN, 0))));
        double highest = intervals.stream()
                .mapToDouble(each -> each.bounded() ? each.high() : each.estimate())
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        figure.panel(heading, "", new Axis(unit, Scale.Linear.fromZero(highest * ROOM)), names, panel -> {
            for (int at = 0; at < intervals.size(); at++) {
                paint(panel, rows.get(at).kernel(), intervals.get(at), at, style);
            }
        });
    }

    private static void paint(Panel panel, String kernel, Interval interval, int at, Style style) {
        if (!Double.isFinite(interval.estimate())) {
            return;
        }
        if (interval.bounded()) {
            panel.span(style, Math.max(0, interval.low()), interval.high(), at);
        }
        panel.markers(style, new double[] {interval.estimate()}, new double[] {at});
        panel.rowTip(at, kernel + ": " + Numbers.small(interval.estimate()));
    }

    private static String summary(AppTable.Rows rows) {
        StringBuilder text = new StringBuilder();
        rows.loads().forEach((load, ofLoad) -> {
            text.append(load).append(':');
            ofLoad.forEach(row -> text.append(' ')
                    .append(row.kernel())
                    .append(' ')
                    .append(String.format(
                            Locale.ROOT,
                            "%,.0f",
                            row.interval(null).map(Interval::estimate).orElse(Double.NaN)))
                    .append(" instructions;"));
            text.append(' ');
        });
        return text.toString().strip();
    }
}
