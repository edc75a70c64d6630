package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Error rates of a session that may end at several looks, simulated, with {@link Rule#perLook} and without: families of
 * scores grow block by block, and the first look at which every score is decided is the one that counts.
 */
@Tag("slow")
class SequentialRatesTest {
    private static final List<Integer> LOOKS = List.of(4, 8, 12, 20);
    private static final int SCORES = 5;
    private static final int TRIALS = 2000;

    private final SplittableRandom random = new SplittableRandom(20220113);

    private double gaussian() {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    /** Verdicts of a family at the look that ends it. */
    private Verdict[] session(Rule rule, int scores, DoubleSupplier pair) {
        double[][] pairs = new double[scores][2 * LOOKS.getLast()];
        for (double[] score : pairs) {
            Arrays.setAll(score, i -> pair.getAsDouble());
        }
        Verdict[] verdicts = new Verdict[scores];
        for (int blocks : LOOKS) {
            Effect[] effects = new Effect[scores];
            for (int i = 0; i < scores; i++) {
                effects[i] = Effect.paired(units(pairs[i], blocks, rule.level() / scores), rule, rule.level() / scores);
            }
            double[] adjusted = Multiplicity.holm(
                    Arrays.stream(effects).mapToDouble(Effect::p).toArray());
            for (int i = 0; i < scores; i++) {
                verdicts[i] = rule.judge(effects[i], adjusted[i], true);
            }
            if (!Arrays.asList(verdicts).contains(Verdict.INCONCLUSIVE)) {
                break;
            }
        }
        return verdicts;
    }

    /** Blocks, or the pairs of blocks that are too few for ranks, as comparisons choose. */
    private static double[] units(double[] pairs, int blocks, double level) {
        double[] split = Arrays.copyOf(pairs, 2 * blocks);
        double[] whole = new double[blocks];
        Arrays.setAll(whole, b -> (split[2 * b] + split[2 * b + 1]) / 2);
        return SignedRank.smallestP(blocks) > level ? split : whole;
    }

    /** Share of sessions in which any score got one of the verdicts. */
    private double rate(Rule rule, int scores, DoubleSupplier pair, Verdict... wrong) {
        int sessions = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Verdict[] verdicts = session(rule, scores, pair);
            sessions += Arrays.stream(verdicts).anyMatch(Arrays.asList(wrong)::contains) ? 1 : 0;
        }
        return (double) sessions / TRIALS;
    }

    @Test
    void theLevelHoldsWhereOnlyItStandsBetweenNoiseAndACall() {
        // No bound to speak of, one score: nothing but the level keeps a chance difference from ending a session.
        Rule bare = new Rule(0.05, 1e-9, 0.95, 0.95);
        double naive = rate(bare, 1, this::gaussian, Verdict.FASTER, Verdict.SLOWER);
        double spent = rate(bare.perLook(LOOKS.size()), 1, this::gaussian, Verdict.FASTER, Verdict.SLOWER);
        System.out.printf("sequential, no difference: %.3f called without a correction, %.3f with%n", naive, spent);
        assertThat(naive).as("looking again and again at the whole level").isGreaterThan(0.08);
        assertThat(spent).isLessThanOrEqualTo(0.05).isPositive();
    }

    @Test
    void anEffectOfTheBoundIsRarelyCalledTheSame() {
        // Errors of 20 %, of which half is on this side; noise at which looks differ in what they decide.
        Rule bare = new Rule(0.01, 0.01, 0.95, 0.8);
        DoubleSupplier atTheBound = () -> bare.logBound() + 0.005 * gaussian();
        double naive = rate(bare, 1, atTheBound, Verdict.SAME);
        double spent = rate(bare.perLook(LOOKS.size()), 1, atTheBound, Verdict.SAME);
        System.out.printf(
                "sequential, effect of the bound: %.3f called same without a correction, %.3f with%n", naive, spent);
        assertThat(naive).isGreaterThan(0.12);
        assertThat(spent).isLessThanOrEqualTo(0.1).isPositive();
    }

    @Test
    void aKernelAgainstItselfIsNotCalledDifferent() {
        Rule rule = Rule.DEFAULT.perLook(LOOKS.size());
        // Counts that mostly repeat; one boot in ten goes another way by 2 %; and a scatter as wide as the bound.
        DoubleSupplier modes = () -> (random.nextInt(10) == 0 ? 0.02 : 0) - (random.nextInt(10) == 0 ? 0.02 : 0);
        assertThat(rate(rule, SCORES, modes, Verdict.FASTER, Verdict.SLOWER)).isLessThanOrEqualTo(0.01);
        assertThat(rate(rule, SCORES, () -> 0.01 * gaussian(), Verdict.FASTER, Verdict.SLOWER))
                .isLessThanOrEqualTo(0.01);
        assertThat(rate(rule, SCORES, () -> 0.05 * gaussian(), Verdict.FASTER, Verdict.SLOWER))
                .isLessThanOrEqualTo(0.01);
    }

    @Test
    void onlyTheErrorsAreDivided() {
        assertThat(Rule.DEFAULT.perLook(1)).isSameAs(Rule.DEFAULT);
        Rule rule = Rule.DEFAULT.perLook(4);
        assertThat(rule.level()).isEqualTo(0.0025);
        assertThat(rule.confidence()).isEqualTo(0.9875);
        assertThat(rule.sameConfidence()).isEqualTo(0.9995);
        assertThat(rule.bound()).isEqualTo(Rule.DEFAULT.bound());
    }
}
