package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.fixture.Fixture;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Revision;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;

/** Runs real forks of benchmarks whose behaviour is known. */
@Tag("slow")
class BenchRunnerTest {
    private static final Revision REVISION = new Revision("0123456789abcdef", false);

    @TempDir
    private Path results;

    private final List<String> warnings = new ArrayList<>();
    private final List<RunResult> seen = new ArrayList<>();

    /** JMH's lock keeps two measurements apart; tests measure nothing and may run beside one. */
    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private static List<Cell> fixtures(String method, String... policies) {
        return Catalog.cells("org.cowbench.fixture").stream()
                .filter(cell -> cell.name().equals("Fixture." + method))
                .filter(cell -> List.of(policies).contains(cell.params().get("policy")))
                .toList();
    }

    private RunSummary run(List<Cell> cells, int forks, java.util.function.BooleanSupplier stop) {
        JmhLauncher real = new JmhLauncher(null, List.of(), null);
        ForkLauncher spy = cell -> {
            ForkLauncher.Outcome outcome = real.launch(cell);
            if (outcome.result() != null) {
                seen.add(outcome.result());
            }
            return outcome;
        };
        RunListener listener = new RunListener() {
            @Override
            public void warning(String line) {
                warnings.add(line);
            }
        };
        RunPlan plan = new RunPlan(
                "t",
                results,
                "custom",
                cells,
                Effort.forks(forks),
                true,
                7,
                REVISION,
                List.of("run-bench.sh"),
                Map.of("rule", "ref == 1"),
                List.of(),
                null);
        return new BenchRunner(plan, spy, listener, stop).run();
    }

    @Test
    void mergingForksLosesNothing() {
        List<Cell> cells = fixtures("steady", "V5_9", "ORACLE");
        RunSummary summary = run(cells, 2, () -> false);

        assertThat(summary).isEqualTo(new RunSummary(results.resolve("t"), 4, 4, 0, null));
        ResultDirectory read = ResultDirectory.read(summary.directory());
        assertThat(read.measurements())
                .extracting(MeasuredPolicy::tag)
                .containsExactly("Fixture.steady;policy=v5.9", "Fixture.steady;policy=oracle");
        for (Measurement measurement : read.measurements()) {
            assertThat(measurement.forks()).isEqualTo(2);
            assertThat(measurement.raw()).hasDimensions(2, 3);
            assertThat(measurement.secondary().get("faults").raw())
                    .isDeepEqualTo(new double[][] {{1, 1, 1}, {1, 1, 1}});
            assertThat(measurement.secondary().get("bytesCopied").unit()).isEqualTo("B/op");
            assertThat(measurement.secondary().get("bytesCopied").forkMeans()).containsOnly(2);
            assertThat(measurement.secondary().get("peakFrames").raw()[1]).containsExactly(77, 77, 77);

            // JMH counts its measured operations itself; the fixture records one batch in each.
            long operations = seen.stream()
                    .filter(run -> run.getParams()
                            .getParam("policy")
                            .equals(measurement.params().get("policy")))
                    .flatMap(run -> run.getBenchmarkResults().stream())
                    .mapToLong(fork -> fork.getMetadata().getMeasurementOps())
                    .sum();
            Histogram merged = read.histograms().get(MeasuredPolicy.tag(measurement));
            assertThat(merged.getTotalCount()).isEqualTo(operations).isGreaterThan(10_000);
            assertThat(merged.getMinNonZeroValue()).isEqualTo(merged.lowestEquivalentValue(1_000_000));
            assertThat(merged.getMaxValue()).isEqualTo(merged.highestEquivalentValue(Fixture.CYCLE * 1_000_000L));
            List<String> lines = new ArrayList<>();
            read.eachHistogram(line -> lines.add(line.tag()));
            assertThat(lines)
                    .filteredOn(MeasuredPolicy.tag(measurement)::equals)
                    .hasSize(2);
        }
        assertThat(read.info().complete()).isTrue();
        assertThat(read.info().seed()).isEqualTo(7);
        assertThat(read.info().commit()).isEqualTo(REVISION.commit());
        assertThat(read.info().forks()).extracting(ForkInfo::order).containsExactly(0, 1, 2, 3);
        assertThat(read.info().forks()).extracting(ForkInfo::block).containsExactly(0, 0, 1, 1);
        assertThat(read.info().forks())
                .allSatisfy(fork -> assertThat(fork.median()).isPositive());
        assertThat(read.info().environment())
                .containsKeys("jdk", "jvm.flags", "jmh.blackhole", "kernel.release")
                .containsEntry("rule", "ref == 1");
    }

