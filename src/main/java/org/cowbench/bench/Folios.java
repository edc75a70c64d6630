package org.cowbench.bench;

import java.util.concurrent.TimeUnit;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of large folios. One operation is a folio: all of its pages that are left are written, from the first on, or it
 * is forked, or its other process ends. So faults an operation are 1 where a rule answers for the whole folio, and as
 * many as pages where it answers for a page.
 *
 * <p>Methods are called as {@code kernel bench} calls what it does to the same folios. A kernel of an era that has no
 * folios of 64 KiB is no row of theirs. Folios are used in a fixed random order, {@value #GROUP} at a time; before the
 * next pass one bulk copy puts the metadata back, see {@link WriteAfterRead}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Folios {
    /** Folios of an invocation, and of a set of 2 MiB each. */
    static final int GROUP = 4;
    /** Folios of a process that forks: a fork of a folio that a PMD entry maps takes less time than the clock. */
    static final int FORKED = 16;
    /** Pages of a set of smaller ones: as many as those of 2 MiB have. */
    private static final int PAGES = GROUP * FolioKind.MIB_2.pages();

    /** Made by JMH. */
    public Folios() {}

    /**
     * Writes folios that a fork(2) write-protected and whose child has gone.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public int writeAfterExit(AfterExit set) {
        return set.run();
    }

    /**
     * Writes folios that were swapped out whole before the fork(2), and are in the swap cache.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public int writeSwapIn(SwappedOut set) {
        return set.run();
    }

    /**
     * Writes what is left of folios half of which was given back before the fork(2).
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public int writeHalf(HalfLeft set) {
        return set.run();
    }

    /**
     * Writes the last page of folios of which all others were given back before the fork(2).
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public int writeLast(OneLeft set) {
        return set.run();
    }

    /**
     * Forks a process that has written its folios.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(FORKED)
    public int fork(Forked process) {
        return process.run();
    }

    /**
     * Ends a forked process that has touched nothing.
     *
     * @return the outcome, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(FORKED)
    public int exit(Exited process) {
        return process.run();
    }

    /** Folios of one kind. */
    @State(Scope.Thread)
    public abstract static class FolioSet extends PageSet {
        /** Passes of a turn, where policies take turns: most of one is putting back, which time measured does not tell. */
        private static final int TURN_PASSES = 8;

        private final int group;

        /** For sets that are used so many folios at a time. */
        FolioSet(int group) {
            this.group = group;
        }

        /**
         * Returns what folios these are.
         *
         * @return the kind
         */
        abstract FolioKind kind();

        /**
         * Whether pages are written.
         *
         * @return false where only entries and records are
         */
        boolean touched() {
            return true;
        }

        /** How many folios there are. */
        int folios() {
            return PAGES / kind().pages();
        }

        @Override
        final Prepared prepare() {
            return Prepared.folios(policy.rule(), situation(), kind(), folios(), touched());
        }

        @Override
        final int pages() {
            return folios() * kind().pages();
        }

        @Override
        final int batch() {
            return group;
        }

        @Override
        public final int operations() {
            return group;
        }

        @Override
        public boolean over(long operations, long nanos) {
            return nanos >= TURN_NANOS || operations >= (long) TURN_PASSES * folios();
        }
    }

    /** Folios to write. */
    @State(Scope.Thread)
    public abstract static class Written extends FolioSet {
        private int size;
        private int left;

        /** Made by JMH. */
        protected Written() {
            super(GROUP);
        }

        @Override
        public void build() {
            super.build();
            size = kind().pages();
            left = situation().left(size);
        }

        @Override
        public int accesses() {
            return left;
        }

        @Override
        public int run() {
            int[] order = prepared.order;
            int outcomes = 0;
            int next = prepared.advance(GROUP);
            long before = System.nanoTime();
            for (int end = next + GROUP; next < end; next++) {
                int first = order[next];
                for (int page = first; page < first + left; page++) {
                    outcomes |= machine.write(0, page, ++word);
                }
            }
            recorder.batch(System.nanoTime() - before, GROUP);
            return done(outcomes);
        }
    }

    /** Mapped folios whose child has gone. */
    @State(Scope.Thread)
    public static class AfterExit extends Written {
        /** The folios. */
        @Param
        public FolioKind folio;

        /** Made by JMH. */
        public AfterExit() {}

        @Override
        FolioKind kind() {
            return folio;
        }

        @Override
        Situation situation() {
            return Situation.PRIVATE;
        }
    }

    /** Folios of each size; what maps them is taken apart before they are measured. */
    @State(Scope.Thread)
    public abstract static class Sizes extends Written {
        /** The folios. */
        @Param({"KIB_64", "MIB_2"})
        public FolioKind folio;

        /** Made by JMH. */
        protected Sizes() {}

        @Override
        FolioKind kind() {
            return folio;
        }
    }

    /** Folios in the swap cache whose child has gone. */
    @State(Scope.Thread)
    public static class SwappedOut extends Sizes {
        /** Made by JMH. */
        public SwappedOut() {}

        @Override
        Situation situation() {
            return Situation.SHARER_GONE;
        }
    }

    /** Halves of folios. */
    @State(Scope.Thread)
    public static class HalfLeft extends Sizes {
        /** Made by JMH. */
        public HalfLeft() {}

        @Override
        Situation situation() {
            return Situation.HALF_LEFT;
        }
    }

    /** Last pages of folios. */
    @State(Scope.Thread)
    public static class OneLeft extends Sizes {
        /** Made by JMH. */
        public OneLeft() {}

        @Override
        Situation situation() {
            return Situation.ONE_LEFT;
        }
    }

    /** A process that does one thing to all its folios at once. */
    @State(Scope.Thread)
    public abstract static class Whole extends FolioSet {
        /** The folios. */
        @Param
        public FolioKind folio;

        /** Made by JMH. */
        protected Whole() {
            super(FORKED);
        }

        /**
         * Does it.
         *
         * @return the outcome
         */
        abstract int act();

        @Override
        FolioKind kind() {
            return folio;
        }

        @Override
        boolean touched() {
            return false;
        }

        @Override
        int folios() {
            return FORKED;
        }

        @Override
        public int accesses() {
            return folio.pmd() && !folio.split() ? 1 : folio.pages();
        }

        @Override
        public int run() {
            prepared.advance(FORKED);
            long before = System.nanoTime();
            int outcome = act();
            recorder.batch(System.nanoTime() - before, FORKED);
            return done(outcome);
        }
    }

    /** A process before a fork(2). */
    @State(Scope.Thread)
    public static class Forked extends Whole {
        /** Made by JMH. */
        public Forked() {}

        @Override
        Situation situation() {
            return Situation.PRESENT;
        }

        @Override
        int act() {
            return machine.fork(0, 1);
        }
    }

    /** A parent and its child. */
    @State(Scope.Thread)
    public static class Exited extends Whole {
        /** Made by JMH. */
        public Exited() {}

        @Override
        Situation situation() {
            return Situation.FORK_SHARED;
        }

        @Override
        int act() {
            machine.exit(1);
            return 0;
        }
    }
}
