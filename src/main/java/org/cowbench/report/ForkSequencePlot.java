package org.cowbench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.cowbench.report.Comparison.ForkValues;
import org.cowbench.report.Comparison.Row;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;
import org.cowbench.stats.Forks;

/** Every fork at its place in the schedule: drift, steps and far-off forks are seen before any number is read. */
final class ForkSequencePlot {

    private ForkSequencePlot() {}

    static Optional<Svg> draw(Comparison comparison) {
        List<Row> rows = ComparePlots.interesting(comparison, ComparePlots.MOST_PANELS, row ->
                row.baseForks().orders().length > 1 && row.headForks().orders().length > 1);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        boolean together = comparison.design() == Comparison.Design.PAIRED;
        Figure figure = new Figure("forks", "Forks in the order in which they ran",
                        "One mark a fork: place in the schedule and deviation from the base's median.")
                .note(ComparePlots.note(comparison) + ComparePlots.omitted(comparison, rows.size()))
                .note((together ? "Both sides ran in this order." : "The two runs were separate: each starts at 0.")
                        + " Vertical: per cent above the median of the base.")
                .grid(Math.min(2, rows.size()), 320, 170)
                .legend("base", ComparePlots.BASE, false, true)
                .legend("head", ComparePlots.HEAD, false, true);
        for (Row row : rows) {
            double middle = Forks.median(row.baseForks().values());
            double[] deviations = DoubleStream.concat(
                            Arrays.stream(row.baseForks().values()), Arrays.stream(row.headForks().values()))
                    .map(value -> (value / middle - 1) * 100)
                    .toArray();
            double low = Math.min(-1, Arrays.stream(deviations).min().orElse(0));
            double high = Math.max(1, Arrays.stream(deviations).max().orElse(0));
            double margin = (high - low) * 0.06;
            int last = Math.max(Arrays.stream(row.baseForks().orders()).max().orElse(1),
                    Arrays.stream(row.headForks().orders()).max().orElse(1));
            figure.panel(ComparePlots.title(row), row.verdict().word(),
                    new Axis("place in the schedule", new Scale.Linear(0, Math.max(1, last))),
                    new Axis("per cent", new Scale.Linear(low - margin, high + margin)), panel -> {
                        marks(panel, ComparePlots.BASE, row.baseForks(), middle, "base");
                        marks(panel, ComparePlots.HEAD, row.headForks(), middle, "head");
                    });
        }
        return Optional.of(figure.draw());
    }

    private static void marks(Panel panel, Style style, ForkValues forks, double middle, String side) {
        double[] xs = Arrays.stream(forks.orders()).asDoubleStream().toArray();
        double[] ys = Arrays.stream(forks.values()).map(value -> (value / middle - 1) * 100).toArray();
        for (int i = 0; i < xs.length; i++) {
            panel.markers(style, new double[] {xs[i]}, new double[] {ys[i]}, side + ", fork " + forks.orders()[i] + ": "
                    + Numbers.compact(forks.values()[i], 4));
        }
    }
}
