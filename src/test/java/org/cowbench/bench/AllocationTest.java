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
    /**
     * JMH itself allocates some 10 KB an iteration, whatever the benchmark does. Where an iteration has too few operations
     * to make that vanish, as on a busy machine, a longer one has enough; what an operation allocates stays in all.
     */
    private static final List<JmhLauncher.Timing> LONGER = Stream.of(1000, 2000, 4000, 8000)
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

    private static double bytesPerOperation(Cell cell, JmhLauncher.Timing timing) {
        ForkLauncher.Outcome outcome = new JmhLauncher(timing, List.of(GCProfiler.class), null).launch(cell);
        assertThat(outcome.error()).as(cell.tag()).isNull();
        // What an operation allocates it allocates in every iteration; what JMH and a busy machine add differs.
        return outcome.result().getBenchmarkResults().iterator().next().getIterationResults().stream()
                .mapToDouble(iteration -> iteration.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
                .min()
                .orElseThrow();
    }

    @Test
    void nothingIsAllocatedPerOperation() {
        Map<String, Double> bytes = new LinkedHashMap<>();
        for (Cell cell : covering()) {
            double norm = bytesPerOperation(cell, SHORT);
            for (Iterator<JmhLauncher.Timing> timings = LONGER.iterator();
                    norm >= BYTES_PER_OPERATION && timings.hasNext();) {
                norm = bytesPerOperation(cell, timings.next());
            }
            bytes.put(cell.tag(), norm);
        }
        assertThat(bytes).hasSizeGreaterThan(40);
        assertThat(bytes).allSatisfy((cell, norm) -> assertThat(norm).as(cell).isLessThan(BYTES_PER_OPERATION));
    }
}
