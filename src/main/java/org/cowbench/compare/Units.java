package org.cowbench.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** JMH's units: which way is better, which ones count, and how one of time or of bytes turns into another. */
public final class Units {
    private static final Map<String, Double> SECONDS =
            Map.of("ns", 1e-9, "us", 1e-6, "ms", 1e-3, "s", 1.0, "sec", 1.0, "min", 60.0, "hr", 3600.0, "day", 86400.0);

    private static final double KILO = 1024;

    /** As JMH's profilers count them. */
    private static final Map<String, Double> BYTES = Map.of(
            "B",
            1.0,
            "byte",
            1.0,
            "bytes",
            1.0,
            "KB",
            KILO,
            "KiB",
            KILO,
            "MB",
            KILO * KILO,
            "MiB",
            KILO * KILO,
            "GB",
            KILO * KILO * KILO,
            "GiB",
            KILO * KILO * KILO);

    private Units() {}

    /**
     * Whether less is better: of a time, and of anything that is not a rate of operations.
     *
     * @return false for a rate
     */
    public static boolean lowerIsBetter(String unit) {
        return !unit.startsWith("ops/");
    }

    /**
     * What scores must share to be shown and averaged together, the better direction above all.
     *
     * @param row a score
     * @return {@code rates}, {@code times}, or another unit
     */
    public static String kind(Comparison.Row row) {
        return !row.lowerIsBetter()
                ? "rates"
                : Double.isNaN(factor(row.unit(), "ns/op")) ? perOperation(row.unit()) : "times";
    }

    /**
     * What a value is of one operation.
     *
     * @param unit JMH's unit, such as {@code ns/op}
     * @return such as {@code ns}
     */
    public static String perOperation(String unit) {
        return unit.endsWith("/op") ? unit.substring(0, unit.length() - 3) : unit;
    }

    /**
     * Whether a unit has no time in it: what counts events or bytes can be the same in every fork.
     *
     * @return whether it counts
     */
    public static boolean counted(String unit) {
        return Arrays.stream(unit.split("/")).noneMatch(SECONDS::containsKey);
    }

    /**
     * The factor that turns a value of one unit into another.
     *
     * @param from a unit
     * @param to another
     * @return the factor, 1 for equal units, NaN when they measure different things
     */
    public static double factor(String from, String to) {
        if (from.equals(to)) {
            return 1;
        }
        String[] a = from.split("/", 2);
        String[] b = to.split("/", 2);
        if (a.length != b.length) {
            return Double.NaN;
        }
        double factor = ratio(a[0], b[0]);
        return a.length == 1 ? factor : factor / ratio(a[1], b[1]);
    }

    private static double ratio(String from, String to) {
        if (from.equals(to)) {
            return 1;
        }
        for (Map<String, Double> sizes : List.of(SECONDS, BYTES)) {
            if (sizes.containsKey(from) && sizes.containsKey(to)) {
                return sizes.get(from) / sizes.get(to);
            }
        }
        return Double.NaN;
    }
}
