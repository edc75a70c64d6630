package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;
import org.cowbench.result.KnownMetric;

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
    /** Bins over the whole axis: a few pixels each. */
    private static final double BINS = 120;

    private static final double MOST_BINS_PER_DECADE = 100;

    /** An edge of a bin is no measured value, and bins are narrower than a step of three digits. */
    private static final int EDGE_DIGITS = 4;

    /** The axis ends here; what is slower would squeeze everything else, and the percentile plot shows it. */
    private static final double SHOWN = 99;

    /** A bin with a smaller share, in per cent, is lower than its line is thick. */
    private static final double LEAST_TIP = 0.05;

    /** The key of a panel stands above the highest bin. */
    private static final double ROOM_FOR_KEY = 1.22;

    private static final double FEWEST_BINS_PER_DECADE = 10;
    private static final double COARSER = 0.8;
    /** A bin is the gap of a comb when both its neighbours hold so many times as much... */
    private static final double TOOTH = 2.5;
    /** ... and so many per cent. */
    private static final double TOOTH_SHARE = 1;

    /** More gaps than this are the clock's, not the faults'. */
    private static final int MOST_MODES = 3;

    private record Pair(RunView.Block block, RunView.Row copy, RunView.Row reuse) {}

    @Override
    public List<Figure> draw(RunView run) {
        List<Figure> pictures = new ArrayList<>();
        run.byBenchmark(RunView.Kind.COST).forEach((benchmark, blocks) -> {
            List<Pair> pairs = new ArrayList<>();
            List<String> without = new ArrayList<>();
            for (RunView.Block block : blocks) {
                Optional<RunView.Row> copy = choose(block, COPYING, true);
                Optional<RunView.Row> reuse = choose(block, REUSING, false);
                if (copy.isPresent() && reuse.isPresent()) {
                    pairs.add(new Pair(block, copy.get(), reuse.get()));
                } else if (copy.isPresent() || reuse.isPresent()) {
                    without.add(block.panel() + (copy.isPresent() ? " (all copy)" : " (all reuse)"));
                }
            }
            if (!pairs.isEmpty()) {
                pictures.add(draw(run, benchmark, pairs, without));
            }
        });
        return pictures;
    }

    /** Bounds are taken only where no real policy behaves so. */
    private static Optional<RunView.Row> choose(RunView.Block block, List<Policy> preferred, boolean copies) {
        List<RunView.Row> candidates = block.rows().stream()
                .filter(row -> row.histogram().isPresent() && row.copies(block.kind()) == copies)
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

    private static Figure draw(RunView run, String benchmark, List<Pair> pairs, List<String> without) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        double peak = 0;
        for (Pair pair : pairs) {
            for (RunView.Row row : List.of(pair.copy, pair.reuse)) {
                Histogram histogram = row.histogram().orElseThrow();
                low = Math.min(low, histogram.getMinNonZeroValue() / PICOSECONDS);
                high = Math.max(high, histogram.getValueAtPercentile(SHOWN) / PICOSECONDS);
            }
        }
        double end = high;
        double wanted = Math.rint(Math.min(MOST_BINS_PER_DECADE, BINS / StrictMath.log10(Math.max(2, high / low))));
        double perDecade = pairs.stream()
                .flatMap(pair -> Stream.of(pair.copy, pair.reuse))
                .mapToDouble(row -> withoutComb(row.histogram().orElseThrow(), end, wanted))
                .min()
                .orElse(wanted);
        for (Pair pair : pairs) {
            for (RunView.Row row : List.of(pair.copy, pair.reuse)) {
                peak = Math.max(
                        peak,
                        Bins.of(row.histogram().orElseThrow(), end, perDecade).highest());
            }
        }
        Scale time = Scale.Log.covering(low, high);
        Scale share = Scale.Linear.fromZero(peak * ROOM_FOR_KEY);
        Figure figure = new Figure(
                        Wording.id("histogram", benchmark),
                        benchmark + ": copy against reuse",
                        "Histograms over a logarithmic time axis: a policy that copies and one that reuses.")
                .note("Values are "
                        + RunWording.batches(pairs.stream().map(Pair::block).toList()) + ", "
                        + Numbers.fixed(perDecade, 0) + " bins a decade; the slowest 1 % may lie beyond the axis."
                        + " Copies are counted, not inferred.")
                .origin(RunWording.provenance(
                        run, pairs.stream().map(Pair::block).toList()))
                .grid(Math.min(2, pairs.size()), 400, 190);
        if (!without.isEmpty()) {
            figure.note("Not shown, since all policies do the same: " + String.join(", ", without) + ".");
        }
        for (Pair pair : pairs) {
            figure.panel(
                    pair.block.panel(),
                    RunWording.meaning(pair.block),
                    new Axis(
                            "ns per "
                                    + RunWording.operation(
                                            pairs.stream().map(Pair::block).toList()) + ", logarithmic",
                            time),
                    new Axis("% of batches per bin", share),
                    panel -> {
                        Bins reuse = Bins.of(pair.reuse.histogram().orElseThrow(), end, perDecade);
                        Bins copy = Bins.of(pair.copy.histogram().orElseThrow(), end, perDecade);
                        panel.area(style(pair.reuse, false), reuse.edges, reuse.shares);
                        panel.area(style(pair.copy, true), copy.edges, copy.shares);
                        tips(panel, pair, copy, reuse, perDecade);
                        panel.corner(
                                List.of(key(pair.copy), key(pair.reuse)),
                                List.of(style(pair.copy, true), style(pair.reuse, false)));
                    });
        }
        return figure;
    }

    /**
     * The most bins a decade that show no comb: bins finer than the clock's step over a batch are full and empty in turn.
     */
    static double withoutComb(Histogram histogram, double end, double wanted) {
        double perDecade = wanted;
        while (perDecade > FEWEST_BINS_PER_DECADE
                && Bins.of(histogram, end, perDecade).combed()) {
            perDecade = Math.floor(perDecade * COARSER);
        }
        return perDecade;
    }

    /** What each bin holds, where that is enough to be seen. */
    private static void tips(Panel panel, Pair pair, Bins copy, Bins reuse, double perDecade) {
        int last = Math.max(copy.last(), reuse.last());
        for (int bin = Math.min(copy.first, reuse.first); bin <= last; bin++) {
            if (Math.max(copy.share(bin), reuse.share(bin)) >= LEAST_TIP) {
                double from = Bins.edge(bin, perDecade);
                double to = Bins.edge(bin + 1, perDecade);
                panel.columnTip(
                        from,
                        to,
                        Numbers.compact(from, EDGE_DIGITS) + " to "
                                + Numbers.compact(to, EDGE_DIGITS) + " ns: " + pair.copy.name() + " "
                                + Numbers.fixed(copy.share(bin), 2) + " %, " + pair.reuse.name() + " "
                                + Numbers.fixed(reuse.share(bin), 2) + " %");
            }
        }
    }

    /** Solid for copy, dashed for reuse, each in the policy's colour. */
    private static Style style(RunView.Row row, boolean copies) {
        return new Style(row.style().colour(), copies ? "" : "5 2", Marker.DISC);
    }

    private static String key(RunView.Row row) {
        return row.name() + ": "
                + Numbers.compact(100 * row.perOperation(KnownMetric.COPIES), CostPlot.DIGITS)
                + " % copied, median batch "
                + Numbers.compact(row.histogram().orElseThrow().getValueAtPercentile(50) / PICOSECONDS, CostPlot.DIGITS)
                + " ns";
    }

    /** Outline of a histogram with bins of equal width on a logarithmic axis. */
    record Bins(int first, double[] edges, double[] shares) {

        static Bins of(Histogram histogram, double end, double perDecade) {
            double total = histogram.getTotalCount();
            int first = bin(histogram.getMinNonZeroValue() / PICOSECONDS, perDecade);
            int last = bin(Math.min(end, histogram.getMaxValue() / PICOSECONDS), perDecade);
            double[] counts = new double[last - first + 1];
            for (HistogramIterationValue step : histogram.recordedValues()) {
                double nanoseconds = histogram.medianEquivalentValue(step.getValueIteratedTo()) / PICOSECONDS;
                int bin = bin(nanoseconds, perDecade) - first;
                if (bin >= 0 && bin < counts.length) {
                    counts[bin] += step.getCountAtValueIteratedTo();
                }
            }
            double[] edges = new double[2 * counts.length + 2];
            double[] shares = new double[edges.length];
            for (int i = 0; i < counts.length; i++) {
                edges[2 * i + 1] = edge(first + i, perDecade);
                edges[2 * i + 2] = edge(first + i + 1, perDecade);
                shares[2 * i + 1] = 100 * counts[i] / total;
                shares[2 * i + 2] = shares[2 * i + 1];
            }
            edges[0] = edge(first, perDecade);
            edges[edges.length - 1] = edge(last + 1, perDecade);
            return new Bins(first, edges, shares);
        }

        int last() {
            return first + edges.length / 2 - 2;
        }

        /**
         * Whether a bin is far emptier than both of its neighbours, or, where bins are finer than half a step, whether
         * bins that hold something stand apart more often than a distribution has modes.
         */
        boolean combed() {
            int gaps = 0;
            int tooth = first;
            for (int bin = first; bin <= last(); bin++) {
                if (share(bin) > TOOTH_SHARE) {
                    gaps += bin > tooth + 1 ? 1 : 0;
                    tooth = bin;
                }
            }
            if (gaps > MOST_MODES) {
                return true;
            }
            for (int bin = first + 1; bin < last(); bin++) {
                double lower = Math.min(share(bin - 1), share(bin + 1));
                if (lower > TOOTH_SHARE && lower > TOOTH * share(bin)) {
                    return true;
                }
            }
            return false;
        }

        /** Per cent in a bin. */
        double share(int bin) {
            return bin < first || bin > last() ? 0 : shares[2 * (bin - first) + 1];
        }

        double highest() {
            double highest = 0;
            for (double share : shares) {
                highest = Math.max(highest, share);
            }
            return highest;
        }

        private static int bin(double nanoseconds, double perDecade) {
            return (int) Math.floor(StrictMath.log10(nanoseconds) * perDecade);
        }

        private static double edge(int bin, double perDecade) {
            return StrictMath.pow(10, bin / perDecade);
        }
    }
}
