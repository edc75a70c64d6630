package org.cowbench.bench;

import static org.cowbench.arena.FolioRecord.REFERENCED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.result.KnownMetric;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a write fault costs by the size of memory and the number of processes that share it: whether anything in the
 * machine looks at more than it needs to.
 *
 * <p>Memory is full or nearly so, each process has an equal part of it, and pages are written in one random order over
 * all processes, each once a pass: no page is in a cache because it was just used, unless all of them are. An operation is
 * one fault, under {@code v7.3}: what is measured is the machine that all rules share, not a rule.
 *
 * <p>The arena takes at most {@value #MOST_PERCENT} % of the frames' data, records, page tables, swap slots and the device
 * included; that is why the device is a sixteenth of memory, and no metadata is saved to be copied back. It is 4.4 GiB at the
 * largest size; a fork that has not so much fails, and says so.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Scaling {
    /** Faults of one invocation: every pass is a whole number of them. */
    static final int WINDOW = 256;
    /** The most that an arena takes, of what its frames hold. */
    static final int MOST_PERCENT = 110;
    /** Whose rules the machine has. */
    static final Policy POLICY = Policy.V7_3;

    private static final int FRAME_BYTES = 4096;
    private static final int LINE = 64;
    /** An entry and the bits of its area. */
    private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;
    /** Bits of a page's number, below those of its process. */
    private static final int PAGE_BITS = 21;

    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

    /** Made by JMH. */
    public Scaling() {}

    /**
     * Writes present pages that a fork(2) has write-protected and nobody shares any more. The fault changes an entry and a
     * page record, and no page is copied.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public int reuse(Resident memory) {
        return memory.run();
    }

    /**
     * Writes pages that are out, in memory that is full: a page is found to go, its entry found by the reverse map, its
     * content written out, and the page read into its place.
     *
     * @return the outcomes, for JMH to keep
     */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public int swapIn(Pressed memory) {
        return memory.run();
    }

    /** A machine of some size whose processes have equal parts of it. */
    @State(Scope.Thread)
    public abstract static class Memory {
        /** Page frames of the machine. */
        @Param({"4096", "16384", "65536", "262144", "1048576"})
        public int frames;

        /** Processes that share them. */
        @Param({"1", "4", "16", "64"})
        public int processes;

        Machine machine;
        PageArena arena;
        /** All pages, process and number, in the order in which they are used. */
        int[] order;

        int next;
        long word;

        /** Made by JMH. */
        protected Memory() {}

        /**
         * The machine.
         *
         * @return its shape
         */
        abstract ArenaSpec spec();

        /**
         * Its device and reclaim.
         *
         * @return the options
         */
        abstract MachineOptions options();

        /** Gives every process its pages. */
        abstract void fill();

        /**
         * What a pass touches of one page.
         *
         * @return bytes, in whole cache lines but for entries, which neighbours share
         */
        abstract int bytesOfPage();

        /**
         * Does one invocation.
         *
         * @return the outcomes, combined
         */
        abstract int run();

        /**
         * Builds the machine and fills its memory.
         *
         * @throws IllegalStateException if the computer has not the memory
         */
        @Setup
        public void build() {
            ArenaSpec spec = spec();
            arena = PageArena.map(spec, true);
            try {
                demand(arena.stateBytes(), available());
            } catch (IllegalStateException e) {
                arena.close();
                throw e;
            }
            machine = new Machine(arena, POLICY.rule(), options());
            // A child of a process that has nothing yet: memory that each has alone from the beginning.
            for (int process = 1; process < processes; process++) {
                PageSet.done(machine.fork(0, process));
            }
            order = Shuffled.order(processes * spec.pages());
            for (int i = 0; i < order.length; i++) {
                order[i] = (order[i] / spec.pages()) << PAGE_BITS | order[i] % spec.pages();
            }
            fill();
            long hugeKib = PageArena.anonHugePagesKib();
            ForkProbe.counter(
                    KnownMetric.FAULTS,
                    () -> machine.counter(Counter.MINOR_FAULTS) + machine.counter(Counter.MAJOR_FAULTS));
            ForkProbe.gauge(KnownMetric.WORKING_SET, () -> (double) order.length * bytesOfPage());
            ForkProbe.gauge(KnownMetric.MACHINE_MEMORY, arena::stateBytes);
            ForkProbe.gauge(KnownMetric.HUGE_PAGES, () -> hugeKib);
        }

        int write(int code) {
            return machine.write(process(code), page(code), ++word);
        }

        static int process(int code) {
            return code >> PAGE_BITS;
        }

        static int page(int code) {
            return code & PAGE_MASK;
        }

        /**
         * Gives the memory back. Not a JMH fixture: the counters are read after the last one, and the end of the fork does
         * as well.
         */
        void close() {
            arena.close();
        }
    }

    /** Pages that are all in memory, 15 of 16 frames. */
    @State(Scope.Thread)
    public static class Resident extends Memory {
        /** Made by JMH. */
        public Resident() {}

        @Override
        ArenaSpec spec() {
            // One more process, which is forked to write-protect a process's pages.
            return new ArenaSpec(
                    frames,
                    0,
                    processes + 1,
                    frames / 16 * 15 / processes,
                    1,
                    0,
                    POLICY.rule().lruBatch(),
                    FRAME_BYTES);
        }

        @Override
        MachineOptions options() {
            return new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, false);
        }

        @Override
        void fill() {
            for (int process = 0; process < processes; process++) {
                for (int page = 0; page < arena.spec().pages(); page++) {
                    PageSet.done(machine.write(process, page, ++word));
                }
            }
            machine.drain(0);
            next = order.length;
            rewind();
        }

        @Override
        int bytesOfPage() {
            // The word that is written is in one line.
            return PageRecord.BYTES + ENTRY_BYTES + LINE;
        }

        /** Write-protects all pages when every one has been written. */
        @Setup(Level.Invocation)
        public void rewind() {
            if (next < order.length) {
                return;
            }
            for (int process = 0; process < processes; process++) {
                PageSet.done(machine.fork(process, processes));
                machine.exit(processes);
            }
            next = 0;
        }

        @Override
        int run() {
            int outcomes = 0;
            for (int end = next + WINDOW; next < end; next++) {
                outcomes |= write(order[next]);
            }
            return PageSet.done(outcomes);
        }
    }

    /** Pages of which one in 65 is out, always those that are written next. */
    @State(Scope.Thread)
    public static class Pressed extends Memory {
        /** Made by JMH. */
        public Pressed() {}

        @Override
        ArenaSpec spec() {
            return new ArenaSpec(
                    frames,
                    frames / 16,
                    processes,
                    frames / 64 * 65 / processes,
                    1,
                    0,
                    POLICY.rule().lruBatch(),
                    FRAME_BYTES);
        }

        @Override
        MachineOptions options() {
            // A device that answers at once: while it waits for another, reclaim starts to write more than has to go.
            return new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, true, false);
        }

        /**
         * Leaves memory as many passes leave it, where reclaim finds as many pages that it has looked at before, and now
         * takes, as it finds pages that were used since. From memory that is merely full it would look at every page
         * before it took one, and then take a memory full of them.
         */
        @Override
        void fill() {
            int half = order.length / 2;
            for (int i = 0; i < half; i++) {
                PageSet.done(write(order[i]));
                looked(process(order[i]), page(order[i]));
                PageSet.done(write(order[half + i]));
            }
        }

        /** As reclaim leaves a page at which it looks for the first time. */
        private void looked(int process, int page) {
            PageTables tables = arena.tables();
            tables.pte(process, page, tables.pte(process, page) & ~Pte.ACCESSED);
            arena.frames().setFlags(machine.frameOf(process, page), REFERENCED);
        }

        @Override
        int bytesOfPage() {
            // All of it is copied, out and in.
            return PageRecord.BYTES + ENTRY_BYTES + FRAME_BYTES;
        }

        @Override
        int run() {
            PageTables tables = arena.tables();
            int outcomes = 0;
            for (int faults = 0; faults < WINDOW; ) {
                int code = order[next];
                next = next + 1 < order.length ? next + 1 : 0;
                if (!Pte.isPresent(tables.pte(process(code), page(code)))) {
                    outcomes |= write(code);
                    faults++;
                }
            }
            return PageSet.done(outcomes);
        }
    }

    /**
     * Insists that there is enough memory.
     *
     * @param bytes how much is needed
     * @param available how much there is
     * @throws IllegalStateException if it is less
     */
    static void demand(long bytes, long available) {
        if (bytes > available) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the machine takes %.1f GiB, and %.1f GiB of memory are free: measure fewer frames with --bench",
                    bytes / (double) (1 << 30),
                    available / (double) (1 << 30)));
        }
    }

    private static long available() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
