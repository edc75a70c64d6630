package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of several machines: what machines differ by neither widens an interval nor moves a test. */
class StrataTest {
    private static final double EXACT = 1e-12;

    @Test
    void whatDiffersBetweenMachinesWidensNothing() {
        double[] values = new double[24];
        int[] machines = new int[values.length];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < values.length; i++) {
            machines[i] = i % 3;
            values[i] = 0.05 + 0.04 * (machines[i] - 1) + 0.01 * random.nextGaussian();
        }
        Effect of = Effect.paired(values, Strata.of(machines), Rule.DEFAULT, 0.01);
        Effect pooled = Effect.paired(values, Rule.DEFAULT, 0.01);
        assertThat(of.test()).isEqualTo(Effect.Test.SIGNED_RANK);
        assertThat(of.units()).isEqualTo(24);
        for (Interval interval : new Interval[] {of.change(), of.check()}) {
            assertThat(interval.estimate()).isCloseTo(0.05, within(0.01));
            assertThat(interval.high() - interval.low())
                    .isLessThan((pooled.change().high() - pooled.change().low()) / 2);
        }
    }

    /** Two machines of three blocks each, by hand: centres 2 and 11, all at 6.5, and what is left times the root of 1.5. */
    @Test
    void strataAreMovedToTheirMean() {
        double stretch = Math.sqrt(1.5);
        assertThat(Strata.of(1, 2, 1, 2, 1, 2).aligned(new double[] {1, 10, 2, 11, 3, 12}, Forks::mean))
                .containsExactly(
                        new double[] {6.5 - stretch, 6.5 - stretch, 6.5, 6.5, 6.5 + stretch, 6.5 + stretch},
                        within(EXACT));
    }

    /** By hand: medians 2 and 20, all at 11; what is far off beside its own stratum's stays so. */
    @Test
    void aValueIsAsFarOffAsBesideItsOwnStratum() {
        assertThat(Strata.of(1, 2, 1, 2, 1, 2).levelled(1, 19, 2, 20, 300, 21))
                .containsExactly(new double[] {10, 10, 11, 11, 309, 12}, within(EXACT));
        assertThat(Strata.of(1, 2, 1, 2).levelled(1, 19, 2, 20))
                .as("two of a stratum say nothing of it")
                .containsExactly(1, 19, 2, 20);
    }

    /** By hand: what is left has a variance of 4 / (6 - 2), and t with four degrees of freedom is 2.776 at 95 %. */
    @Test
    void meansHaveADegreeOfFreedomLessAMachine() {
        Effect effect = Effect.paired(new double[] {1, 10, 2, 11, 3, 12}, Strata.of(1, 2, 1, 2, 1, 2), Rule.DEFAULT, 0);
        assertThat(effect.test()).isEqualTo(Effect.Test.PAIRED_T);
        assertThat(effect.change().estimate()).isCloseTo(6.5, within(EXACT));
        assertThat(effect.change().high() - 6.5).isCloseTo(2.7764 / Math.sqrt(6), within(1e-4));
    }

    /** Far out too, where a correction for many rows takes a test. */
    @Test
    void theLevelIsKeptFarOut() {
        SplittableRandom random = new SplittableRandom(13);
        Strata strata = Strata.of(0, 1, 0, 1, 0, 1);
        int runs = 20_000;
        long called = IntStream.range(0, runs)
                .filter(run -> Effect.paired(
                                        IntStream.range(0, 6)
                                                .mapToDouble(i -> random.nextGaussian())
                                                .toArray(),
                                        strata,
                                        Rule.DEFAULT,
                                        0)
                                .p()
                        <= 0.002)
                .count();
        assertThat(called / (double) runs).isBetween(0.001, 0.0033);
    }

    /** Few blocks of a machine tell nothing of where it lies: then machines are part of what varies. */
    @Test
    void aSmallStratumMakesAllOne() {
        double[] values = {0.1, 0.2, 0.15, 0.3, 0.25, 0.1};
        for (int[] machines : new int[][] {{0, 1, 2, 3, 4, 5}, {0, 1, 0, 1, 0, 0}, {5, 5, 5, 5, 5, 5}}) {
            assertThat(Strata.of(machines).aligned(values, Forks::mean)).containsExactly(values);
            assertThat(Effect.paired(values, Strata.of(machines), Rule.DEFAULT, 0.05))
                    .isEqualTo(Effect.paired(values, Rule.DEFAULT, 0.05));
        }
    }

    /** Whatever machines add, and with as few blocks a machine as there may be, the interval holds and the test errs rarely. */
    @ParameterizedTest
    @CsvSource({"3, 2", "3, 3", "7, 3", "3, 8", "12, 2"})
    void theLevelIsKept(int blocks, int machines) {
        SplittableRandom random = new SplittableRandom(11);
        int[] of = IntStream.range(0, blocks * machines).map(i -> i % machines).toArray();
        int runs = 3000;
        int ranks = 0;
        int means = 0;
        int called = 0;
        for (int run = 0; run < runs; run++) {
            double[] values = Arrays.stream(of)
                    .mapToDouble(machine -> 4 * (machine - (machines - 1) / 2.0) + random.nextGaussian())
                    .toArray();
            Effect effect = Effect.paired(values, Strata.of(of), Rule.DEFAULT, 0.05);
            called += effect.p() <= 0.05 ? 1 : 0;
            ranks += effect.change().low() <= 0 && effect.change().high() >= 0 ? 1 : 0;
            means += effect.check().low() <= 0 && effect.check().high() >= 0 ? 1 : 0;
        }
        assertThat(called / (double) runs).isLessThan(0.06);
        assertThat(ranks / (double) runs).isBetween(0.935, 0.99);
        assertThat(means / (double) runs).isBetween(0.935, 0.985);
    }
}
