package org.cowbench.report.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.IntFunction;
import org.cowbench.compare.Comparison;
import org.cowbench.report.chart.Numbers;
import org.cowbench.stats.Interval;

/** How a comparison writes its numbers, in every format that people read, so that all say the same. */
public final class CompareNumbers {
    /** From this ratio on a factor reads better than a percentage. */
    private static final double FACTOR = 10;

    private static final int DIGITS = 4;
    private static final double LEAST = 0.1;
    private static final int CONFIDENCE_DIGITS = 6;
    private static final double SMALL = 1e-3;
    private static final double LARGE = 1e15;

    /** Room for a value in a table. */
    public static final int VALUE_WIDTH = 7;
    /** Room for a change. */
    public static final int CHANGE_WIDTH = 7;
    /** Room for an interval; only exponents of two digits and more need more. */
    public static final int INTERVAL_WIDTH = 15;

    private CompareNumbers() {}

    /** The base's value. */
    public static String base(Comparison.Row row) {
        return value(row, row.base());
    }

    /** The head's value. */
    public static String head(Comparison.Row row) {
        return value(row, row.head());
    }

    /** Four significant digits, or as many as fit; of what was counted, no more than it has. */
    private static String value(Comparison.Row row, double value) {
        boolean padded = row.kind() != Comparison.Kind.EXACT && Math.abs(value) >= 1 && Math.abs(value) < 999.95;
        return padded
                ? Numbers.fixed(value, DIGITS - 1 - (int) Math.floor(StrictMath.log10(Math.abs(value))))
                : fit(VALUE_WIDTH, DIGITS, digits -> number(value, digits));
    }

    /** Two decimals, as the formats of kernel testers have; what they would not show has three significant digits. */
    public static String plain(double value) {
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < LEAST ? "%.3g" : "%.2f", value);
    }

    /** A row's change: {@code -18.7%}, {@code x12.3}, {@code +0.5} where it is a difference, {@code n/a} if unknown. */
    public static String change(Comparison.Row row) {
        double estimate = row.change().estimate();
        return row.scale() == Comparison.Scale.RATIO
                ? ratio(estimate)
                : fit(CHANGE_WIDTH, DIGITS - 1, digits -> signed(estimate, digits));
    }

    /** An interval of a row, {@code [-19.4, -17.9]}, with as many digits as fit; empty without bounds. */
    public static String interval(Comparison.Row row) {
        Interval interval = row.change();
        if (!interval.bounded()) {
            return "";
        }
        boolean ratio = row.scale() == Comparison.Scale.RATIO;
        return ratio
                ? bounds(interval)
                : fit(
                        INTERVAL_WIDTH,
                        DIGITS - 1,
                        digits -> "[" + signed(interval.low(), digits) + ", " + signed(interval.high(), digits) + "]");
    }

    /** Bounds of a ratio, {@code [-19.4, -17.9]}, as {@link #interval} writes them. */
    public static String bounds(Interval ratio) {
        return fit(
                INTERVAL_WIDTH,
                DIGITS - 1,
                digits -> "[" + bare(ratio.low(), digits) + ", " + bare(ratio.high(), digits) + "]");
    }

    /** The text with the most digits that is short enough; the one with a single digit when none is. */
    private static String fit(int width, int most, IntFunction<String> withDigits) {
        String text = withDigits.apply(most);
        for (int digits = most - 1; digits > 0 && text.length() > width; digits--) {
            text = withDigits.apply(digits);
        }
        return text;
    }

    /** A ratio as a change. */
    public static String ratio(double ratio) {
        String text = bare(ratio, DIGITS - 1);
        return ratio < FACTOR ? text + "%" : text;
    }

    private static String bare(double ratio, int digits) {
        if (ratio >= FACTOR) {
            return "x" + number(ratio, digits);
        }
        String text = Numbers.fixed((ratio - 1) * 100, Math.max(0, digits - 2));
        return Double.isFinite(ratio) && !text.startsWith("-") ? "+" + text : text;
    }

    private static String signed(double value, int digits) {
        return (value > 0 ? "+" : "") + number(value, digits);
    }

    /** Numbers that are far from 1 have an exponent, which is shorter than their zeros. */
    private static String number(double value, int digits) {
        double size = Math.abs(value);
        if (size > 0 && size < SMALL || Double.isFinite(size) && size >= LARGE) {
            String text = String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
            return text.replaceFirst("e([+-])0", "e$1").replace("e+", "e");
        }
        return Numbers.compact(value, digits);
    }

    /** A p value: {@code 0.031}, {@code <.001}; empty when there is none. */
    public static String p(double p) {
        if (Double.isNaN(p)) {
            return "";
        }
        return p < 0.001 ? "<.001" : Numbers.fixed(p, 3);
    }

    /** A level of confidence such as 0.9875 in per cent, with all its digits: 99.95 is not 100. */
    public static String confidence(double level) {
        return BigDecimal.valueOf(level * 100)
                .round(new MathContext(CONFIDENCE_DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A relative size such as 0.034 as {@code 3.4 %}. */
    public static String percent(double relative) {
        return Double.isFinite(relative) ? Numbers.compact(relative * 100, 3) + " %" : "n/a";
    }
}
