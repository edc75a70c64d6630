package org.cowbench.compare;

import java.util.List;
import java.util.Map;

/** What a reader of a comparison should know before a number is believed. */
public sealed interface Warning {

    /** What a warning is about. */
    enum Of {
        /** What is compared with. */
        BASE,
        /** What is compared. */
        HEAD,
        /** Both sides. */
        BOTH,
        /** The one run inside which values of a parameter are compared. */
        RUN
    }

    /** Why metrics are not compared. */
    enum Unmatched {
        /** Their units do not turn into each other. */
        OTHER_UNITS,
        /** Only the base has them. */
        ONLY_BASE,
        /** Only the head has them. */
        ONLY_HEAD,
        /** A side has no finite value of them. */
        NO_VALUE
    }

    /** The sides are runs that were not interleaved: drift of the machine is part of every difference of times. */
    record SeparateRuns() implements Warning {}

    /** Inside one run, nothing says in which order its forks ran. */
    record UnknownOrder() implements Warning {}

    /** The session's base was not measured twice. */
    record NoControl() implements Warning {}

    /**
     * The control cannot be read.
     *
     * @param why what reading it said
     */
    record UnreadableControl(String why) implements Warning {}

    /**
     * A run was interrupted.
     *
     * @param of which
     */
    record Incomplete(Of of) implements Warning {}

    /**
     * A run was measured with local changes on top of its commit.
     *
     * @param of which
     */
    record LocalChanges(Of of) implements Warning {}

    /**
     * Forks of a run delivered nothing.
     *
     * @param of which run
     * @param failed how many
     * @param forks of how many
     */
    record FailedForks(Of of, long failed, int forks) implements Warning {}

    /**
     * What a run says of itself.
     *
     * @param of which run, or both
     * @param text its warning
     */
    record Own(Of of, String text) implements Warning {}

    /**
     * Values that were NaN or infinite are left out.
     *
     * @param iterations how many, by the tag of the benchmark
     */
    record NotFinite(Map<String, Integer> iterations) implements Warning {}

    /**
     * Metrics are not compared.
     *
     * @param why why not
     * @param metrics which, each after the tag of its benchmark
     */
    record Metrics(Unmatched why, List<String> metrics) implements Warning {}

    /**
     * Histograms do not say which fork each is of, so percentiles are not compared.
     *
     * @param tags of which benchmarks
     */
    record UnknownForks(List<String> tags) implements Warning {}

    /**
     * Benchmarks that only one side has.
     *
     * @param of which side
     * @param tags the benchmarks
     */
    record Only(Of of, List<String> tags) implements Warning {}

    /**
     * A parameter has another name in the head and was matched by its values.
     *
     * @param base its name in the base
     * @param head its name in the head
     * @param benchmarks where
     */
    record Renamed(String base, String head, List<String> benchmarks) implements Warning {}

    /**
     * One side does not tell mode or threads, and benchmarks were matched without.
     *
     * @param benchmarks which
     */
    record Untold(List<String> benchmarks) implements Warning {}
}
