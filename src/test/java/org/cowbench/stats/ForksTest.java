package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForksTest {

    @Test
    void medianOfEvenAndOddCounts() {
        assertThat(Forks.median(3, 1, 2)).isEqualTo(2);
        assertThat(Forks.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Forks.median()).isNaN();
    }

    @Test
    void medianLeavesItsInputAlone() {
        double[] values = {3, 1, 2};
        Forks.median(values);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void aForkIsTheMedianOfItsFiniteIterations() {
        assertThat(Forks.medians(new double[][] {{1, 100, 2}, {}, {Double.NaN, 7}, {Double.NaN}}))
                .containsExactly(2, 7);
    }

    /** By hand: logs 0, ln 2, ln 4; mean ln 2, standard error ln 2 / sqrt 3, t(0.975, 2) = 4.302653. */
    @Test
    void geometricMeanAndItsTInterval() {
        Interval interval = Forks.geometric(new double[] {1, 2, 4}, 0.95);
        double half = 4.302652729911275 * Math.log(2) / Math.sqrt(3);
        assertThat(interval.estimate()).isCloseTo(2, within(1e-12));
        assertThat(interval.low()).isCloseTo(2 * Math.exp(-half), within(1e-9));
        assertThat(interval.high()).isCloseTo(2 * Math.exp(half), within(1e-6));
        assertThat(interval.count()).isEqualTo(3);
    }

    @Test
    void twoForksGiveNoInterval() {
        Interval interval = Forks.geometric(new double[] {1, 4}, 0.95);
        assertThat(interval.estimate()).isCloseTo(2, within(1e-12));
        assertThat(interval.bounded()).isFalse();
    }

    @Test
    void nothingGivesNothing() {
        assertThat(Forks.geometric(new double[0], 0.95).estimate()).isNaN();
    }

    @Test
    void zerosFallBackToTheMeanWithoutBounds() {
        Interval interval = Forks.geometric(new double[] {0, 1, 2, 5}, 0.95);
        assertThat(interval.estimate()).isEqualTo(2);
        assertThat(interval.bounded()).isFalse();
    }

    @Test
    void pairingCancelsWhatAPairShares() {
        double[] base = {100, 200, 50, 400};
        double[] head = {90, 180, 45, 360};
        Interval ratio = Forks.pairedRatio(head, base, 0.95);
        assertThat(ratio.estimate()).isCloseTo(0.9, within(1e-12));
        assertThat(ratio.high() - ratio.low()).isLessThan(1e-9);
    }

    @Test
    void pairsNeedEqualLengths() {
        assertThatThrownBy(() -> Forks.pairedRatio(new double[1], new double[2], 0.95))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 2");
    }

    @Test
    void levelMustBeALevel() {
        assertThatThrownBy(() -> Forks.geometric(new double[] {1, 2, 3}, 95))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The interval must cover the truth as often as it says: 95 % of log-normal samples, here 4000 of them. */
    @Test
    void coversTheTruthAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(20220113);
        int covered = 0;
        int trials = 4000;
        for (int trial = 0; trial < trials; trial++) {
            double[] forks = new double[5];
            for (int i = 0; i < forks.length; i++) {
                double normal = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                        * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
                forks[i] = 200 * StrictMath.exp(0.05 * normal);
            }
            Interval interval = Forks.geometric(forks, 0.95);
            covered += interval.low() <= 200 && 200 <= interval.high() ? 1 : 0;
        }
        assertThat((double) covered / trials).isBetween(0.938, 0.962);
    }
}
