package org.cowbench.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

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
    },
    /** What redis-server did under redis-benchmark, as recorded; the facts of the recording lie beside the trace. */
    REDIS {
        @Override
        public AccessStream stream(int pages, int length, long seed) {
            return recorded("redis");
        }
    },
    /**
     * {@link #REDIS}, with a background save four times a pass: a fork, a child that reads every page and lives for
     * half of the time to the next fork. The accesses are recorded, the saves are added. Holds negative codes.
     */
    SNAPSHOT {
        @Override
        public AccessStream stream(int pages, int length, long seed) {
            AccessStream redis = recorded("redis");
            int every = redis.accesses() / 4;
            return redis.withSnapshots("snapshot", every, every / 2);
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
     * @throws UncheckedIOException     if a recorded trace is missing or damaged; the message names it
     */
    public abstract AccessStream stream(int pages, int length, long seed);

    private static AccessStream recorded(String name) {
        String file = name + ".trace.gz";
        try (InputStream in = Streams.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new TraceFormatException(file, "not in the jar: build it again", null);
            }
            return TraceFormat.read(name, file, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
