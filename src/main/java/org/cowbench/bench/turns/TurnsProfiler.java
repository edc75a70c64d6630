package org.cowbench.bench.turns;

import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/** Carries what the lanes did in a rotation out of the fork. */
public final class TurnsProfiler implements InternalProfiler {

    /** Creates the profiler; JMH calls this in the fork. */
    public TurnsProfiler() {}

    @Override
    public String getDescription() {
        return "time, histogram and counters of each policy's turn";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmarkParams, IterationParams iterationParams) {
        // The last iteration's end is this one's beginning.
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmarkParams, IterationParams iterationParams, IterationResult result) {
        return Turns.take();
    }
}
