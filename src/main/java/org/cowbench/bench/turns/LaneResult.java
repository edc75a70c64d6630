package org.cowbench.bench.turns;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;

/** What one lane did in one rotation, on its way from the fork to the host. */
public final class LaneResult extends Result<LaneResult> {
    private static final long serialVersionUID = 1L;

    /** Work done. */
    private final long operations;

    /** Time it took, in nanoseconds. */
    private final long nanos;

    /** Latencies, as HdrHistogram compresses them. */
    private final byte[] histogram;

    /** Counters before the lane's work; an immutable list of the JDK's, which can be sent. */
    @SuppressWarnings("serial")
    private final List<Lane.Count> before;

    /** Counters after it. */
    @SuppressWarnings("serial")
    private final List<Lane.Count> after;

    LaneResult(String name, Lane lane, List<Lane.Count> before) {
        super(
                ResultRole.SECONDARY,
                name,
                of((double) lane.nanos() / lane.operations()),
                "ns/op",
                AggregationPolicy.AVG);
        this.operations = lane.operations();
        this.nanos = lane.nanos();
        ByteBuffer buffer = ByteBuffer.allocate(lane.histogram().getNeededByteBufferCapacity());
        this.histogram = Arrays.copyOf(buffer.array(), lane.histogram().encodeIntoCompressedByteBuffer(buffer));
        this.before = List.copyOf(before);
        this.after = List.copyOf(lane.counts());
    }

    /**
     * Returns the work done.
     *
     * @return operations, greater than zero
     */
    public long operations() {
        return operations;
    }

    /**
     * Returns the time it took.
     *
     * @return nanoseconds
     */
    public long nanos() {
        return nanos;
    }

    /**
     * Decodes the histogram.
     *
     * @return every batch of the turn, in picoseconds an operation
     */
    public Histogram histogram() {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(histogram), 1);
        } catch (DataFormatException e) {
            throw new IllegalStateException("histogram damaged on its way from the fork", e);
        }
    }

    /**
     * Returns the counters.
     *
     * @return each as it stood after the turn
     */
    public List<Lane.Count> counts() {
        return after;
    }

    /**
     * Returns a counter of this turn.
     *
     * @param index its place in {@link #counts()}
     * @return its growth per operation, or how it stands where it is a gauge
     */
    public double value(int index) {
        Lane.Count count = after.get(index);
        return count.perOperation() ? (count.value() - before.get(index).value()) / operations : count.value();
    }

    @Override
    protected Aggregator<LaneResult> getThreadAggregator() {
        return LaneResult::last;
    }

    @Override
    protected Aggregator<LaneResult> getIterationAggregator() {
        return LaneResult::last;
    }

    /** JMH joins what it prints; what is kept is read from each iteration. */
    private static LaneResult last(Collection<LaneResult> results) {
        return List.copyOf(results).getLast();
    }
}
