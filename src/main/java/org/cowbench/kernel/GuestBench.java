package org.cowbench.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cowbench.result.Situation;

/**
 * One measurement.
 *
 * @param situation what was done to the pages first
 * @param floor ticks between two time stamps with nothing in between, the median
 * @param passes the accesses, in the order they were made
 * @param log what the kernel's log said against it meanwhile
 * @param lacking why the kernel cannot be measured so; then there are no passes
 */
public record GuestBench(
        Situation situation, double floor, List<Pass> passes, List<LogFinding> log, Optional<String> lacking) {

    /**
     * A measurement in which the kernel said nothing.
     *
     * @param situation what was done to the pages first
     * @param floor ticks between two time stamps
     * @param passes the accesses
     */
    public GuestBench(Situation situation, double floor, List<Pass> passes) {
        this(situation, floor, passes, List.of(), Optional.empty());
    }

    /**
     * One access of every page; of large folios, of those that are left. Or some rounds of what is done to all at once,
     * of which no page is counted.
     *
     * @param access {@code read} or {@code write}; {@code fork} or {@code exit}, and the same of an empty area
     * @param ticks time stamp counter ticks of each page's access, in page order, the floor included; instructions in an
     *     emulated guest
     * @param kept pages that are afterwards in the frame in which they were first filled
     * @param changed pages that are in another
     * @param minor minor faults of the pass
     * @param major major faults of the pass
     */
    public record Pass(String access, long[] ticks, int kept, int changed, long minor, long major) {

        /**
         * The median over the pages.
         *
         * @return ticks
         */
        public double median() {
            return medianOf(ticks);
        }

        /**
         * The mean over the pages.
         *
         * @return ticks
         */
        public double mean() {
            return Arrays.stream(ticks).average().orElse(Double.NaN);
        }
    }

    /**
     * The pass of an access.
     *
     * @param access as {@link Pass#access}
     * @return the pass
     * @throws IllegalArgumentException if this situation has none
     */
    public Pass pass(String access) {
        return passes.stream()
                .filter(each -> each.access().equals(access))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(situation + " has no pass '" + access + "'"));
    }

    /**
     * Tells whether pages left memory while they were measured.
     *
     * @return how many did, in words; empty when the figures are those of faults in memory
     */
    Optional<String> spoilt() {
        for (Pass pass : passes) {
            int pages = pass.ticks().length;
            if (pass.major() > 0) {
                return Optional.of(pass.major() + " faults of the " + pass.access() + " pass read the swap device");
            }
            if (pass.kept() + pass.changed() != pages
                    && (pass.access().equals("read") || pass.access().equals("write"))) {
                return Optional.of(pages - pass.kept() - pass.changed() + " pages had left memory after the "
                        + pass.access() + " pass");
            }
        }
        return Optional.empty();
    }

    static double medianOf(long[] values) {
        return medianOf(Arrays.stream(values).asDoubleStream().toArray());
    }

    static double medianOf(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
