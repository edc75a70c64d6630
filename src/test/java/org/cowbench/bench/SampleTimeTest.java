package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.util.SampleBuffer;
import org.openjdk.jmh.util.Statistics;

/**
 * Why JMH's SampleTime is not used: its buffer, fed a known distribution as a one second iteration feeds it, reports a
 * tail and a mean that are not there. A histogram of the same values reports them right. Should a later JMH pass what
 * this test calls wrong, it fails and the reason is gone.
 */
class SampleTimeTest {
    /** JMH halves all counts when an iteration has this many samples a millisecond, 20 000 in a second. */
    private static final int TARGET_SAMPLES = 20 * 1000;

    private static final int VALUES = 2_000_000;
    /** One value in this many is slow, each slow one different, as a real tail's are. */
    private static final int SLOW_EVERY = 10_000;

    private static final int FAST = 500;

    @Test
    void halvingKeepsTheTailsWeight() {
        SampleBuffer buffer = new SampleBuffer();
        Histogram truth = new Histogram(3);
        int inBuffer = 0;
        for (int i = 1; i <= VALUES; i++) {
            // Tail values of their own buckets, from 100 microseconds up.
            long value = i % SLOW_EVERY == 0 ? 100_000L + (i / SLOW_EVERY) * 1_000L : FAST;
            truth.recordValue(value);
            buffer.add(value);
            if (++inBuffer >= TARGET_SAMPLES) {
                buffer.half();
                inBuffer = buffer.count();
            }
        }
        Statistics sampled = buffer.getStatistics(1);

        // True: 0.01 % are slow, so p99.9 is a fast value.
        assertThat(truth.getValueAtPercentile(99.9)).isEqualTo(FAST);
        assertThat(truth.getMean()).isBetween(515.0, 525.0);
        // The buffer: counts of one are never halved, so the tail has many times its weight.
        assertThat(sampled.getPercentile(50)).isCloseTo(FAST, org.assertj.core.data.Offset.offset(1.0));
        assertThat(sampled.getPercentile(99.9)).isGreaterThan(100_000);
        assertThat(sampled.getMean()).isGreaterThan(2 * truth.getMean());
    }
}
