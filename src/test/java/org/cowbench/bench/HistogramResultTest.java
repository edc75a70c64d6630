package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Histograms arrive and merge with every count in its bucket. */
class HistogramResultTest {

    private static Histogram random(long seed) {
        Histogram histogram = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long value = (long) Math.exp(random.nextDouble() * Math.log(ForkProbe.MAX_PICOS));
            histogram.recordValueWithCount(value, 1 + random.nextInt(1000));
        }
        return histogram;
    }

    @Test
    void mergingIsExactBucketByBucket() throws Exception {
        Histogram expected = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        List<HistogramResult> results = new ArrayList<>();
        for (int fork = 0; fork < 5; fork++) {
            Histogram histogram = random(fork);
            expected.add(histogram);
            results.add(throughTheSocket(new HistogramResult(histogram)));
        }
        Histogram merged = HistogramResult.sum(results);
        // Equality of histograms is equality of every bucket's count.
        assertThat(merged).isEqualTo(expected);
        assertThat(merged.getTotalCount()).isEqualTo(expected.getTotalCount());
        assertThat(merged.getMaxValue()).isEqualTo(expected.getMaxValue());
        assertThat(results.getFirst().histogram()).as("merging changes no part").isEqualTo(random(0));
    }

    @Test
    void jmhsPercentilesAreThoseOfTheDistribution() {
        Histogram histogram = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        histogram.recordValueWithCount(50_000, 990);
        histogram.recordValueWithCount(2_000_000, 10);
        HistogramResult result = new HistogramResult(histogram);
        assertThat(result.getScoreUnit()).isEqualTo("ns/op");
        assertThat(result.getSampleCount()).isEqualTo(1000);
        assertThat(result.getStatistics().getPercentile(50)).isCloseTo(50, within(0.1));
        assertThat(result.getStatistics().getPercentile(99.9)).isCloseTo(2000, within(2));
        assertThat(result.getScore()).isCloseTo(0.99 * 50 + 0.01 * 2000, within(0.1));
    }

    private static org.assertj.core.data.Percentage within(double percent) {
        return org.assertj.core.data.Percentage.withPercentage(percent);
    }

    private static HistogramResult throughTheSocket(HistogramResult result) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(result);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (HistogramResult) in.readObject();
        }
    }
}
