package org.cowbench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;

/** Latency by percentile on a 1/(1-p) axis: one picture a benchmark, one panel a situation, one curve a policy. */
final class PercentilePlot implements Plot {

    /** A percentile is shown while at least this many values lie beyond it; fewer say nothing about it. */
    static final int VALUES_BEYOND = 100;

    private static final double PICOSECONDS = 1000;
    private static final double MOST = 0.99999;
    private static final double LEAST = 0.9;

    @Override
    public List<Svg> draw(RunView run) {
        List<Svg> pictures = new ArrayList<>();
        for (RunView.Kind kind : RunView.Kind.values()) {
            run.byBenchmark(kind).forEach((benchmark, all) -> {
                List<RunView.Block> blocks = all.stream()
                        .filter(block -> block.rows().stream().anyMatch(row -> row.histogram().isPresent()))
                        .toList();
                if (!blocks.isEmpty() && kind != RunView.Kind.PRIMITIVE) {
                    pictures.add(draw(run, benchmark, blocks));
                }
            });
        }
        return pictures;
    }

    private static Svg draw(RunView run, String benchmark, List<RunView.Block> blocks) {
        double highest = LEAST;
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        Map<String, Style> series = new LinkedHashMap<>();
        List<RunView.Row> rows =
                blocks.stream().flatMap(block -> block.rows().stream()).sorted(Rows.BY_POLICY).toList();
        for (RunView.Row row : rows) {
            if (row.histogram().isPresent()) {
                Curve curve = Curve.of(row.histogram().get());
                highest = Math.max(highest, curve.end());
                low = Math.min(low, curve.values[0]);
                high = Math.max(high, curve.values[curve.values.length - 1]);
                series.putIfAbsent(row.name(), row.style());
            }
        }
        Scale.Percentile percentiles = new Scale.Percentile(Math.min(MOST, highest));
        Scale latency = Scale.Log.covering(low, high);
        List<String> names = List.copyOf(series.keySet());
        String operation = Wording.operation(blocks.getFirst());
        Figure figure = new Figure(
                        Wording.id("percentiles", benchmark),
                        benchmark + ": time of one " + operation + " by percentile",
                        "One curve a policy and one panel a situation; the horizontal axis is logarithmic in 1/(1-p),"
                                + " the vertical one in time.")
                .note("Lower is better. Values are " + Wording.batches(blocks) + ", all forks merged; a curve ends"
                        + " where fewer than " + VALUES_BEYOND + " values are slower. Closed loop, not corrected. "
                        + Wording.provenance(run))
                .grid(Math.min(2, blocks.size()), 400, 230);
        series.forEach((name, style) -> figure.legend(name, style, true, true));
        for (RunView.Block block : blocks) {
            figure.panel(
                    block.situation(),
                    Wording.meaning(block),
                    new Axis("percentile of batches", percentiles),
                    new Axis("ns per " + operation + ", logarithmic", latency),
                    panel -> paint(panel, block, names, percentiles));
        }
        return figure.draw();
    }

    private static void paint(Panel panel, RunView.Block block, List<String> names, Scale.Percentile percentiles) {
        List<Runnable> markers = new ArrayList<>();
        for (RunView.Row row : block.rows()) {
            if (row.histogram().isEmpty()) {
                continue;
            }
            Curve curve = Curve.of(row.histogram().get());
            panel.curve(row.style(), curve.fractions, curve.values);
            // Every policy marks its own places, so that curves which coincide still show all their markers.
            int index = names.indexOf(row.name());
            List<Double> at = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                double fraction = percentiles.value((half + (index + 0.5) / names.size()) / 2);
                if (fraction <= curve.end()) {
                    at.add(fraction);
                }
            }
            double[] xs = at.stream().mapToDouble(Double::doubleValue).toArray();
            double[] ys = at.stream().mapToDouble(curve::valueAt).toArray();
            markers.add(() -> panel.markers(row.style(), xs, ys, row.name()));
        }
        markers.forEach(Runnable::run);
    }

    /** A quantile function as a staircase: fractions ascending, values in nanoseconds. */
    record Curve(double[] fractions, double[] values) {

        static Curve of(Histogram histogram) {
            double end = Math.max(0, 1 - (double) VALUES_BEYOND / histogram.getTotalCount());
            List<double[]> corners = new ArrayList<>();
            double before = 0;
            for (HistogramIterationValue step : histogram.recordedValues()) {
                double nanoseconds = histogram.medianEquivalentValue(step.getValueIteratedTo()) / PICOSECONDS;
                double after = (double) step.getTotalCountToThisValue() / histogram.getTotalCount();
                corners.add(new double[] {before, nanoseconds});
                corners.add(new double[] {Math.min(after, end), nanoseconds});
                if (after >= end) {
                    break;
                }
                before = after;
            }
            return new Curve(
                    corners.stream().mapToDouble(corner -> corner[0]).toArray(),
                    corners.stream().mapToDouble(corner -> corner[1]).toArray());
        }

        double end() {
            return fractions[fractions.length - 1];
        }

        double valueAt(double fraction) {
            for (int i = 0; i < fractions.length; i++) {
                if (fractions[i] >= fraction) {
                    return values[i];
                }
            }
            return values[values.length - 1];
        }
    }
}
