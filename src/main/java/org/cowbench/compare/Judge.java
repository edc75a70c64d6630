package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Replicate;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.policy.Property;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Effect;
import org.cowbench.stats.EffectSize;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Power;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/** Gives each draft its verdict. */
final class Judge {
    /** Relative difference that tables show. */
    private static final double SEEN = 0.0005;

    private final Rule rule;
    private final boolean gateUnpaired;
    private final SeriesNames names;
    private final List<ResultDirectory> runs;

    /**
     * A judge of one comparison.
     *
     * @param rule the levels and the bound
     * @param gateUnpaired whether times of separate runs are gated
     * @param names what benchmarks are called
     * @param runs where was measured, for what is declared there of the policies
     */
    Judge(Rule rule, boolean gateUnpaired, SeriesNames names, List<ResultDirectory> runs) {
        this.rule = rule;
        this.gateUnpaired = gateUnpaired;
        this.names = names;
        this.runs = runs;
    }

    /** What a row's numbers come from: the effect, its test, and what more forks would show. */
    private record Figures(
            Interval change,
            Interval strict,
            Interval check,
            Effect.Test test,
            Replicate replicate,
            int units,
            double p,
            double adjusted,
            double detectable,
            int needed) {

        /** Of values that need no estimate. */
        static Figures exactly(double change, int forks, int units) {
            Interval exactly = new Interval(change, change, change, forks);
            return new Figures(
                    exactly,
                    exactly,
                    exactly,
                    Effect.Test.NONE,
                    Replicate.FORK,
                    units,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    -1);
        }

        /** Of values that vary so much that none is given. */
        static Figures withheld(Effect effect, Replicate replicate) {
            Interval none = Interval.point(Double.NaN, effect.units());
            return new Figures(
                    none, none, none, effect.test(), replicate, effect.units(), Double.NaN, Double.NaN, Double.NaN, -1);
        }
    }

    /**
     * Judges.
     *
     * @param drafts all rows of a comparison, for they are corrected together
     * @param valid whether the session may be believed at all; nothing is called where not
     * @return a row each, in order
     */
    List<Row> rows(List<Draft> drafts, boolean valid) {
        IdentityHashMap<Draft, Tested> tested = Tested.of(drafts, rule);
        List<Row> rows = new ArrayList<>();
        drafts.forEach(draft -> rows.add(
                draft.kind() == Kind.EXACT
                        ? exact(draft)
                        : measured(draft, Objects.requireNonNull(tested.get(draft)), valid)));
        return rows;
    }

    private Row exact(Draft draft) {
        double base = draft.baseValues()[0];
        double head = draft.headValues()[0];
        Verdict verdict = Draft.equal(base, head) ? Verdict.SAME : head > base ? Verdict.MORE : Verdict.FEWER;
        Figures figures = Figures.exactly(
                draft.ratio() ? head / base : head - base,
                draft.baseValues().length,
                Math.min(draft.baseValues().length, draft.headValues().length));
        // What is exact needs no schedule to be gated.
        boolean gated = draft.head().key().own()
                && KnownMetric.of(draft.metric().name())
                        .filter(KnownMetric::cost)
                        .isPresent();
        return row(draft, base, head, figures, gated, verdict, Optional.empty());
    }

    private Row measured(Draft draft, Tested tested, boolean valid) {
        Effect effect = tested.effect();
        boolean lower = Units.lowerIsBetter(draft.unit());
        double base = draft.baseValue();
        double head = draft.headValue();
        Verdict verdict = !valid
                ? Verdict.INCONCLUSIVE
                : draft.equalCounts()
                        ? Verdict.SAME
                        : rule.judge(
                                effect,
                                tested.adjusted(),
                                lower,
                                draft.ratio() ? rule.logBound() : rule.bound() * Math.abs(base));
        Optional<Remark> noise = Believability.noise(draft, effect, verdict, rule);
        boolean gated = gated(draft, effect);
        if (noise.isPresent()) {
            return row(
                    draft,
                    base,
                    head,
                    Figures.withheld(effect, tested.replicate()),
                    gated,
                    Verdict.INCONCLUSIVE,
                    noise);
        }
        boolean ratio = draft.ratio();
        Figures figures = new Figures(
                back(effect.change(), ratio),
                back(effect.strict(), ratio),
                back(effect.check(), ratio),
                effect.test(),
                tested.replicate(),
                effect.units(),
                effect.p(),
                tested.adjusted(),
                ratio ? effect.detectable(rule, tested.rowLevel()) : Double.NaN,
                ratio && valid ? needed(draft, tested) : -1);
        return row(
                draft,
                base,
                head,
                figures,
                gated,
                draft.kind() == Kind.VARYING ? counted(verdict, lower) : verdict,
                remark(draft, effect, verdict, valid));
    }

