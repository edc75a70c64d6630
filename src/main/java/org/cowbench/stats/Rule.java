package org.cowbench.stats;

/**
 * When a difference is called one. All is fixed before the data are seen, and printed with them.
 *
 * <p>A difference is called when its corrected p value is at most {@code level} <em>and</em> its interval lies wholly
 * beyond {@code bound}: an effect that is real but smaller than anybody cares for is not called. Sameness is called
 * when a stricter interval lies wholly within the bound. Everything else is inconclusive. One bound serves both, so a
 * true effect of exactly the bound is called a difference with a probability of at most half the interval's error, and
 * called the same with at most half of {@code 1 - sameConfidence}.
 *
 * @param level error rate of the whole family of gated rows, such as 0.01
 * @param bound smallest relative difference that matters, such as 0.01 for 1 %
 * @param confidence level of the interval that is shown and must lie beyond the bound
 * @param sameConfidence level of the interval that must lie within the bound
 */
public record Rule(double level, double bound, double confidence, double sameConfidence) {
    /** Probability of a call that "would be seen" and "would decide" refer to. */
    public static final double POWER = 0.8;

    /** The defaults: 1 % for the family, a bound of 1 %, a 95 % interval, a 99.8 % interval for sameness. */
    public static final Rule DEFAULT = new Rule(0.01, 0.01, 0.95, 0.998);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Rule {
        if (!(level > 0
                && level < 1
                && bound > 0
                && bound < 1
                && confidence > 0
                && confidence < 1
                && sameConfidence > 0
                && sameConfidence < 1)) {
            throw new IllegalArgumentException("level, bound and confidences must lie between 0 and 1");
        }
    }

    /**
     * The rule of each of several looks at growing data, of which the first that decides ends the measurement: level and
     * intervals' errors in equal parts (Bonferroni). Whenever it ends, each error is then at most as probable as under
     * this rule with one look; looks share their data, so it is less.
     *
     * @param looks how many looks are planned
     * @return the rule of one of them; this one where there is one
     */
    public Rule perLook(int looks) {
        return looks == 1
                ? this
                : new Rule(level / looks, bound, 1 - (1 - confidence) / looks, 1 - (1 - sameConfidence) / looks);
    }

    /**
     * The bound on the logarithmic scale.
     *
     * @return ln(1 + bound)
     */
    public double logBound() {
        return StrictMath.log1p(bound);
    }

    /**
     * Judges an effect.
     *
     * @param effect what was measured; on the logarithmic scale
     * @param adjusted its p value, corrected for the family
     * @param lowerIsBetter whether a ratio below 1 is an improvement
     * @return the verdict
     */
    public Verdict judge(Effect effect, double adjusted, boolean lowerIsBetter) {
        return judge(effect, adjusted, lowerIsBetter, logBound());
    }

    /**
     * Judges an effect on any scale.
     *
     * @param effect what was measured
     * @param adjusted its p value, corrected for the family
     * @param lowerIsBetter whether an effect below 0 is an improvement
     * @param limit smallest effect that matters, on the scale of the effect; 0 where any does
     * @return the verdict
     */
    public Verdict judge(Effect effect, double adjusted, boolean lowerIsBetter, double limit) {
        Interval shown = effect.change();
        if (adjusted <= level && shown.bounded() && (shown.low() > limit || shown.high() < -limit)) {
            return shown.low() > 0 == lowerIsBetter ? Verdict.SLOWER : Verdict.FASTER;
        }
        Interval strict = effect.strict();
        boolean within = strict.bounded() && strict.low() >= -limit && strict.high() <= limit;
        return within ? Verdict.SAME : Verdict.INCONCLUSIVE;
    }
}
