package org.cowbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CompareHistogramsTest {

    @Test
    void onePassGivesWhatTheHistogramItselfSays() {
        Histogram histogram = new Histogram(1, 10_000_000_000_000L, 3);
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 20_000; i++) {
            histogram.recordValue((long) (100_000 * StrictMath.exp(random.nextDouble() * 3)));
        }
        double[] values = CompareHistograms.quantiles(histogram, CompareHistograms.FRACTIONS);
        for (int i = 0; i < 3; i++) {
            assertThat(values[i]).as(CompareHistograms.NAMES[i])
                    .isEqualTo(histogram.getValueAtPercentile(100 * CompareHistograms.FRACTIONS[i]) / 1000.0);
        }
        assertThat(values[3]).as("20 values beyond p99.9").isNaN();
        double[] curve = CompareHistograms.quantiles(histogram, CompareHistograms.GRID);
        assertThat(curve[0]).as("the smallest, as exact as the histogram")
                .isCloseTo(histogram.getMinNonZeroValue() / 1000.0, Percentage.withPercentage(0.1));
        assertThat(curve[40]).isNaN();
        for (int i = 1; i < 18; i++) {
            assertThat(curve[i]).isGreaterThanOrEqualTo(curve[i - 1]);
        }
    }

    @Test
    void anEmptyHistogramHasNone() {
        assertThat(CompareHistograms.quantiles(new Histogram(3), CompareHistograms.GRID)).containsOnly(Double.NaN);
    }
}
