package org.cowbench.compare;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Percentiles;
import org.jspecify.annotations.Nullable;

/**
 * The percentiles of every fork of a run, read in one pass that keeps numbers and no histogram: a run may hold thousands.
 */
public final class Histograms {
    /** Percentiles that are compared, as fractions, with their names. */
    static final double[] FRACTIONS = {0.5, 0.9, 0.99, 0.999, 0.9999};

    static final String[] NAMES = {"p50", "p90", "p99", "p99.9", "p99.99"};

    /** Fractions at which curves are drawn: even steps on a 1/(1-p) axis, up to five nines. */
    static final double[] GRID = new double[41];

    static {
        for (int i = 0; i < GRID.length; i++) {
            GRID[i] = 1 - StrictMath.pow(10, -i / 8.0);
        }
    }

    /** Logs hold thousandths: picoseconds, or thousandths of a kernel's instruction. */
    private static final double THOUSANDTHS = 1000;

    /**
     * What is kept of a fork's histogram, in its {@link #unit}; NaN where too few values lie beyond.
     *
     * @param percentiles at {@link #FRACTIONS}
     * @param curve at {@link #GRID}
     */
    record Quantiles(double[] percentiles, double[] curve) {}

    /** A line of the log. */
    private record Line(Instant start, Quantiles quantiles) {}

    /** Logs that older versions joined tell times that are up to so much too early. */
    private static final Duration OFF = Duration.ofMillis(5);

    private final Map<String, List<Line>> byTag = new HashMap<>();

    private Histograms() {}

    /**
     * Reads a run's log.
     *
     * @return percentiles by fork; empty when the run recorded no histogram
     */
    static Histograms of(ResultDirectory run) {
        Histograms histograms = new Histograms();
        run.eachHistogram(line -> histograms
                .byTag
                .computeIfAbsent(line.tag(), tag -> new ArrayList<>())
                .add(new Line(
                        line.start(),
                        new Quantiles(quantiles(line.histogram(), FRACTIONS), quantiles(line.histogram(), GRID)))));
        return histograms;
    }

    /**
     * Whether a name is that of a percentile.
     *
     * @param metric name of a metric
     * @return whether it is one of those that are read from histograms
     */
    public static boolean names(String metric) {
        return Arrays.asList(NAMES).contains(metric);
    }

    /** Whether the run recorded histograms of a measurement. */
    boolean has(String tag) {
        return byTag.containsKey(tag);
    }

    /**
     * The quantiles of the forks of a measurement: where there are as many lines as forks, in their order, else the
     * line that tells a fork's start.
     *
     * @param tag the measurement
     * @param started when each fork that delivered started, in the order of execution, as results tell it
     * @return one a fork; null when a fork has no line of its own
     */
    Quantiles @Nullable [] of(String tag, List<String> started) {
        List<Line> lines = byTag.getOrDefault(tag, List.of());
        if (lines.size() == started.size()) {
            return lines.stream()
                    .sorted(Comparator.comparing(Line::start))
                    .map(Line::quantiles)
                    .toArray(Quantiles[]::new);
        }
        List<Line> left = new ArrayList<>(lines);
        Quantiles[] found = new Quantiles[started.size()];
        for (int f = 0; f < found.length; f++) {
            Line nearest = nearest(left, started.get(f));
            if (nearest == null) {
                return null;
            }
            left.remove(nearest);
            found[f] = nearest.quantiles;
        }
        return found;
    }

    private static @Nullable Line nearest(List<Line> lines, String started) {
        try {
            Instant start = Instant.parse(started);
            return lines.stream()
                    .filter(line -> Duration.between(line.start, start).abs().compareTo(OFF) <= 0)
                    .min(Comparator.comparing(
                            line -> Duration.between(line.start, start).abs()))
                    .orElse(null);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** What the quantiles of a measurement are in: nanoseconds for any time or rate, else the unit of its score. */
    static String unit(String scoreUnit) {
        return Units.counted(scoreUnit) ? scoreUnit : "ns/op";
    }

    /** Quantiles at ascending fractions, in one pass; NaN for one that too few values lie beyond. */
    static double[] quantiles(Histogram histogram, double[] fractions) {
        double[] values = new double[fractions.length];
        Arrays.fill(values, Double.NaN);
        long total = histogram.getTotalCount();
        int next = 0;
        for (HistogramIterationValue step : histogram.recordedValues()) {
            while (next < fractions.length
                    && Percentiles.shown(total, fractions[next])
                    && step.getTotalCountToThisValue() >= Math.max(1, fractions[next] * total * (1 - 1e-12))) {
                values[next++] = step.getValueIteratedTo() / THOUSANDTHS;
            }
        }
        return values;
    }
}
