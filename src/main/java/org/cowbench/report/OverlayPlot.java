package org.cowbench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;

/**
 * The distributions of a copying and of a reusing policy over each other: one picture a benchmark, one panel a
 * situation that has both. Which is which is decided by the exact counters, not by name.
 */
final class OverlayPlot implements Plot {

    /** The copying policy people know best, then any other. */
    private static final List<Policy> COPYING = List.of(Policy.V5_9, Policy.ALWAYS_COPY);

    private static final List<Policy> REUSING =
            List.of(Policy.V5_19, Policy.V5_18, Policy.V6_11, Policy.V5_7, Policy.ORACLE);

    private static final double PICOSECONDS = 1000;
    private static final int BINS_PER_DECADE = 100;

    /** The axis ends here; what is slower would squeeze everything else, and the percentile plot shows it. */
    private static final double SHOWN = 99.9;

    /** The key of a panel stands above the highest bin. */
    private static final double ROOM_FOR_KEY = 1.22;

    private record Pair(RunView.Block block, RunView.Row copy, RunView.Row reuse) {}

    @Override
    public List<Svg> draw(RunView run) {
        List<Svg> pictures = new ArrayList<>();
        run.byBenchmark(RunView.Kind.COST).forEach((benchmark, blocks) -> {
            List<Pair> pairs = new ArrayList<>();
            List<String> without = new ArrayList<>();
            for (RunView.Block block : blocks) {
                Optional<RunView.Row> copy = choose(block, COPYING, copies -> copies > Wording.COPYING);
                Optional<RunView.Row> reuse = choose(block, REUSING, copies -> copies <= Wording.COPYING);
                if (copy.isPresent() && reuse.isPresent()) {
                    pairs.add(new Pair(block, copy.get(), reuse.get()));
                } else if (copy.isPresent() || reuse.isPresent()) {
                    without.add(block.situation() + (copy.isPresent() ? " (all copy)" : " (all reuse)"));
                }
            }
            if (!pairs.isEmpty()) {
                pictures.add(draw(run, benchmark, pairs, without));
            }
        });
        return pictures;
    }

    /** Bounds are taken only where no real policy behaves so. */
    private static Optional<RunView.Row> choose(
            RunView.Block block, List<Policy> preferred, Predicate<Double> copies) {
        List<RunView.Row> candidates = block.rows().stream()
                .filter(row -> row.histogram().isPresent() && copies.test(row.perOperation("copies")))
                .toList();
        for (Policy policy : preferred) {
            for (RunView.Row row : candidates) {
                if (row.policy().filter(policy::equals).isPresent()) {
                    return Optional.of(row);
                }
            }
        }
        return candidates.stream().findFirst();
    }

    private static Svg draw(RunView run, String benchmark, List<Pair> pairs, List<String> without) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        double peak = 0;
        for (Pair pair : pairs) {
            for (RunView.Row row : List.of(pair.copy, pair.reuse)) {
                Histogram histogram = row.histogram().orElseThrow();
                low = Math.min(low, histogram.getMinNonZeroValue() / PICOSECONDS);
                high = Math.max(high, histogram.getValueAtPercentile(SHOWN) / PICOSECONDS);
                peak = Math.max(peak, Bins.of(histogram, Double.MAX_VALUE).highest());
            }
        }
        Scale time = Scale.Log.covering(low, high);
        Scale share = Scale.Linear.fromZero(peak * ROOM_FOR_KEY);
        double end = high;
        Figure figure = new Figure(
                        Wording.id("histogram", benchmark),
                        benchmark + ": copy against reuse",
                        "Histograms over a logarithmic time axis: a policy that copies and one that reuses.")
                .note("Values are " + Wording.batches(run.info()) + ", " + BINS_PER_DECADE + " bins a decade; the slowest"
                        + " 0.1 % may lie beyond the axis. Copies are counted, not inferred. " + Wording.evidence(run)
                        + ". " + Wording.MODEL + " " + Wording.origin(run.info()) + ".")
                .grid(Math.min(2, pairs.size()), 400, 190);
        if (!without.isEmpty()) {
            figure.note("Not shown, since all policies do the same: " + String.join(", ", without) + ".");
        }
        for (Pair pair : pairs) {
            figure.panel(
                    pair.block.situation(),
                    Wording.meaning(pair.block),
                    new Axis("ns per fault, logarithmic", time),
                    new Axis("% of batches per bin", share),
                    panel -> {
                        for (RunView.Row row : List.of(pair.reuse, pair.copy)) {
                            Bins bins = Bins.of(row.histogram().orElseThrow(), end);
                            panel.area(style(row), bins.edges, bins.shares);
                        }
                        panel.corner(List.of(key(pair.copy), key(pair.reuse)), List.of(style(pair.copy), style(pair.reuse)));
                    });
        }
        return figure.draw();
    }

    /** Solid for copy, dashed for reuse, each in the policy's colour. */
    private static Style style(RunView.Row row) {
        boolean copies = row.perOperation("copies") > Wording.COPYING;
        return new Style(row.style().colour(), copies ? "" : "5 2", Marker.DISC);
    }

    private static String key(RunView.Row row) {
        return row.name() + ": " + Numbers.fixed(row.perOperation("copies"), 3) + " copies per fault, median "
                + Numbers.fixed(row.histogram().orElseThrow().getValueAtPercentile(50) / PICOSECONDS, 1) + " ns";
    }

    /** Outline of a histogram with bins of equal width on a logarithmic axis. */
    record Bins(double[] edges, double[] shares) {

        static Bins of(Histogram histogram, double end) {
            double total = histogram.getTotalCount();
            int first = bin(histogram.getMinNonZeroValue() / PICOSECONDS);
            int last = bin(Math.min(end, histogram.getMaxValue() / PICOSECONDS));
            double[] counts = new double[last - first + 1];
            for (HistogramIterationValue step : histogram.recordedValues()) {
                int bin = bin(histogram.medianEquivalentValue(step.getValueIteratedTo()) / PICOSECONDS) - first;
                if (bin >= 0 && bin < counts.length) {
                    counts[bin] += step.getCountAtValueIteratedTo();
                }
            }
            double[] edges = new double[2 * counts.length + 2];
            double[] shares = new double[edges.length];
            for (int i = 0; i < counts.length; i++) {
                edges[2 * i + 1] = edge(first + i);
                edges[2 * i + 2] = edge(first + i + 1);
                shares[2 * i + 1] = 100 * counts[i] / total;
                shares[2 * i + 2] = shares[2 * i + 1];
            }
            edges[0] = edge(first);
            edges[edges.length - 1] = edge(last + 1);
            return new Bins(edges, shares);
        }

        double highest() {
            double highest = 0;
            for (double share : shares) {
                highest = Math.max(highest, share);
            }
            return highest;
        }

        private static int bin(double nanoseconds) {
            return (int) Math.floor(StrictMath.log10(nanoseconds) * BINS_PER_DECADE);
        }

        private static double edge(int bin) {
            return StrictMath.pow(10, (double) bin / BINS_PER_DECADE);
        }
    }
}
