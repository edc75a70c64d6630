package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;

/** A run dealt to three machines, one of which is interrupted and goes on, is the run of one. */
@Tag("slow")
class RunPartsTest {
    private static final int BLOCKS = 5;
    private static final int SHARDS = 3;
    private static final int ALL = 100;

    @TempDir
    private Path results;

    private final List<Cell> cells = Catalog.cells("org.cowbench.fixture").stream()
            .filter(cell -> cell.name().equals("Fixture.steady"))
            .filter(cell -> List.of("V5_7", "V5_9").contains(cell.params().get("policy")))
            .toList();
    private final Map<String, RunResult> seen = new LinkedHashMap<>();
    private final JmhLauncher real = new JmhLauncher(new JmhLauncher.Timing(0, 2, 5), List.of(), null);

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private ForkLauncher spy(List<RunResult> delivered) {
        return new ForkLauncher() {
            @Override
            public Outcome launch(Cell cell) {
                Outcome outcome = real.launch(cell);
                delivered.add(outcome.result());
                return outcome;
            }

            @Override
            public Map<String, String> settings() {
                return real.settings();
            }
        };
    }

    private RunPlan plan(String label, Shard shard, long seed) {
        return new RunPlan(
                label,
                results,
                "custom",
                cells,
                Effort.forks(BLOCKS),
                true,
                seed,
                new Revision("0123456789abcdef", false),
                List.of("run-bench.sh", "run"),
                shard == null
                        ? Map.of()
                        : Map.of(
                                Environment.SHARD,
                                shard.toString(),
                                Environment.SHARD_ARGUMENTS,
                                "--forks=5 --seed=" + seed,
                                "fact",
                                "of " + shard.index()),
                List.of("a note"),
                shard);
    }

    /** Runs a part; its forks' results by label and order of execution. */
    private void part(String label, Shard shard, long seed, int forks) {
        List<RunResult> delivered = new ArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        RunSummary summary = new BenchRunner(
                        plan(label, shard, seed),
                        spy(delivered),
                        new RunListener() {},
                        () -> asked.getAndIncrement() >= forks)
                .run();
        if (!summary.complete()) {
            UnfinishedRun before = UnfinishedRun.open(results, label, cells);
            assertThatThrownBy(() -> RunParts.head(results.resolve(label), cells))
                    .isInstanceOf(ResultException.class)
                    .hasMessageContaining("is no complete part of a run");
            summary = new BenchRunner(before, spy(delivered), new RunListener() {}, () -> false).run();
        }
        assertThat(summary.complete()).isTrue();
        List<ForkInfo> infos =
                ResultDirectory.read(results.resolve(label)).info().forks();
        assertThat(infos).hasSameSizeAs(delivered).allMatch(fork -> shard == null || shard.has(fork.block()));
        for (int i = 0; i < infos.size(); i++) {
            seen.put(label + " " + infos.get(i).order(), delivered.get(i));
        }
    }

    /** Wherever a share is killed after its last fork, it is a part or can be gone on with. */
    @Test
    void aShareKilledAtItsEndIsNoDeadEnd() throws IOException {
        part("ended", new Shard(1, 2), 7, ALL);
        Path ended = results.resolve("ended");
        byte[] plan = Files.readAllBytes(ended.resolve("shard.json"));
        Path left = results.resolve("left.partial");
        // Killed when all was written, before it had its name.
        copy(ended, left);
        Files.write(left.resolve("plan.json"), plan);
        assertThat(RunParts.head(left, cells)).isEqualTo(RunParts.head(ended, cells));
        goesOn("left");
        // Killed before it was called complete.
        delete(results.resolve("left"));
        copy(ended, left);
        Files.write(left.resolve("plan.json"), plan);
        Path info = left.resolve("run.json");
        Files.writeString(info, Files.readString(info).replace("\"complete\" : true", "\"complete\" : false"));
        assertThatThrownBy(() -> RunParts.head(left, cells)).hasMessageContaining("is no complete part of a run");
        goesOn("left");
        assertThat(RunParts.head(results.resolve("left"), cells)).isEqualTo(RunParts.head(ended, cells));
    }

