package org.cowbench.ab;

import java.nio.file.Path;

/** Executes one fork of a session. */
@FunctionalInterface
public interface ForkRunner {

    /**
     * Executes a fork and waits for it.
     *
     * @param slot what to execute
     * @param results directory in which the fork's result directory is to be made
     * @param label name of that result directory; it exists afterwards, also when the fork failed
     * @throws AbException when no fork can be executed at all
     * @throws InterruptedException when the session is interrupted
     */
    void run(AbPlan.Slot slot, Path results, String label) throws InterruptedException;
}
