package org.cowbench.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.cowbench.arena.Libc;
import org.cowbench.bench.ForkProbe;
import org.cowbench.result.HostSituation;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The write after a read on this machine's own kernel: mmap, madvise and the page map over FFM.
 *
 * <p>Before every pass over the pages they are written, paged out (MADV_PAGEOUT), their writeback is awaited, and they
 * are read back; outside the measured time. A pass is {@value #PAGES} faults, so the two clock reads JMH adds to an
 * invocation vanish. Frame numbers before and after tell copies (another frame) from reuses (the same, which without a
 * fault is just a write).
 *
 * <p>The histogram holds each page's time, which includes one clock read (some 20 ns): a fault takes far longer. The
 * counter {@code faults} tells where there is none: {@link HostSituation#PRESENT}, whose cost is the clock and the miss of
 * the TLB, and from v6.11 on {@link HostSituation#PRIVATE}, where the processor still has to set the dirty bit. A few faults
 * per thousand pages are the JVM's own.
 *
 * <p>The hidden sharer is a fork of this JVM that sleeps: it has the pages in swap, and all else copy on write, so the
 * JVM's own first writes after the fork fault too. The measured loop therefore notes the time in memory that a child
 * shares; the histogram is filled from it afterwards.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
public class HostFault {
    /** Room in swap that is enough, in MiB: what was paged out before may still hold its slots. */
    public static final int SWAP_MIB = 32;

    /** Pages of a pass: 8 MiB. */
    static final int PAGES = 2048;

    private static final int PAGE = 4096;
    private static final int SLEEPER_SECONDS = 60;
    private static final long WRITEBACK_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int MOST_TRIES = 10;

    /** Made by JMH. */
    public HostFault() {}

    /** The pages. */
    @State(Scope.Thread)
    public static class Pages {
        /** The situation. */
        @Param
        public HostSituation situation;

        /** Pages that were in another frame after their write. */
        long copies;
        /** Pages that were in the same frame. */
        long reuses;
        /** Faults taken, a few of them the JVM's. */
        long faults;

        private final Arena owner = Arena.ofShared();
        private MemorySegment area;
        private MemorySegment times;
        private MemorySegment usage;
        private PageMap map;
        private ForkProbe.Recorder recorder;
        private long[] frames;
        private int sleeper;
        private long faultsBefore;
        private long word;

        /** Made by JMH. */
        public Pages() {}

        /**
         * Maps the area.
         *
         * @throws IOException if the page map cannot be read
         */
        @Setup
        public void map() throws IOException {
            HostRequirements.demand(SWAP_MIB);
            area = Libc.mmap((long) PAGES * PAGE, owner);
            Libc.madvise(area, Libc.MADV_NOHUGEPAGE);
            times = Libc.mmapShared((PAGES + 1L) * Long.BYTES, owner).fill((byte) 1);
            usage = Libc.mmapShared(Libc.RUSAGE, owner).fill((byte) 1);
            map = new PageMap();
            recorder = ForkProbe.recorder();
            ForkProbe.counter(KnownMetric.COPIES, () -> copies);
            ForkProbe.counter(KnownMetric.REUSES, () -> reuses);
            ForkProbe.counter(KnownMetric.FAULTS, () -> faults);
        }

        /**
         * Brings the pages into their situation.
         *
         * @throws IOException if the page map cannot be read
         * @throws InterruptedException if interrupted while waiting for the device
         */
        @Setup(Level.Invocation)
        public void prepare() throws IOException, InterruptedException {
            fill();
            for (Situation.Step step : situation.situation().steps()) {
                act(step);
            }
            frames = map.entries(area.address(), PAGES);
            if (present(frames) < PAGES) {
                throw new IllegalStateException("pages leave memory before they are measured: it is too small");
            }
            faultsBefore = Libc.threadFaults(usage);
        }

        private void act(Situation.Step step) throws IOException, InterruptedException {
            switch (step) {
                case PAGEOUT -> {
                    pageOut();
                    awaitWriteback();
                }
                case FORK -> sleeper = Libc.forkSleeper(SLEEPER_SECONDS);
                case READ -> {
                    for (int page = 0; page < PAGES; page++) {
                        word += area.get(ValueLayout.JAVA_LONG, (long) page * PAGE);
                    }
                }
                default -> throw new IllegalStateException("no situation of this machine has the step " + step.word());
            }
        }

        private void fill() {
            for (int page = 0; page < PAGES; page++) {
                area.asSlice((long) page * PAGE, PAGE).fill((byte) (page | 1));
            }
        }

        /** Pages that another processor's LRU batch holds cannot go; in new frames, from this one's, they can. */
        private void pageOut() throws IOException {
            for (int tries = 1; ; tries++) {
                frames = map.entries(area.address(), PAGES);
                int errno = Libc.madvise(area, Libc.MADV_PAGEOUT);
                if (errno != 0) {
                    throw new IllegalStateException("MADV_PAGEOUT failed: errno " + errno + "; needs Linux 5.4");
                }
                int left = present(map.entries(area.address(), PAGES));
                if (left == 0) {
                    return;
                }
                if (tries == MOST_TRIES) {
                    throw new IllegalStateException("MADV_PAGEOUT left " + left + " of " + PAGES
                            + " pages in memory: is swap full? (kernel bench --host --setup-swap 1G)");
                }
                Libc.madvise(area, Libc.MADV_DONTNEED);
                fill();
            }
        }

        private static int present(long[] entries) {
            return (int) Arrays.stream(entries).filter(PageMap::present).count();
        }

        private void awaitWriteback() throws IOException, InterruptedException {
            long deadline = System.nanoTime() + WRITEBACK_NANOS;
            for (long entry : frames) {
                while (map.underWriteback(PageMap.frame(entry))) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("writeback to swap does not end");
                    }
                    Thread.sleep(1);
                }
            }
        }

        /**
         * Counts what became of the frames, and how long each page took.
         *
         * @throws IOException if the page map cannot be read
         */
        @TearDown(Level.Invocation)
        public void count() throws IOException {
            faults += Libc.threadFaults(usage) - faultsBefore;
            long[] now = map.entries(area.address(), PAGES);
            for (int page = 0; page < PAGES; page++) {
                if (PageMap.frame(now[page]) == PageMap.frame(frames[page])) {
                    reuses++;
                } else {
                    copies++;
                }
                recorder.batch(
                        times.getAtIndex(ValueLayout.JAVA_LONG, page + 1L)
                                - times.getAtIndex(ValueLayout.JAVA_LONG, page),
                        1);
            }
            if (sleeper > 0) {
                Libc.end(sleeper);
                sleeper = 0;
            }
        }

        /**
         * Writes every page once.
         *
         * @return something for JMH to keep
         */
        long write() {
            times.setAtIndex(ValueLayout.JAVA_LONG, 0, System.nanoTime());
            for (int page = 0; page < PAGES; page++) {
                area.set(ValueLayout.JAVA_LONG, (long) page * PAGE, page);
                times.setAtIndex(ValueLayout.JAVA_LONG, page + 1L, System.nanoTime());
            }
            return word;
        }
    }

    /**
     * Writes every page once.
     *
     * @param pages the pages
     * @return something for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long writeAfterRead(Pages pages) {
        return pages.write();
    }
}
