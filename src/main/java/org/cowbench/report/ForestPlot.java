package org.cowbench.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.cowbench.report.Comparison.Row;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;
import org.cowbench.stats.Verdict;

/** Change with interval, one row a score, one picture a benchmark: where intervals lie to zero and to the bound. */
final class ForestPlot {
    private static final int MOST_ROWS = 60;
    private static final double ROW_HEIGHT = 17;
    private static final double WIDTH = 460;
    private static final double MARGIN = 1.08;
    /** From this ratio on, a logarithmic axis. */
    private static final double WIDE = 4;
    /** The axis shows intervals up to so many times the largest change. */
    private static final double BEYOND = 3;

    private static final Map<Verdict, Style> STYLES = Map.of(
            Verdict.FASTER, new Style("#0072B2", "", Marker.TRIANGLE_FILLED),
            Verdict.SLOWER, new Style("#D55E00", "", Marker.NABLA_FILLED),
            Verdict.SAME, new Style("#009E73", "", Marker.SQUARE_FILLED),
            Verdict.INCONCLUSIVE, new Style("#777777", "", Marker.CIRCLE));

    private ForestPlot() {}

    static List<Svg> draw(Comparison comparison) {
        List<Row> chosen = ComparePlots.interesting(comparison, MOST_ROWS, ForestPlot::drawable);
        Set<Row> wanted = new HashSet<>(chosen);
        Map<String, List<Row>> byBenchmark = new LinkedHashMap<>();
        comparison.rows().stream().filter(wanted::contains).forEach(row ->
                byBenchmark.computeIfAbsent(row.benchmark(), name -> new ArrayList<>()).add(row));
        List<Svg> pictures = new ArrayList<>();
        byBenchmark.forEach((benchmark, rows) ->
                pictures.add(draw(comparison, benchmark, rows, ComparePlots.omitted(comparison, chosen.size()))));
        return pictures;
    }

    private static boolean drawable(Row row) {
        return row.scale() == Comparison.Scale.RATIO && Double.isFinite(row.change().estimate());
    }

    private static Svg draw(Comparison comparison, String benchmark, List<Row> rows, String omitted) {
        double far = rows.stream()
                .mapToDouble(row -> Math.max(row.change().estimate(), 1 / row.change().estimate()))
                .max().orElse(1);
        boolean wide = far > WIDE;
        Scale scale = wide ? Scale.Log.covering(rows.stream().flatMapToDouble(ForestPlot::ratios).toArray())
                : linear(rows, comparison.rule().bound());
        List<String> names = new ArrayList<>();
        rows.forEach(row -> names.add(String.join(" ", row.params().values())));
        if (names.stream().allMatch(String::isEmpty)) {
            names.replaceAll(name -> "score");
        }
        String better = rows.getFirst().lowerIsBetter() ? "left is better" : "right is better";
        double bound = comparison.rule().bound();
        Figure figure = new Figure(
                        Wording.id("forest", benchmark),
                        benchmark + ": change from base to head",
                        "Forest plot, one row a parameter set. " + summary(comparison, rows))
                .note(ComparePlots.note(comparison) + omitted)
                .note("Mark: estimate. Bar: " + CompareNumbers.percent(comparison.rule().confidence())
                        + " interval; an arrow where it goes on. Dashed lines: no change, and the bound of "
                        + CompareNumbers.percent(bound) + " on both sides.")
                .grid(1, WIDTH, ROW_HEIGHT * rows.size() + 6);
        for (Verdict verdict : List.of(Verdict.FASTER, Verdict.SLOWER, Verdict.SAME, Verdict.INCONCLUSIVE)) {
            if (rows.stream().anyMatch(row -> row.verdict() == verdict)) {
                figure.legend(verdict.word(), STYLES.get(verdict), false, true);
            }
        }
        figure.panel("", "", new Axis(wide ? "head / base, logarithmic, " + better : "change in per cent, " + better, scale),
                new Axis("", new Scale.Rows(names)), panel -> paint(panel, comparison, rows, wide, bound));
        return figure.draw();
    }

    private static void paint(Panel panel, Comparison comparison, List<Row> rows, boolean wide, double bound) {
        for (double ratio : new double[] {1 / (1 + bound), 1, 1 + bound}) {
            panel.upright(position(ratio, wide));
        }
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            Style style = STYLES.getOrDefault(row.verdict(), STYLES.get(Verdict.INCONCLUSIVE));
            if (row.change().bounded()) {
                panel.span(style, position(row.change().low(), wide), position(row.change().high(), wide), i);
            }
            panel.markers(style, new double[] {position(row.change().estimate(), wide)}, new double[] {i},
                    ComparePlots.tip(comparison, row));
        }
    }

    private static double position(double ratio, boolean wide) {
        return wide ? ratio : (ratio - 1) * 100;
    }

    private static DoubleStream ratios(Row row) {
        return DoubleStream.of(1, row.change().estimate(), row.change().low(), row.change().high());
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

    private static String summary(Comparison comparison, List<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.stream().limit(20).forEach(row -> text.append(ComparePlots.tip(comparison, row)).append(". "));
        return text.toString().strip();
    }
}
