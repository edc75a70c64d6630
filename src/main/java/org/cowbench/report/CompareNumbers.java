package org.cowbench.report;

import java.util.Locale;
import org.cowbench.report.chart.Numbers;
import org.cowbench.stats.Interval;

/** How a comparison writes its numbers, in every format that people read, so that all say the same. */
final class CompareNumbers {
    /** From this ratio on a factor reads better than a percentage. */
    private static final double FACTOR = 10;

    private static final int DIGITS = 4;

    /** Room for a value in a table. */
    static final int VALUE_WIDTH = 7;

    private CompareNumbers() {}

    /** The base's value. */
    static String base(Comparison.Row row) {
        return value(row, row.base());
    }

    /** The head's value. */
    static String head(Comparison.Row row) {
        return value(row, row.head());
    }

    /** Four significant digits, at most {@value #VALUE_WIDTH} characters; of what was counted, no more than it has. */
    private static String value(Comparison.Row row, double value) {
        String text = Numbers.compact(value, DIGITS);
        if (row.kind() != Comparison.Kind.EXACT && Math.abs(value) >= 1 && Math.abs(value) < 999.95) {
            text = Numbers.fixed(value, DIGITS - 1 - (int) Math.floor(StrictMath.log10(Math.abs(value))));
        }
        return text.length() <= VALUE_WIDTH ? text : String.format(Locale.ROOT, "%.1e", value);
    }

    /** A row's change: {@code -18.7%}, {@code x12.3}, {@code +0.5} where it is a difference, {@code n/a} if unknown. */
    static String change(Comparison.Row row) {
        double estimate = row.change().estimate();
        return row.scale() == Comparison.Scale.RATIO ? ratio(estimate) : signed(estimate);
    }

    /** An interval of the same row, {@code [-19.4, -17.9]}; empty without bounds. */
    static String interval(Comparison.Row row) {
        return interval(row, row.change());
    }

    static String interval(Comparison.Row row, Interval interval) {
        if (!interval.bounded()) {
            return "";
        }
        if (row.scale() == Comparison.Scale.DIFFERENCE) {
            return "[" + signed(interval.low()) + ", " + signed(interval.high()) + "]";
        }
        return "[" + bare(interval.low()) + ", " + bare(interval.high()) + "]";
    }

    /** A ratio as a change. */
    static String ratio(double ratio) {
        return ratio >= FACTOR ? "x" + Numbers.compact(ratio, 3) : bare(ratio) + (Double.isFinite(ratio) ? "%" : "");
    }

    private static String bare(double ratio) {
        if (ratio >= FACTOR) {
            return "x" + Numbers.compact(ratio, 3);
        }
        String text = Numbers.fixed((ratio - 1) * 100, 1);
        return Double.isFinite(ratio) && !text.startsWith("-") ? "+" + text : text;
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + Numbers.compact(value, 3);
    }

    /** A p value: {@code 0.031}, {@code <.001}; empty when there is none. */
    static String p(double p) {
        if (Double.isNaN(p)) {
            return "";
        }
        return p < 0.001 ? "<.001" : Numbers.fixed(p, 3);
    }

    /** A relative size such as 0.034 as {@code 3.4 %}. */
    static String percent(double relative) {
        return Double.isFinite(relative) ? Numbers.compact(relative * 100, 3) + " %" : "n/a";
    }
}
