package org.cowbench.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as text, the same in every locale. */
public final class Numbers {

    private static final int LONGEST = 7;

    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P"};

    private Numbers() {}

    /**
     * A coordinate with at most one decimal.
     *
     * @param pixels a finite position in pixels
     * @return the shortest text of the position rounded to a tenth
     */
    static String coordinate(double pixels) {
        return tenths(Math.round(pixels * 10));
    }

    static String tenths(long tenths) {
        long fraction = Math.abs(tenths % 10);
        String sign = tenths < 0 ? "-" : "";
        String whole = Math.abs(tenths) < 10 && fraction != 0 ? "" : Long.toString(Math.abs(tenths / 10));
        return sign + whole + (fraction == 0 ? "" : "." + fraction);
    }

    /**
     * A number with a fixed count of decimals.
     *
     * @param value any number
     * @param decimals how many digits follow the point
     * @return the number rounded half up, or {@code n/a} when it is not finite
     */
    public static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return "n/a";
        }
        BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
        return (rounded.signum() == 0 ? rounded.abs() : rounded).toPlainString();
    }

    /** One decimal, but never a zero for something that happened. */
    public static String small(double value) {
        return value > 0 && value < 0.05 ? "<0.1" : fixed(value, 1);
    }

    /**
     * A number short enough for a label: so many significant digits, k, M, G for thousands from 10 000 on.
     *
     * @param value any number
     * @param digits significant digits kept; integers below 10 000 are always kept whole
     * @return the label, or {@code n/a} when the number is not finite
     */
    public static String compact(double value, int digits) {
        if (!Double.isFinite(value)) {
            return "n/a";
        }
        BigDecimal exact = new BigDecimal(value);
        int prefix = 0;
        BigDecimal scaled = exact;
        BigDecimal limit = new BigDecimal(9999.5);
        while (scaled.abs().compareTo(limit) >= 0 && prefix < PREFIXES.length - 1) {
            scaled = scaled.movePointLeft(3);
            prefix++;
            limit = new BigDecimal(999.5);
        }
        BigDecimal rounded = scaled.round(new MathContext(digits, RoundingMode.HALF_UP));
        if (rounded.scale() < 0 || scaled.abs().compareTo(BigDecimal.TEN.pow(digits)) >= 0) {
            rounded = scaled.setScale(0, RoundingMode.HALF_UP);
        }
        if (rounded.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = rounded.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString() + PREFIXES[prefix];
    }

    /**
     * A number for a column of a table: as {@link #compact}, but from 1 to 1000 with all of its digits, so that points
     * stand below each other.
     *
     * @param value any number
     * @param digits significant digits kept
     * @return the text, or {@code n/a} when the number is not finite
     */
    public static String aligned(double value, int digits) {
        double size = Math.abs(value);
        return size >= 1 && size < 1000 - StrictMath.pow(10, 3 - digits) / 2
                ? fixed(value, digits - 1 - (int) Math.floor(StrictMath.log10(size)))
                : compact(value, digits);
    }

    /**
     * A measured number with the digits that are known: three significant ones at most, fewer where half the interval is
     * larger than what the last of them would say, two where there is no interval.
     *
     * @param value the estimate
     * @param low lower bound, NaN when there is none
     * @param high upper bound, NaN when there is none
     * @return the text, or {@code n/a} when the number is not finite
     */
    public static String known(double value, double low, double high) {
        return digits(value, knownDigits(value, low, high));
    }

    /**
     * The interval of a measured number, with as many decimals as {@link #known} shows of it.
     *
     * @param value the estimate
     * @param low lower bound, NaN when there is none
     * @param high upper bound, NaN when there is none
     * @return the text in brackets, empty when there is no interval
     */
    public static String bounds(double value, double low, double high) {
        if (Double.isNaN(low) || Double.isNaN(high)) {
            return "";
        }
        int digits = knownDigits(value, low, high);
        int decimals = digits - 1 - magnitude(value);
        return "[" + bound(low, decimals) + ", " + bound(high, decimals) + "]";
    }

    /** A wild fork's bound must not push columns apart, nor is it worth more digits. */
    private static String bound(double value, int decimals) {
        String text = rounded(value, decimals);
        return text.length() <= LONGEST ? text : compact(value, 3);
    }

    private static int knownDigits(double value, double low, double high) {
        double half = (high - low) / 2;
        if (Double.isNaN(half)) {
            return 2;
        }
        return half > 0 ? Math.clamp(magnitude(value) - magnitude(half) + 1, 1, 3) : 3;
    }

    private static int magnitude(double value) {
        return value == 0 ? 0 : (int) Math.floor(StrictMath.log10(Math.abs(value)));
    }

    private static String digits(double value, int digits) {
        return Double.isFinite(value) ? rounded(value, digits - 1 - magnitude(value)) : "n/a";
    }

    private static String rounded(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return "n/a";
        }
        BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
        return (decimals < 0 ? rounded.setScale(0) : rounded).toPlainString();
    }
}
