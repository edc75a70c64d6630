package org.cowbench.noise;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cowbench.arena.Libc;
import org.cowbench.result.KnownMetric;

/**
 * Events of the thread that opens them, in user mode, counted by the kernel (perf_event_open): what a time consists of.
 * Events the processor lacks are left out; where there are none at all, {@link #refusal()} says why.
 */
public final class PerfEvents implements AutoCloseable {

    /** What can be counted. */
    public enum Event {
        /** Instructions retired. */
        INSTRUCTIONS(KnownMetric.INSTRUCTIONS, 0, 1),
        /** Accesses that missed the last-level cache. */
        CACHE_MISSES(KnownMetric.CACHE_MISSES, 0, 3),
        /** Loads that missed the data TLB. */
        TLB_MISSES(KnownMetric.TLB_MISSES, 3, 3 | 1 << 16),
        /** Page faults, which need no hardware. */
        PAGE_FAULTS(KnownMetric.FAULTS, 1, 2);

        private final KnownMetric metric;
        private final int type;
        private final long config;

        Event(KnownMetric metric, int type, long config) {
            this.metric = metric;
            this.type = type;
            this.config = config;
        }

        /**
         * The metric that it is in a result.
         *
         * @return the metric
         */
        public KnownMetric metric() {
            return metric;
        }
    }

    /** What stands beside a time. */
    public static final List<Event> HARDWARE = Arrays.stream(Event.values())
            .filter(event -> KnownMetric.EVENTS.contains(event.metric))
            .toList();

    private static final int ATTRIBUTES = 64;
    private static final long READ_FORMAT = 3; // Time enabled, time running.
    private static final long EXCLUDE_KERNEL_AND_HYPERVISOR = 1 << 5 | 1 << 6;
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENODEV = 19;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int PARANOID_BY_DEFAULT = 2;

    private final Arena memory = Arena.ofShared();
    private final MemorySegment buffer = memory.allocate(3L * Long.BYTES, Long.BYTES);
    private final Map<Event, Integer> files = new EnumMap<>(Event.class);

    private PerfEvents() {}

    /**
     * Begins to count events of the calling thread.
     *
     * @param events which
     * @return the counters of those that can be counted here, empty when none can
     */
    public static Optional<PerfEvents> open(List<Event> events) {
        PerfEvents counters = new PerfEvents();
        for (Event event : events) {
            int file = open(event);
            if (file >= 0) {
                counters.files.put(event, file);
            }
        }
        if (counters.files.isEmpty()) {
            counters.close();
            return Optional.empty();
        }
        return Optional.of(counters);
    }

    private static int open(Event event) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment attributes = call.allocate(ATTRIBUTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, event.type);
            attributes.set(ValueLayout.JAVA_INT, 4, ATTRIBUTES);
            attributes.set(ValueLayout.JAVA_LONG, 8, event.config);
            attributes.set(ValueLayout.JAVA_LONG, 32, READ_FORMAT);
            attributes.set(ValueLayout.JAVA_LONG, 40, EXCLUDE_KERNEL_AND_HYPERVISOR);
            return Libc.perfEventOpen(attributes);
        }
    }

    /**
     * What is counted.
     *
     * @return the events, in their order
     */
    public List<Event> events() {
        return List.copyOf(files.keySet());
    }

    /**
     * Reads a counter; where the processor has too few, what it counted for a part of the time stands for all of it.
     *
     * @param event one of {@link #events()}
     * @return how often it happened since the start
     */
    public double value(Event event) {
        long read = Libc.read(Objects.requireNonNull(files.get(event)), buffer);
        if (read != buffer.byteSize()) {
            throw new IllegalStateException(event.metric.id() + " cannot be read: " + read);
        }
        double count = buffer.getAtIndex(ValueLayout.JAVA_LONG, 0);
        double enabled = buffer.getAtIndex(ValueLayout.JAVA_LONG, 1);
        double running = buffer.getAtIndex(ValueLayout.JAVA_LONG, 2);
        return running > 0 ? count * enabled / running : 0;
    }

    /**
     * Says why no hardware event can be counted here.
     *
     * @return one line with the remedy, empty when one can
     */
    public static Optional<String> refusal() {
        int file = open(Event.INSTRUCTIONS);
        if (file >= 0) {
            Libc.close(file);
            return Optional.empty();
        }
        return Optional.of(why(
                -file,
                MachineState.read(Path.of("/"), "proc/sys/kernel/perf_event_paranoid")
                        .strip()));
    }

    /**
     * What an errno of perf_event_open means.
     *
     * @param paranoid content of perf_event_paranoid
     * @return one line with the remedy
     */
    static String why(int errno, String paranoid) {
        return switch (errno) {
            case ENOENT, ENODEV, EOPNOTSUPP ->
                "none: the processor shows no counters here, as in a virtual machine without"
                        + " a virtual PMU; remedy: switch it on in the host, or measure on bare metal";
            case EPERM, EACCES ->
                tooHigh(paranoid)
                        ? "none: perf_event_paranoid is " + paranoid + "; remedy: sysctl kernel.perf_event_paranoid=2"
                        : "none: perf_event_open is forbidden, as by a container's seccomp filter; remedy: allow it"
                                + " there";
            case ENOSYS -> "none: this kernel has no perf_event_open; remedy: one built with CONFIG_PERF_EVENTS";
            default -> "none: perf_event_open failed, errno " + errno;
        };
    }

    private static boolean tooHigh(String paranoid) {
        return paranoid.matches("[0-9]+") && Integer.parseInt(paranoid) > PARANOID_BY_DEFAULT;
    }

    /**
     * What is counted here, or why nothing is.
     *
     * @return one line
     */
    public static String summary() {
        return refusal().orElseGet(() -> {
            try (PerfEvents counters = open(HARDWARE).orElseThrow()) {
                return counters.events().stream()
                        .map(event -> event.metric.id())
                        .collect(Collectors.joining(", "));
            }
        });
    }

    /**
     * Looks at the machine for {@code doctor}.
     *
     * @return the finding
     */
    static Finding finding() {
        Optional<String> refusal = refusal();
        return new Finding(
                refusal.isEmpty() ? Finding.Severity.GOOD : Finding.Severity.UNKNOWN,
                "hardware counters",
                summary().replaceFirst("; remedy: .*", ""),
                refusal.map(why -> why.replaceFirst("^.*?(; remedy: |$)", "")).orElse(""));
    }

    @Override
    public void close() {
        files.values().forEach(Libc::close);
        memory.close();
    }
}
