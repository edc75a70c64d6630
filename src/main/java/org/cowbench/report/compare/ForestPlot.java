package org.cowbench.report.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Units;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;
import org.cowbench.stats.Verdict;

/**
 * Change with interval, one row a score, whatever its benchmark: where intervals lie to zero and to the bound. One
 * picture for times, one for rates, one for every other unit, so that one side of the axis is the better one.
 */
final class ForestPlot {
    private static final int MOST_ROWS = 50;
    private static final int MOST_PICTURES = 4;
    private static final double ROW_HEIGHT = 17;
    private static final double WIDTH = 330;
    private static final double MARGIN = 1.08;
    /** From this ratio on, a logarithmic axis. */
    private static final double WIDE = 4;
    /** The axis shows intervals up to so many times the largest change. */
    private static final double BEYOND = 3;

    private static final Style OPEN = new Style(Ink.OPEN, "", Marker.CIRCLE);
    private static final Map<Verdict, Style> STYLES = Map.of(
            Verdict.FASTER, new Style(Ink.BETTER, "", Marker.TRIANGLE_FILLED),
            Verdict.SLOWER, new Style(Ink.WORSE, "", Marker.NABLA_FILLED),
            Verdict.SAME, new Style(Ink.SAME, "", Marker.SQUARE_FILLED),
            Verdict.INCONCLUSIVE, OPEN);

    private ForestPlot() {}

    private static Style style(Verdict verdict) {
        return STYLES.getOrDefault(verdict, OPEN);
    }

    static List<Figure> draw(Comparison comparison) {
        Map<String, List<Row>> byUnit = comparison.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .collect(Collectors.groupingBy(Units::kind, LinkedHashMap::new, Collectors.toList()));
        List<Figure> pictures = new ArrayList<>();
        byUnit.forEach((group, all) -> {
            List<Row> rows = CompareView.foremost(all, MOST_ROWS, ForestPlot::drawable);
            if (!rows.isEmpty() && pictures.size() < MOST_PICTURES) {
                pictures.add(draw(comparison, group, rows, all.size()));
            }
        });
        return pictures;
    }

    private static boolean drawable(Row row) {
        return row.scale() == Comparison.Scale.RATIO
                && (row.noisy() || Double.isFinite(row.change().estimate()));
    }

    private static Figure draw(Comparison comparison, String group, List<Row> rows, int all) {
        double bound = comparison.rule().bound();
        List<Row> believed = rows.stream().filter(row -> !row.noisy()).toList();
        double far = believed.stream()
                .mapToDouble(row ->
                        Math.max(row.change().estimate(), 1 / row.change().estimate()))
                .max()
                .orElse(1);
        boolean wide = far > WIDE;
        Scale scale = wide
                ? Scale.Log.covering(
                        believed.stream().flatMapToDouble(ForestPlot::ratios).toArray())
                : linear(believed, bound);
        List<String> benchmarks = rows.stream().map(Row::benchmark).distinct().toList();
        String one = benchmarks.size() == 1 ? benchmarks.getFirst() : "";
        List<String> names = rows.stream()
                .map(row -> one.isEmpty()
                        ? ComparePlots.title(row)
                        : Wording.params(row.key().measurement(), !row.breaks().isEmpty()))
                .map(name -> name.isEmpty() ? "score" : name)
                .toList();
        String better = rows.getFirst().lowerIsBetter() ? "left is better" : "right is better";
        Figure figure = new Figure(
                        Wording.id("forest", group),
                        (one.isEmpty() ? "Scores" : one) + ": change from base to head ("
                                + rows.stream().map(Row::unit).distinct().collect(Collectors.joining(", ")) + ")",
                        "Forest plot, one row a score. " + summary(rows))
                .note("Those that were called come first, then the largest changes."
                        + (all > rows.size()
                                ? " Shown are " + rows.size() + " of " + all + " rows; the tables hold all."
                                : "")
                        + " Mark: estimate. Bar: "
                        + CompareNumbers.confidence(comparison.rule().confidence())
                        + " % interval; an arrow where it goes on. Dashed lines: no change, and the bound of "
                        + CompareNumbers.percent(bound) + " on both sides.")
                .origin(ComparePlots.origin(comparison))
                .grid(1, WIDTH, ROW_HEIGHT * rows.size() + 6);
        for (Verdict verdict : List.of(Verdict.FASTER, Verdict.SLOWER, Verdict.SAME, Verdict.INCONCLUSIVE)) {
            if (rows.stream().anyMatch(row -> row.verdict() == verdict)) {
                figure.legend(verdict.word(), style(verdict), false, true);
            }
        }
        return figure.panel(
                "",
                "",
                new Axis(wide ? "head / base, logarithmic, " + better : "change in per cent, " + better, scale),
                new Axis("", new Scale.Rows(names)),
                panel -> paint(panel, comparison, rows, wide));
    }

    private static void paint(Panel panel, Comparison comparison, List<Row> rows, boolean wide) {
        double bound = comparison.rule().bound();
        for (double ratio : new double[] {1 / (1 + bound), 1, 1 + bound}) {
            panel.upright(position(ratio, wide));
        }
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            Style style = style(row.verdict());
            if (row.noisy()) {
                panel.note(position(1, wide), i, CompareWording.TOO_NOISY);
            } else {
                if (row.change().bounded()) {
                    panel.span(
                            style,
                            position(row.change().low(), wide),
                            position(row.change().high(), wide),
                            i);
                }
                panel.markers(style, new double[] {position(row.change().estimate(), wide)}, new double[] {i});
            }
            panel.rowTip(i, ComparePlots.tip(row));
        }
    }

    private static double position(double ratio, boolean wide) {
        return wide ? ratio : (ratio - 1) * 100;
    }

    private static DoubleStream ratios(Row row) {
        return DoubleStream.of(
                1, row.change().estimate(), row.change().low(), row.change().high());
    }

    private static Scale linear(List<Row> rows, double bound) {
        double limit = 2 * bound * 100;
        for (Row row : rows) {
            limit = Math.max(limit, BEYOND * Math.abs(row.change().estimate() - 1) * 100);
        }
        double low = -2 * bound * 100;
        double high = 2 * bound * 100;
        for (Row row : rows) {
            for (double ratio : ratios(row).filter(Double::isFinite).toArray()) {
                low = Math.min(low, Math.max(-limit, (ratio - 1) * 100));
                high = Math.max(high, Math.min(limit, (ratio - 1) * 100));
            }
        }
        return new Scale.Linear(low * MARGIN, high * MARGIN);
    }

    private static String summary(List<Row> rows) {
        return rows.stream().limit(20).map(ComparePlots::tip).collect(Collectors.joining(". ", "", "."));
    }
}
