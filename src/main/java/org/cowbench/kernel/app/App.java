package org.cowbench.kernel.app;

import java.util.List;

/**
 * A program that is put under load in guests: what it is made of, how it starts, and what is asked of it. One is one class
 * and one line in {@link Apps}.
 */
public interface App {

    /**
     * What people call it.
     *
     * @return a word, such as {@code redis}
     */
    String name();

    /**
     * Debian's packages that it is in; those that they depend on come by themselves.
     *
     * @return names
     */
    List<String> packages();

    /**
     * How it starts, in the folder {@code /app} of a guest, which it may write to.
     *
     * @return its path and its arguments
     */
    List<String> arguments();

    /**
     * The Unix socket at which it is asked.
     *
     * @return a path
     */
    String socket();

    /**
     * Memory that it will use, to size a guest by.
     *
     * @param size how much is asked of it
     * @return bytes, with some to spare
     */
    long memory(Size size);

    /**
     * What is asked of it in a boot.
     *
     * @param size how much
     * @param seed of all that is random
     * @return the requests
     */
    Plan plan(Size size, long seed);

    /**
     * How much is asked of a program.
     *
     * @param keys how many things it holds
     * @param bytes of each
     * @param requests of each phase
     * @param pipeline requests that are sent before the first reply is waited for
     * @param percent of the memory it then has, to which it is limited once it holds all
     */
    record Size(int keys, int bytes, int requests, int pipeline, int percent) {}
}