    /** Where the time is too short for everything once more, what fits gets its forks. */
    @Test
    void timeThatIsLeftGoesToWhatFits() {
        List<Cell> quick = fixtures("steady", "V5_9", "ORACLE");
        List<Cell> slow = Catalog.cells().stream()
                .filter(cell -> cell.tag().matches("WriteAfterRead.l2;policy=(v5.9|oracle);situation=PINNED"))
                .toList();
        List<Cell> cells = Stream.concat(quick.stream(), slow.stream()).toList();
        JmhLauncher real = new JmhLauncher(null, List.of(), null);
        Map<String, ForkLauncher.Outcome> outcomes = new HashMap<>();
        cells.forEach(cell -> outcomes.put(cell.tag(), real.launch(cell)));
        ForkLauncher played = cell -> {
            LockSupport.parkNanos(slow.contains(cell) ? 1_500_000_000L : 10_000_000L);
            return outcomes.get(cell.tag());
        };
        RunListener listener = new RunListener() {
            @Override
            public void warning(String line) {
                warnings.add(line);
            }
        };
        RunPlan plan = new RunPlan(
                "t",
                results,
                "custom",
                cells,
                Effort.budget(3, 5),
                false,
                7,
                REVISION,
                List.of("run-bench.sh"),
                Map.of(),
                List.of(),
                null);
        RunSummary summary = new BenchRunner(plan, played, listener, () -> false).run();

        List<ForkInfo> forks = ResultDirectory.read(summary.directory()).info().forks();
        assertThat(forks)
                .filteredOn(fork -> fork.benchmark().equals(slow.getFirst().name()))
                .hasSize(2);
        assertThat(forks)
                .filteredOn(fork -> fork.benchmark().equals(quick.getFirst().name()))
                .hasSizeGreaterThanOrEqualTo(6);
        assertThat(warnings).contains("the time was enough for 1 of 3 forks each: give more with --budget");
    }

    @Test
    void whatIsWrittenIsJmhsOwnJson() throws Exception {
        RunSummary summary = run(fixtures("steady", "V5_9", "ORACLE"), 1, () -> false);
        List<RunResult> merged = new ArrayList<>();
        for (Cell cell : fixtures("steady", "V5_9", "ORACLE")) {
            List<RunResult> runs = seen.stream()
                    .filter(run -> run.getParams()
                            .getParam("policy")
                            .equals(cell.params().get("policy")))
                    .toList();
            merged.add(MergedResults.merge(cell, runs));
        }
        assertThat(Files.readString(summary.directory().resolve(ResultDirectory.JMH_FILE))
                        .strip())
                .isEqualTo(MergedResults.json(merged).strip());
    }

    @Test
    void deadForksCostNothingButThemselves() throws Exception {
        List<Cell> cells = new ArrayList<>(fixtures("dies", "V5_9"));
        cells.addAll(fixtures("throwsUp", "V5_9"));
        cells.addAll(fixtures("steady", "V5_9"));
        RunSummary summary = run(cells, 1, () -> false);

        assertThat(summary.failed()).isEqualTo(2);
        assertThat(summary.finished()).isEqualTo(1);
        ResultDirectory read = ResultDirectory.read(summary.directory());
        assertThat(read.measurements()).extracting(Measurement::benchmark).containsExactly("Fixture.steady");
        Map<String, String> errors = new java.util.TreeMap<>();
        read.info().forks().stream()
                .filter(fork -> fork.error() != null)
                .forEach(fork -> errors.put(fork.benchmark(), fork.error()));
        assertThat(errors)
                .containsOnly(
                        Map.entry("Fixture.dies", "Forked VM failed with exit code 7: no more frames"),
                        Map.entry("Fixture.throwsUp", "IllegalStateException: page 3 is not in the situation"));
        assertThat(warnings)
                .filteredOn(line -> line.contains("failed"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        int order = read.info().forks().stream()
                .filter(fork -> fork.benchmark().equals("Fixture.dies"))
                .findFirst()
                .orElseThrow()
                .order();
        assertThat(Files.readString(summary.directory().resolve("fork-" + order + ".log")))
                .contains("no more frames");
    }

    @Test
    void stoppingKeepsWhatIsFinished() {
        AtomicInteger asked = new AtomicInteger();
        RunSummary summary = run(fixtures("steady", "V5_7", "V5_8", "V5_9"), 1, () -> asked.incrementAndGet() > 2);

        assertThat(summary.complete()).isFalse();
        ResultDirectory read = ResultDirectory.read(summary.directory());
        assertThat(read.measurements()).hasSize(2);
        assertThat(read.histograms()).hasSize(2);
        assertThat(read.info().complete()).isFalse();
    }

    @Test
    void aRunThatMeasuredNothingLeavesNothing() {
        RunSummary summary = run(fixtures("steady", "V5_9"), 1, () -> true);
        assertThat(summary).isEqualTo(new RunSummary(null, 1, 0, 0, null));
        assertThat(results).isEmptyDirectory();
    }

    @Test
    void forksSayNothingOnStandardOutput() {
        java.io.PrintStream console = System.out;
        java.io.ByteArrayOutputStream captured = new java.io.ByteArrayOutputStream();
        System.setOut(new java.io.PrintStream(captured, true, java.nio.charset.StandardCharsets.UTF_8));
        try {
            run(fixtures("steady", "V5_9"), 1, () -> false);
        } finally {
            System.setOut(console);
        }
        assertThat(captured.toString(java.nio.charset.StandardCharsets.UTF_8)).isEmpty();
        BenchmarkResult fork = seen.getFirst().getBenchmarkResults().iterator().next();
        assertThat(fork.getIterationResults()).hasSize(3);
    }
}
