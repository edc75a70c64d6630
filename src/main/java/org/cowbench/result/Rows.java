package org.cowbench.result;

import java.util.Arrays;

/** Summaries of {@code [fork][iteration]} tables. */
final class Rows {

    private Rows() {}

    static double[] means(double[][] raw) {
        return Arrays.stream(raw).mapToDouble(row -> Arrays.stream(row).average().orElse(Double.NaN)).toArray();
    }

    static double[] medians(double[][] raw) {
        return Arrays.stream(raw).mapToDouble(Rows::median).toArray();
    }

    static double mean(double[] forks) {
        return Arrays.stream(forks).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    }

    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
