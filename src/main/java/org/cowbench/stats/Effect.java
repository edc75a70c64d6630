package org.cowbench.stats;

import java.util.Arrays;

/**
 * The difference between two sides, measured one way or the other: on the logarithmic scale, except where a side may be
 * zero or less ({@link #difference}, or {@link #paired} of plain differences).
 *
 * @param test which test gave p
 * @param change ln(head / base), with the interval at the rule's confidence
 * @param strict the same with the interval at the confidence that sameness asks for
 * @param p two-sided, of the hypothesis of no difference, not corrected; NaN when there are too few values
 * @param check the same effect as a second method sees it: mean and t interval of the paired values; for independent
 *     forks the t interval of the difference of mean logarithms; NaN when there are too few values
 * @param units how many independent values the effect rests on: blocks or pairs, or forks of the smaller side
 * @param degrees degrees of freedom of the test that each unit but the first adds: 1 when paired, Welch's otherwise
 */
public record Effect(Test test, Interval change, Interval strict, double p, Interval check, int units, double degrees) {

    /** Tests by which an effect is judged. */
    public enum Test {
        /** Exact Wilcoxon signed-rank over blocks or pairs, Hodges-Lehmann estimate. */
        SIGNED_RANK("signed-rank"),
        /** Student's t over blocks or pairs, where ranks of so few cannot reach the level. */
        PAIRED_T("paired t"),
        /** Fieller's interval and Welch's t over forks of two separate runs. */
        FIELLER("Fieller"),
        /** Welch's t with its interval over the plain values of forks of two separate runs. */
        WELCH("Welch"),
        /** None: too few values. */
        NONE("none");

        private final String text;

        Test(String text) {
            this.text = text;
        }

        /**
         * The name as reports print it.
         *
         * @return the name
         */
        public String text() {
            return text;
        }
    }

    /**
     * Measures from paired values.
     *
     * @param differences one ln(head / base) a block or pair
     * @param rule the levels
     * @param rowLevel level that the correction for many rows leaves for this row; ranks are used when their p values
     *     can reach it
     * @return the effect
     */
    public static Effect paired(double[] differences, Rule rule, double rowLevel) {
        return paired(differences, Strata.one(differences.length), rule, rowLevel);
    }

    /**
     * Measures from paired values of several strata.
     *
     * @param differences one ln(head / base) a block or pair
     * @param strata the stratum of each, such as the machine it is of
     * @param rule the levels
     * @param rowLevel level that the correction for many rows leaves for this row
     * @return the effect: the mean of the strata's
     */
    public static Effect paired(double[] differences, Strata strata, Rule rule, double rowLevel) {
        int n = differences.length;
        double[] means = strata.centred(differences);
        Interval check = StudentT.interval(means, strata.count(), rule.confidence());
        if (n < 2) {
            Interval point = Interval.point(n == 0 ? Double.NaN : differences[0], n);
            return new Effect(Test.NONE, point, point, Double.NaN, check, n, 1);
        }
        SignedRank ranks = SignedRank.of(
                strata.aligned(differences, values -> SignedRank.of(values).estimate()));
        Interval strictRanks = ranks.interval(rule.sameConfidence());
        if (SignedRank.smallestP(n) <= rowLevel) {
            Interval strict = strictRanks.bounded()
                    ? strictRanks
                    : StudentT.interval(means, strata.count(), rule.sameConfidence());
            return new Effect(Test.SIGNED_RANK, ranks.interval(rule.confidence()), strict, ranks.p(), check, n, 1);
        }
        return new Effect(
                Test.PAIRED_T,
                check,
                StudentT.interval(means, strata.count(), rule.sameConfidence()),
                StudentT.p(means, strata.count()),
                check,
                n,
                1);
    }

    /**
     * Measures from independent forks.
     *
     * @param base positive values, one a fork
     * @param head positive values, one a fork
     * @param rule the levels
     * @return the effect; without bounds when a side has fewer than two forks
     */
    public static Effect unpaired(double[] base, double[] head, Rule rule) {
        Interval ratio = Fieller.ratio(head, base, rule.confidence());
        int units = Math.min(base.length, head.length);
        double[] logBase = Arrays.stream(base).map(StrictMath::log).toArray();
        double[] logHead = Arrays.stream(head).map(StrictMath::log).toArray();
        return new Effect(
                units >= 2 ? Test.FIELLER : Test.NONE,
                log(ratio),
                log(Fieller.ratio(head, base, rule.sameConfidence())),
                StudentT.welch(logBase, logHead),
                StudentT.welchInterval(logBase, logHead, rule.confidence()),
                units,
                degrees(logBase, logHead));
    }

