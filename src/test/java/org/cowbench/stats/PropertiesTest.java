package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What must hold of the statistics beside the tables of {@link RTablesTest}: edges, symmetry, planted structure. */
class PropertiesTest {
    private final SplittableRandom random = new SplittableRandom(5);

    private double[] normal(int n, double mean, double deviation) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> mean + deviation * gaussian());
        return values;
    }

    private double gaussian() {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    @Test
    void fewDifferencesReachNoLevel() {
        assertThat(SignedRank.of().p()).isEqualTo(1);
        assertThat(SignedRank.of().estimate()).isNaN();
        assertThat(SignedRank.of(0.1, 0.2).interval(0.95).bounded()).isFalse();
        assertThat(SignedRank.of(0, 0, 0).p()).isEqualTo(1);
        assertThat(SignedRank.smallestP(8)).isEqualTo(2.0 / 256);
        assertThat(SignedRank.countFor(0.01)).isEqualTo(8);
        assertThat(SignedRank.countFor(0.05)).isEqualTo(6);
    }

    @Test
    void signedRankRefusesWhatIsNoDifference() {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRank.of(1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRank.of(new double[5001]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedRank.of(1, 2).interval(1));
    }

    @Test
    void signedRankIsEquivariant() {
        double[] d = normal(17, 0.02, 0.01);
        Interval one = SignedRank.of(d).interval(0.95);
        Interval negated =
                SignedRank.of(Arrays.stream(d).map(x -> -x).toArray()).interval(0.95);
        assertThat(negated.low()).isCloseTo(-one.high(), within(1e-15));
        assertThat(negated.estimate()).isCloseTo(-one.estimate(), within(1e-15));
        assertThat(SignedRank.of(Arrays.stream(d).map(x -> -x).toArray()).p())
                .isEqualTo(SignedRank.of(d).p());
    }

    @Test
    void approximationMeetsTheExactDistribution() {
        // Just past the limit of counting, the next critical value continues the exact sequence.
        int exact = SignedRank.critical(SignedRank.EXACT, 0.025);
        int approximate = SignedRank.critical(SignedRank.EXACT + 1, 0.025);
        assertThat(approximate - exact).isBetween(30, 60);
    }

    @Test
    void intervalsCoverAtTheirLevel() {
        int covered = 0;
        int trials = 2000;
        for (int trial = 0; trial < trials; trial++) {
            Interval interval = SignedRank.of(normal(10, 0.3, 1)).interval(0.95);
            covered += interval.low() <= 0.3 && 0.3 <= interval.high() ? 1 : 0;
        }
        // The reached level at n=10 is 0.951; four standard errors of the count are 0.019.
        assertThat(covered / (double) trials).isBetween(0.93, 0.972);
    }

    @Test
    void fiellerWithoutADenominatorIsUnbounded() {
        assertThat(Fieller.ratio(new double[] {1, 2}, new double[] {-1, 1.1}, 0.95)
                        .bounded())
                .isFalse();
        assertThat(Fieller.ratio(new double[] {1}, new double[] {2, 2.1}, 0.95)).satisfies(point -> {
            assertThat(point.bounded()).isFalse();
            assertThat(point.estimate()).isCloseTo(1 / 2.05, within(1e-12));
        });
    }

    @Test
    void fiellerOfConstantSidesIsTheirRatio() {
        for (double value : new double[] {0.1, 1.1, 70.3, 1e-7}) {
            double[] base = {value, value, value};
            Interval ratio = Fieller.ratio(new double[] {3 * value, 3 * value}, base, 0.95);
            assertThat(ratio.low()).as("%s", value).isCloseTo(3, within(1e-9));
            assertThat(ratio.high()).as("%s", value).isCloseTo(3, within(1e-9));
        }
    }

    @Test
    void tTestsWithoutVariance() {
        assertThat(StudentT.p(new double[] {0, 0, 0})).isEqualTo(1);
        assertThat(StudentT.p(new double[] {0.25, 0.25, 0.25})).isZero();
        assertThat(StudentT.p(new double[] {0.1})).isNaN();
        assertThat(StudentT.interval(new double[] {0.1}, 0.95).bounded()).isFalse();
        assertThat(StudentT.interval(new double[0], 0.95).estimate()).isNaN();
    }

    @Test
    void correctionsLeaveOutWhatWasNotTested() {
        assertThat(Multiplicity.holm(0.01, Double.NaN, 0.04)).containsExactly(0.02, Double.NaN, 0.04);
        assertThat(Multiplicity.benjaminiHochberg(Double.NaN)).containsExactly(Double.NaN);
    }

    @Test
    void blocksNeededIsTheInverseOfWhatTheyDetect() {
        int blocks = Power.units(0.02, 0.01, 1, 0.01, 0.8);
        assertThat(Power.detectable(0.02, blocks, 1, 0.01, 0.8)).isLessThanOrEqualTo(0.01);
        assertThat(Power.detectable(0.02, blocks - 1, 1, 0.01, 0.8)).isGreaterThan(0.01);
        assertThat(Power.units(1, 0, 1, 0.01, 0.8)).isEqualTo(Power.MOST_BLOCKS + 1);
        assertThat(Power.units(1, 1e-9, 1, 0.01, 0.8)).isEqualTo(Power.MOST_BLOCKS + 1);
        assertThat(Power.unitsWithin(0.01, 0.01, 0.01, 0.002, 0.8)).isEqualTo(Power.MOST_BLOCKS + 1);
        assertThat(Power.unitsWithin(0, 0.001, 0.01, 0.002, 0.8)).isEqualTo(2);
    }

    @Test
    void outliersAreFarFromTheMedian() {
        assertThat(Outliers.count(100, 101, 99, 100.5, 99.5, 130)).isEqualTo(1);
        assertThat(Outliers.count(100, 101, 99, 100.5, 99.5, 105)).isZero();
        assertThat(Outliers.count(1, 1, 1, 1, 1, 1.0001)).isEqualTo(1);
        assertThat(Outliers.count(1, 100)).isZero();
    }

    @Test
    void percentilesNeedAHundredValuesBeyond() {
        assertThat(Percentiles.shown(1_000_000, 0.9999)).isTrue();
        assertThat(Percentiles.shown(999_999, 0.9999)).isFalse();
        assertThat(Percentiles.shown(200, 0.5)).isTrue();
    }

    @Test
    void changePointsAreFoundWhereTheyWerePlanted() {
        double[] series = normal(30, 100, 1);
        for (int i = 12; i < 30; i++) {
            series[i] += 6;
        }
        for (int i = 22; i < 30; i++) {
            series[i] -= 4;
        }
        assertThat(ChangePoints.find(series, 0.001)).containsExactly(12, 22);
    }

    @Test
    void noChangeIsFoundInNoiseInASpikeOrInAShortSeries() {
        int found = 0;
        for (int trial = 0; trial < 300; trial++) {
            found += ChangePoints.find(normal(25, 100, 1), 0.001).size();
        }
        // The proposed point is the best of twenty, so the level of one test is not that of the search.
        assertThat(found).isLessThanOrEqualTo(9);
        double[] spike = normal(20, 100, 1);
        spike[9] = 300;
        assertThat(ChangePoints.find(spike, 0.001)).isEmpty();
        assertThat(ChangePoints.find(new double[] {1, 1, 1, 1, 9, 9, 9, 9, 9}, 0.001))
                .isEmpty();
    }

    @Test
    void simultaneousBandHoldsTogetherAndIsNarrowerThanACorrectedOne() {
        int misses = 0;
        int trials = 100;
        double wider = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[][] blocks = new double[20][5];
            for (double[] block : blocks) {
                double shared = gaussian();
                Arrays.setAll(block, i -> shared + 0.3 * gaussian());
            }
            Interval[] band = SimultaneousBand.of(blocks, 0.95, trial);
            misses += Arrays.stream(band).anyMatch(i -> i.low() > 0 || i.high() < 0) ? 1 : 0;
            double[] first =
                    Arrays.stream(blocks).mapToDouble(block -> block[0]).toArray();
            Interval corrected = StudentT.interval(first, 1 - 0.05 / 5);
            wider += (corrected.high() - corrected.low()) / (band[0].high() - band[0].low()) / trials;
        }
        assertThat(misses).isBetween(1, 12);
        assertThat(wider).isGreaterThan(1.05);
        assertThat(SimultaneousBand.of(new double[3][2], 0.95, 1)[0].bounded()).isFalse();
        assertThat(List.of(SimultaneousBand.of(new double[0][0], 0.95, 1))).isEmpty();
    }
}
