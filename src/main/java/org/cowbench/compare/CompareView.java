package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.stats.Verdict;

/**
 * Which rows of a comparison are shown, and in which order. Only showing changes: verdicts, corrections, counts, means
 * and the gate are those of all rows.
 *
 * @param changed whether only rows that were called are shown, each with the score that it belongs to
 * @param order the order
 */
public record CompareView(boolean changed, Order order) {
    /** As many scores as anyone looks at in one picture. */
    public static final int MOST_LOOKED_AT = 12;

    /** All rows in the order of the base's file. */
    public static final CompareView WHOLE = new CompareView(false, Order.FILE);

    /** Orders of benchmarks; the rows of one stay together. */
    public enum Order {
        /** As in the base's file. */
        FILE,
        /** Those that were called first, then the largest change, for better or worse. */
        EFFECT,
        /** From the largest change for the worse to the largest for the better. */
        WORST,
        /** By name and parameters. */
        NAME;

        /**
         * The word for the option.
         *
         * @return the name in lower case
         */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Applies this view.
     *
     * @return the same with the rows that this view shows
     */
    public Comparison of(Comparison c) {
        List<Row> rows = new ArrayList<>();
        clusters(c.judged()).stream()
                .map(this::kept)
                .filter(cluster -> !cluster.isEmpty())
                .sorted(comparator())
                .forEach(rows::addAll);
        return new Comparison(
                c.rule(),
                c.base(),
                c.head(),
                c.design(),
                c.blocks(),
                c.control(),
                c.environment(),
                c.warnings(),
                c.rowParam(),
                c.judged(),
                List.copyOf(rows),
                this,
                c.shifts(),
                c.curves(),
                c.onlyBase(),
                c.onlyHead(),
                c.identicalCounters(),
                c.options());
    }

    /**
     * What is looked at first: scores that were called, then those of the largest changes.
     *
     * @param rows any rows
     * @param most how many are wanted
     * @param drawable which of them can be shown
     * @return up to so many scores
     */
    public static List<Row> foremost(List<Row> rows, int most, Predicate<Row> drawable) {
        return rows.stream()
                .filter(row -> row.kind() == Kind.SCORE && drawable.test(row))
                .sorted(Comparator.comparing((Row row) -> !called(row))
                        .thenComparing(
                                Comparator.comparingDouble(CompareView::size).reversed()))
                .limit(most)
                .toList();
    }

    /** How far a row is from no change; of a difference, and where nothing is known, 0. */
    private static double size(Row row) {
        double size = row.scale() == Scale.RATIO
                ? Math.abs(StrictMath.log(row.change().estimate()))
                : 0;
        return Double.isNaN(size) ? 0 : size;
    }

    /** A score and the rows of the same measurement that follow it. */
    private static List<List<Row>> clusters(List<Row> rows) {
        List<List<Row>> clusters = new ArrayList<>();
        for (Row row : rows) {
            if (row.kind() == Kind.SCORE
                    || clusters.isEmpty()
                    || !clusters.getLast().getFirst().tag().equals(row.tag())) {
                clusters.add(new ArrayList<>());
            }
            clusters.getLast().add(row);
        }
        return clusters;
    }

    private List<Row> kept(List<Row> cluster) {
        return !changed
                ? cluster
                : cluster.stream().noneMatch(CompareView::called)
                        ? List.of()
                        : cluster.stream()
                                .filter(row -> row.kind() == Kind.SCORE || called(row))
                                .toList();
    }

    private static boolean called(Row row) {
        return row.verdict() != Verdict.SAME && row.verdict() != Verdict.INCONCLUSIVE;
    }

    /** Sorting is stable, so equals keep the order of the file. */
    private Comparator<List<Row>> comparator() {
        return switch (order) {
            case FILE -> (_, _) -> 0;
            case EFFECT ->
                Comparator.comparing((List<Row> cluster) -> cluster.stream().noneMatch(CompareView::called))
                        .thenComparing(
                                Comparator.comparingDouble((List<Row> cluster) -> Math.abs(worse(leading(cluster))))
                                        .reversed());
            case WORST ->
                Comparator.comparingDouble((List<Row> cluster) -> worse(leading(cluster)))
                        .reversed();
            case NAME ->
                Comparator.comparing((List<Row> cluster) -> cluster.getFirst().tag());
        };
    }

    /** The row that a cluster is sorted by: its score, unless only others were called; then the one that moved most. */
    private static Row leading(List<Row> cluster) {
        Row first = cluster.getFirst();
        return called(first)
                ? first
                : cluster.stream()
                        .filter(CompareView::called)
                        .max(Comparator.comparingDouble(row -> Math.abs(worse(row))))
                        .orElse(first);
    }

    /** Logarithm of how many times worse the head is; 0 where no number is given, infinite where a side is zero. */
    private static double worse(Row row) {
        double change = row.change().estimate();
        double sign = row.lowerIsBetter() ? 1 : -1;
        double log = row.scale() == Scale.RATIO
                ? StrictMath.log(change)
                : change == 0
                        ? 0
                        : Math.signum(change)
                                * (row.base() * row.head() > 0
                                        ? Math.abs(StrictMath.log(row.head() / row.base()))
                                        : Double.POSITIVE_INFINITY);
        return Double.isNaN(log) ? 0 : sign * log;
    }
}
