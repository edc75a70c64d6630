package org.cowbench.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;
import org.cowbench.noise.PerfEvents;
import org.cowbench.result.KnownMetric;
import org.jspecify.annotations.Nullable;

/**
 * Where a benchmark and {@link HistogramProfiler} meet inside a fork.
 *
 * <p>JMH gives a profiler no way to reach a benchmark's state, so both use this static holder; a fork runs one
 * benchmark, so one holder is enough. The benchmark records from its one measuring thread; the profiler reads between
 * iterations, while that thread waits at JMH's barrier, so nothing here is synchronised.
 *
 * <p>Without the profiler nothing reads what is recorded, and the benchmark runs all the same.
 */
public final class ForkProbe {
    /** Smallest and largest value a histogram holds: 1 ps and 10 s. Longer stalls are recorded as 10 s. */
    static final long MAX_PICOS = 10_000_000_000_000L;

    /**
     * System property of a fork: the share of the measured time that is burnt on top of it, such as 0.03. A planted
     * slowdown of known size shows whether a comparison finds it.
     */
    public static final String PLANT = "cowbench.plant";

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long PICOS_PER_NANO = 1_000;

    private static @Nullable Histogram histogram;
    private static final Map<KnownMetric, Source> SOURCES = new LinkedHashMap<>();

    /**
     * A number the profiler takes at the ends of an iteration.
     *
     * @param perOperation whether the metric is the change over the iteration, divided by its operations
     * @param value the number now
     */
    record Source(boolean perOperation, DoubleSupplier value) {}

    private ForkProbe() {}

    /**
     * Switches on the fork's histogram.
     *
     * @return the recorder to call from the measured path
     */
    public static Recorder recorder() {
        histogram = new Histogram(1, MAX_PICOS, SIGNIFICANT_DIGITS);
        return new Recorder(histogram, Double.parseDouble(System.getProperty(PLANT, "0")));
    }

    /**
     * Adds a counter, reported as its growth per operation.
     *
     * @param metric what is counted
     * @param value the counter, never decreasing; read outside the measured time
     */
    public static void counter(KnownMetric metric, DoubleSupplier value) {
        SOURCES.put(metric, new Source(true, value));
    }

    /**
     * Adds a gauge, reported as it stands at the end of an iteration; over iterations the largest counts.
     *
     * @param metric what is measured
     * @param value the gauge, in the metric's unit; read outside the measured time
     */
    public static void gauge(KnownMetric metric, DoubleSupplier value) {
        SOURCES.put(metric, new Source(false, value));
    }

    /** Adds the hardware events of the calling thread as counters, where they can be counted. */
    static void hardware() {
        PerfEvents.open(PerfEvents.HARDWARE).ifPresent(counters -> counters.events()
                .forEach(event -> counter(event.metric(), () -> counters.value(event))));
    }

    static Map<KnownMetric, Source> sources() {
        return SOURCES;
    }

    /**
     * Returns what was recorded.
     *
     * @return the fork's histogram, null when the benchmark asked for none
     */
    static @Nullable Histogram histogram() {
        return histogram;
    }

    /** Forgets what a previous benchmark in the same JVM left; a fork has none, a test has. */
    static void reset() {
        histogram = null;
        SOURCES.clear();
    }

    /**
     * Records batches of operations.
     *
     * <p>A fault takes about as long as the clock takes to be read, so faults are timed in batches, one clock read a
     * batch, and the value recorded is the mean of the batch. A slow fault therefore shows as its share of a batch.
     */
    public static final class Recorder {
        /** Burning less at a time would be lost in the clock's steps. */
        private static final double LEAST_BURN_NANOS = 5_000;

        private final Histogram target;
        private final double plant;
        private double owed;
        private long burnt;

        private Recorder(Histogram target, double plant) {
            this.target = target;
            this.plant = plant;
        }

        /**
         * Records one batch.
         *
         * @param nanos how long the batch took
         * @param operations how many operations it held
         */
        public void batch(long nanos, int operations) {
            long picos = nanos * PICOS_PER_NANO / operations;
            target.recordValue(Math.clamp(picos, 1, MAX_PICOS));
            if (plant > 0) {
                burn(nanos);
            }
        }

        /** Spends the planted share of the time of real work; what was burnt in the last batch is none. */
        private void burn(long nanos) {
            owed += (nanos - burnt) * plant;
            burnt = 0;
            if (owed >= LEAST_BURN_NANOS) {
                long start = System.nanoTime();
                while (System.nanoTime() - start < owed) {
                    Thread.onSpinWait();
                }
                burnt = System.nanoTime() - start;
                owed -= burnt;
            }
        }
    }
}
