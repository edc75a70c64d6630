package org.cowbench.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Where the level of a series changes: the E-divisive method of Matteson and James (2014) proposes a point, Welch's t
 * test decides, as Hunter (Fleming et al., 2023) does, which makes the result deterministic.
 */
public final class ChangePoints {
    /** Points that a level needs on each side of a change. */
    public static final int SIDE = 3;
    /** Points below which a series says nothing. */
    public static final int LEAST = 10;

    private ChangePoints() {}

    /**
     * Finds the changes.
     *
     * @param values in order of time
     * @param level of each test, such as 0.001: a series is tested at many places
     * @return ascending indices of the first point of each new level; empty when there is none or the series is shorter
     *     than {@link #LEAST}
     */
    public static List<Integer> find(double[] values, double level) {
        List<Integer> found = new ArrayList<>();
        if (values.length >= LEAST) {
            split(values, 0, values.length, level, found);
        }
        // A split made early may not stand once its neighbours are known: test each against the final segments.
        boolean changed = true;
        while (changed) {
            changed = false;
            Collections.sort(found);
            for (int i = 0; i < found.size() && !changed; i++) {
                int from = i == 0 ? 0 : found.get(i - 1);
                int to = i + 1 == found.size() ? values.length : found.get(i + 1);
                if (!(p(values, from, found.get(i), to) <= level)) {
                    found.subList(i, i + 1).clear();
                    changed = true;
                }
            }
        }
        return List.copyOf(found);
    }

    private static void split(double[] values, int from, int to, double level, List<Integer> found) {
        int best = -1;
        double greatest = 0;
        for (int at = from + SIDE; at <= to - SIDE; at++) {
            double divergence = divergence(values, from, at, to);
            if (divergence > greatest) {
                greatest = divergence;
                best = at;
            }
        }
        if (best >= 0 && p(values, from, best, to) <= level) {
            found.add(best);
            split(values, from, best, level, found);
            split(values, best, to, level, found);
        }
    }

    private static double p(double[] values, int from, int at, int to) {
        return StudentT.welch(Arrays.copyOfRange(values, from, at), Arrays.copyOfRange(values, at, to));
    }

    /** Energy distance of the two parts, weighted by their sizes. */
    private static double divergence(double[] values, int from, int at, int to) {
        double n = at - from;
        double m = to - at;
        double between = 0;
        double left = 0;
        double right = 0;
        for (int i = from; i < to; i++) {
            for (int j = i + 1; j < to; j++) {
                double distance = Math.abs(values[i] - values[j]);
                if (j < at) {
                    left += distance;
                } else if (i >= at) {
                    right += distance;
                } else {
                    between += distance;
                }
            }
        }
        return n * m / (n + m) * (2 * between / (n * m) - 2 * left / (n * (n - 1)) - 2 * right / (m * (m - 1)));
    }
}
