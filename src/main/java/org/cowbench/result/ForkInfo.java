package org.cowbench.result;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One executed fork, as scheduled: the material for pairing forks and for seeing drift.
 *
 * @param order position in the executed schedule, from 0
 * @param block block of the schedule; every cell has one fork in each block
 * @param benchmark {@code Class.method}
 * @param params parameters in JMH's order, as JMH spells their values
 * @param started UTC, ISO 8601
 * @param seconds wall-clock time from the start of the fork to its end
 * @param median median of the fork's iterations, NaN when it failed
 * @param unit unit of the median, empty when it failed
 * @param error why the fork delivered nothing, in one line; null when it is fine
 * @param noise what went on around it, by name, as {@code org.cowbench.noise.Noise} says; null when nobody listened
 */
public record ForkInfo(
        int order,
        int block,
        String benchmark,
        Map<String, String> params,
        String started,
        double seconds,
        double median,
        String unit,
        @Nullable String error,
        @Nullable Map<String, Double> noise) {
    /** What disturbed a fork around which pages were swapped, as warnings spell it. */
    public static final String SWAPPED = "pages were swapped";

    /**
     * A fork that nobody listened to.
     *
     * @param order position in the executed schedule, from 0
     * @param block block of the schedule
     * @param benchmark {@code Class.method}
     * @param params parameters in JMH's order, as JMH spells their values
     * @param started UTC, ISO 8601
     * @param seconds wall-clock time from the start of the fork to its end
     * @param median median of the fork's iterations, NaN when it failed
     * @param unit unit of the median, empty when it failed
     * @param error why the fork delivered nothing; null when it is fine
     */
    public ForkInfo(
            int order,
            int block,
            String benchmark,
            Map<String, String> params,
            String started,
            double seconds,
            double median,
            String unit,
            @Nullable String error) {
        this(order, block, benchmark, params, started, seconds, median, unit, error, null);
    }
}
