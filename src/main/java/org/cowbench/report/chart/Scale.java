package org.cowbench.report.chart;

import java.util.ArrayList;
import java.util.List;

/** Maps values to positions in 0 (left, bottom) to 1 (right, top), and knows its ticks. */
public sealed interface Scale {

    /** Fewer labelled ticks do not show how a scale runs. */
    int LEAST_TICKS = 3;

    /**
     * The position of a value.
     *
     * @param value in the scale's unit
     * @return its position, limited to 0..1
     */
    double at(double value);

    /**
     * The ticks, in ascending position; of numbers at least {@link #LEAST_TICKS} have labels.
     *
     * @param wanted roughly how many labels there is room for, at least 2
     * @return ticks whose label may be empty (a grid line only)
     */
    List<Tick> ticks(int wanted);

    /**
     * A tick.
     *
     * @param at position in 0..1
     * @param label its text, or empty for a grid line alone
     * @param rank 0 for labels kept first when there is no room for all
     */
    record Tick(double at, String label, int rank) {}

    /**
     * A linear scale.
     *
     * @param low value at position 0
     * @param high value at position 1, above {@code low}
     */
    record Linear(double low, double high) implements Scale {

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if it is empty or not finite
         */
        public Linear {
            requireRange(low, high);
        }

        /**
         * A scale from zero to a little above a value.
         *
         * @param highest the greatest value to show; zero or a NaN gives 0..1
         * @return the scale
         */
        public static Linear fromZero(double highest) {
            return new Linear(0, highest > 0 ? highest * 1.04 : 1);
        }

        @Override
        public double at(double value) {
            return limit((value - low) / (high - low));
        }

        @Override
        public List<Tick> ticks(int wanted) {
            return round(this, low, high, wanted).stream()
                    .map(tick -> new Tick(tick.at, tick.label, 0))
                    .toList();
        }
    }

    /**
     * A logarithmic scale.
     *
     * @param low value at position 0, above zero
     * @param high value at position 1, above {@code low}
     */
    record Log(double low, double high) implements Scale {

        /** A narrower range would make noise look like a difference. */
        private static final double LEAST_SPAN = 1.5;

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if it is empty, not finite or not positive
         */
        public Log {
            requireRange(low, high);
            if (!(low > 0)) {
                throw new IllegalArgumentException("a logarithmic scale starts above 0, not at " + low);
            }
        }

