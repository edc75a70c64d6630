package org.cowbench.workload;

/** The access streams that benchmarks run, for use as a JMH {@code @Param}. */
public enum Streams {
    /** Every page equally likely, half of the accesses writes: no locality for reclaim to find. */
    UNIFORM {
        @Override
        public AccessStream stream(int pages, int length, long seed) {
            return SyntheticStreams.uniform(pages, length, WRITE_SHARE, seed);
        }
    },
    /** Zipf popularity with exponent 0.99, half of the accesses writes: YCSB's update-heavy mix (workload A). */
    ZIPF {
        @Override
        public AccessStream stream(int pages, int length, long seed) {
            return SyntheticStreams.zipf(pages, length, 0.99, WRITE_SHARE, seed);
        }
    };

    /** The probability that an access of a synthetic stream writes. */
    public static final double WRITE_SHARE = 0.5;

    /**
     * Makes the stream. A driver sizes its machine by the stream's {@link AccessStream#pages()}, never by the argument:
     * a recorded stream brings its own pages and length, and takes no notice of the arguments.
     *
     * @param pages  footprint of a synthetic stream, in pages
     * @param length number of accesses of a synthetic stream
     * @param seed   seed of a synthetic stream
     * @return the stream
     * @throws IllegalArgumentException if an argument is out of range
     */
    public abstract AccessStream stream(int pages, int length, long seed);
}
