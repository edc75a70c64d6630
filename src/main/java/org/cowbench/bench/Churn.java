package org.cowbench.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.machine.Outcome;
import org.cowbench.policy.Policy;
import org.cowbench.result.KnownMetric;
import org.cowbench.workload.AccessStream;
import org.cowbench.workload.Streams;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A process whose working set is larger than memory, in steady state: what a policy makes of memory churn.
 *
 * <p>Memory holds 80 % of the process's pages. The machine reclaims by second chance, writes to an asynchronous device
 * whose writeback ends {@value #WRITEBACK_ACCESSES} accesses after it began, and reads with the kernel's default swap
 * readahead of {@value #READAHEAD} pages. Accesses come from a stream drawn before; one operation is one access of the
 * process. Set-up touches every page once and runs the whole stream twice: once to reach the steady state, once to
 * count, so that measuring starts in steady state and in compiled code.
 *
 * <p>Counters are per access: {@code copies reuses needlessCopies framesAllocated swapReads swapWrites} and {@code
 * bytesCopied}. A copy is needless when nobody but the process could see the page; the machine looks at every copied
 * page once more to know, under every policy alike. {@code peakFrames} is the most frames in use at once. All are of
 * the second whole pass of the stream, so they are exact and the same in every fork, however far a fork comes in its
 * time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class Churn implements TakesTurns {
    /** Accesses of one invocation. */
    static final int WINDOW = 1 << 12;
    /** Accesses of a turn, where policies take turns. */
    static final int TURN_ACCESSES = 1 << 16;
    /** Accesses timed together; most are hits that take a few nanoseconds. */
    static final int BATCH = 64;
    /** Footprint of the synthetic streams, 64 MiB. */
    static final int PAGES = 1 << 14;
    /** Length of the synthetic streams. */
    static final int LENGTH = 1 << 19;
    /** Accesses after which writeback ends. */
    static final int WRITEBACK_ACCESSES = 256;
    /** Largest swap readahead window: page-cluster 3. */
    static final int READAHEAD = 8;

    static final double RESIDENT = 0.8;
    static final int FRAME_BYTES = 4096;
    private static final long SEED = 1;
    private static final int CHILD = 1;

    /** The policy. */
    @Param
    public Policy policy;

    /** The accesses. */
    @Param
    public Streams stream;

    private PageArena arena;
    private Machine machine;
    private ForkProbe.Recorder recorder;
    private int[] codes;
    private int length;
    private int next;
    private long word;

    /** Made by JMH. */
    public Churn() {}

    /**
     * Draws the accesses that a stream means here.
     *
     * @return its accesses, the same in every fork
     */
    public static AccessStream accesses(Streams stream) {
        return stream.stream(PAGES, LENGTH, SEED);
    }

    /** Builds the machine and brings it into steady state. */
    @Override
    @Setup
    public void build() {
        AccessStream accesses = accesses(stream);
        int pages = accesses.pages();
        arena = PageArena.map(spec(pages, accesses.hasChildren() ? 2 : 1), true);
        machine = new Machine(
                arena, policy.rule(), new MachineOptions(WRITEBACK_ACCESSES, false, false, READAHEAD, true, true));
        for (int page = 0; page < pages; page++) {
            machine.write(0, page, page + 1L);
        }
        codes = accesses.toArray();
        length = accesses.accesses();
        next = 0;
        recorder = ForkProbe.recorder();
        pass(accesses);
        Map<KnownMetric, Counter> counters = new LinkedHashMap<>();
        counters.put(KnownMetric.COPIES, Counter.WP_COPIES);
        counters.put(KnownMetric.REUSES, Counter.WP_REUSES);
        counters.put(KnownMetric.NEEDLESS_COPIES, Counter.NEEDLESS_COPIES);
        counters.put(KnownMetric.FRAMES_ALLOCATED, Counter.FRAMES_ALLOCATED);
        counters.put(KnownMetric.BYTES_COPIED, Counter.BYTES_COPIED);
        counters.put(KnownMetric.SWAP_READS, Counter.SWAP_READS);
        counters.put(KnownMetric.SWAP_WRITES, Counter.SWAP_WRITES);
        machine.clearCounters();
        pass(accesses);
        counters.forEach((metric, counter) -> {
            double each = machine.counter(counter) / (double) accesses.accesses();
            ForkProbe.gauge(metric, () -> each);
        });
        gauges();
        long hugeKib = PageArena.anonHugePagesKib();
        ForkProbe.gauge(KnownMetric.HUGE_PAGES, () -> hugeKib);
    }

    /**
     * Memory holds 80 % of the pages; swap takes everything twice, so that it never fills and vm_swap_full() is false.
     *
     * @param pages pages of the stream
     * @param processes processes that exist at once
     * @return the machine
     */
    ArenaSpec spec(int pages, int processes) {
        return new ArenaSpec(
                (int) (RESIDENT * pages) + 1,
                2 * processes * pages + 2,
                processes,
                pages,
                1,
                0,
                policy.rule().lruBatch(),
                FRAME_BYTES);
    }

    /** The whole stream once, and no access more. */
    private void pass(AccessStream accesses) {
        next = 0;
        int left = accesses.accesses();
        for (; left >= WINDOW; left -= WINDOW) {
            run();
        }
        if (left > 0) {
            access(left);
        }
        // What comes after the last access is a child's.
        while (next != 0) {
            child(codes[next]);
            next = next + 1 < codes.length ? next + 1 : 0;
        }
    }

    /** Reports what stands at the end of the pass that is counted. */
    void gauges() {
        long peak = machine.counter(Counter.PEAK_FRAMES);
        ForkProbe.gauge(KnownMetric.PEAK_FRAMES, () -> peak);
    }

    /**
     * Gives the memory back. Not a JMH fixture: the counters are read after the last one, and the end of the fork does
     * as well.
     */
    void close() {
        arena.close();
    }

    /**
     * Does the next accesses of the stream, starting over at its end. A child's accesses, its fork(2) and its exit
     * happen in between and are not counted as operations: they are part of what the process's accesses cost.
     *
     * @return the outcomes, for JMH to keep
     * @throws IllegalStateException when an access was not done
     */
    @Override
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public int run() {
        int outcomes = 0;
        long before = System.nanoTime();
        for (int done = 0; done < WINDOW; done += BATCH) {
            outcomes |= access(BATCH);
            long now = System.nanoTime();
            recorder.batch(now - before, BATCH);
            before = now;
        }
        if (Outcome.failed(outcomes)) {
            throw new IllegalStateException("an access was not done: outcomes " + Integer.toHexString(outcomes));
        }
        return outcomes;
    }

    private int access(int count) {
        int outcomes = 0;
        for (int i = 0; i < count; ) {
            int code = codes[next];
            next = next + 1 < codes.length ? next + 1 : 0;
            if (code < 0) {
                outcomes |= child(code);
                continue;
            }
            int page = AccessStream.page(code);
            outcomes |= AccessStream.isWrite(code) ? machine.write(0, page, ++word) : machine.read(0, page);
            i++;
        }
        return outcomes;
    }

    @Override
    public int operations() {
        return WINDOW;
    }

    /** By accesses, not by time: every policy's turn is then the same part of the stream. */
    @Override
    public boolean over(long operations, long nanos) {
        return operations >= TURN_ACCESSES;
    }

    /** As many as are next to a pass: parts of a stream differ by more than policies do. */
    @Override
    public int turns() {
        return Math.max(1, Math.round((float) length / TURN_ACCESSES));
    }

    /** Passes. */
    @Override
    public int iterations() {
        return 3;
    }

    private int child(int code) {
        if (code == AccessStream.FORK) {
            return machine.fork(0, CHILD);
        }
        if (code == AccessStream.EXIT) {
            machine.exit(CHILD);
            return 0;
        }
        int page = AccessStream.page(code);
        return AccessStream.isWrite(code) ? machine.write(CHILD, page, ++word) : machine.read(CHILD, page);
    }

    Machine machine() {
        return machine;
    }
}
