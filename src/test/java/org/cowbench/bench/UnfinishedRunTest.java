package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.Revision;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;

/** A run that goes on writes what it would have written without the interruption. */
@Tag("slow")
class UnfinishedRunTest {
    private static final Revision REVISION = new Revision("0123456789abcdef", false);
    private static final int FORKS = 3;

    @TempDir
    private Path results;

    private final List<Cell> cells = Catalog.cells("org.cowbench.fixture").stream()
            .filter(cell -> cell.name().equals("Fixture.steady"))
            .filter(cell -> List.of("V5_7", "V5_9").contains(cell.params().get("policy")))
            .toList();
    private final Map<Cell, List<RunResult>> seen = new LinkedHashMap<>();
    private final List<String> launched = new ArrayList<>();
    private final JmhLauncher real =
            new JmhLauncher(new JmhLauncher.Timing(1, 3, 10), List.of(), null, Map.of("a", "b"));

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    /** Sees what each fork delivers. */
    private ForkLauncher spy(JmhLauncher launcher) {
        return new ForkLauncher() {
            @Override
            public Outcome launch(Cell cell) {
                Outcome outcome = launcher.launch(cell);
                launched.add(cell.tag());
                seen.computeIfAbsent(cell, key -> new ArrayList<>()).add(outcome.result());
                return outcome;
            }

            @Override
            public Map<String, String> settings() {
                return launcher.settings();
            }
        };
    }

    private RunSummary begin(int forks) {
        RunPlan plan = new RunPlan(
                "t",
                results,
                "custom",
                cells,
                Effort.forks(FORKS),
                true,
                7,
                REVISION,
                List.of("run-bench.sh", "run"),
                Map.of("rule", "ref == 1"),
                List.of("a note"),
                null);
        AtomicInteger asked = new AtomicInteger();
        return new BenchRunner(plan, spy(real), new RunListener() {}, () -> asked.getAndIncrement() >= forks).run();
    }

    private static List<String> order(Schedule schedule) {
        return java.util.stream.IntStream.range(0, FORKS)
                .boxed()
                .flatMap(block -> schedule.block().stream())
                .map(slot -> slot.cells().getFirst().tag())
                .toList();
    }

    private UnfinishedRun open() {
        return UnfinishedRun.open(results, "t", cells);
    }

    private RunSummary goOn() {
        UnfinishedRun before = open();
        assertThat(before.refusal(REVISION)).isEmpty();
        return new BenchRunner(before, spy(JmhLauncher.of(before.launcher(), null)), new RunListener() {}, () -> false)
                .run();
    }

    @Test
    void whatIsWrittenIsThatOfARunWithoutInterruption() throws Exception {
        assertThat(begin(2)).isEqualTo(new RunSummary(results.resolve("t"), 6, 2, 0, null));
        ResultDirectory first = ResultDirectory.read(results.resolve("t"));
        assertThat(first.info().complete()).isFalse();

        assertThat(goOn()).isEqualTo(new RunSummary(results.resolve("t"), 6, 6, 0, null));
        ResultDirectory whole = ResultDirectory.read(results.resolve("t"));
        List<RunResult> merged = cells.stream()
                .map(cell -> MergedResults.merge(cell, seen.get(cell)))
                .toList();
        assertThat(Files.readString(results.resolve("t/jmh.json")).strip())
                .as("JMH's JSON of all six forks")
                .isEqualTo(MergedResults.json(merged).strip());
        assertThat(launched)
                .as("in the order of one schedule, and each once")
                .isEqualTo(order(new Schedule(cells, true, 7)));
        assertThat(whole.info().complete()).isTrue();
        assertThat(whole.info().forks()).extracting(ForkInfo::order).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(whole.info().forks().subList(0, 2)).isEqualTo(first.info().forks());
        assertThat(whole.info().started()).isEqualTo(first.info().started());
        assertThat(whole.info().seed()).isEqualTo(7);
        assertThat(whole.info().command()).containsExactly("run-bench.sh", "run");
        assertThat(whole.info().seconds()).isGreaterThan(first.info().seconds());
        assertThat(whole.info().environment())
                .containsEntry("rule", "ref == 1")
                .containsKey("jmh.blackhole")
                .containsEntry("load.start", first.info().environment().get("load.start"));
        assertThat(whole.info().warnings())
                .startsWith("a note")
                .filteredOn(line -> line.contains("gone on with"))
                .singleElement()
                .asString()
                .startsWith("interrupted after 2 of 6 forks and gone on with ");
        assertThat(whole.info().warnings())
                .filteredOn(line -> line.contains("forks disturbed: "))
                .allSatisfy(line -> assertThat(line).contains(" of 6 forks"))
                .hasSizeLessThanOrEqualTo(1);
        List<TaggedHistogram> lines = new ArrayList<>();
        whole.eachHistogram(lines::add);
        assertThat(lines).hasSize(6);
        for (Map.Entry<String, Histogram> histogram : whole.histograms().entrySet()) {
            long operations = seen.entrySet().stream()
                    .filter(each -> each.getKey().tag().equals(histogram.getKey()))
                    .flatMap(each -> each.getValue().stream())
                    .flatMap(run -> run.getBenchmarkResults().stream())
                    .mapToLong(fork -> fork.getMetadata().getMeasurementOps())
                    .sum();
            assertThat(histogram.getValue().getTotalCount()).isEqualTo(operations);
        }
        assertThat(Files.list(results.resolve("t")))
                .extracting(path -> path.getFileName().toString())
                .containsExactlyInAnyOrder("jmh.json", "run.json", "histograms.hlog");
        assertThatThrownBy(this::open).isInstanceOf(ResultException.class).hasMessageContaining("nothing to resume");
    }

