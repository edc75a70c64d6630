package org.cowbench.report;

import java.util.Arrays;
import java.util.Map;

/** JMH's units: which way is better, which ones count, and how one of time turns into another. */
final class CompareUnits {
    private static final Map<String, Double> SECONDS = Map.of("ns", 1e-9, "us", 1e-6, "ms", 1e-3, "s", 1.0, "sec", 1.0,
            "min", 60.0, "hr", 3600.0, "day", 86400.0);

    private CompareUnits() {}

    /** Whether less is better: of a time, and of anything that is not a rate of operations. */
    static boolean lowerIsBetter(String unit) {
        return !unit.startsWith("ops/");
    }

    /** What scores must share to be shown and averaged together, the better direction above all. */
    static String kind(Comparison.Row row) {
        return !row.lowerIsBetter() ? "rates"
                : Double.isNaN(factor(row.unit(), "ns/op")) ? Wording.unit(row.unit()) : "times";
    }

    /** Whether a unit has no time in it: what counts events or bytes can be the same in every fork. */
    static boolean counted(String unit) {
        return Arrays.stream(unit.split("/")).noneMatch(SECONDS::containsKey);
    }

    /**
     * The factor that turns a value of one unit into another.
     *
     * @return the factor, 1 for equal units, NaN when they measure different things
     */
    static double factor(String from, String to) {
        if (from.equals(to)) {
            return 1;
        }
        if (from.startsWith("ops/") && to.startsWith("ops/")) {
            return ratio(to.substring(4), from.substring(4));
        }
        int slashFrom = from.indexOf('/');
        int slashTo = to.indexOf('/');
        if (slashFrom > 0 && slashTo > 0 && from.substring(slashFrom).equals(to.substring(slashTo))) {
            return ratio(from.substring(0, slashFrom), to.substring(0, slashTo));
        }
        return Double.NaN;
    }

    private static double ratio(String from, String to) {
        Double a = SECONDS.get(from);
        Double b = SECONDS.get(to);
        return a == null || b == null ? Double.NaN : a / b;
    }
}
