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
 * The cost of fork(2), and of the end of the child, for each page that the process has: what a rule makes these two pay
 * so that a write fault need not.
 *
 * <p>An invocation is one fork(2), or one exit, of a process of {@value #PAGES} pages, all present and written, or all
 * swapped out and still in the swap cache. The metadata fits in a second-level cache; no page's content is touched.
 * Before the next invocation one bulk copy puts back what was before it, so each fork(2) is the first since the pages
 * were written. Nothing but the model's page tables, areas and records is counted: a kernel's fork(2) has a cost for
 * the process as well.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Processes {
    /** Pages of the process. */
    static final int PAGES = 256;

    private static final int CHILD = 1;

    /** Made by JMH. */
    public Processes() {}

    /**
     * Forks a process whose pages are present.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int forkPresent(ForkOfPresent process) {
        return process.run();
    }

    /**
     * Forks a process whose pages are swapped out.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int forkSwapped(ForkOfSwapped process) {
        return process.run();
    }

    /**
     * Ends a forked process whose pages are present, and its parent's as well.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int exitPresent(ExitOfPresent process) {
        return process.run();
    }

    /**
     * Ends a forked process whose pages are swapped out, and its parent's as well.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public int exitSwapped(ExitOfSwapped process) {
        return process.run();
    }

    /** A process that does one thing to all its pages at once. */
    @State(Scope.Thread)
    public abstract static class Whole extends PageSet {
        /** Made by JMH. */
        protected Whole() {}

        /**
         * Does it.
         *
         * @return the outcome
         */
        abstract int act();

        @Override
        int pages() {
            return PAGES;
        }

        @Override
        int batch() {
            return PAGES;
        }

        @Override
        public int operations() {
            return PAGES;
        }

        @Override
        public int run() {
            prepared.advance(PAGES);
            long before = System.nanoTime();
            int outcome = act();
            recorder.batch(System.nanoTime() - before, PAGES);
            return done(outcome);
        }
    }

    /** Present pages before a fork(2). */
    @State(Scope.Thread)
    public static class ForkOfPresent extends Whole {
        /** Made by JMH. */
        public ForkOfPresent() {}

        @Override
        Situation situation() {
            return Situation.PRESENT;
        }

        @Override
        int act() {
            return machine.fork(0, CHILD);
        }
    }

    /** Swapped pages before a fork(2). */
    @State(Scope.Thread)
    public static class ForkOfSwapped extends Whole {
        /** Made by JMH. */
        public ForkOfSwapped() {}

        @Override
        Situation situation() {
            return Situation.SWAPPED;
        }

        @Override
        int act() {
            return machine.fork(0, CHILD);
        }
    }

    /** Present pages of a parent and a child. */
    @State(Scope.Thread)
    public static class ExitOfPresent extends Whole {
        /** Made by JMH. */
        public ExitOfPresent() {}

        @Override
        Situation situation() {
            return Situation.FORK_SHARED;
        }

        @Override
        int act() {
            machine.exit(CHILD);
            return 0;
        }
    }

    /** Swapped pages of a parent and a child. */
    @State(Scope.Thread)
    public static class ExitOfSwapped extends Whole {
        /** Made by JMH. */
        public ExitOfSwapped() {}

        @Override
        Situation situation() {
            return Situation.SWAP_SHARED;
        }

        @Override
        int act() {
            machine.exit(CHILD);
            return 0;
        }
    }
}
