package org.cowbench.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.cowbench.result.KnownMetric;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH profiler that carries histograms and exact counters out of the forks.
 *
 * <p>Named on JMH's command line by {@code -prof org.cowbench.bench.HistogramProfiler}. A benchmark offers what is to
 * be carried through {@link ForkProbe}. JMH's own {@code SampleTime} is not used: its buffer halves counts but never
 * below one, so the tail gains weight with every halving (a test shows it).
 */
public final class HistogramProfiler implements InternalProfiler {
    private final Map<KnownMetric, Double> before = new EnumMap<>(KnownMetric.class);

    /** Creates the profiler; JMH calls this in the fork. */
    public HistogramProfiler() {}

    /**
     * Creates the profiler; JMH calls this in the fork.
     *
     * @param options ignored, there are none
     */
    public HistogramProfiler(String options) {
        this();
    }

    @Override
    public String getDescription() {
        return "HdrHistograms of operation batches and exact counters";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmarkParams, IterationParams iterationParams) {
        before.clear();
        if (ForkProbe.histogram() != null) {
            ForkProbe.histogram().reset();
        }
        ForkProbe.sources()
                .forEach((metric, source) -> before.put(metric, source.value().getAsDouble()));
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmarkParams, IterationParams iterationParams, IterationResult result) {
        List<Result<?>> results = new ArrayList<>();
        Histogram histogram = ForkProbe.histogram();
        if (histogram != null && histogram.getTotalCount() > 0) {
            results.add(new HistogramResult(histogram));
        }
        // All operations, those before and after JMH's timed window too: the counters counted them.
        long operations = result.getMetadata().getAllOps();
        ForkProbe.sources().forEach((metric, source) -> {
            double now = source.value().getAsDouble();
            // A source that appeared in this very iteration (trial set-up runs in the first one) has no start value.
            double value = source.perOperation() ? (now - before.getOrDefault(metric, 0.0)) / operations : now;
            AggregationPolicy policy = source.perOperation() ? AggregationPolicy.AVG : AggregationPolicy.MAX;
            results.add(new ScalarResult(metric.id(), value, metric.unit().text(), policy));
        });
        return results;
    }
}
