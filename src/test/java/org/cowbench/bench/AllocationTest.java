package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.result.Tag.FRAMES_PARAM;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measured paths allocate nothing: a collection would be measured as a fault. */
@Tag("slow")
class AllocationTest {
    private static final double BYTES_PER_OPERATION = 0.01;
    private static final int MILLIS = 100;
    /** What JMH and the JVM allocate in an iteration, whatever the benchmark does: 10 KB, and more on a busy machine. */
    private static final double BYTES_PER_ITERATION = 64 << 10;
    /** An object takes 16 bytes at least. One in four operations is seen by a mean of this much. */
    private static final double BYTES_SEEN = 4;

    private static final int MOST_FRAMES = 1 << 14;
    /** Times as long: for operations so slow that {@link #BYTES_PER_ITERATION} would hide an object in each. */
    private static final List<Integer> LONGER = List.of(10, 80);

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
        // The same code in more memory.
        all.removeIf(cell -> Integer.parseInt(cell.params().getOrDefault(FRAMES_PARAM, "0")) > MOST_FRAMES);
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

    /**
     * The least of the iterations, and how much in it would be the iteration's own. Measured in this JVM: what an
     * operation allocates does not depend on whose profile it was compiled with, unless an object vanishes by escape
     * analysis, which then would be luck.
     */
    private static Bytes bytes(Cell cell, int millis) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(cell.benchmark()) + "$")
                .forks(0)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        cell.params().forEach((name, value) -> options.param(name, value));
        try {
            // What an operation allocates it allocates in every iteration; what JMH and a busy machine add differs.
            return new Runner(
                            options.build(),
                            OutputFormatFactory.createFormatInstance(
                                    new PrintStream(OutputStream.nullOutputStream()), VerboseMode.SILENT))
                    .runSingle().getBenchmarkResults().iterator().next().getIterationResults().stream()
                            .map(iteration -> new Bytes(
                                    iteration
                                            .getSecondaryResults()
                                            .get("gc.alloc.rate.norm")
                                            .getScore(),
                                    Math.max(
                                            BYTES_PER_OPERATION,
                                            BYTES_PER_ITERATION
                                                    / iteration.getMetadata().getMeasuredOps())))
                            .min(Comparator.comparing(Bytes::excess))
                            .orElseThrow();
        } catch (RunnerException e) {
            throw new AssertionError(cell.tag(), e);
        }
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
            Bytes found = bytes(cell, MILLIS);
            for (int times : LONGER) {
                if (found.excess() > 0 || found.own() > BYTES_SEEN) {
                    found = bytes(cell, times * MILLIS);
                }
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
