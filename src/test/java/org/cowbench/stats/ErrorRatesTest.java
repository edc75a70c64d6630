package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often the rule is wrong and how often it sees a planted effect, on simulated runs: ABBA blocks, log-normal forks,
 * a random-walk drift and, where stated, forks hit by a neighbour. The same study on a real machine is
 * {@code ab --self}.
 */
@Tag("slow")
class ErrorRatesTest {
    private static final long SEED = 20220113;

    private final SplittableRandom random = new SplittableRandom(SEED);

    private double gaussian() {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    /**
     * One value a block: head minus base of a mirrored quadruple whose direction is drawn at random.
     *
     * @param effect true ln(head / base)
     * @param noise deviation of a fork
     * @param walk deviation of the drift from fork to fork
     * @param spikes share of forks that a neighbour slows by 5 to 25 %
     */
    private double[] blocks(int count, double effect, double noise, double walk, double spikes) {
        double[] d = new double[count];
        double drift = 0;
        for (int b = 0; b < count; b++) {
            boolean headFirst = random.nextBoolean();
            double sum = 0;
            for (int position = 0; position < 4; position++) {
                drift += walk * gaussian();
                boolean head = (position == 0 || position == 3) == headFirst;
                double value = drift + noise * gaussian() + (head ? effect : 0);
                if (random.nextDouble() < spikes) {
                    value += 0.05 + 0.2 * random.nextDouble();
                }
                sum += head ? value : -value;
            }
            d[b] = sum / 2;
        }
        return d;
    }

    private int[] verdicts(int trials, int blocks, double effect, double noise, double walk, double spikes) {
        int[] counts = new int[Verdict.values().length];
        for (int trial = 0; trial < trials; trial++) {
            Effect measured =
                    Effect.paired(blocks(blocks, effect, noise, walk, spikes), Rule.DEFAULT, Rule.DEFAULT.level());
            counts[Rule.DEFAULT.judge(measured, measured.p(), true).ordinal()]++;
        }
        return counts;
    }

    private static int wrong(int[] counts) {
        return counts[Verdict.FASTER.ordinal()] + counts[Verdict.SLOWER.ordinal()];
    }

    @Test
    void noDifferenceIsCalledWhereThereIsNone() {
        // 1 % is allowed; the bound keeps it far below. Drift of 1 % a fork, and a tenth of the forks disturbed.
        for (int blocks : new int[] {3, 5, 10, 20}) {
            assertThat(wrong(verdicts(1000, blocks, 0, 0.02, 0, 0)))
                    .as("%d blocks", blocks)
                    .isLessThanOrEqualTo(10);
            assertThat(wrong(verdicts(1000, blocks, 0, 0.02, 0.01, 0.1)))
                    .as("%d blocks", blocks)
                    .isLessThanOrEqualTo(10);
        }
    }

    @Test
    void anEffectOfThreePerCentIsSeenInTwentyBlocks() {
        assertThat(verdicts(500, 20, Math.log(1.03), 0.02, 0.01, 0)[Verdict.SLOWER.ordinal()])
                .isGreaterThanOrEqualTo(450);
        assertThat(verdicts(500, 20, -Math.log(1.03), 0.02, 0.01, 0)[Verdict.FASTER.ordinal()])
                .isGreaterThanOrEqualTo(450);
    }

    @Test
    void anEffectOfTheBoundIsNeverCalledSame() {
        // The bound itself is the worst place. Noise from "decides at once" to "decides nothing".
        for (double noise : new double[] {0.001, 0.003, 0.006, 0.01, 0.02}) {
            for (int blocks : new int[] {10, 20}) {
                assertThat(verdicts(1000, blocks, Math.log(1.01), noise, 0, 0)[Verdict.SAME.ordinal()])
                        .as("noise %s, %d blocks", noise, blocks)
                        .isLessThanOrEqualTo(5);
            }
        }
    }

    @Test
    void sameIsCalledWhereTheNoiseAllowsIt() {
        assertThat(verdicts(500, 20, 0, 0.006, 0, 0)[Verdict.SAME.ordinal()]).isGreaterThanOrEqualTo(450);
    }

    @Test
    void manyRowsDoNotAddUp() {
        int families = 0;
        for (int family = 0; family < 200; family++) {
            int rows = 50;
            Effect[] effects = new Effect[rows];
            for (int r = 0; r < rows; r++) {
                effects[r] = Effect.paired(blocks(20, 0, 0.05, 0, 0), Rule.DEFAULT, Rule.DEFAULT.level() / rows);
            }
            double[] adjusted = Multiplicity.holm(
                    Arrays.stream(effects).mapToDouble(Effect::p).toArray());
            boolean any = false;
            for (int r = 0; r < rows; r++) {
                Verdict verdict = Rule.DEFAULT.judge(effects[r], adjusted[r], true);
                any |= verdict == Verdict.FASTER || verdict == Verdict.SLOWER;
            }
            families += any ? 1 : 0;
        }
        // The expected count is 2 at most; 8 would be four standard deviations more.
        assertThat(families).isLessThanOrEqualTo(7);
    }

    @Test
    void ranksKeepTheirPowerWhereNeighboursDisturb() {
        int ranks = 0;
        int student = 0;
        for (int trial = 0; trial < 300; trial++) {
            double[] d = new double[20];
            Arrays.setAll(d, i -> 0.03 + 0.015 * gaussian() + (random.nextInt(8) == 0 ? 0.3 * gaussian() : 0));
            ranks += SignedRank.of(d).p() <= 0.01 ? 1 : 0;
            student += StudentT.p(d) <= 0.01 ? 1 : 0;
        }
        assertThat(ranks).isGreaterThan(student + 30);
    }

    @Test
    void whatWouldDecideDecides() {
        Effect noisy = Effect.paired(blocks(10, 0.03, 0.05, 0, 0), Rule.DEFAULT, 0.01);
        int needed = noisy.unitsNeeded(Rule.DEFAULT, 0.01);
        assertThat(needed).isBetween(10, 400);
        double deviation = noisy.deviation(Rule.DEFAULT.confidence());
        // A block is the mean of two differences of forks, so it deviates as much as a fork.
        int[] decided = verdicts(200, needed, noisy.change().estimate(), deviation, 0, 0);
        assertThat(200 - decided[Verdict.INCONCLUSIVE.ordinal()]).isGreaterThan(120);
        assertThat(noisy.detectable(Rule.DEFAULT, 0.01)).isBetween(0.02, 0.2);
    }

    @Test
    void whatWouldDecideSamenessDecidesIt() {
        // Blocks deviate as forks do. An effect of nothing is the hardest: both bounds can be missed.
        for (double effect : new double[] {0, 0.002, 0.005}) {
            int needed =
                    Power.unitsWithin(0.01, effect, Rule.DEFAULT.logBound(), 1 - Rule.DEFAULT.sameConfidence(), 0.8);
            int same = verdicts(1000, needed, effect, 0.01, 0, 0)[Verdict.SAME.ordinal()];
            assertThat(same).as("effect %s, %d blocks", effect, needed).isBetween(740, 900);
        }
    }

    @Test
    void whatSeparateRunsCouldHaveSeenIsSeen() {
        // Ranks play no part here: five forks a side can decide, and Welch's test has more freedom than one side.
        double[] base = {100, 101, 99, 100.5, 99.5};
        double[] head = {104, 105, 103, 104.5, 103.5};
        Effect effect = Effect.unpaired(base, head, Rule.DEFAULT);
        assertThat(effect.degrees()).isBetween(1.9, 2.0);
        assertThat(effect.unitsNeeded(Rule.DEFAULT, 0.01)).isLessThan(SignedRank.countFor(0.01));
        double seen = effect.detectable(Rule.DEFAULT, 0.01);
        int called = 0;
        for (int trial = 0; trial < 1000; trial++) {
            double[] one = new double[5];
            double[] other = new double[5];
            double deviation = effect.deviation(Rule.DEFAULT.confidence()) / Math.sqrt(2);
            Arrays.setAll(one, i -> 100 * Math.exp(deviation * gaussian()));
            Arrays.setAll(other, i -> 100 * (1 + seen) * Math.exp(deviation * gaussian()));
            Effect again = Effect.unpaired(one, other, Rule.DEFAULT);
            called += Rule.DEFAULT.judge(again, again.p(), true) == Verdict.SLOWER ? 1 : 0;
        }
        assertThat(called).isBetween(740, 930);
    }

    @Test
    void valuesThatNoNumberOfBlocksWouldDecideAreTooNoisy() {
        assertThat(Effect.paired(blocks(20, 0, 0.05, 0, 0), Rule.DEFAULT, 0.01).tooNoisy(Rule.DEFAULT))
                .isFalse();
        assertThat(Effect.paired(blocks(20, 0, 0.6, 0, 0), Rule.DEFAULT, 0.01).tooNoisy(Rule.DEFAULT))
                .isTrue();
        assertThat(Effect.paired(new double[] {0.1}, Rule.DEFAULT, 0.01).tooNoisy(Rule.DEFAULT))
                .isFalse();
    }

    @Test
    void valuesWithoutALogarithmAreJudgedByTheirDifference() {
        double[] zeros = {0, 0, 0, 0, 0};
        Effect equal = Effect.difference(zeros, zeros, Rule.DEFAULT);
        assertThat(Rule.DEFAULT.judge(equal, equal.p(), true, 0)).isEqualTo(Verdict.SAME);
        Effect more = Effect.difference(zeros, new double[] {0.5, 0.51, 0.49, 0.5, 0.5}, Rule.DEFAULT);
        assertThat(more.test()).isEqualTo(Effect.Test.WELCH);
        assertThat(Rule.DEFAULT.judge(more, more.p(), true, 0)).isEqualTo(Verdict.SLOWER);
        assertThat(Rule.DEFAULT.judge(more, more.p(), false, 0)).isEqualTo(Verdict.FASTER);
        assertThat(Rule.DEFAULT.judge(more, more.p(), true, 1)).isEqualTo(Verdict.SAME);
    }

    @Test
    void tooFewBlocksForRanksFallBackToStudent() {
        assertThat(Effect.paired(new double[] {0.1, 0.11, 0.1}, Rule.DEFAULT, 0.01)
                        .test())
                .isEqualTo(Effect.Test.PAIRED_T);
        assertThat(Effect.paired(blocks(8, 0, 0.01, 0, 0), Rule.DEFAULT, 0.01).test())
                .isEqualTo(Effect.Test.SIGNED_RANK);
        assertThat(Effect.paired(new double[] {0.1}, Rule.DEFAULT, 0.01)).satisfies(effect -> {
            assertThat(effect.test()).isEqualTo(Effect.Test.NONE);
            assertThat(Rule.DEFAULT.judge(effect, effect.p(), true)).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(effect.unitsNeeded(Rule.DEFAULT, 0.01)).isEqualTo(-1);
            assertThat(effect.detectable(Rule.DEFAULT, 0.01)).isNaN();
        });
    }

    @Test
    void separateRunsAreComparedByFieller() {
        double[] base = {100, 101, 99, 100.5, 99.5};
        double[] head = {110, 111, 109, 110.5, 109.5};
        Effect effect = Effect.unpaired(base, head, Rule.DEFAULT);
        assertThat(effect.test()).isEqualTo(Effect.Test.FIELLER);
        assertThat(Rule.DEFAULT.judge(effect, effect.p(), true)).isEqualTo(Verdict.SLOWER);
        assertThat(Rule.DEFAULT.judge(effect, effect.p(), false)).isEqualTo(Verdict.FASTER);
        assertThat(Rule.DEFAULT.judge(Effect.unpaired(base, new double[] {110}, Rule.DEFAULT), Double.NaN, true))
                .isEqualTo(Verdict.INCONCLUSIVE);
    }
}
