package org.cowbench.bench;

import java.util.concurrent.TimeUnit;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of accesses to pages that are swapped out and still in the swap cache: what comes before the write that
 * {@link WriteAfterRead} measures, that write together with it, and the write that comes first.
 *
 * <p>Methods are called as {@code kernel bench} calls what it does to the same pages. A policy that saves at the write
 * what it has paid at the read, as v6.11 does, shows it in {@link #readThenWrite} alone. The pages are as many as those of
 * {@link WriteAfterRead#l2}, and are prepared, put back and timed as those are.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Faults {
    /** Pages of the set. */
    static final int PAGES = WriteAfterRead.L2_PAGES;

    /** Made by JMH. */
    public Faults() {}

    /**
     * Reads private pages: a swap-in without a read of the device.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int swapInRead(Reads set) {
        return set.run();
    }

    /**
     * Reads each of these pages, then writes it: one operation.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int readThenWrite(Pairs set) {
        return set.run();
    }

    /**
     * Writes pages whose other user, a forked process, has gone: a swap-in by writing.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int writeSwapIn(Writes set) {
        return set.run();
    }

    /** Pages that are accessed once each. */
    @State(Scope.Thread)
    public abstract static class Swapped extends PageSet {
        /** Made by JMH. */
        protected Swapped() {}

        /**
         * Does one operation.
         *
         * @return the outcome
         */
        abstract int access(int page);

        @Override
        Situation situation() {
            return Situation.SWAPPED;
        }

        @Override
        int pages() {
            return PAGES;
        }

        @Override
        int batch() {
            return WriteAfterRead.BATCH;
        }

        @Override
        public int operations() {
            return PAGES;
        }

        @Override
        public int run() {
            int[] order = prepared.order;
            int outcomes = 0;
            int next = prepared.advance(PAGES);
            int end = next + PAGES;
            long before = System.nanoTime();
            while (next < end) {
                for (int batchEnd = next + WriteAfterRead.BATCH; next < batchEnd; next++) {
                    outcomes |= access(order[next]);
                }
                long now = System.nanoTime();
                recorder.batch(now - before, WriteAfterRead.BATCH);
                before = now;
            }
            return done(outcomes);
        }
    }

    /** Pages to read. */
    @State(Scope.Thread)
    public static class Reads extends Swapped {
        /** Made by JMH. */
        public Reads() {}

        @Override
        int access(int page) {
            return machine.read(0, page);
        }
    }

    /** Pages to read and write. */
    @State(Scope.Thread)
    public static class Pairs extends Swapped {
        /** Made by JMH. */
        public Pairs() {}

        @Override
        int access(int page) {
            int read = machine.read(0, page);
            return read | machine.write(0, page, ++word);
        }
    }

    /** Pages to write. */
    @State(Scope.Thread)
    public static class Writes extends Swapped {
        /** Made by JMH. */
        public Writes() {}

        @Override
        Situation situation() {
            return Situation.SHARER_GONE;
        }

        @Override
        int access(int page) {
            return machine.write(0, page, ++word);
        }
    }
}