        /**
         * A scale that shows all values with a margin.
         *
         * @param values values to show; those that are not finite and positive are left out
         * @return the scale; 1..10 when nothing is left
         */
        public static Log covering(double... values) {
            double low = Double.POSITIVE_INFINITY;
            double high = 0;
            for (double value : values) {
                if (value > 0 && Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            if (high == 0) {
                return new Log(1, 10);
            }
            double margin = StrictMath.pow(high / low, 0.03);
            low /= margin;
            high *= margin;
            double widen = Math.max(1, StrictMath.sqrt(LEAST_SPAN / (high / low)));
            return new Log(low / widen, high * widen);
        }

        @Override
        public double at(double value) {
            return value > 0 ? limit(StrictMath.log(value / low) / StrictMath.log(high / low)) : 0;
        }

        @Override
        public List<Tick> ticks(int wanted) {
            List<Tick> ticks = new ArrayList<>();
            double decades = StrictMath.log10(high / low);
            if (decades < 0.7) {
                // Under a factor of five, 1-2-5 leaves two ticks: take round values at a linear step instead.
                return round(this, low, high, wanted);
            }
            for (int power = (int) Math.floor(StrictMath.log10(low)); power <= StrictMath.log10(high); power++) {
                for (int digit = 1; digit < 10; digit++) {
                    double value = digit * StrictMath.pow(10, power);
                    if (value < low * (1 - 1e-12) || value > high * (1 + 1e-12)) {
                        continue;
                    }
                    boolean labelled = digit == 1 || (digit == 2 || digit == 5) && decades < 3.5;
                    // Inside a decade 1-2-5 may leave two ticks: then the digits between them are labelled as well.
                    boolean between = decades < 1;
                    ticks.add(new Tick(
                            at(value),
                            labelled || between ? Numbers.compact(value, 4) : "",
                            digit == 1 ? 0 : labelled ? 1 : 2));
                }
            }
            return ticks;
        }
    }

    /**
     * HdrHistogram's percentile axis: the position grows with log10 of 1/(1-p), so that 90 %, 99 % and 99.9 % lie
     * equally far apart.
     *
     * @param highest the fraction at the right end, in (0, 1), such as 0.9999
     */
    record Percentile(double highest) implements Scale {

        private static final int MOST_NINES = 9;

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the fraction does not lie strictly between 0 and 1
         */
        public Percentile {
            if (!(highest > 0 && highest < 1)) {
                throw new IllegalArgumentException("the highest percentile must lie between 0 and 1, not " + highest);
            }
        }

        /** {@inheritDoc} The value is the fraction p in 0..1, not a per cent figure. */
        @Override
        public double at(double value) {
            return value >= highest ? 1 : limit(StrictMath.log10(1 - value) / StrictMath.log10(1 - highest));
        }

        /**
         * The fraction at a position, the inverse of {@link #at}.
         *
         * @param position in 0..1
         * @return the fraction p there
         */
        public double value(double position) {
            return 1 - StrictMath.pow(1 - highest, position);
        }

        @Override
        public List<Tick> ticks(int wanted) {
            List<Tick> ticks = new ArrayList<>();
            ticks.add(new Tick(0, "0 %", 1));
            for (double fraction : highest >= 0.9 ? new double[] {0.5} : new double[] {highest / 2, highest}) {
                ticks.add(new Tick(at(fraction), text(fraction), 0));
            }
            for (int nines = 1; nines <= MOST_NINES && tail(nines) >= (1 - highest) * (1 - 1e-9); nines++) {
                String label =
                        switch (nines) {
                            case 1 -> "90 %";
                            case 2 -> "99 %";
                            default -> "99." + "9".repeat(nines - 2) + " %";
                        };
                ticks.add(new Tick(at(1 - tail(nines)), label, 0));
            }
            return ticks;
        }

        /**
         * A fraction as text, as exact as its distance from 1 asks for.
         *
         * @param fraction in 0..1
         * @return such as {@code 99.99 %}
         */
        public static String text(double fraction) {
            double beyond = (1 - fraction) * 100;
            int decimals = beyond > 0 ? (int) Math.max(0, Math.ceil(-StrictMath.log10(beyond)) + 1) : 0;
            String text = Numbers.fixed(fraction * 100, decimals);
            return (text.contains(".") ? text.replaceAll("\\.?0+$", "") : text) + " %";
        }

        private static double tail(int nines) {
            return StrictMath.pow(10, -nines);
        }
    }

    /**
     * One row a name, the first at the top. Values are row numbers from 0; fractions lie between rows.
     *
     * @param names the labels
     */
    record Rows(List<String> names) implements Scale {

        /**
         * Copies the names.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Rows {
            names = List.copyOf(names);
            if (names.isEmpty()) {
                throw new IllegalArgumentException("rows need at least one name");
            }
        }

        @Override
        public double at(double value) {
            return limit(1 - (value + 0.5) / names.size());
        }

        @Override
        public List<Tick> ticks(int wanted) {
            List<Tick> ticks = new ArrayList<>();
            for (int i = names.size() - 1; i >= 0; i--) {
                ticks.add(new Tick(at(i), names.get(i), 0));
            }
            return ticks;
        }
    }

    private static double limit(double position) {
        return Math.clamp(position, 0.0, 1.0);
    }

    private static void requireRange(double low, double high) {
        if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException("not a range: " + low + " to " + high);
        }
    }

    /** Ticks at whole multiples of a round step, which is made smaller until there are enough. */
    private static List<Tick> round(Scale scale, double low, double high, int wanted) {
        double range = high - low;
        List<Tick> ticks = new ArrayList<>();
        for (double parts = Math.max(1, wanted); ticks.size() < LEAST_TICKS; parts++) {
            ticks.clear();
            double step = niceStep(range / parts);
            // So many that neighbours read differently.
            int digits = Math.max(4, (int) StrictMath.log10(Math.max(Math.abs(low), Math.abs(high)) / step) + 2);
            for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + range * 1e-9; i++) {
                int rank = i % 10 == 0 ? 0 : i % 5 == 0 ? 1 : 2;
                ticks.add(new Tick(scale.at(i * step), Numbers.compact(i * step, digits), rank));
            }
        }
        return ticks;
    }

    /** The smallest of 1, 2, 5 times a power of ten that is not below the given step. */
    private static double niceStep(double least) {
        double power = StrictMath.pow(10, Math.floor(StrictMath.log10(least)));
        for (int digit : new int[] {1, 2, 5}) {
            if (digit * power >= least * (1 - 1e-9)) {
                return digit * power;
            }
        }
        return 10 * power;
    }
}
