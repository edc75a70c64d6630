package org.cowbench.bench;

import org.cowbench.result.ForkInfo;

/** Follows a run; called from the thread that runs it. */
public interface RunListener {

    /**
     * A fork is about to start.
     *
     * @param cell what it measures
     * @param done forks executed so far
     * @param total forks planned
     * @param remainingSeconds estimate of the time the rest will take
     */
    default void starting(Cell cell, int done, int total, double remainingSeconds) {}

    /**
     * A fork has ended.
     *
     * @param fork what is known of it
     * @param done forks executed so far
     * @param total forks planned
     * @param remainingSeconds estimate of the time the rest will take
     */
    default void finished(ForkInfo fork, int done, int total, double remainingSeconds) {}

    /**
     * Something the user should know at once.
     *
     * @param line one line
     */
    default void warning(String line) {}
}
