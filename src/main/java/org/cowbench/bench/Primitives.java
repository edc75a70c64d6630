package org.cowbench.bench;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.cowbench.arena.ArenaSpec;
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
import org.cowbench.machine.Counters;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
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
 * <p>A fault waits for each line it touches: the next address comes out of the last line, and each atomic operation
 * waits until all stores before it have their lines. Loops without either let a processor fetch the lines of many pages
 * at once, which a fault cannot. So what stands for a fault in memory ({@code copyHeldCold}, {@code storeChasedCold},
 * {@code pteChaseCold}, {@code allocCold}) finds each page through the page table's entry of the one before, and ends
 * with an atomic operation or a fence where the fault has one. {@code copyCold} and {@code storeCold} show what the
 * same costs where nothing waits.
 *
 * <p>What a fault is made of is {@code FaultPath}'s business, in package {@code report}; a {@code pteLookup} there
 * stands for any plain load of metadata, a {@code pteUpdate} for any load and store of it. fork(2) and exit need no
 * others than a fault does; the loop over the pages itself has none, it is in each of them as {@code empty}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Primitives {
    private static final int WARM = WriteAfterRead.L2_PAGES;
    private static final int COLD = WriteAfterRead.DRAM_WINDOW;

    /** Made by JMH. */
    public Primitives() {}

    /**
     * The loop over the pages alone.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int empty(WarmSet set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.order[i];
        }
        return sum;
    }

    /**
     * Copies a page, in the second-level cache.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void copyWarm(WarmSet set) {
        copy(set, WARM);
    }

    /**
     * Copies a page, in memory.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void copyCold(ColdSet set) {
        copy(set, COLD);
    }

    private static void copy(Pages set, int count) {
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.copy(set.order[i], set.pages + i);
        }
    }

    /**
     * Copies a page in memory while holding a reference to it, found through the page table: as {@link #copyCold}, but
     * dropping the reference waits for the copy, and the next copy for that.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int copyHeldCold(ColdSet set) {
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

    /**
     * Zeroes a page, in the second-level cache.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void zeroWarm(WarmSet set) {
        zero(set, WARM);
    }

    /**
     * Zeroes a page, in memory.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void zeroCold(ColdSet set) {
        zero(set, COLD);
    }

    private static void zero(Pages set, int count) {
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.zero(set.order[i]);
        }
    }

    /**
     * Stores a page's first word, in the second-level cache.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void storeWarm(WarmSet set) {
        store(set, WARM);
    }

    /**
     * Stores a page's first word, in memory.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void storeCold(ColdSet set) {
        store(set, COLD);
    }

    private static void store(Pages set, int count) {
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            set.frames.store(set.order[i], i);
        }
    }

    /**
     * Stores the first word of a page in memory, found through the page table, and waits for it as the next atomic
     * operation does.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int storeChasedCold(ColdSet set) {
        int begin = set.begin(COLD);
        int page = set.order[begin];
        for (int i = begin, end = i + COLD; i < end; i++) {
            page = Pte.frame(set.tables.pte(0, page));
            set.frames.store(page, i);
            VarHandle.fullFence();
        }
        return page;
    }

    /**
     * Loads a page-table entry and stores it back with a bit more.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void pteUpdate(WarmSet set) {
        pteUpdate(set, WARM);
    }

    /**
     * As {@link #pteUpdate}, over the large set's page table.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public void pteUpdateCold(ColdSet set) {
        pteUpdate(set, COLD);
    }

    private static void pteUpdate(Pages set, int count) {
        PageTables tables = set.tables;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            int page = set.order[i];
            tables.pte(0, page, tables.pte(0, page) | Pte.ACCESSED);
        }
    }

    /**
     * Looks a page-table entry up.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public long pteLookup(WarmSet set) {
        long sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.tables.pte(0, set.order[i]);
        }
        return sum;
    }

    /**
     * Looks up the page-table entry that the one before names, over the large set's page table.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int pteChaseCold(ColdSet set) {
        int page = set.order[set.begin(COLD)];
        for (int i = 0; i < COLD; i++) {
            page = Pte.frame(set.tables.pte(0, page));
        }
        return page;
    }

    /**
     * Takes a reference and drops it: two atomic additions.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int refGetPut(WarmSet set) {
        return refGetPut(set, WARM);
    }

    /**
     * As {@link #refGetPut}, over the large set's page records.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int refGetPutCold(ColdSet set) {
        return refGetPut(set, COLD);
    }

    private static int refGetPut(Pages set, int count) {
        int sum = 0;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            sum += set.frames.addRef(set.order[i], 1) + set.frames.addRef(set.order[i], -1);
        }
        return sum;
    }

    /**
     * Adds a mapping to a page record and removes it: two atomic additions.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int mapUnmap(WarmSet set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += set.frames.addMap(set.order[i], 1) + set.frames.addMap(set.order[i], -1);
        }
        return sum;
    }

    /**
     * Tries the page lock, gets it, and releases it: two atomic operations.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lockUnlock(WarmSet set) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int flagSet(WarmSet set) {
        int before = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            before |= set.frames.setFlags(set.order[i], FolioRecord.DIRTY);
        }
        return before;
    }

    /**
     * Finds a page in the swap cache by its slot.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int swapCacheLookup(WarmSet set) {
        return swapCacheLookup(set, WARM);
    }

    /**
     * As {@link #swapCacheLookup}, over the large set's slots.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int swapCacheLookupCold(ColdSet set) {
        return swapCacheLookup(set, COLD);
    }

    private static int swapCacheLookup(Pages set, int count) {
        int sum = 0;
        for (int i = set.begin(count), end = i + count; i < end; i++) {
            sum += set.slots.cached(set.order[i]);
        }
        return sum;
    }

    /**
     * Adds an entry to a swap slot's count and takes it away, looking whether it was the last.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int swapCount(WarmSet set) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public boolean freeSwapWarm(SwapCachedWarm set) {
        return freeSwap(set.prepared, WARM);
    }

    /**
     * The same on page records and slots that no cache holds.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public boolean freeSwapCold(SwapCachedCold set) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int alloc(WarmSet set) {
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            sum += alloc(set, set.order[i]);
        }
        return sum;
    }

    /**
     * As {@link #alloc}, over the page records of the large set's free frames, each mapped at once as a fault does.
     *
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(COLD)
    public int allocCold(ColdSet set) {
        int sum = 0;
        for (int i = set.begin(COLD), end = i + COLD; i < end; i++) {
            sum += set.frames.addMap(alloc(set, set.order[i]), 1);
        }
        return sum;
    }

    private static int alloc(Pages set, int page) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int allocFree(WarmSet set) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lruBatch(WarmSet set) {
        Frames frames = set.frames;
        Batches batches = set.batches;
        int sum = 0;
        for (int i = set.begin(WARM), end = i + WARM; i < end; i++) {
            int count = batches.count(0, Batches.BATCH_ADD);
            frames.addRef(set.order[i], 1);
            batches.entry(0, Batches.BATCH_ADD, count, set.order[i]);
            batches.count(0, Batches.BATCH_ADD, ++count);
            if (count == Pages.LRU_BATCH) {
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
     * @param set the pages
     * @return for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public int lruInsert(WarmSet set) {
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

    /**
     * Adds to an event counter.
     *
     * @param set the pages
     */
    @Benchmark
    @OperationsPerInvocation(WARM)
    public void countEvent(WarmSet set) {
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

    /** A row of pages, their copies' frames, and the order in which they are used. */
    @State(Scope.Thread)
    public abstract static class Pages {
        /** Entries of an LRU batch, as up to v6.8. */
        static final int LRU_BATCH = 15;

        private static final int FRAME_BYTES = 4096;

        PageArena arena;
        Frames frames;
        PageTables tables;
        SwapSlots slots;
        Batches batches;
        final Counters counters = new Counters();
        int[] order;
        int pages;
        private int next;

        /** Made by JMH. */
        protected Pages() {}

        /**
         * Returns the size of the set.
         *
         * @return number of pages
         */
        abstract int size();

        /** Builds the arena and touches all of it. */
        @Setup
        public void build() {
            pages = size();
            arena = PageArena.map(new ArenaSpec(2 * pages, pages, 1, pages, 1, 0, LRU_BATCH, FRAME_BYTES), true);
            arena.clear();
            frames = arena.frames();
            tables = arena.tables();
            slots = arena.slots();
            batches = arena.batches();
            order = Shuffled.order(pages);
            for (int page = 0; page < pages; page++) {
                // Each entry names the page that comes next in the order, so that the order can be chased.
                tables.pte(0, order[page], Pte.present(order[page + 1 < pages ? page + 1 : 0], 0));
                frames.set(page, FolioRecord.REF, 1);
                slots.cached(page, page);
            }
            // The frames of copies are free, in a ring.
            for (int frame = pages; frame < 2 * pages; frame++) {
                frames.set(frame, FolioRecord.NEXT, frame + 1 < 2 * pages ? frame + 1 : pages);
            }
            arena.control(Control.FREE_HEAD, pages);
            ForkProbe.hardware();
        }

        /**
         * Moves on by a row of pages; over the large set rows follow each other, so each finds its pages cold.
         *
         * @param count length of the row
         * @return where it begins in {@link #order}
         */
        int begin(int count) {
            int begin = next;
            next = begin + count < pages ? begin + count : 0;
            return begin;
        }

        /** Gives the memory back. */
        @TearDown
        public void close() {
            arena.close();
        }
    }

    /** Pages that fit in a second-level cache. */
    @State(Scope.Thread)
    public static class WarmSet extends Pages {
        /** Made by JMH. */
        public WarmSet() {}

        @Override
        int size() {
            return WriteAfterRead.L2_PAGES;
        }
    }

    /** Pages that fit in no cache. */
    @State(Scope.Thread)
    public static class ColdSet extends Pages {
        /** Made by JMH. */
        public ColdSet() {}

        @Override
        int size() {
            return WriteAfterRead.DRAM_PAGES;
        }
    }

    /** Private pages in the swap cache, put back by one bulk copy as those of {@link WriteAfterRead} are. */
    @State(Scope.Thread)
    public abstract static class SwapCached {
        Prepared prepared;

        /** Made by JMH. */
        protected SwapCached() {}

        /**
         * Returns the size of the set.
         *
         * @return number of pages
         */
        abstract int size();

        /** Builds the machine. */
        @Setup
        public void build() {
            prepared = new Prepared(Policy.V5_18.rule(), Situation.SWAPCACHE, size());
        }

        /** Puts the pages back when all have been used. */
        @Setup(Level.Invocation)
        public void rewind() {
            prepared.rewind();
        }

        /** Gives the memory back. */
        @TearDown
        public void close() {
            prepared.close();
        }
    }

    /** Pages that fit in a second-level cache. */
    @State(Scope.Thread)
    public static class SwapCachedWarm extends SwapCached {
        /** Made by JMH. */
        public SwapCachedWarm() {}

        @Override
        int size() {
            return WriteAfterRead.L2_PAGES;
        }
    }

    /** Pages that fit in no cache. */
    @State(Scope.Thread)
    public static class SwapCachedCold extends SwapCached {
        /** Made by JMH. */
        public SwapCachedCold() {}

        @Override
        int size() {
            return WriteAfterRead.DRAM_PAGES;
        }
    }
}