    /**
     * Measures the difference of means of independent forks, where there is no logarithm.
     *
     * @param base values, one a fork
     * @param head values, one a fork
     * @param rule the levels
     * @return the effect, not on the logarithmic scale; without bounds when a side has fewer than two forks
     */
    public static Effect difference(double[] base, double[] head, Rule rule) {
        int units = Math.min(base.length, head.length);
        Interval shown = StudentT.welchInterval(base, head, rule.confidence());
        return new Effect(
                units >= 2 ? Test.WELCH : Test.NONE,
                shown,
                StudentT.welchInterval(base, head, rule.sameConfidence()),
                StudentT.welch(base, head),
                shown,
                units,
                degrees(base, head));
    }

    private static double degrees(double[] base, double[] head) {
        int units = Math.min(base.length, head.length);
        return units < 2 ? 1 : StudentT.welchDegrees(base, head) / (units - 1.0);
    }

    private static Interval log(Interval ratio) {
        double low = ratio.low() > 0 ? StrictMath.log(ratio.low()) : Double.NaN;
        return new Interval(
                StrictMath.log(ratio.estimate()),
                low,
                Double.isNaN(low) ? Double.NaN : StrictMath.log(ratio.high()),
                ratio.count());
    }

    /**
     * The standard deviation of one unit as the interval implies it. Unlike the deviation of the values it is not blown
     * up by the few disturbed ones that the ranks withstand.
     *
     * @param confidence level of {@link #change()}
     * @return deviation on the logarithmic scale; NaN without an interval
     */
    public double deviation(double confidence) {
        if (!change.bounded() || units < 2) {
            return Double.NaN;
        }
        double half = (change.high() - change.low()) / 2;
        return half * Math.sqrt(units) / StudentT.quantile((1 + confidence) / 2, units - 1.0);
    }

    /**
     * The smallest effect that so many units would have called a difference, with a power of {@link Rule#POWER}.
     *
     * @param rule the levels
     * @param rowLevel level that the correction for many rows leaves for this row
     * @return a relative difference, such as 0.03; NaN without an interval
     */
    public double detectable(Rule rule, double rowLevel) {
        double deviation = deviation(rule.confidence());
        double margin = Power.detectable(deviation, units, degrees, rowLevel, Rule.POWER);
        double beyond = rule.logBound() + Power.detectable(deviation, units, 1, 1 - rule.confidence(), Rule.POWER);
        return StrictMath.expm1(Math.max(margin, beyond));
    }

    /**
     * The number of units that would decide a row, were its true effect the one observed: enough to lie beyond the
     * bound, or within it, with a power of {@link Rule#POWER}.
     *
     * @param rule the levels
     * @param rowLevel level that the correction for many rows leaves for this row
     * @return a number of units of the kind that {@link #units()} counts; {@link Power#MOST_BLOCKS} + 1 when it is more
     *     than that, as it is where the effect lies on the bound; -1 without an interval
     */
    public int unitsNeeded(Rule rule, double rowLevel) {
        double deviation = deviation(rule.confidence());
        if (Double.isNaN(deviation)) {
            return -1;
        }
        double effect = Math.abs(change.estimate());
        double limit = rule.logBound();
        int most = Power.MOST_BLOCKS + 1;
        int beyond = effect <= limit
                ? most
                : Math.max(
                        Power.units(deviation, effect - limit, 1, 1 - rule.confidence(), Rule.POWER),
                        Power.units(deviation, effect, degrees, rowLevel, Rule.POWER));
        int within = Power.unitsWithin(deviation, effect, limit, 1 - rule.sameConfidence(), Rule.POWER);
        // Ranks of fewer values cannot reach the levels, however small the deviation.
        int least = test == Test.FIELLER ? 2 : SignedRank.countFor(rowLevel);
        return Math.max(Math.min(beyond, within), least);
    }

    /**
     * Whether the values are too noisy for the question that the rule asks.
     *
     * @param rule the levels and the bound
     * @return true when even {@link Power#MOST_BLOCKS} units that vary as these do would leave an interval that is
     *     wider than the bound; false without an interval
     */
    public boolean tooNoisy(Rule rule) {
        int most = Power.MOST_BLOCKS;
        double half = StudentT.quantile((1 + rule.confidence()) / 2, most - 1.0)
                * deviation(rule.confidence())
                / Math.sqrt(most);
        return half > rule.logBound();
    }
}
