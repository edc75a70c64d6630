package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Units;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;

/**
 * Latency by percentile on a 1/(1-p) axis. With policies: one picture a benchmark, one panel a situation, one curve a
 * policy. Without: one picture a unit, one panel a benchmark, one curve a set of parameters.
 */
final class PercentilePlot implements Plot {

    /** A percentile is shown while at least this many values lie beyond it; fewer say nothing about it. */
    static final int VALUES_BEYOND = 100;

    /** Percentiles whose values are under the pointer, as fractions. */
    static final double[] TIPS = {0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999};

    private static final double THOUSANDTHS = 1000;
    private static final double MOST = 0.99999;
    private static final double LEAST = 0.9;
    /** More curves than this in a panel are not told apart. */
    private static final int MOST_CURVES = 16;

    private static final String ENDS =
            "all forks merged; a curve ends where fewer than " + VALUES_BEYOND + " values are slower.";

    /** A curve, named and drawn as its series is in every panel. */
    private record Line(String name, Style style, Curve curve) {}

    private record Group(String title, String caption, List<Line> lines) {}

    @Override
    public List<Figure> draw(RunView run) {
        List<Figure> pictures = new ArrayList<>();
        for (RunView.Kind kind : List.of(RunView.Kind.COST, RunView.Kind.CHURN)) {
            run.byBenchmark(kind).forEach((benchmark, all) -> {
                List<RunView.Block> blocks = recorded(all);
                if (!blocks.isEmpty()) {
                    pictures.add(policies(run, benchmark, blocks));
                }
            });
        }
        recorded(run.blocks(RunView.Kind.PRIMITIVE)).stream()
                .collect(Collectors.groupingBy(RunView.Block::unit, LinkedHashMap::new, Collectors.toList()))
                .forEach((unit, blocks) -> pictures.add(benchmarks(run, unit, blocks)));
        return pictures;
    }

    private static List<RunView.Block> recorded(List<RunView.Block> blocks) {
        return blocks.stream()
                .filter(block ->
                        block.rows().stream().anyMatch(row -> row.histogram().isPresent()))
                .toList();
    }

    private static Figure policies(RunView run, String benchmark, List<RunView.Block> blocks) {
        List<Group> groups = new ArrayList<>();
        for (RunView.Block block : blocks) {
            groups.add(new Group(
                    block.panel(),
                    RunWording.meaning(block),
                    block.rows().stream()
                            .filter(row -> row.histogram().isPresent())
                            .map(row -> new Line(
                                    row.name(),
                                    row.style(),
                                    Curve.of(row.histogram().orElseThrow())))
                            .toList()));
        }
        Map<String, Style> series = new LinkedHashMap<>();
        blocks.stream()
                .flatMap(block -> block.rows().stream())
                .sorted(Rows.BY_POLICY)
                .filter(row -> row.histogram().isPresent())
                .forEach(row -> series.putIfAbsent(row.name(), row.style()));
        String operation = RunWording.operation(blocks);
        Figure figure = new Figure(
                        Wording.id("percentiles", benchmark),
                        benchmark + ": time of one " + operation + " by percentile",
                        "One curve a policy and one panel a situation; the horizontal axis is logarithmic in 1/(1-p),"
                                + " the vertical one in time.")
                .note("Lower is better. Values are " + RunWording.batches(blocks) + ", " + ENDS
                        + " Closed loop, not corrected.")
                .origin(RunWording.provenance(run, blocks));
        return panels(figure, groups, series, true, "percentile of batches", "ns", operation);
    }

