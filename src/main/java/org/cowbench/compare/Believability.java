package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cowbench.compare.Comparison.Control;
import org.cowbench.compare.Comparison.ForkValues;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Outliers;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Strata;
import org.cowbench.stats.Verdict;

/** What speaks against believing a session, a run or a row. */
final class Believability {

    private Believability() {}

    /** Why a row gives no number. Values without a time are not disturbed by other load. */
    static Optional<Remark> noise(Draft draft, Effect effect, Verdict verdict, Rule rule) {
        double least = draft.counted() ? rule.bound() : 0;
        double[] base = levelled(draft.baseForks());
        double[] head = levelled(draft.headForks());
        int far = Math.max(Outliers.tooManyBeyond(least, base), Outliers.tooManyBeyond(least, head));
        boolean decided = verdict == Verdict.FASTER || verdict == Verdict.SLOWER;
        if (far > 0 && !(decided && apart(base, head))) {
            return Optional.of(new Remark.FarOff(far));
        }
        for (ForkValues forks : List.of(draft.baseForks(), draft.headForks())) {
            if (!draft.counted() && forks.disturbedForks().most()) {
                return Optional.of(new Remark.Disturbed(forks.disturbedForks()));
            }
        }
        if (effect.test() != Effect.Test.NONE && !effect.change().bounded()) {
            return Optional.of(new Remark.Unbounded());
        }
        return draft.ratio() && verdict == Verdict.INCONCLUSIVE && effect.tooNoisy(rule)
                ? Optional.of(new Remark.Hopeless())
                : Optional.empty();
    }

    /** Values without what machines differ by: that one machine is another than the rest is no noise. */
    private static double[] levelled(ForkValues forks) {
        Strata machines = Strata.of(forks.machines());
        if (!machines.several()) {
            return forks.values();
        }
        // A slow machine varies by more, in proportion.
        boolean positive = Arrays.stream(forks.values()).allMatch(value -> value > 0);
        return positive
                ? Arrays.stream(machines.levelled(Arrays.stream(forks.values())
                                .map(StrictMath::log)
                                .toArray()))
                        .map(StrictMath::exp)
                        .toArray()
                : machines.levelled(forks.values());
    }

    /**
     * Whether no fork of one side lies among those of the other. Then forks that are far off, such as those of a benchmark
     * with two modes, leave open by how much the sides differ, which the interval says, but not which way.
     */
    private static boolean apart(double[] base, double[] head) {
        DoubleSummaryStatistics one = Arrays.stream(base).summaryStatistics();
        DoubleSummaryStatistics other = Arrays.stream(head).summaryStatistics();
        return one.getMax() < other.getMin() || other.getMax() < one.getMin();
    }

    /**
     * Compares the base with its second copy.
     *
     * @param base one side of the session
     * @param head the other; either may be the session's base
     * @param rule the levels and the bound
     * @param warnings where it is said that there is none
     * @return what it showed
     */
    static Control control(ResultDirectory base, ResultDirectory head, Rule rule, List<Warning> warnings) {
        String label = base.info().environment().get(Session.CONTROL);
        if (label == null) {
            warnings.add(new Warning.NoControl());
            return Control.none();
        }
        ResultDirectory copy;
        try {
            copy = ResultDirectory.read(base.path().toAbsolutePath().resolveSibling(label));
        } catch (ResultException e) {
            warnings.add(new Warning.UnreadableControl(String.valueOf(e.getMessage())));
            return Control.none();
        }
        // It is a copy of the session's base, which may be the head of this comparison.
        ResultDirectory original = sameProgram(base, copy) || !sameProgram(head, copy) ? base : head;
        List<Row> rows = ComparisonBuilder.scores(original, copy, rule, block -> true);
        List<String> biased = rows.stream()
                .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                .map(Row::tag)
                .toList();
        List<Row> shown = rows.stream().filter(row -> row.change().bounded()).toList();
        double largest = shown.stream()
                .mapToDouble(row ->
                        Math.max(row.change().high() - 1, 1 - row.change().low()))
                .max()
                .orElse(Double.NaN);
        return new Control(
                biased.isEmpty() ? Control.State.CLEAN : Control.State.BIASED, shown.size(), largest, biased);
    }

    private static boolean sameProgram(ResultDirectory one, ResultDirectory other) {
        return one.info().commit().equals(other.info().commit())
                && one.info().dirty() == other.info().dirty()
                && Objects.equals(
                        one.info().environment().get(Sides.KERNEL),
                        other.info().environment().get(Sides.KERNEL));
    }

    /** What speaks against either of two runs; what both say of themselves, as a doctor does before a session, once. */
    static List<Warning> of(ResultDirectory base, ResultDirectory head) {
        Set<String> common = new LinkedHashSet<>(base.info().warnings());
        common.retainAll(head.info().warnings());
        List<Warning> warnings = new ArrayList<>();
        warnings.addAll(of(base, Warning.Of.BASE, common));
        warnings.addAll(of(head, Warning.Of.HEAD, common));
        common.forEach(warning -> warnings.add(new Warning.Own(Warning.Of.BOTH, warning)));
        return warnings;
    }

    /** What speaks against a run, but for what is said elsewhere. */
    static List<Warning> of(ResultDirectory run, Warning.Of side, Set<String> saidElsewhere) {
        RunInfo info = run.info();
        List<Warning> warnings = new ArrayList<>();
        if (!info.complete()) {
            warnings.add(new Warning.Incomplete(side));
        }
        if (info.dirty()) {
            warnings.add(new Warning.LocalChanges(side));
        }
        long failed = info.forks().stream().filter(fork -> fork.error() != null).count();
        if (failed > 0) {
            warnings.add(new Warning.FailedForks(side, failed, info.forks().size()));
        }
        info.warnings().stream()
                .filter(warning -> !saidElsewhere.contains(warning))
                .forEach(warning -> warnings.add(new Warning.Own(side, warning)));
        return warnings;
    }
}
