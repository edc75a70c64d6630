package org.cowbench.bench;

import java.util.concurrent.TimeUnit;
import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.machine.Counter;
import org.cowbench.policy.KernelOps;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Floors: what each thing a fault does costs by itself, so that a fault's cost can stand beside the sum of its parts.
 *
 * <p>Every method does its thing once for each of a row of pages, in the random order in which {@link WriteAfterRead}
 * writes them, and is stated per page. Names without a suffix and those ending in {@code Warm} run over the pages of
 * {@link WriteAfterRead#l2}; those ending in {@code Cold} over those of {@link WriteAfterRead#dram}. What comes in
 * pairs (get and put, lock and unlock) is measured as a pair, and a half of it is about half its cost. {@code empty} is
 * the loop with nothing in it; it is part of every other figure.
 *
 * <p>A fault waits for each line it touches: between what two faults miss lie several atomic operations and hundreds of
 * instructions, more than a processor looks ahead. In the loops here it does look ahead, across atomic operations and
 * fences too, as soon as it knows the next address (measured: a store with a fence 30 ns, or 160 where the line itself says
 * which is next). So what stands for a fault in memory finds the next page in what it waits for: {@code copyHeldCold} and
 * {@code storeChasedCold} in the page, {@code pteChaseCold} in the entry, {@code allocCold} in the record of the free
 * list. {@code copyCold} and {@code storeCold} show what the same costs where nothing waits.
 *
 * <p>What a fault is made of is {@code FaultPath}'s business, in package {@code report}; a {@code pteLookup} there
 * stands for any plain load of metadata, a {@code pteUpdate} for any load and store of it. fork(2) and exit need no
 * others than a fault does; the loop over the pages itself has none, it is in each of them as {@code empty}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Primitives extends DataPrimitives {

    /** Made by JMH. */
    public Primitives() {}

    /**
     * The loop over the pages alone.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int empty(RowOfPages.Warm set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.order[i];
        }
        return sum;
    }

    /** Loads a page-table entry and stores it back with a bit more. */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void pteUpdate(RowOfPages.Warm set) {
        pteUpdate(set, WARM);
    }

    /**
     * As {@link #pteUpdate}, over the large set's page table.
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void pteUpdateCold(RowOfPages.Cold set) {
        pteUpdate(set, COLD);
    }

    private static void pteUpdate(RowOfPages set, int count) {
        PageTables tables = set.tables;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            int page = set.order[i];
            tables.pte(0, page, tables.pte(0, page) | Pte.ACCESSED);
        }
    }

    /**
     * Looks a page-table entry up.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public long pteLookup(RowOfPages.Warm set) {
        long sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.tables.pte(0, set.order[i]);
        }
        return sum;
    }

    /**
     * Looks up the page-table entry that the one before names, over the large set's page table.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int pteChaseCold(RowOfPages.Cold set) {
        int page = set.order[set.begin(COLD)];
        for (int i = 0; i < COLD; i++) {
            page = Pte.frame(set.tables.pte(0, page));
        }
        return page;
    }

    /**
     * Takes a reference and drops it: two atomic additions.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int refGetPut(RowOfPages.Warm set) {
        return refGetPut(set, WARM);
    }

    /**
     * As {@link #refGetPut}, over the large set's page records.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int refGetPutCold(RowOfPages.Cold set) {
        return refGetPut(set, COLD);
    }

    private static int refGetPut(RowOfPages set, int count) {
        int sum = 0;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            sum += set.frames.addRef(set.order[i], 1) + set.frames.addRef(set.order[i], -1);
        }
        return sum;
    }

    /**
     * Adds a mapping to a page record and removes it: two atomic additions.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int mapUnmap(RowOfPages.Warm set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.frames.addMap(set.order[i], 1) + set.frames.addMap(set.order[i], -1);
        }
        return sum;
    }

    /**
     * Tries the page lock, gets it, and releases it: two atomic operations.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lockUnlock(RowOfPages.Warm set) {
        int locked = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            locked += set.frames.tryLock(set.order[i]) ? 1 : 0;
            set.frames.unlock(set.order[i]);
        }
        return locked;
    }

    /**
     * Sets a page flag: one atomic operation.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int flagSet(RowOfPages.Warm set) {
        int before = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            before |= set.frames.setFlags(set.order[i], FolioRecord.DIRTY);
        }
        return before;
    }

    /**
     * Finds a page in the swap cache by its slot.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int swapCacheLookup(RowOfPages.Warm set) {
        return swapCacheLookup(set, WARM);
    }

    /**
     * As {@link #swapCacheLookup}, over the large set's slots.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int swapCacheLookupCold(RowOfPages.Cold set) {
        return swapCacheLookup(set, COLD);
    }

    private static int swapCacheLookup(RowOfPages set, int count) {
        int sum = 0;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            sum += set.slots.cached(set.order[i]);
        }
        return sum;
    }

    /**
     * Adds an entry to a swap slot's count and takes it away, looking whether it was the last.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int swapCount(RowOfPages.Warm set) {
        SwapSlots slots = set.slots;
        int last = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            int slot = set.order[i];
            slots.count(slot, slots.count(slot) + 1);
            slots.count(slot, slots.count(slot) - 1);
            last += slots.count(slot) == 0 ? 1 : 0;
        }
        return last;
    }

    /**
     * try_to_free_swap: takes a page that nothing else names out of the swap cache and frees its slot.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public boolean freeSwapWarm(SwapCachedPages.Warm set) {
        return freeSwap(set.prepared, WARM);
    }

    /**
     * The same on page records and slots that no cache holds.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public boolean freeSwapCold(SwapCachedPages.Cold set) {
        return freeSwap(set.prepared, COLD);
    }

    private static boolean freeSwap(Prepared prepared, int count) {
        KernelOps kernel = prepared.machine.task(0);
        boolean freed = true;
        int begin = prepared.advance(count);
        for (int i = begin; i < begin + count; i++) {
            int page = Pte.frame(prepared.arena.tables().pte(0, prepared.order[i]));
            freed &= kernel.folioFreeSwap(kernel.folioOf(page));
        }
        if (!freed) {
            throw new IllegalStateException("a page could not be taken out of the swap cache");
        }
        return freed;
    }

    /**
     * Takes a frame from the free list, with the fields a new page gets. The list is a ring here, so that it never
     * ends.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int alloc(RowOfPages.Warm set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += alloc(set, set.order[i]);
        }
        return sum;
    }

    /**
     * As {@link #alloc}, over the page records of the large set's free frames, each mapped at once as a fault does.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int allocCold(RowOfPages.Cold set) {
        int sum = 0;
        for (int i = set.begin(COLD), end = i + COLD; i < end; i++) {
            sum += set.frames.addMap(alloc(set, set.order[i]), 1);
        }
        return sum;
    }

    private static int alloc(RowOfPages set, int page) {
        PageArena arena = set.arena;
        Frames frames = set.frames;
        int frame = (int) arena.control(Control.FREE_HEAD);
        arena.control(Control.FREE_HEAD, frames.get(frame, FolioRecord.NEXT));
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) - 1);
        frames.set(frame, FolioRecord.REF, 1);
        frames.set(frame, FolioRecord.FLAGS, FolioRecord.ALLOCATED);
        frames.set(frame, PageRecord.INDEX, page);
        set.counters.add(Counter.FRAMES_ALLOCATED, 1);
        return frame;
    }

    /**
     * Takes a frame from the free list, drops its reference and gives it back.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int allocFree(RowOfPages.Warm set) {
        PageArena arena = set.arena;
        Frames frames = set.frames;
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            int frame = alloc(set, set.order[i]);
            sum += frames.addRef(frame, -1);
            frames.set(frame, FolioRecord.FLAGS, 0);
            frames.set(frame, FolioRecord.NEXT, (int) arena.control(Control.FREE_HEAD));
            arena.control(Control.FREE_HEAD, frame);
            arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) + 1);
        }
        return sum;
    }

    /**
     * Puts a page into an LRU batch, with its reference, and takes it out when the batch is full.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lruBatch(RowOfPages.Warm set) {
        Frames frames = set.frames;
        Batches batches = set.batches;
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            int count = batches.count(0, Batches.BATCH_ADD);
            frames.addRef(set.order[i], 1);
            batches.entry(0, Batches.BATCH_ADD, count, set.order[i]);
            batches.count(0, Batches.BATCH_ADD, ++count);
            if (count == RowOfPages.LRU_BATCH) {
                for (int entry = 0; entry < count; entry++) {
                    sum += frames.addRef(batches.entry(0, Batches.BATCH_ADD, entry), -1);
                }
                batches.count(0, Batches.BATCH_ADD, 0);
            }
        }
        return sum;
    }

    /**
     * Puts a page at the head of an LRU list: links, flag, count.
     *
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lruInsert(RowOfPages.Warm set) {
        PageArena arena = set.arena;
        Frames frames = set.frames;
        int before = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            int frame = set.order[i];
            int first = (int) arena.control(Control.INACTIVE_HEAD);
            frames.set(frame, FolioRecord.PREV, PageArena.NIL);
            frames.set(frame, FolioRecord.NEXT, first);
            arena.control(Control.INACTIVE_HEAD, frame);
            frames.set(first, FolioRecord.PREV, frame);
            arena.control(Control.INACTIVE_COUNT, arena.control(Control.INACTIVE_COUNT) + 1);
            before |= frames.setFlags(frame, FolioRecord.LRU);
        }
        return before;
    }

    /** Adds to an event counter. */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void countEvent(RowOfPages.Warm set) {
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            set.counters.add(Counter.MINOR_FAULTS, set.order[i]);
        }
    }

    /**
     * Reads the clock, which the benchmarks do once a batch.
     *
     * @return for JMH to keep
     */
    @Benchmark
    public long clock() {
        return System.nanoTime();
    }
}
