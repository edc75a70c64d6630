package org.cowbench.report.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.ForkValues;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.stats.Forks;

/** Every fork at its place in the schedule: drift, steps and far-off forks are seen before any number is read. */
final class ForkSequencePlot {

    /** Room around the outermost marks, as a share of the axis. */
    private static final double MARGIN = 0.06;

    private ForkSequencePlot() {}

    static Optional<Figure> draw(Comparison comparison) {
        List<Row> rows = CompareView.foremost(
                comparison.rows(),
                CompareView.MOST_LOOKED_AT,
                row -> drawable(row.baseForks()) && drawable(row.headForks()));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        boolean together = comparison.design() == Comparison.Design.PAIRED;
        Figure figure = new Figure(
                        "forks",
                        "Forks in the order in which they ran",
                        "One mark a fork: place in the schedule and deviation from the median of its side.")
                .note((together ? "Both sides ran in this order." : "The two runs were separate: each starts at 0.")
                        + " Vertical: per cent above the median of the fork's own side, so that what both sides share,"
                        + " drift, is seen whatever the change. " + ComparePlots.omitted(comparison, rows.size()))
                .origin(ComparePlots.origin(comparison))
                .grid(Math.min(2, rows.size()), 310, 170)
                .legend("base", ComparePlots.BASE, false, true)
                .legend("head", ComparePlots.HEAD, false, true);
        for (Row row : rows) {
            double[] deviations = DoubleStream.concat(
                            Arrays.stream(deviations(row.baseForks())), Arrays.stream(deviations(row.headForks())))
                    .toArray();
            double low = Math.min(-1, Arrays.stream(deviations).min().orElse(0));
            double high = Math.max(1, Arrays.stream(deviations).max().orElse(0));
            double margin = (high - low) * MARGIN;
            double last = Math.max(
                    Arrays.stream(row.baseForks().orders()).max().orElse(1),
                    Arrays.stream(row.headForks().orders()).max().orElse(1));
            figure.panel(
                    ComparePlots.title(row),
                    row.verdict().word(),
                    new Axis("place in the schedule", new Scale.Linear(-last * MARGIN, last * (1 + MARGIN))),
                    new Axis("per cent", new Scale.Linear(low - margin, high + margin)),
                    panel -> {
                        panel.across(0);
                        marks(panel, ComparePlots.BASE, row.baseForks(), "base", row.unit());
                        marks(panel, ComparePlots.HEAD, row.headForks(), "head", row.unit());
                    });
        }
        return Optional.of(figure);
    }

    private static boolean drawable(ForkValues forks) {
        return forks.orders().length > 1 && Forks.median(forks.values()) > 0;
    }

    private static double[] deviations(ForkValues forks) {
        double middle = Forks.median(forks.values());
        return Arrays.stream(forks.values())
                .map(value -> (value / middle - 1) * 100)
                .toArray();
    }

    private static void marks(Panel panel, Style style, ForkValues forks, String side, String unit) {
        double[] deviations = deviations(forks);
        for (int i = 0; i < deviations.length; i++) {
            panel.markers(style, new double[] {forks.orders()[i]}, new double[] {deviations[i]});
            panel.pointTip(
                    forks.orders()[i],
                    deviations[i],
                    side + ", fork " + forks.orders()[i] + ": " + Numbers.compact(forks.values()[i], 4) + " " + unit);
        }
    }
}
