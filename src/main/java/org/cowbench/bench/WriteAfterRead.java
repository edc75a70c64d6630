package org.cowbench.bench;

import java.util.concurrent.TimeUnit;
import org.cowbench.machine.Task;
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
 * The cost of writing a page that is present: the write, and the write-protect fault if the policy has one.
 *
 * <p>All pages are brought into a {@link Situation} once, by operations of the machine; the metadata is saved. A pass
 * writes every page once; before the next pass one bulk copy puts the metadata back. Pages are written in a fixed random
 * order, in batches of {@value #BATCH} for the histogram.
 *
 * <p><b>Why a fixture at {@code Level.Invocation} is sound here.</b> JMH warns of it because it reads the clock
 * around every invocation. An invocation here is 32 or 4096 faults, so two clock reads of some 20 ns add less than
 * one and a half nanoseconds to a fault, under every policy alike; the copy itself lies outside the measured time.
 * One thread runs, so nothing waits for the fixture, and the copy is needed only between passes. The alternative,
 * undoing each fault by operations of the machine, would put a page-out and a swap-in, far dearer than the fault,
 * into the measured time.
 *
 * <p>What the copy leaves in the caches favours metadata over data: in {@link #l2} all fits anyway, in {@link #dram}
 * page records come from the last-level cache at best while page data comes from memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class WriteAfterRead {
    /** Faults timed together. */
    static final int BATCH = 16;
    /**
     * Pages whose originals and copies fit in a second-level cache: 128 KiB and as much again. A guest's huge page
     * is made of its host's small ones, which fall into the sets of a physically indexed cache at random, so sets
     * overflow long before the cache is full, in each fork others.
     */
    static final int L2_PAGES = 32;
    /** Pages that fit in no cache: 256 MiB and as much again. */
    static final int DRAM_PAGES = 1 << 16;
    /**
     * The fewest of a policy that shares a fork: the others' pages pass through the cache before its turn comes again. Their
     * metadata is still more than a second-level cache holds, as that of the large set is.
     */
    static final int DRAM_PAGES_SHARED = 1 << 14;
    /** Faults of one invocation over the large set. */
    static final int DRAM_WINDOW = 1 << 12;

    /** Made by JMH. */
    public WriteAfterRead() {}

    /**
     * Writes all of a small set of pages.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(L2_PAGES)
    public int l2(SmallSet faults) {
        return faults.run();
    }

    /**
     * Writes a part of a large set of pages.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(DRAM_WINDOW)
    @Warmup(iterations = 2, time = 100, timeUnit = TimeUnit.MILLISECONDS)
    public int dram(LargeSet faults) {
        return faults.run();
    }

    /** Pages in a situation, and how far the pass over them has come. */
    @State(Scope.Thread)
    public abstract static class Pages extends PageSet {
        /** The situation. */
        @Param({"SWAPCACHE", "BATCHED", "HIDDEN_SHARER", "FORK_SHARED", "PINNED", "PRIVATE"})
        public Situation situation;

        private int cpuMask;
        private Task task;

        /** Made by JMH. */
        protected Pages() {}

        @Override
        Situation situation() {
            return situation;
        }

        @Override
        int batch() {
            return BATCH;
        }

        @Override
        public int run() {
            return write(operations());
        }

        @Override
        public void build() {
            super.build();
            task = machine.task(0);
            cpuMask = situation.batched() ? -1 : 0;
        }

        /**
         * Writes the next pages of the pass.
         *
         * @param count how many, a multiple of {@link WriteAfterRead#BATCH}
         * @return the outcomes, combined
         * @throws IllegalStateException when a write was not done
         */
        int write(int count) {
            int[] order = prepared.order;
            int outcomes = 0;
            int next = prepared.advance(count);
            int end = next + count;
            long before = System.nanoTime();
            while (next < end) {
                for (int batchEnd = next + BATCH; next < batchEnd; next++) {
                    int page = order[next];
                    task.runOn(page & cpuMask);
                    outcomes |= machine.write(0, page, ++word);
                }
                long now = System.nanoTime();
                recorder.batch(now - before, BATCH);
                before = now;
            }
            return done(outcomes);
        }
    }

    /** Pages that fit in a second-level cache. */
    @State(Scope.Thread)
    public static class SmallSet extends Pages {
        /** Made by JMH. */
        public SmallSet() {}

        @Override
        int pages() {
            return L2_PAGES;
        }

        @Override
        public int operations() {
            return L2_PAGES;
        }
    }

    /** Pages that fit in no cache; of policies that take turns, those of all together. */
    @State(Scope.Thread)
    public static class LargeSet extends Pages {
        private int pages = DRAM_PAGES;

        /** Made by JMH. */
        public LargeSet() {}

        @Override
        public void among(int lanes) {
            while (pages > DRAM_PAGES_SHARED && pages / 2 * lanes >= DRAM_PAGES) {
                pages /= 2;
            }
        }

        @Override
        int pages() {
            return pages;
        }

        /** A turn is one pass: of a second one the pages would be in the cache. */
        @Override
        public boolean over(long operations, long nanos) {
            return operations >= pages;
        }

        @Override
        public int operations() {
            return DRAM_WINDOW;
        }
    }
}
