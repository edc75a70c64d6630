package org.cowbench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The metrics that this project's benchmarks write beside their score: counters, and a few figures that stand with them.
 * Who writes one and who reads one names it by its constant; a result spells its id and its unit. A {@link Metric} that
 * is none of these, of another project or of a newer version, is read, shown and compared by its name all the same.
 *
 * <p>In the order in which tables show them. A new counter is a constant here and a line where it is counted: one that
 * is a cost is then gated by {@code compare} and shown with its kind.
 */
public enum KnownMetric {
    /** Pages copied by a write; of a real kernel, those in another frame afterwards. */
    COPIES("copies", Unit.COUNT, true, "copies"),
    /** Copies although nobody else could see the page. */
    NEEDLESS_COPIES("needlessCopies", Unit.COUNT, true, "needless copies", "needless"),
    /** Writes that kept the frame. */
    REUSES("reuses", Unit.COUNT, false, "reuses"),
    /** Bytes copied from frame to frame. */
    BYTES_COPIED("bytesCopied", Unit.BYTES, true, "bytes copied", "KiB copied"),
    /** Frames taken from the free list. */
    FRAMES_ALLOCATED("framesAllocated", Unit.COUNT, true, "frames allocated", "frames"),
    /** Pages read from the swap device, readahead included. */
    SWAP_READS("swapReads", Unit.COUNT, true, "swap reads"),
    /** Pages written to the swap device. */
    SWAP_WRITES("swapWrites", Unit.COUNT, true, "swap writes"),
    /** Most frames in use at once. */
    PEAK_FRAMES("peakFrames", Unit.FRAMES, true, "peak frames"),
    /** Most bytes held at once by pages that nobody maps of large folios that somebody maps. */
    BYTES_HELD("bytesHeld", Unit.MEMORY, true, "bytes held for nothing", "KiB held"),
    /** Faults taken, of whatever kind. */
    FAULTS("faults", Unit.COUNT, false, "faults"),
    /** Faults that read no device, as a kernel counts them. */
    MINOR_FAULTS("minorFaults", Unit.COUNT, false, "minor faults"),
    /** Faults that read the device, as a kernel counts them. */
    MAJOR_FAULTS("majorFaults", Unit.COUNT, false, "major faults"),
    /** Instructions, as the processor counts them. */
    INSTRUCTIONS("instructions", Unit.COUNT, false, "instructions"),
    /** Accesses that missed the last-level cache, as the processor counts them. */
    CACHE_MISSES("cacheMisses", Unit.COUNT, false, "last-level misses"),
    /** Loads that missed the data TLB, as the processor counts them. */
    TLB_MISSES("tlbMisses", Unit.COUNT, false, "TLB misses"),
    /** The histogram's own mean, beside which JMH keeps its percentiles. */
    LATENCY("latency", Unit.NANOS, false, "latency"),
    /** The mean over the pages of a guest, whose score is their median. */
    MEAN("mean", Unit.INSTRUCTIONS, false, "mean"),
    /** Operations that are one value of the histogram. */
    BATCH("batch", Unit.OPERATIONS, false, "operations a batch"),
    /** How much of the model's memory the kernel backs with huge pages. */
    HUGE_PAGES("hugePages", Unit.KIB, false, "memory in huge pages"),
    /** Memory that the operations of a pass touch, each once. */
    WORKING_SET("workingSet", Unit.MEMORY, false, "working set"),
    /** Memory that the modelled machine takes, its swap device included. */
    MACHINE_MEMORY("machineMemory", Unit.MEMORY, true, "memory of the machine");

    /** What the names of metrics begin with that are calls of kernel functions; the function's name follows. */
    public static final String CALLS = "calls.";

    /** What a processor counts where it lets a process count. */
    public static final List<KnownMetric> EVENTS = List.of(INSTRUCTIONS, CACHE_MISSES, TLB_MISSES);

    /** Units as results spell them. */
    public enum Unit {
        /** So many an operation. */
        COUNT("#/op"),
        /** Bytes an operation. */
        BYTES("B/op"),
        /** Nanoseconds an operation. */
        NANOS("ns/op"),
        /** Instructions an operation. */
        INSTRUCTIONS("instructions/op"),
        /** Operations. */
        OPERATIONS("#"),
        /** Frames of the machine. */
        FRAMES("frames"),
        /** Memory. */
        KIB("KiB"),
        /** Memory of the machine. */
        MEMORY("B");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        /**
         * The unit in a result.
         *
         * @return as JMH writes it
         */
        public String text() {
            return text;
        }
    }

    private final String id;
    private final Unit unit;
    private final boolean cost;
    private final String title;
    private final String head;

    KnownMetric(String id, Unit unit, boolean cost, String title) {
        this(id, unit, cost, title, title);
    }

    KnownMetric(String id, Unit unit, boolean cost, String title, String head) {
        this.id = id;
        this.unit = unit;
        this.cost = cost;
        this.title = title;
        this.head = head;
    }

    /**
     * Finds a metric by its name in a result.
     *
     * @param id the name
     * @return empty for one that is not this project's, or that this version does not know
     */
    public static Optional<KnownMetric> of(String id) {
        return Arrays.stream(values()).filter(metric -> metric.id.equals(id)).findFirst();
    }

    /**
     * The name in results.
     *
     * @return in camel case
     */
    public String id() {
        return id;
    }

    /**
     * The unit of the values.
     *
     * @return the unit
     */
    public Unit unit() {
        return unit;
    }

    /**
     * Whether more of it is a cost, whatever else happens.
     *
     * @return false where more may be better, or says nothing
     */
    public boolean cost() {
        return cost;
    }

    /**
     * What people read.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    /**
     * The same above a narrow column.
     *
     * @return a word or two
     */
    public String head() {
        return head;
    }
}
