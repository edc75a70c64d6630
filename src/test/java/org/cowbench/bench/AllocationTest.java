package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;

/** Measured paths allocate nothing: a collection would be measured as a fault. */
@Tag("slow")
class AllocationTest {
    private static final double BYTES_PER_OPERATION = 0.01;
    private static final JmhLauncher.Timing SHORT = new JmhLauncher.Timing(1, 3, 100);
    /** What JMH and the JVM allocate in an iteration, whatever the benchmark does: 10 KB, and more on a busy machine. */
    private static final double BYTES_PER_ITERATION = 64 << 10;
    /** An object takes 16 bytes at least. One in four operations is seen by a mean of this much. */
    private static final double BYTES_SEEN = 4;
    /** For operations so slow that {@link #BYTES_PER_ITERATION} would hide an object in each of a short iteration. */
    private static final List<JmhLauncher.Timing> LONGER = Stream.of(1000, 8000)
            .map(millis -> new JmhLauncher.Timing(1, 3, millis)).toList();

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    /**
     * Every benchmark, and every parameter's every value at least once: pairs of values do not meet in new code, because
     * a policy knows nothing of the situation and a fault nothing of the stream.
     */
    private static List<Cell> covering() {
        Set<Object> seen = new LinkedHashSet<>();
        List<Cell> cells = new ArrayList<>();
        List<Cell> all = new ArrayList<>(Catalog.cells());
        // The small set first: it takes the policies upon itself, as it is the quickest to build.
        all.sort(Comparator.comparing(cell -> !cell.name().equals("WriteAfterRead.l2")));
        for (Cell cell : all) {
            boolean fresh = seen.add(cell.benchmark());
            fresh |= seen.addAll(cell.params().entrySet());
            if (fresh) {
                cells.add(cell);
            }
        }
        return cells;
    }

    /** The least of the iterations, and how much in it would be the iteration's own. */
    private static Bytes bytes(Cell cell, JmhLauncher.Timing timing) {
        ForkLauncher.Outcome outcome = new JmhLauncher(timing, List.of(GCProfiler.class), null).launch(cell);
        assertThat(outcome.error()).as(cell.tag()).isNull();
        // What an operation allocates it allocates in every iteration; what JMH and a busy machine add differs.
        return outcome.result().getBenchmarkResults().iterator().next().getIterationResults().stream()
                .map(iteration -> new Bytes(iteration.getSecondaryResults().get("gc.alloc.rate.norm").getScore(),
                        Math.max(BYTES_PER_OPERATION, BYTES_PER_ITERATION / iteration.getMetadata().getMeasuredOps())))
                .min(Comparator.comparing(Bytes::excess))
                .orElseThrow();
    }

    /**
     * Bytes allocated per operation.
     *
     * @param measured by JMH
     * @param own what the iteration itself may come to
     */
    private record Bytes(double measured, double own) {
        double excess() {
            return measured - own;
        }
    }

    @Test
    void nothingIsAllocatedPerOperation() {
        Map<String, Bytes> bytes = new LinkedHashMap<>();
        for (Cell cell : covering()) {
            Bytes found = bytes(cell, SHORT);
            for (Iterator<JmhLauncher.Timing> timings = LONGER.iterator();
                    (found.excess() > 0 || found.own() > BYTES_SEEN) && timings.hasNext();) {
                found = bytes(cell, timings.next());
            }
            bytes.put(cell.tag(), found);
        }
        assertThat(bytes).hasSizeGreaterThan(40);
        assertThat(bytes).allSatisfy((cell, found) -> {
            assertThat(found.excess()).as(cell).isLessThanOrEqualTo(0);
            assertThat(found.own()).as(cell + ": operations in an iteration").isLessThanOrEqualTo(BYTES_SEEN);
        });
    }
}
