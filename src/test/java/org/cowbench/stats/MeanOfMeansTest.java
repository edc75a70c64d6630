package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeanOfMeansTest {

    @Test
    void ofTwoSamplesItIsWelch() {
        double[] a = {1, 2, 4, 8};
        double[] b = {3, 5, 4};
        // The difference of two means is twice the mean of one and the other's negative.
        Interval mean = MeanOfMeans.of(
                new double[] {Forks.mean(b), -Forks.mean(a)},
                new double[] {StudentT.variance(b) / 3, StudentT.variance(a) / 4},
                new double[] {2, 3},
                0.95);
        Interval welch = StudentT.welchInterval(a, b, 0.95);
        assertThat(2 * mean.estimate()).isCloseTo(welch.estimate(), within(1e-12));
        assertThat(2 * mean.low()).isCloseTo(welch.low(), within(1e-9));
        assertThat(2 * mean.high()).isCloseTo(welch.high(), within(1e-9));
    }

    @Test
    void withoutAnErrorThereIsNoWidthAndWithoutAVarianceNoInterval() {
        Interval exact = MeanOfMeans.of(new double[] {1, 3}, new double[] {0, 0}, new double[] {1, 1}, 0.95);
        assertThat(exact).isEqualTo(new Interval(2, 2, 2, 2));
        assertThat(MeanOfMeans.of(new double[] {1, 3}, new double[] {0, Double.NaN}, new double[] {1, 1}, 0.95)
                        .bounded())
                .isFalse();
    }

    @Test
    void ninetyFivePerCentHoldTheTruth() {
        SplittableRandom random = new SplittableRandom(7);
        int held = 0;
        for (int trial = 0; trial < 2000; trial++) {
            int rows = 6;
            double[] means = new double[rows];
            double[] components = new double[rows];
            double[] degrees = new double[rows];
            for (int r = 0; r < rows; r++) {
                // Rows differ in size and in noise; the truth of their mean is 0.
                double truth = r - (rows - 1) / 2.0;
                double noise = 0.01 * (r + 1);
                double[] forks = new double[5];
                Arrays.setAll(forks, i -> truth + noise * random.nextGaussian());
                means[r] = Forks.mean(forks);
                components[r] = StudentT.variance(forks) / forks.length;
                degrees[r] = forks.length - 1.0;
            }
            Interval mean = MeanOfMeans.of(means, components, degrees, 0.95);
            held += mean.low() <= 0 && mean.high() >= 0 ? 1 : 0;
        }
        assertThat(held).isBetween(1870, 1960);
    }
}