    private void goesOn(String label) {
        List<RunResult> delivered = new ArrayList<>();
        UnfinishedRun before = UnfinishedRun.open(results, label, cells);
        RunSummary summary = new BenchRunner(before, spy(delivered), new RunListener() {}, () -> false).run();
        assertThat(summary.complete()).isTrue();
        assertThat(delivered).as("nothing is left to measure").isEmpty();
        assertThat(results.resolve(label + ".partial")).doesNotExist();
        assertThat(results.resolve(label).resolve("plan.json")).doesNotExist();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String schedule(ForkInfo fork) {
        return fork.order() + " " + fork.block() + " " + fork.benchmark() + " " + fork.params();
    }

    private Map<String, ObjectNode> heads(String... labels) {
        Map<String, ObjectNode> heads = new LinkedHashMap<>();
        Arrays.stream(labels).forEach(label -> heads.put(label, RunParts.head(results.resolve(label), cells)));
        return heads;
    }

    @Test
    void threePartsAreTheRunOfOneSchedule() throws Exception {
        for (int index = 1; index <= SHARDS; index++) {
            part("part-" + index, new Shard(index, SHARDS), 7, index == 2 ? 3 : ALL);
        }
        part("once", null, 7, ALL);
        assertThat(Parts.whole(heads("part-3", "part-1", "part-2")))
                .extracting(head -> Parts.shard(head).index())
                .containsExactly(1, 2, 3);
        List<Path> parts = List.of(results.resolve("part-1"), results.resolve("part-2"), results.resolve("part-3"));
        Path merged = RunParts.merge(parts, cells, results, "merged", List.of("run-bench.sh", "merge"));

        ResultDirectory whole = ResultDirectory.read(merged);
        ResultDirectory once = ResultDirectory.read(results.resolve("once"));
        assertThat(whole.info().forks().stream().map(RunPartsTest::schedule))
                .as("the same forks in the same blocks and order")
                .isEqualTo(
                        once.info().forks().stream().map(RunPartsTest::schedule).toList());
        List<RunResult> jmh = cells.stream()
                .map(cell -> MergedResults.merge(
                        cell,
                        whole.info().forks().stream()
                                .filter(fork -> ForkQueue.is(fork, cell))
                                .map(fork -> seen.get("part-" + (fork.block() % SHARDS + 1) + " " + fork.order()))
                                .toList()))
                .toList();
        assertThat(Files.readString(merged.resolve("jmh.json")).strip())
                .as("JMH's JSON of all forks")
                .isEqualTo(MergedResults.json(jmh).strip());
        assertThat(whole.measurements()).extracting(Measurement::forks).containsOnly(BLOCKS);
        List<TaggedHistogram> lines = new ArrayList<>();
        whole.eachHistogram(lines::add);
        assertThat(lines).hasSize(BLOCKS * cells.size());
        assertThat(whole.info().complete()).isTrue();
        assertThat(whole.info().seed()).isEqualTo(7);
        assertThat(whole.info().commit()).isEqualTo("0123456789abcdef");
        assertThat(whole.info().environment())
                .containsEntry(Environment.SHARDS, "3")
                .containsEntry("shard.1.fact", "of 1")
                .containsEntry("shard.3.fact", "of 3")
                .containsKey("kernel.release")
                .doesNotContainKeys("fact", Environment.SHARD);
        assertThat(whole.info().warnings()).startsWith("a note").anyMatch(line -> line.startsWith("shard 2: interr"));
        try (var files = Files.list(merged)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("jmh.json", "run.json", "histograms.hlog");
        }

        Files.delete(results.resolve("part-3/fork-4.done"));
        assertThatThrownBy(() -> RunParts.merge(parts, cells, results, "again", List.of()))
                .isInstanceOf(ResultException.class)
                .hasMessageEndingWith("holds 1 of 2 forks; run shard 3/3 again");
        assertThat(results.resolve("again")).doesNotExist();
        assertThat(results.resolve("again.partial")).doesNotExist();
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() {
        part("one", new Shard(1, 2), 7, ALL);
        part("two", new Shard(2, 2), 8, ALL);
        part("twin", new Shard(1, 2), 7, ALL);
        part("all", null, 7, ALL);
        assertThatThrownBy(() -> Parts.whole(heads("one", "two")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two is of another run than one: arguments [\"--forks=5 --seed=8\"], not"
                        + " [\"--forks=5 --seed=7\"]");
        assertThatThrownBy(() -> Parts.whole(heads("one", "twin")))
                .hasMessage("shard 1/2 is there twice: one and twin; leave one out");
        assertThatThrownBy(() -> Parts.whole(heads("one")))
                .hasMessage("missing: shard 2/2; run it again and name all parts");
        assertThatThrownBy(() -> heads("all")).hasMessageContaining("is no complete part of a run");
    }
}