    /** What varies from fork to fork is no better or worse, only more or fewer. */
    private static Verdict counted(Verdict verdict, boolean lower) {
        return switch (verdict) {
            case SLOWER -> lower ? Verdict.MORE : Verdict.FEWER;
            case FASTER -> lower ? Verdict.FEWER : Verdict.MORE;
            default -> verdict;
        };
    }

    private static Optional<Remark> remark(Draft draft, Effect effect, Verdict verdict, boolean valid) {
        if (!valid) {
            return Optional.of(new Remark.BiasedControl());
        }
        if (draft.baseValues().length == 0 || draft.headValues().length == 0) {
            return Optional.of(new Remark.NoValue());
        }
        if (effect.test() == Effect.Test.NONE) {
            return Optional.of(verdict == Verdict.SAME ? new Remark.EqualCounts() : new Remark.NoInterval());
        }
        return contradicts(draft, effect.change().estimate()) ? Optional.of(new Remark.OtherWay()) : Optional.empty();
    }

    /** Whether the sides' values stand beside a change of the other sign, each large enough to be seen. */
    private static boolean contradicts(Draft draft, double change) {
        double shown = draft.headValue() - draft.baseValue();
        double seen = Math.abs(draft.baseValue()) * SEEN;
        return shown * change < 0 && Math.abs(shown) >= seen && Math.abs(change) >= (draft.ratio() ? SEEN : seen);
    }

    /** In blocks where the row is paired, though its blocks may be split. */
    private int needed(Draft draft, Tested tested) {
        int needed = tested.effect().unitsNeeded(rule, tested.rowLevel());
        if (draft.pairsByBlock() == null || needed < 0 || needed > Power.MOST_BLOCKS) {
            return needed;
        }
        return (int) Math.ceil(
                needed * (double) draft.pairsByBlock().size() / tested.effect().units());
    }

    /** Times of separate runs only on demand; one fork never. Counts do not drift. */
    private boolean gated(Draft draft, Effect effect) {
        return draft.kind() == Kind.SCORE
                && effect.test() != Effect.Test.NONE
                && (draft.design() == Comparison.Design.PAIRED || gateUnpaired || draft.counted());
    }

    /** From logarithms, where the scale is that of ratios. */
    static Interval back(Interval interval, boolean ratio) {
        return ratio
                ? new Interval(
                        StrictMath.exp(interval.estimate()),
                        StrictMath.exp(interval.low()),
                        StrictMath.exp(interval.high()),
                        interval.count())
                : interval;
    }

    private Row row(
            Draft draft,
            double base,
            double head,
            Figures figures,
            boolean gated,
            Verdict verdict,
            Optional<Remark> remark) {
        return new Row(
                new RowKey(draft.head().key(), draft.metric()),
                names.name(draft.head()),
                MeasuredPolicy.displayed(draft.head().key()),
                draft.metric().label(),
                draft.unit(),
                Units.lowerIsBetter(draft.unit()),
                draft.kind(),
                draft.design(),
                gated,
                base,
                head,
                draft.scale(),
                figures.change,
                figures.strict,
                figures.check,
                figures.test,
                figures.replicate,
                figures.units,
                figures.p,
                figures.adjusted,
                EffectSize.superiority(draft.headValues(), draft.baseValues()),
                figures.detectable,
                figures.needed,
                draft.baseForks(),
                draft.headForks(),
                verdict,
                remark,
                draft.within(),
                breaks(draft.head().key()));
    }

    /** By the declared verdict of its policy; of a rule of the user's own, by that of any of the runs. */
    private Set<Property> breaks(MeasurementKey key) {
        Set<Property> breaks = EnumSet.noneOf(Property.class);
        MeasuredPolicy.of(key)
                .ifPresent(policy -> runs.forEach(run ->
                        breaks.addAll(DeclaredVerdict.breaks(policy, run.info().environment()))));
        return Collections.unmodifiableSet(breaks);
    }
}
