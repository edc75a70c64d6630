package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe on this machine's kernel, asked what needs no swap. */
@Tag("host")
class ProbeTest {
    /** More output than a pipe holds: a probe that nobody reads stands still in the middle. */
    private static final String LONG =
            IntStream.range(0, 5000).mapToObj(i -> "A read 0\n").collect(Collectors.joining());

    @TempDir
    private Path folder;

    private Process probe;
    private ProbeMessage.Start start;
    private BufferedReader output;

    @BeforeEach
    void start() throws IOException {
        Host.demandRoot();
        restart();
    }

    private void restart(String... arguments) throws IOException {
        end();
        List<String> command =
                new ArrayList<>(List.of(ProbeBinary.compile(folder, Map.of()).toString()));
        command.addAll(List.of(arguments));
        probe = new ProcessBuilder(command).start();
        output = probe.inputReader();
        start = (ProbeMessage.Start) ProbeMessage.parse(output.readLine());
    }

    @AfterEach
    void end() {
        if (probe != null) {
            probe.destroyForcibly();
        }
    }

    private Script ask(String text) throws IOException {
        Script script = ScriptParser.parse("x.litmus", text);
        probe.outputWriter().append(ProbeSession.requestText(List.of(script))).flush();
        return script;
    }

    private List<StepResult> answer(Script script) throws IOException {
        List<StepResult> results = new java.util.ArrayList<>();
        for (ProbeMessage message = ProbeMessage.parse(output.readLine());
                message instanceof ProbeMessage.StepDone step;
                message = ProbeMessage.parse(output.readLine())) {
            results.add(step.result(script));
        }
        return results;
    }

    /** Waits until that many litmus processes sleep in the middle of a script. */
    private List<ProcessHandle> processes(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (probe.children().count() < count) {
            assertThat(System.nanoTime()).as("processes are there in time").isLessThan(deadline);
            Thread.sleep(10);
        }
        return probe.children().toList();
    }

    @Test
    void aPageOfZeroesIsWhole() throws IOException {
        assertThat(answer(ask("A write 0 7\nA write 0 0\nA read 0\nA splice 0 X\nA peek X")))
                .allSatisfy(result -> assertThat(result.error()).isNull())
                .last()
                .satisfies(result -> assertThat(result.value()).hasValue(0));
    }

    /** A write that fills only half of the page stands in for a kernel that copies half of it. */
    @Test
    void findsTornPagesWhereverTheyAreLookedAt() throws IOException {
        assertThat(answer(ask("A write 0 7\nA write 0 8")))
                .extracting(StepResult::old, StepResult::torn)
                .containsExactly(
                        tuple(OptionalLong.of(0), OptionalInt.empty()), tuple(OptionalLong.of(7), OptionalInt.empty()));
        probe.outputWriter().append("fill 256\n");
        List<StepResult> results =
                answer(ask("pages 2\nA write 0 7\nA read 0\nA splice 0 X\nA peek X\nA fork B\nB write 0 8\nA read 1"));
        assertThat(results).extracting(StepResult::error).containsOnlyNulls();
        assertThat(results)
                .extracting(StepResult::torn)
                .containsExactly(
                        OptionalInt.empty(),
                        OptionalInt.of(256),
                        OptionalInt.empty(),
                        OptionalInt.of(256),
                        OptionalInt.empty(),
                        OptionalInt.of(256),
                        OptionalInt.empty());
        assertThat(results.get(1).value()).hasValue(7);
        assertThat(results.get(3).value()).hasValue(7);
        assertThat(results.get(5)).satisfies(write -> {
            assertThat(write.old()).hasValue(7);
            assertThat(write.minor()).as("faults of looking at the page").isOne();
            assertThat(write.broken()).isTrue();
            assertThat(write.json("")).endsWith("\"torn\":256}");
        });
    }

    @Test
    void aStepThatTheKernelCannotDoIsSkippedWithWhatUsesIt() throws IOException {
        Assumptions.assumeFalse(start.capabilities().can(Op.PINRO), "this kernel has CONFIG_GUP_TEST");
        List<StepResult> results = answer(
                ask("A write 0 1\nA pinro 0 X\nA peek X -> 1\nA unpin X\nA splice 0 X\nA peek X -> 1\nA peek X"));
        assertThat(results.subList(1, 4)).allSatisfy(result -> {
            assertThat(result.error()).isEqualTo("unavailable: needs CONFIG_GUP_TEST of v6.2 or newer and debugfs");
            assertThat(result.skipped()).isTrue();
            assertThat(result.violated()).isFalse();
            assertThat(result.broken()).isFalse();
        });
        assertThat(results.get(5).value()).hasValue(1);
        assertThat(results.get(6).error()).isEqualTo("empty");
    }

