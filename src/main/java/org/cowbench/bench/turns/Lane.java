package org.cowbench.bench.turns;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One policy's share of a fork in which policies take turns. Implementations are loaded by a {@link LaneLoader}; what
 * crosses between loaders are the types named here, the JDK's and the libraries'.
 */
public interface Lane {

    /**
     * A number read after a turn.
     *
     * @param name name of the metric
     * @param unit its unit, such as {@code B/op}
     * @param perOperation whether its growth over a turn, divided by the turn's operations, is the metric
     * @param value the number
     */
    record Count(String name, String unit, boolean perOperation, double value) implements Serializable {}

    /**
     * Builds what is measured.
     *
     * @param benchmark JMH's full name of the benchmark, {@code package.Class.method}
     * @param params parameters as JMH spells their values
     * @param lanes how many lanes share the fork
     * @throws IllegalArgumentException if the benchmark does not take turns, or has no such parameter
     */
    void open(String benchmark, Map<String, String> params, int lanes);

    /**
     * Returns how many turns make an iteration.
     *
     * @return turns, the same for all lanes of a fork
     */
    int turns();

    /** Forgets the work of the turns before. */
    void begin();

    /**
     * Runs for one turn.
     *
     * @param least accesses it must do, however long they take; zero where its time alone ends it
     * @return outcomes, for JMH to keep
     */
    int turn(long least);

    /**
     * Returns the work since {@link #begin()}.
     *
     * @return operations
     */
    long operations();

    /**
     * Returns how often that did what is compiled: an operation may be of many pages.
     *
     * @return accesses, at least as many as operations
     */
    long accesses();

    /**
     * Returns its time, without what only prepares the next operations.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * Returns its batches.
     *
     * @return picoseconds an operation
     */
    Histogram histogram();

    /**
     * Counts hardware events of some operations, where they can be counted: beside the turns, so that their time does not
     * hold that of reading counters. What it found is a part of {@link #counts()} until it is called again.
     */
    void countEvents();

    /**
     * Reads the counters.
     *
     * @return the numbers now
     */
    List<Count> counts();
}