    private static Figure benchmarks(RunView run, String unit, List<RunView.Block> blocks) {
        Map<String, List<Line>> byBenchmark = new LinkedHashMap<>();
        Map<String, Style> series = new LinkedHashMap<>();
        for (RunView.Block block : blocks) {
            List<Line> lines = byBenchmark.computeIfAbsent(block.benchmark(), key -> new ArrayList<>());
            if (byBenchmark.size() <= CompareView.MOST_LOOKED_AT && lines.size() < MOST_CURVES) {
                Style style = series.computeIfAbsent(block.variant(), name -> Style.of(series.size()));
                Histogram histogram = block.rows().getFirst().histogram().orElseThrow();
                lines.add(new Line(block.variant(), style, Curve.of(histogram)));
            }
        }
        List<Group> groups = byBenchmark.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new Group(entry.getKey(), "", entry.getValue()))
                .toList();
        int shown = groups.stream().mapToInt(group -> group.lines.size()).sum();
        Figure figure = new Figure(
                        Wording.id("percentiles", Units.perOperation(unit)),
                        "Percentiles of each benchmark (" + unit + ")",
                        "One curve a set of parameters and one panel a benchmark; the horizontal axis is logarithmic in"
                                + " 1/(1-p).")
                .note("Lower is better. " + Wording.capital(ENDS) + " Each panel has its own vertical axis."
                        + (shown < blocks.size() ? " Shown are " + shown + " of " + blocks.size() + " curves." : ""))
                .origin(RunWording.evidence(run, blocks) + ". " + RunWording.origin(run.info()) + ".");
        return panels(
                figure,
                groups,
                series,
                false,
                "percentile",
                blocks.getFirst().rows().getFirst().histogramUnit(),
                "operation");
    }

    private static Figure panels(
            Figure figure,
            List<Group> groups,
            Map<String, Style> series,
            boolean oneAxis,
            String percentile,
            String unit,
            String operation) {
        List<Curve> curves = groups.stream()
                .flatMap(group -> group.lines.stream())
                .map(Line::curve)
                .toList();
        Scale.Percentile percentiles = new Scale.Percentile(
                Math.clamp(curves.stream().mapToDouble(Curve::end).max().orElse(LEAST), LEAST, MOST));
        Scale shared = scale(curves);
        figure.grid(Math.min(2, groups.size()), 400, 230);
        if (series.size() > 1) {
            series.forEach(
                    (name, style) -> figure.legend(name.isEmpty() ? "without parameters" : name, style, true, true));
        }
        List<String> names = List.copyOf(series.keySet());
        for (Group group : groups) {
            Scale values = oneAxis
                    ? shared
                    : scale(group.lines.stream().map(Line::curve).toList());
            figure.panel(
                    group.title,
                    group.caption,
                    new Axis(percentile, percentiles),
                    new Axis(unit + " per " + operation + ", logarithmic", values),
                    panel -> paint(panel, group, names, percentiles, unit));
        }
        return figure;
    }

    private static Scale scale(List<Curve> curves) {
        return Scale.Log.covering(
                curves.stream().flatMapToDouble(Curve::extremes).toArray());
    }

    private static void paint(Panel panel, Group group, List<String> names, Scale.Percentile percentiles, String unit) {
        group.lines.forEach(line -> panel.curve(line.style, line.curve.fractions, line.curve.values));
        for (Line line : group.lines) {
            // Every series marks its own places, so that curves which coincide still show all their markers.
            int index = names.indexOf(line.name);
            List<Double> at = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                double fraction = percentiles.value((half + (index + 0.5) / names.size()) / 2);
                if (fraction <= line.curve.end()) {
                    at.add(fraction);
                }
            }
            panel.markers(
                    line.style,
                    at.stream().mapToDouble(Double::doubleValue).toArray(),
                    at.stream().mapToDouble(line.curve::valueAt).toArray());
        }
        for (int i = 0; i < TIPS.length && TIPS[i] <= percentiles.highest() * (1 + 1e-12); i++) {
            double fraction = TIPS[i];
            String tip = group.lines.stream()
                    .filter(line -> line.curve.reaches(fraction))
                    .map(line -> line.name + " " + Numbers.compact(line.curve.valueAt(fraction), CostPlot.DIGITS))
                    .map(String::strip)
                    .collect(Collectors.joining(", "));
            if (!tip.isEmpty()) {
                panel.columnTip(
                        i == 0 ? 0 : between(TIPS[i - 1], fraction),
                        i == TIPS.length - 1 ? 1 : between(fraction, TIPS[i + 1]),
                        Scale.Percentile.text(fraction) + ": " + tip + " " + unit);
            }
        }
    }

    /** The middle of two fractions on the axis. */
    private static double between(double low, double high) {
        return 1 - Math.sqrt((1 - low) * (1 - high));
    }

    /** A quantile function as a staircase: fractions ascending, values in the histogram's unit. */
    record Curve(double[] fractions, double[] values) {

        static Curve of(Histogram histogram) {
            double end = Math.max(0, 1 - (double) VALUES_BEYOND / histogram.getTotalCount());
            List<double[]> corners = new ArrayList<>();
            double before = 0;
            for (HistogramIterationValue step : histogram.recordedValues()) {
                double value = histogram.medianEquivalentValue(step.getValueIteratedTo()) / THOUSANDTHS;
                double after = (double) step.getTotalCountToThisValue() / histogram.getTotalCount();
                corners.add(new double[] {before, value});
                corners.add(new double[] {Math.min(after, end), value});
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

        /** Whether enough values lie beyond a fraction. */
        boolean reaches(double fraction) {
            return fraction <= end() * (1 + 1e-12);
        }

        DoubleStream extremes() {
            return DoubleStream.of(values[0], values[values.length - 1]);
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