    /** What is decided on the way, by time and by what is known least, is taken from what was done. */
    @Test
    void aBudgetAndForksOfSeveralPoliciesGoOnToo() {
        List<Cell> policies = Catalog.cells().stream()
                .filter(cell -> cell.tag()
                        .matches("WriteAfterRead.l2;policy=(v5.9|v5.19);situation=SWAPCACHE|Primitives.empty"))
                .toList();
        RunPlan plan = new RunPlan(
                "b",
                results,
                "custom",
                policies,
                new Effort(1, 1000, 3600),
                true,
                7,
                REVISION,
                List.of(),
                Map.of(),
                List.of(),
                null);
        JmhLauncher quick = new JmhLauncher(new JmhLauncher.Timing(0, 1, 5), List.of(), null);
        AtomicInteger asked = new AtomicInteger();
        new BenchRunner(plan, quick, new RunListener() {}, () -> asked.getAndIncrement() >= 5).run();
        List<ForkInfo> first = ResultDirectory.read(results.resolve("b")).info().forks();
        assertThat(first).hasSizeGreaterThan(5);

        UnfinishedRun before = UnfinishedRun.open(results, "b", policies);
        AtomicInteger again = new AtomicInteger();
        RunSummary summary = new BenchRunner(
                        before,
                        JmhLauncher.of(before.launcher(), null),
                        new RunListener() {},
                        () -> again.getAndIncrement() >= 2)
                .run();
        List<ForkInfo> whole = ResultDirectory.read(results.resolve("b")).info().forks();
        assertThat(whole.subList(0, first.size())).isEqualTo(first);
        assertThat(summary.finished()).isEqualTo(whole.size()).isGreaterThan(first.size());
        assertThat(whole)
                .extracting(ForkInfo::order)
                .isEqualTo(java.util.stream.IntStream.range(0, whole.size())
                        .boxed()
                        .toList());
        assertThat(whole)
                .extracting(fork -> fork.benchmark() + fork.params() + fork.block())
                .doesNotHaveDuplicates();
    }

    @Test
    void aKilledRunGoesOnFromItsLastWholeFork() throws Exception {
        begin(3);
        // As kill -9 leaves it: unnamed, the summary a few seconds old, and the last fork half written.
        Path partial = Files.move(results.resolve("t"), results.resolve("t.partial"));
        Files.write(partial.resolve("fork-2.done"), new byte[] {1, 2, 3});
        assertThat(open().done()).hasSize(2);
        assertThat(goOn().finished()).isEqualTo(6);
        assertThat(launched).hasSize(7);
        assertThat(ResultDirectory.read(results.resolve("t")).info().forks())
                .extracting(ForkInfo::order)
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(partial).doesNotExist();
    }

    @Test
    void whatDiffersIsRefusedWithTheReason() throws Exception {
        begin(1);
        assertThat(open().launcher()).containsExactly(Map.entry("a", "b"), Map.entry("timing", "1,3,10"));
        assertThat(open().refusal(new Revision("fedcba9876543210", false)).orElseThrow())
                .contains("it measured commit 0123456789, and this is fedcba9876");
        assertThat(open().refusal(new Revision(REVISION.commit(), true)).orElseThrow())
                .contains("the sources have changed");
        Path run = results.resolve("t/run.json");
        String text = Files.readString(run);
        Files.writeString(run, text.replaceFirst("\"kernel.release\" : \"[^\"]*\"", "\"kernel.release\" : \"2.6.32\""));
        assertThat(open().refusal(REVISION).orElseThrow()).contains("kernel.release was 2.6.32 and is ");
        Files.writeString(run, text);
        assertThatThrownBy(() -> UnfinishedRun.open(results, "t", cells.subList(0, 1)))
                .hasMessageContaining("there is no benchmark Fixture.steady");
        Path plan = results.resolve("t/plan.json");
        String first = order(new Schedule(cells, true, 7)).getFirst();
        long other = LongStream.iterate(9, seed -> seed * 1_000_003)
                .limit(100)
                .filter(seed ->
                        !order(new Schedule(cells, true, seed)).getFirst().equals(first))
                .findFirst()
                .orElseThrow();
        Files.writeString(plan, Files.readString(plan).replace("\"seed\" : 7", "\"seed\" : " + other));
        assertThatThrownBy(this::goOn).as("another schedule").hasMessageContaining("cannot be resumed: fork 0 was of");
        plan = results.resolve("t.partial/plan.json");
        Files.delete(plan);
        assertThatThrownBy(this::open).hasMessageContaining("holds no plan.json");
        assertThatThrownBy(() -> UnfinishedRun.open(results, "none", cells))
                .hasMessageContaining("no run 'none' to resume");
    }
}
