package org.cowbench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
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

    private static final double PICOSECONDS = 1000;

    /** When a fork started, in milliseconds since 1970, and what it measured. */
    record Fork(String tag, long started) {}

    private final Map<Fork, double[]> byFork = new HashMap<>();

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
                            new Fork(histogram.getTag(), histogram.getStartTimeStamp()), percentiles(histogram));
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new ResultException(log + " is no whole HdrHistogram log: " + e.getMessage(), e);
        }
        return histograms;
    }

    /** Percentiles in nanoseconds; NaN for one that too few values lie beyond. */
    static double[] percentiles(Histogram histogram) {
        double[] values = new double[FRACTIONS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = PercentileRanks.shown(histogram.getTotalCount(), FRACTIONS[i])
                    ? histogram.getValueAtPercentile(100 * FRACTIONS[i]) / PICOSECONDS
                    : Double.NaN;
        }
        return values;
    }

    boolean isEmpty() {
        return byFork.isEmpty();
    }

    /** The percentiles of a fork, null when it recorded none. */
    double[] of(Fork fork) {
        return byFork.get(fork);
    }
}
