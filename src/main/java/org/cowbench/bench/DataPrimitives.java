package org.cowbench.bench;

import java.lang.invoke.VarHandle;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
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
     * Copies a page in memory while holding a reference to it, found through the page table: as {@link #copyCold}, but
     * dropping the reference waits for the copy, and the next copy for that.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int copyHeldCold(RowOfPages.Cold set) {
        Frames frames = set.frames;
        PageTables tables = set.tables;
        int begin = set.begin(COLD);
        int page = set.order[begin];
        int sum = 0;
        for (int i = begin, end = i + COLD; i < end; i++) {
            page = Pte.frame(tables.pte(0, page));
            sum += frames.addRef(page, 1);
            frames.copy(page, set.pages + i);
            sum += frames.addRef(page, -1);
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
     * Stores a word of a page in memory, found through the page table, and waits for it as the next atomic operation
     * does. Each pass stores to other lines: the first lines of all pages, as a fault stores
     * to, are 4 MiB, and a fault finds them only after the pages themselves, or other policies', have been through the cache.
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
            page = Pte.frame(set.tables.pte(0, page));
            set.frames.store(page, line, i);
            VarHandle.fullFence();
        }
        return page;
    }
}
