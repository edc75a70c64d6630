package org.cowbench.bench;

import org.cowbench.bench.turns.Turns;

/**
 * State of a benchmark that can share a fork with other policies, each with its turn. The benchmark method's state, its
 * class or its only parameter, implements this and holds the parameters in public fields; the method does what
 * {@link #run()} does.
 */
interface TakesTurns {

    /** Shortest turn, in nanoseconds: long against the few microseconds in which a lane warms the caches again. */
    long TURN_NANOS = 3_000_000;

    /**
     * Says how many share the fork, before anything is built: whoever must not fit into a cache may be smaller where
     * others sweep it between two turns.
     *
     * @param lanes this one included
     */
    default void among(int lanes) {}

    /** Builds what is measured. */
    void build();

    /** Prepares the next invocation, outside the measured time. */
    default void rewind() {}

    /**
     * Runs one invocation.
     *
     * @return outcomes
     */
    int run();

    /**
     * Returns the work of an invocation.
     *
     * @return operations
     */
    int operations();

    /**
     * Returns how often an operation does what is compiled: as many operations are needed to warm up as together do it
     * often enough.
     *
     * @return accesses of an operation, at least 1
     */
    default int accesses() {
        return 1;
    }

    /**
     * Says when a turn is over.
     *
     * @param operations what was done in it
     * @param nanos how long it has taken
     * @return whether the next policy's turn comes
     */
    default boolean over(long operations, long nanos) {
        return nanos >= TURN_NANOS;
    }

    /**
     * Returns how many turns make an iteration: those after which the work begins anew, so that iterations are of one
     * kind.
     *
     * @return turns, at least 1; known once it is built
     */
    default int turns() {
        return 1;
    }

    /**
     * Returns how many iterations a fork measures.
     *
     * @return a number that does not depend on what is built
     */
    default int iterations() {
        return Turns.ROTATIONS;
    }
}
