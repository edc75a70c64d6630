package org.cowbench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogReader;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.PercentileRanks;

/**
 * The percentiles of every fork of a run, read in one pass that keeps numbers and no histogram: a run may hold thousands.
 */
final class CompareHistograms {
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

    private static final double PICOSECONDS = 1000;

    /** When a fork started, in milliseconds since 1970, and what it measured. */
    record Fork(String tag, long started) {}

    /**
     * What is kept of a fork's histogram, in nanoseconds; NaN where too few values lie beyond.
     *
     * @param percentiles at {@link #FRACTIONS}
     * @param curve at {@link #GRID}
     */
    record Quantiles(double[] percentiles, double[] curve) {}

    private final Map<Fork, Quantiles> byFork = new HashMap<>();

    private CompareHistograms() {}

    /**
     * Reads a run's log.
     *
     * @param run the run
     * @return percentiles by fork; empty when the run recorded no histogram
     */
    static CompareHistograms of(ResultDirectory run) {
        CompareHistograms histograms = new CompareHistograms();
        Path log = run.path().resolve(ResultDirectory.HISTOGRAM_FILE);
        if (!Files.isDirectory(run.path()) || !Files.exists(log)) {
            return histograms;
        }
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                EncodableHistogram line = reader.nextIntervalHistogram();
                if (line instanceof Histogram histogram && histogram.getTag() != null) {
                    histograms.byFork.put(
                            new Fork(histogram.getTag(), histogram.getStartTimeStamp()),
                            new Quantiles(quantiles(histogram, FRACTIONS), quantiles(histogram, GRID)));
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new ResultException(log + " is no whole HdrHistogram log: " + e.getMessage(), e);
        }
        return histograms;
    }

    /** Quantiles in nanoseconds at ascending fractions, in one pass; NaN for one that too few values lie beyond. */
    static double[] quantiles(Histogram histogram, double[] fractions) {
        double[] values = new double[fractions.length];
        Arrays.fill(values, Double.NaN);
        long total = histogram.getTotalCount();
        int next = 0;
        for (HistogramIterationValue step : histogram.recordedValues()) {
            while (next < fractions.length && PercentileRanks.shown(total, fractions[next])
                    && step.getTotalCountToThisValue() >= Math.max(1, fractions[next] * total * (1 - 1e-12))) {
                values[next++] = step.getValueIteratedTo() / PICOSECONDS;
            }
        }
        return values;
    }

    boolean isEmpty() {
        return byFork.isEmpty();
    }

    /** The quantiles of a fork, null when it recorded none. */
    Quantiles of(Fork fork) {
        return byFork.get(fork);
    }
}
