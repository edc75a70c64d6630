package org.cowbench.bench;

import java.lang.invoke.VarHandle;
import org.cowbench.arena.Frames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The {@link Primitives} that copy, zero or store what pages hold; JMH lists them under that name. */
public abstract class DataPrimitives {
    /** Pages of a row in the second-level cache. */
    static final int WARM = WriteAfterRead.L2_PAGES;
    /** Pages of a row in memory. */
    static final int COLD = WriteAfterRead.DRAM_WINDOW;

    /** Made by JMH. */
    protected DataPrimitives() {}

    /** Copies a page, in the second-level cache. */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void copyWarm(RowOfPages.Warm set) {
        copy(set, WARM);
    }

    /** Copies a page, in memory. */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void copyCold(RowOfPages.Cold set) {
        copy(set, COLD);
    }

    private static void copy(RowOfPages set, int count) {
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.copy(set.order[i], set.pages + i);
        }
    }

    /**
     * Copies a page in memory while holding a reference to it; the copy's last line says which page comes next. So what
     * one copy misses cannot overlap with what the next one does, as in faults, between which there are hundreds of
     * instructions. Where the next page is known before, as in {@link #copyCold}, a processor goes on to it across
     * atomic operations and fences.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int copyHeldCold(RowOfPages.Cold set) {
        Frames frames = set.frames;
        int begin = set.begin(COLD);
        int page = set.order[begin];
        int sum = 0;
        for (int i = begin, end = i + COLD; i < end; i++) {
            int copy = set.pages + i;
            sum += frames.addRef(page, 1);
            frames.copy(page, copy);
            sum += frames.addRef(page, -1);
            page = (int) frames.load(copy, RowOfPages.LAST_LINE);
        }
        return sum;
    }

    /** Zeroes a page, in the second-level cache. */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void zeroWarm(RowOfPages.Warm set) {
        zero(set, WARM);
    }

    /** Zeroes a page, in memory. */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void zeroCold(RowOfPages.Cold set) {
        zero(set, COLD);
    }

    private static void zero(RowOfPages set, int count) {
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.zero(set.order[i]);
        }
    }

    /** Stores a word of a page, in the second-level cache. */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void storeWarm(RowOfPages.Warm set) {
        store(set, WARM);
    }

    /** Stores a word of a page, in memory. */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void storeCold(RowOfPages.Cold set) {
        store(set, COLD);
    }

    private static void store(RowOfPages set, int count) {
        int line = set.line();
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.store(set.order[i], line, i);
        }
    }

    /**
     * Stores a word of a page in memory; the line that it stores to says which page comes next, so each waits for its own
     * line. Each pass stores to other lines: the first lines of all pages, as a fault stores to, are 4 MiB, and a fault
     * finds them only after the pages themselves, or other policies', have been through the cache.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int storeChasedCold(RowOfPages.Cold set) {
        int line = set.line();
        int begin = set.begin(COLD);
        int page = set.order[begin];
        for (int i = begin, end = i + COLD; i < end; i++) {
            int next = (int) set.frames.load(page, line);
            set.frames.store(page, line, next);
            VarHandle.fullFence();
            page = next;
        }
        return page;
    }
}
