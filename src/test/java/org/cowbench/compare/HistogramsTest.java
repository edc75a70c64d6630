package org.cowbench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramsTest {

    @Test
    void onePassGivesWhatTheHistogramItselfSays() {
        Histogram histogram = new Histogram(1, 10_000_000_000_000L, 3);
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 20_000; i++) {
            histogram.recordValue((long) (100_000 * StrictMath.exp(random.nextDouble() * 3)));
        }
        double[] values = Histograms.quantiles(histogram, Histograms.FRACTIONS);
        for (int i = 0; i < 3; i++) {
            assertThat(values[i])
                    .as(Histograms.NAMES[i])
                    .isEqualTo(histogram.getValueAtPercentile(100 * Histograms.FRACTIONS[i]) / 1000.0);
        }
        assertThat(values[3]).as("20 values beyond p99.9").isNaN();
        double[] curve = Histograms.quantiles(histogram, Histograms.GRID);
        assertThat(curve[0])
                .as("the smallest, as exact as the histogram")
                .isCloseTo(histogram.getMinNonZeroValue() / 1000.0, Percentage.withPercentage(0.1));
        assertThat(curve[40]).isNaN();
        for (int i = 1; i < 18; i++) {
            assertThat(curve[i]).isGreaterThanOrEqualTo(curve[i - 1]);
        }
    }

    @Test
    void anEmptyHistogramHasNone() {
        assertThat(Histograms.quantiles(new Histogram(3), Histograms.GRID)).containsOnly(Double.NaN);
    }
}
