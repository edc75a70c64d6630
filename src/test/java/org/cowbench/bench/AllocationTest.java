package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;

/** Measured paths allocate nothing: a collection would be measured as a fault. */
class AllocationTest {
    private static final double BYTES_PER_OPERATION = 0.01;
    /** Long enough for a million operations, beside which what JMH itself allocates in an iteration vanishes. */
    private static final JmhLauncher.Timing TIMING = new JmhLauncher.Timing(2, 1, 150);

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    /**
     * Every benchmark, every policy and every other parameter's value at least once: pairs of values do not meet in
     * new code, because a policy knows nothing of the situation and a fault nothing of the stream.
     */
    private static List<Cell> covering() {
        Set<String> seen = new LinkedHashSet<>();
        List<Cell> cells = new ArrayList<>();
        for (Cell cell : Catalog.cells()) {
            // The large set runs the same code as the small one.
            boolean large = cell.name().equals("WriteAfterRead.dram");
            boolean fresh = seen.add(cell.benchmark());
            for (Map.Entry<String, String> param : cell.params().entrySet()) {
                fresh |= !large && seen.add(cell.benchmark() + param);
            }
            if (fresh) {
                cells.add(cell);
            }
        }
        return cells;
    }

    @Test
    void nothingIsAllocatedPerOperation() {
        JmhLauncher launcher = new JmhLauncher(TIMING, List.of(GCProfiler.class), null);
        Map<String, Double> bytes = new LinkedHashMap<>();
        for (Cell cell : covering()) {
            ForkLauncher.Outcome outcome = launcher.launch(cell);
            assertThat(outcome.error()).as(cell.tag()).isNull();
            Result<?> norm = outcome.result().getSecondaryResults().get("gc.alloc.rate.norm");
            assertThat(norm.getScoreUnit()).isEqualTo("B/op");
            bytes.put(cell.tag(), norm.getScore());
        }
        assertThat(bytes).hasSizeGreaterThan(40);
        assertThat(bytes).allSatisfy((cell, norm) -> assertThat(norm).as(cell).isLessThan(BYTES_PER_OPERATION));
    }
}
