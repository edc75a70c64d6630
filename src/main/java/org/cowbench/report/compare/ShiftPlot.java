package org.cowbench.report.compare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.stats.Interval;

/** By how much each percentile moved: a change of the mean may be all of the faults or only the slow ones. */
final class ShiftPlot {
    private static final Style LINE = new Style(Ink.VERMILLION, "", Marker.DISC);
    private static final Style BAND = new Style(Ink.VERMILLION, "3 2", Marker.DISC);

    private ShiftPlot() {}

    static Optional<Figure> draw(Comparison comparison) {
        List<String> order = CompareView.foremost(comparison.rows(), Integer.MAX_VALUE, row -> true).stream()
                .map(Comparison.Row::tag)
                .toList();
        List<Comparison.Shift> shifts = comparison.shifts().stream()
                .sorted(Comparator.comparingInt(shift -> order.indexOf(shift.tag())))
                .limit(CompareView.MOST_LOOKED_AT)
                .toList();
        if (shifts.isEmpty()) {
            return Optional.empty();
        }
        double[] changes = shifts.stream()
                .flatMapToDouble(shift -> Arrays.stream(shift.ratios())
                        .flatMapToDouble(r -> DoubleStream.of(r.low(), r.estimate(), r.high())))
                .filter(Double::isFinite)
                .map(ratio -> (ratio - 1) * 100)
                .toArray();
        double bound = comparison.rule().bound() * 100;
        double low = Math.min(-2 * bound, Arrays.stream(changes).min().orElse(0));
        double high = Math.max(2 * bound, Arrays.stream(changes).max().orElse(0));
        double margin = (high - low) * 0.05;
        Scale changeScale = new Scale.Linear(low - margin, high + margin);
        double last = shifts.stream()
                .mapToDouble(s -> s.fractions()[s.fractions().length - 1])
                .max()
                .orElse(0.99);
        // Room right of the last mark.
        Scale percentiles = new Scale.Percentile(1 - (1 - last) * 0.8);
        long bounded = shifts.stream().filter(ShiftPlot::bounded).count();
        String bounds = bounded == 0
                ? "No bounds: too few blocks."
                : "Dashed: bounds that hold for all percentiles of a panel together at "
                        + CompareNumbers.confidence(comparison.rule().confidence())
                        + " %, by flipping the signs of whole blocks"
                        + (bounded < shifts.size() ? "; none where blocks are too few." : ".");
        Figure figure = new Figure(
                        "shift",
                        "Percentiles: change from base to head",
                        "One panel a benchmark and parameter set: change of each percentile in per cent.")
                .note("Lower is better. Line: mean over blocks of the log ratio. Thin grey line: no change. " + bounds
                        + (comparison.shifts().size() == shifts.size()
                                ? ""
                                : " Shown are " + shifts.size() + " of "
                                        + comparison.shifts().size()
                                        + ": those that were called, then the largest changes."))
                .origin(ComparePlots.origin(comparison))
                .grid(Math.min(2, shifts.size()), 310, 170);
        for (Comparison.Shift shift : shifts) {
            figure.panel(
                    ComparePlots.title(comparison, shift.tag()),
                    "",
                    new Axis("percentile", percentiles),
                    new Axis("change in per cent", changeScale),
                    panel -> paint(panel, shift));
        }
        return Optional.of(figure);
    }

    private static boolean bounded(Comparison.Shift shift) {
        return Arrays.stream(shift.ratios()).allMatch(Interval::bounded);
    }

    private static void paint(Panel panel, Comparison.Shift shift) {
        double[] x = shift.fractions();
        panel.across(0);
        if (bounded(shift)) {
            panel.curve(BAND, x, change(shift, Interval::low));
            panel.curve(BAND, x, change(shift, Interval::high));
        }
        double[] changes = change(shift, Interval::estimate);
        panel.curve(LINE, x, changes);
        panel.markers(LINE, x, changes);
        for (int i = 0; i < x.length; i++) {
            Interval ratio = shift.ratios()[i];
            panel.pointTip(
                    x[i],
                    changes[i],
                    Scale.Percentile.text(x[i]) + ": " + CompareNumbers.ratio(ratio.estimate())
                            + (ratio.bounded()
                                    ? " [" + CompareNumbers.ratio(ratio.low()) + ", "
                                            + CompareNumbers.ratio(ratio.high()) + "]"
                                    : ""));
        }
    }

    private static double[] change(Comparison.Shift shift, ToDoubleFunction<Interval> part) {
        return Arrays.stream(shift.ratios())
                .mapToDouble(part)
                .map(ratio -> (ratio - 1) * 100)
                .toArray();
    }
}
