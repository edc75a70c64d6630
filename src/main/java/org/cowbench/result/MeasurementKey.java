package org.cowbench.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What identifies a measurement, in one file and across files. Two measurements are of the same thing only when all of
 * it is equal; a value that a file does not tell is empty, or 0.
 *
 * @param benchmark the benchmark's full name: package, class and method
 * @param mode JMH's short name of the mode, such as {@code avgt}
 * @param threads how many threads ran it; 0 when the file does not say
 * @param threadGroups how they were shared out among the methods of a group, such as {@code 3:1}; empty when there is
 *     one group, or the file does not say
 * @param params parameters in JMH's order, as JMH spells their values; their order does not count
 */
public record MeasurementKey(
        String benchmark, String mode, int threads, String threadGroups, Map<String, String> params) {
    /** Begins the full names of this project's own benchmarks. */
    static final String OWN = "org.cowbench.";

    /** Copies the parameters. */
    public MeasurementKey {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /**
     * Whether the benchmark is one of this project's: only then do names of parameters mean what they mean here.
     *
     * @return false for any other project's
     */
    public boolean own() {
        return benchmark.startsWith(OWN);
    }

    /**
     * The key of all measurements that differ from this one in a parameter alone.
     *
     * @param param name of the parameter
     * @return this key without it
     */
    public MeasurementKey without(String param) {
        Map<String, String> others = new LinkedHashMap<>(params);
        others.remove(param);
        return new MeasurementKey(benchmark, mode, threads, threadGroups, others);
    }

    /**
     * Whether two measurements, their parameters apart, may be of the same thing for all that their files say.
     *
     * @param other another key
     * @return true when whatever both tell is equal
     */
    public boolean agrees(MeasurementKey other) {
        return benchmark.equals(other.benchmark)
                && (mode.equals(other.mode) || mode.isEmpty() || other.mode.isEmpty())
                && (threads == other.threads || threads == 0 || other.threads == 0)
                && (threadGroups.equals(other.threadGroups) || threadGroups.isEmpty() || other.threadGroups.isEmpty());
    }
}
