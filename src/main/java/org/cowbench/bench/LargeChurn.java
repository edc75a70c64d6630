package org.cowbench.bench;

import java.util.concurrent.TimeUnit;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.machine.Counter;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownMetric;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link Churn} of a process whose memory comes in large folios, as the kernel gives them: whole where a folio is free,
 * in base pages where none is.
 *
 * <p>The area is rounded up to whole folios. The counter {@code bytesHeld} is what large folios cost in memory: the most
 * bytes, in the second pass of the stream, of pages that nobody maps and that are not free, as another page of their
 * folio is mapped.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class LargeChurn extends Churn {
    /** The folios. */
    @Param({"KIB_64", "MIB_2"})
    public FolioKind folio;

    /** Made by JMH. */
    public LargeChurn() {}

    @Override
    @Setup
    public void build() {
        super.build();
    }

    @Override
    ArenaSpec spec(int pages, int processes) {
        int size = folio.pages();
        int area = Math.ceilDiv(pages, size) * size;
        return new ArenaSpec(
                (int) (RESIDENT * pages) + 1,
                2 * processes * (area + size),
                processes,
                area,
                1,
                0,
                policy.rule().lruBatch(),
                FRAME_BYTES,
                Integer.numberOfTrailingZeros(size),
                folio.pmd());
    }

    @Override
    void gauges() {
        super.gauges();
        double held = machine().counter(Counter.BYTES_HELD);
        ForkProbe.gauge(KnownMetric.BYTES_HELD, () -> held);
    }
}