    /** A file of tmpfs is none: its page cache is what there is, and where a kernel lets it be opened so, it copies. */
    @Test
    void withoutAFileToReadDirectlyADirectReadIsSkipped() throws IOException {
        assertThat(start.capabilities().can(Op.DIO)).isFalse();
        List<StepResult> results = answer(ask("A write 0 1\nA dio 0 2\nA read 0"));
        assertThat(results.get(1)).satisfies(result -> {
            assertThat(result.error())
                    .isEqualTo("unavailable: needs a device or a file that this kernel reads without"
                            + " its page cache; TMPDIR may name a folder on a disk");
            assertThat(result.skipped()).isTrue();
            assertThat(result.broken()).isFalse();
        });
        assertThat(results.getLast().value()).hasValue(1);
        Path memory = Path.of("/dev/shm", "cowbench-" + probe.pid());
        Assumptions.assumeTrue(Files.isDirectory(memory.getParent()), "no tmpfs");
        try {
            restart("data", memory.toString());
            assertThat(start.capabilities().can(Op.DIO)).isFalse();
        } finally {
            Files.deleteIfExists(memory);
        }
    }

    @Test
    void aDirectReadFillsThePageAndLeavesOthersTheirs() throws IOException {
        restart("data", folder.resolve("data").toString());
        Assumptions.assumeTrue(
                start.capabilities().can(Op.DIO), "the temporary folder's file system reads by its page cache");
        List<StepResult> results = answer(ask("""
            A write 0 1
            A fork B
            A dio 0 2
            B read 0 -> 1
            A read 0 -> 2
            A dio 0 0
            A write 0 3
            A protect 0 ro
            A dio 0 4
            A read 0 -> 3
            """));
        assertThat(results).noneMatch(StepResult::violated).noneMatch(StepResult::broken);
        assertThat(results.get(2).writeKind()).contains(WriteKind.COPY);
        assertThat(results.get(5).writeKind()).as("faults of the probe's own").contains(WriteKind.QUIET);
        assertThat(results.get(6).old()).hasValue(0);
        assertThat(results.get(8).error()).isEqualTo("efault");
    }

    /** No swap is needed; what is set for folios is set back. */
    @Test
    void foliosAreSeenAndPartsOfThem() throws IOException {
        Assumptions.assumeTrue(start.capabilities().folios().contains(16), "this kernel has no folios of 16 KiB");
        try (Guardian _ = Guardian.make(HostSession.FOLIOS, "setting this machine up for folios")) {
            List<StepResult> results = answer(ask("folio 16\n"
                    + "A write all 1\n"
                    + "A keep 2-3\n"
                    + "A fork B\n"
                    + "B read 2\n"
                    + "B write 1 2\n"
                    + "A write all 3\n"
                    + "A move 0\n"
                    + "A read all -> 3\n"
                    + "A pin 1-2 X\n"
                    + "A dma X.2 4\n"
                    + "A peek X.2 -> 4\n"
                    + "A peek X -> 3\n"
                    + "A read all\n"
                    + "B read 0 -> 1"));
            Assumptions.assumeFalse(results.getFirst().skipped(), "the settings cannot be changed here");
            assertThat(results).noneMatch(StepResult::violated).noneMatch(StepResult::broken);
            assertThat(results.getFirst().folio().order()).isEqualTo(2);
            assertThat(results.get(3).error()).isEqualTo("segv");
            assertThat(results.get(4).writeKind()).contains(WriteKind.COPY);
            assertThat(results.get(12).value())
                    .as("not all pages hold one value")
                    .isEmpty();
            List<StepResult> page = answer(ask("A write 0 1\nA read 0 -> 1"));
            assertThat(page).noneMatch(StepResult::broken).allSatisfy(result -> assertThat(result.folio())
                    .isNull());
        }
    }

    @Test
    void refusesWhatTheModelRefusesInTheSameWords() throws IOException {
        assertThat(answer(ask("""
            A write 0 1
            A splice 0 P
            A peek P
            A dma P 1
            A splice 0 P
            A splice 0 P
            A dma P 1
            A unpin P
            A fork A
            A fork B
            B exit
            B read 0
            A protect 0 ro
            A write 0 2
            """)))
                .extracting(StepResult::error)
                .containsExactly(
                        null,
                        null,
                        null,
                        "empty",
                        null,
                        "busy",
                        "readonly",
                        "empty",
                        "exists",
                        null,
                        null,
                        "gone",
                        null,
                        "segv");
    }

    @Test
    void tellsOfProcessesThatAreKilledTogether() throws Exception {
        Script script = ask("A write 0 1\nA fork B\nA fork C\n" + LONG + "B read 0\nC read 0\n");
        List<ProcessHandle> processes = processes(3);
        assertThat(processes).hasSize(3);
        processes.forEach(ProcessHandle::destroyForcibly);
        List<StepResult> results = answer(script);
        assertThat(results).hasSize(script.steps().size());
        assertThat(results.stream().filter(StepResult::broken).map(StepResult::error))
                .containsExactlyInAnyOrder(
                        "A was killed by signal 9", "B was killed by signal 9", "C was killed by signal 9");
        assertThat(results.getLast().error()).isEqualTo("gone");
        // It goes on with the next script.
        assertThat(answer(ask("A write 0 3\nA fork B\nB read 0\n")).getLast().value())
                .hasValue(3);
    }
}
