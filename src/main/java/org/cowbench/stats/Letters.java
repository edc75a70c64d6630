package org.cowbench.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Says of many rows measured in the same blocks which cannot be told apart, by letters: rows that share a letter cannot
 * (the compact letter display of Piepho, Journal of Computational and Graphical Statistics 13, 2004).
 *
 * <p>Two rows are told apart when the interval of their ratio, simultaneous over all pairs at 95 % (Bonferroni), lies
 * beyond {@value #BOUND} of 1. Its standard error is the pair's own over the blocks or the one pooled over all rows, the
 * larger of the two: three blocks alone would make some pair look exact by luck. The bound is what code's place in memory
 * makes of one and the same work; where rows are known to do the same work and lie further apart, it is what they show
 * (a JVM compiles each row's code for itself, and every fork alike, so more forks do not help).
 */
public final class Letters {
    /** Ratios nearer to 1 than this are not told apart, whatever rows of the same work show. */
    public static final double BOUND = 0.03;

    private static final double LEVEL = 0.05;

    private Letters() {}

    /**
     * Finds the letters.
     *
     * @param values {@code [row][block]}: positive, every row in the same blocks
     * @param work what each row does, equal where it is known to be the same; null where nothing is known of it
     * @return the letters of each row, from {@code a} for the smallest on; empty for every row where there are fewer than
     *     {@link Forks#MINIMUM_FOR_INTERVAL} blocks or two rows, or a value is missing
     */
    public static List<String> of(double[][] values, List<? extends @Nullable Object> work) {
        int rows = values.length;
        int blocks = rows == 0 ? 0 : values[0].length;
        if (rows < 2 || blocks < Forks.MINIMUM_FOR_INTERVAL || !whole(values, blocks)) {
            return IntStream.range(0, rows).mapToObj(row -> "").toList();
        }
        double[][] logs = new double[rows][];
        double[] means = new double[rows];
        for (int row = 0; row < rows; row++) {
            logs[row] = Arrays.stream(values[row]).map(StrictMath::log).toArray();
            means[row] = Forks.mean(logs[row]);
        }
        double bound = StrictMath.log1p(BOUND);
        for (int a = 0; a < rows; a++) {
            for (int b = 0; b < a; b++) {
                if (work.get(a) != null && Objects.equals(work.get(a), work.get(b))) {
                    bound = Math.max(bound, Math.abs(means[a] - means[b]));
                }
            }
        }
        double pooled = 2 * residual(logs, means);
        int pairs = rows * (rows - 1) / 2;
        double quantile = new TDistribution(null, (blocks - 1.0) * (rows - 1))
                .inverseCumulativeProbability(1 - LEVEL / pairs / 2);
        List<Set<Integer>> groups = new ArrayList<>();
        groups.add(new TreeSet<>(IntStream.range(0, rows).boxed().toList()));
        for (int a = 0; a < rows; a++) {
            for (int b = a + 1; b < rows; b++) {
                double error = StrictMath.sqrt(Math.max(pooled, own(logs[a], logs[b])) / blocks);
                if (Math.abs(means[a] - means[b]) - quantile * error > bound) {
                    part(groups, a, b);
                }
            }
        }
        groups.sort(Comparator.comparingDouble(
                group -> group.stream().mapToDouble(row -> means[row]).min().orElseThrow()));
        List<String> letters = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            StringBuilder text = new StringBuilder();
            for (int group = 0; group < groups.size(); group++) {
                if (groups.get(group).contains(row)) {
                    text.append((char) ('a' + group));
                }
            }
            letters.add(text.toString());
        }
        return letters;
    }

    private static boolean whole(double[][] values, int blocks) {
        return Arrays.stream(values)
                .allMatch(row -> row.length == blocks
                        && Arrays.stream(row).allMatch(value -> value > 0 && Double.isFinite(value)));
    }

    /** Variance of one value when rows and blocks are taken out. */
    private static double residual(double[][] logs, double[] means) {
        int blocks = logs[0].length;
        double grand = Forks.mean(means);
        double squares = 0;
        for (int block = 0; block < blocks; block++) {
            int at = block;
            double level =
                    Arrays.stream(logs).mapToDouble(row -> row[at]).average().orElseThrow() - grand;
            for (int row = 0; row < logs.length; row++) {
                double rest = logs[row][block] - means[row] - level;
                squares += rest * rest;
            }
        }
        return squares / ((blocks - 1.0) * (logs.length - 1));
    }

    private static double own(double[] a, double[] b) {
        double[] differences =
                IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
        double mean = Forks.mean(differences);
        return Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum() / (a.length - 1);
    }

    /** No group may hold both: each that does becomes two, and what is inside another goes. */
    private static void part(List<Set<Integer>> groups, int a, int b) {
        List<Set<Integer>> parts = new ArrayList<>();
        for (Set<Integer> group : groups) {
            if (group.contains(a) && group.contains(b)) {
                for (int without : new int[] {a, b}) {
                    Set<Integer> rest = new TreeSet<>(group);
                    rest.remove(without);
                    parts.add(rest);
                }
            } else {
                parts.add(group);
            }
        }
        groups.clear();
        for (int i = 0; i < parts.size(); i++) {
            Set<Integer> candidate = parts.get(i);
            boolean inside = false;
            for (int j = 0; j < parts.size() && !inside; j++) {
                inside = i != j
                        && parts.get(j).containsAll(candidate)
                        && (parts.get(j).size() > candidate.size() || j < i);
            }
            if (!inside) {
                groups.add(candidate);
            }
        }
    }
}
