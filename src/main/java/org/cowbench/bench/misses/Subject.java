package org.cowbench.bench.misses;

import java.util.Map;

/** A benchmark, opened: what JMH does with it in a fork, without the time. Loaded anew, with its accesses redirected. */
public interface Subject extends AutoCloseable {

    /** Opens benchmarks; implementations have a public constructor without parameters. */
    @FunctionalInterface
    interface Opener {
        /**
         * Builds what is measured.
         *
         * @param benchmark JMH's full name of the benchmark, {@code package.Class.method}
         * @param params parameters as JMH spells their values
         * @param lanes how many share the fork, this one included
         * @return it
         * @throws IllegalArgumentException if there is no such benchmark or parameter
         */
        Subject open(String benchmark, Map<String, String> params, int lanes);
    }

    /** Prepares the next invocation, as fixtures do. */
    void prepare();

    /** Runs one invocation. */
    void run();

    /**
     * Returns the work of an invocation.
     *
     * @return operations
     */
    int operations();

    /**
     * Says when a turn may be over.
     *
     * @param operations what was done in it
     * @return whether the next policy's turn may come
     */
    boolean over(long operations);

    /** Gives the memory back. */
    @Override
    void close();
}
