package org.cowbench.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.ForkValues;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.compare.RowKey.MetricId;
import org.cowbench.stats.EffectSize;
import org.cowbench.stats.Forks;
import org.jspecify.annotations.Nullable;

/**
 * One metric of one measurement on both sides, before the tests of its family are known.
 *
 * @param base the measurement of the base
 * @param head that of the head
 * @param metric which metric
 * @param unit unit of the values of both sides
 * @param kind what the values are
 * @param baseForks forks of the base
 * @param headForks forks of the head
 * @param pairsByBlock the paired differences of each block, on the scale; null where forks have no partner
 * @param machines which machine each of these blocks is of
 * @param scale scale of the change
 */
record Draft(
        Series base,
        Series head,
        MetricId metric,
        String unit,
        Kind kind,
        ForkValues baseForks,
        ForkValues headForks,
        @Nullable List<double[]> pairsByBlock,
        List<Integer> machines,
        Scale scale) {
    private static final double EQUAL = 1e-9;

    double[] baseValues() {
        return baseForks.values();
    }

    double[] headValues() {
        return headForks.values();
    }

    /** The paired differences of each block, of forks that are paired. */
    List<double[]> pairs() {
        return Objects.requireNonNull(pairsByBlock);
    }

    Design design() {
        return pairsByBlock == null ? Design.UNPAIRED : Design.PAIRED;
    }

    boolean ratio() {
        return scale == Scale.RATIO;
    }

    /** Whether values have no time in them, so that neither drift nor other load moves them. */
    boolean counted() {
        return Units.counted(unit);
    }

    boolean testable() {
        int values = pairsByBlock == null
                ? Math.min(baseForks.count(), headForks.count())
                : pairsByBlock.stream().mapToInt(pairs -> pairs.length).sum();
        return kind != Kind.EXACT && values >= 2;
    }

    double baseValue() {
        return value(baseValues());
    }

    double headValue() {
        return value(headValues());
    }

    /** The estimate of separate runs is of their means; that of pairs belongs to no two values of the sides. */
    private double value(double[] values) {
        return design() == Design.PAIRED ? Forks.median(values) : Forks.mean(values);
    }

    /** Counts that agree to the last, even in one fork a side: nothing is estimated, so no interval is missing. */
    boolean equalCounts() {
        return counted()
                && baseForks.count() > 0
                && headForks.count() > 0
                && exact(DoubleStream.concat(Arrays.stream(baseValues()), Arrays.stream(headValues()))
                        .toArray());
    }

    /** Whether all forks agree; one fork cannot show that all would. */
    static boolean exact(double[] values) {
        for (double value : values) {
            if (!equal(value, values[0])) {
                return false;
            }
        }
        return values.length > 1;
    }

    static boolean equal(double a, double b) {
        return a == b || Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b));
    }

    /** The iterations of a score with one fork on each side, null otherwise. */
    Comparison.@Nullable WithinFork within() {
        double[] before = iterations(base);
        double[] after = iterations(head);
        double factor = Units.factor(head.measurement().unit(), unit);
        return kind != Kind.SCORE || before.length < 2 || after.length < 2
                ? null
                : new Comparison.WithinFork(
                        before.length,
                        after.length,
                        EffectSize.superiority(
                                Arrays.stream(after).map(v -> v * factor).toArray(), before));
    }

    /** Of the only fork; none where there are more, for then forks are compared. */
    private static double[] iterations(Series series) {
        double[][] raw = series.measurement().raw();
        return raw.length == 1 ? Arrays.stream(raw[0]).filter(Double::isFinite).toArray() : new double[0];
    }
}
