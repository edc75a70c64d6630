package org.cowbench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;
import org.cowbench.stats.Interval;

/** By how much each percentile moved: a change of the mean may be all of the faults or only the slow ones. */
final class ShiftPlot {
    private static final Style LINE = new Style("#D55E00", "", Marker.DISC);
    private static final Style BAND = new Style("#D55E00", "3 2", Marker.DISC);
    private static final Style ZERO = new Style("#555555", "4 3", Marker.DISC);

    private ShiftPlot() {}

    static Optional<Svg> draw(Comparison comparison) {
        List<Comparison.Shift> shifts = comparison.shifts().stream().limit(ComparePlots.MOST_PANELS).toList();
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
        double last = shifts.stream().mapToDouble(s -> s.fractions()[s.fractions().length - 1]).max().orElse(0.99);
        Scale percentiles = new Scale.Percentile(last);
        Figure figure = new Figure("shift", "Percentiles: change from base to head",
                        "One panel a benchmark and parameter set: change of each percentile in per cent.")
                .note(ComparePlots.note(comparison) + (comparison.shifts().size() > shifts.size()
                        ? " Shown are " + shifts.size() + " of " + comparison.shifts().size() + "." : ""))
                .note("Lower is better. Line: mean over blocks of the log ratio. Dashed: bounds that hold for all"
                        + " percentiles of a panel together at " + CompareNumbers.percent(comparison.rule().confidence())
                        + ", by flipping the signs of whole blocks. Percentiles are of batch means.")
                .grid(Math.min(2, shifts.size()), 320, 170);
        for (Comparison.Shift shift : shifts) {
            figure.panel(shift.tag().replaceAll(";[^=;]*=", " "), "", new Axis("percentile", percentiles),
                    new Axis("change in per cent", changeScale), panel -> {
                        double[] x = shift.fractions();
                        panel.curve(ZERO, new double[] {0, last}, new double[] {0, 0});
                        if (Arrays.stream(shift.ratios()).allMatch(Interval::bounded)) {
                            panel.curve(BAND, x, change(shift, Interval::low));
                            panel.curve(BAND, x, change(shift, Interval::high));
                        }
                        panel.curve(LINE, x, change(shift, Interval::estimate));
                        for (int i = 0; i < x.length; i++) {
                            Interval ratio = shift.ratios()[i];
                            panel.markers(LINE, new double[] {x[i]}, new double[] {(ratio.estimate() - 1) * 100},
                                    "p" + CompareNumbers.percent(x[i]).replace(" %", "") + ": "
                                            + CompareNumbers.ratio(ratio.estimate()));
                        }
                    });
        }
        return Optional.of(figure.draw());
    }

    private static double[] change(Comparison.Shift shift, ToDoubleFunction<Interval> part) {
        return Arrays.stream(shift.ratios()).mapToDouble(part).map(ratio -> (ratio - 1) * 100).toArray();
    }
}
