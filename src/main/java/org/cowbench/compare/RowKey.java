package org.cowbench.compare;

import org.cowbench.result.MeasurementKey;

/**
 * What identifies a row of a comparison, in any two files: the same key is the same thing measured. Names that people
 * read are no part of it.
 *
 * @param measurement the benchmark with its package, mode, threads, thread groups and parameters as JMH spells them
 * @param metric which of its metrics
 */
public record RowKey(MeasurementKey measurement, MetricId metric) {

    /**
     * A metric of a measurement.
     *
     * @param source who named it: the same name from another source is another metric
     * @param name its name
     */
    public record MetricId(Source source, String name) {

        /** Where a metric comes from. */
        public enum Source {
            /** The benchmark's own score. */
            SCORE,
            /** A percentile of a fork that cowbench read from a histogram. */
            PERCENTILE,
            /** A secondary metric: an auxiliary counter, a method of a group, a profiler's figure. */
            SECONDARY
        }

        /** The benchmark's own score. */
        static final MetricId SCORE = new MetricId(Source.SCORE, "score");

        /** Begins the label of a secondary metric that has a name of ours. */
        private static final String PREFIX = "secondary:";

        /**
         * What the metric is called where all metrics of a benchmark stand together.
         *
         * @return its name; that of a secondary metric with a prefix where it would read as one of ours
         */
        public String label() {
            boolean ours = name.equals(SCORE.name) || name.startsWith(PREFIX) || Histograms.names(name);
            return source == Source.SECONDARY && ours ? PREFIX + name : name;
        }
    }
}
