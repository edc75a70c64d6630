package org.cowbench.report.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;

/** The share of forks at or below a value, for both sides: two modes or a few far-off forks are seen at once. */
final class EcdfPlot {
    private static final int LEAST_FORKS = 3;

    private EcdfPlot() {}

    static Optional<Figure> draw(Comparison comparison) {
        List<Row> rows = CompareView.foremost(
                comparison.rows(),
                CompareView.MOST_LOOKED_AT,
                row -> Math.min(row.baseForks().count(), row.headForks().count()) >= LEAST_FORKS);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Figure figure = new Figure(
                        "ecdf",
                        "Forks: share at or below a value",
                        "Empirical distribution of fork values, one panel a benchmark and parameter set.")
                .note("One step a fork, each the median of its iterations. A is the probability that a fork of the head"
                        + " exceeds one of the base. " + ComparePlots.omitted(comparison, rows.size()))
                .origin(ComparePlots.origin(comparison))
                .grid(Math.min(2, rows.size()), 310, 170)
                .legend("base", ComparePlots.BASE, true, false)
                .legend("head", ComparePlots.HEAD, true, false);
        for (Row row : rows) {
            double[] all = DoubleStream.concat(
                            Arrays.stream(row.baseForks().values()),
                            Arrays.stream(row.headForks().values()))
                    .sorted()
                    .toArray();
            double margin = Math.max((all[all.length - 1] - all[0]) * 0.05, Math.abs(all[0]) * 1e-3 + 1e-12);
            Scale values = new Scale.Linear(all[0] - margin, all[all.length - 1] + margin);
            figure.panel(
                    ComparePlots.title(row),
                    row.verdict().word() + ", A = " + Numbers.fixed(row.superiority(), 2),
                    new Axis(row.unit(), values),
                    new Axis("share of forks", new Scale.Linear(0, 1)),
                    panel -> {
                        step(
                                panel,
                                ComparePlots.BASE,
                                row.baseForks().values(),
                                all[0] - margin,
                                all[all.length - 1] + margin);
                        step(
                                panel,
                                ComparePlots.HEAD,
                                row.headForks().values(),
                                all[0] - margin,
                                all[all.length - 1] + margin);
                        tips(panel, row.baseForks(), "base", row.unit());
                        tips(panel, row.headForks(), "head", row.unit());
                    });
        }
        return Optional.of(figure);
    }

    private static void tips(Panel panel, Comparison.ForkValues forks, String side, String unit) {
        double[] sorted = forks.values().clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            double share = (i + 1) / (double) sorted.length;
            panel.pointTip(
                    sorted[i],
                    share,
                    side + ": " + Numbers.fixed(share * 100, 1) + " % of forks at or below "
                            + Numbers.compact(sorted[i], 4) + " " + unit);
        }
    }

    private static void step(Panel panel, Style style, double[] values, double from, double to) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] xs = new double[2 * sorted.length + 2];
        double[] ys = new double[xs.length];
        xs[0] = from;
        for (int i = 0; i < sorted.length; i++) {
            xs[2 * i + 1] = sorted[i];
            ys[2 * i + 1] = i / (double) sorted.length;
            xs[2 * i + 2] = sorted[i];
            ys[2 * i + 2] = (i + 1) / (double) sorted.length;
        }
        xs[xs.length - 1] = to;
        ys[ys.length - 1] = 1;
        panel.curve(style, xs, ys);
    }
}
