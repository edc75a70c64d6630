package org.cowbench.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.result.KnownMetric;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.util.MultisetStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * A histogram on its way from a fork to the host.
 *
 * <p>It travels as HdrHistogram's own compressed form, so every bucket's count arrives exactly; joining two results
 * decodes both and adds, so nothing is sampled or averaged on the way.
 */
final class HistogramResult extends Result<HistogramResult> {
    private static final long serialVersionUID = 1L;
    private static final double PICOS_PER_NANO = 1_000;

    private final byte[] compressed;

    HistogramResult(Histogram histogram) {
        super(
                ResultRole.SECONDARY,
                KnownMetric.LATENCY.id(),
                statistics(histogram),
                KnownMetric.LATENCY.unit().text(),
                AggregationPolicy.AVG);
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        this.compressed = Arrays.copyOf(buffer.array(), length);
    }

    /**
     * Decodes the histogram.
     *
     * @return a new histogram with every count that was recorded, in picoseconds
     */
    Histogram histogram() {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(compressed), ForkProbe.MAX_PICOS);
        } catch (DataFormatException e) {
            throw new IllegalStateException("histogram damaged on its way from the fork", e);
        }
    }

    /** JMH's percentiles then come from the merged distribution, not from percentiles of iterations. */
    private static Statistics statistics(Histogram histogram) {
        MultisetStatistics statistics = new MultisetStatistics();
        for (HistogramIterationValue value : histogram.recordedValues()) {
            double middle = histogram.medianEquivalentValue(value.getValueIteratedTo()) / PICOS_PER_NANO;
            statistics.addValue(middle, value.getCountAtValueIteratedTo());
        }
        return statistics;
    }

    @Override
    protected Aggregator<HistogramResult> getThreadAggregator() {
        return HistogramResult::join;
    }

    @Override
    protected Aggregator<HistogramResult> getIterationAggregator() {
        return HistogramResult::join;
    }

    private static HistogramResult join(Collection<HistogramResult> results) {
        if (results.size() == 1) {
            return results.iterator().next();
        }
        return new HistogramResult(sum(results));
    }

    /**
     * Adds up results.
     *
     * @param results at least one
     * @return a histogram holding all their counts
     */
    static Histogram sum(Collection<HistogramResult> results) {
        Iterator<HistogramResult> each = results.iterator();
        Histogram sum = each.next().histogram();
        each.forEachRemaining(result -> sum.add(result.histogram()));
        return sum;
    }
}
