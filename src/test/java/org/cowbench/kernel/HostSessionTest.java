package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cowbench.arena.Libc;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This machine's own kernel, where it may be asked. */
@Tag("host")
class HostSessionTest {
    private static final Path PAGE_CLUSTER = Path.of("/proc/sys/vm/page-cluster");
    private static final Script SCRIPT = ScriptParser.parse(
            "x.litmus", "A write 0 1\nA pageout 0\nA drain\nA fork B\nA read 0\nA write 0 2\nB read 0");
    private static final int PAGE = 4096;

    @TempDir
    private Path folder;

    private HostSession open() {
        Path probe = ProbeBinary.compile(folder, Map.of());
        return Host.whenFree(() -> new HostSession(probe, Duration.ofMinutes(2), null));
    }

    @Test
    void runsScriptsAloneAndLeavesTheMachineAsItWas() throws IOException {
        String before = pageCluster();
        try (TemporarySwap _ = Host.swap("64M")) {
            try (HostSession session = open()) {
                List<StepResult> results = session.run(SCRIPT);
                assertThat(results).noneMatch(StepResult::broken);
                assertThat(results.get(1).after()).isEqualTo(EntryState.SWAPPED);
                assertThat(results.getLast().value()).hasValue(1);
                assertThat(PAGE_CLUSTER).content().startsWith("0");
                Path probe = folder.resolve("probe");
                assertThatThrownBy(() -> new HostSession(probe, Duration.ofMinutes(2), null))
                        .isInstanceOfSatisfying(KernelException.class, e -> {
                            assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                            assertThat(e.getMessage()).contains("another run of cowbench");
                        });
                assertThat(PAGE_CLUSTER).content().startsWith("0");
            }
        }
        assertThat(pageCluster()).isEqualTo(before);
    }

    /** The setting while nobody has changed it for a run of his own. */
    private static String pageCluster() {
        return Host.whenFree(() -> {
            try (Guardian _ = Guardian.make(
                    "make() { exec 9<" + PAGE_CLUSTER
                            + "; flock -n 9 || { echo another run of cowbench; return 1; }; }\nundo() { :; }",
                    "a lock")) {
                return Files.readString(PAGE_CLUSTER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aKilledProbeIsAFindingThatNamesTheStep() throws Exception {
        // More output than a pipe and the reader's buffer hold between two looks, so that it is still at work.
        Script script = ScriptParser.parse(
                "long.litmus",
                IntStream.range(0, 50_000).mapToObj(i -> "A read 0\n").collect(Collectors.joining()));
        try (TemporarySwap _ = Host.swap("64M");
                HostSession session = open()) {
            ProcessHandle probe = ProcessHandle.current()
                    .children()
                    .filter(child -> child.info()
                            .command()
                            .filter(folder.resolve("probe").toString()::equals)
                            .isPresent())
                    .findFirst()
                    .orElseThrow();
            // Not a virtual thread: it would keep those that talk to the probe from running.
            Thread killer = Thread.ofPlatform().daemon().start(() -> {
                while (probe.isAlive() && probe.children().findAny().isEmpty()) {
                    Thread.onSpinWait();
                }
                probe.destroyForcibly();
            });
            assertThatThrownBy(() -> session.run(script)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.KERNEL);
                assertThat(e.getMessage())
                        .contains(
                                "killed by signal 9",
                                "it was at step " + e.done().size() + " of long.litmus, A read 0");
                assertThat(e.script()).contains(script);
            });
            killer.join(Duration.ofSeconds(20));
        }
    }

    @Test
    void aFullSwapDeviceIsALack() throws Exception {
        try (TemporarySwap _ = Host.swap("64M");
                Arena arena = Arena.ofConfined();
                HostSession session = open()) {
            fill(arena);
            assertThatThrownBy(() -> session.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                assertThat(e.getMessage()).doesNotContain("\n").contains("swap is more than half full", "--setup-swap");
            });
        }
    }

    /** Pages memory out until three quarters of all swap are used. */
    private static void fill(Arena arena) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (used() < 0.75) {
            assertThat(System.nanoTime()).as("swap fills in time").isLessThan(deadline);
            MemorySegment area = Libc.mmap(4096L * PAGE, arena);
            for (long at = 0; at < area.byteSize(); at += PAGE) {
                area.set(ValueLayout.JAVA_LONG, at, at + 1);
            }
            Libc.madvise(area, Libc.MADV_PAGEOUT);
        }
    }

    private static double used() throws IOException {
        List<String[]> lines = Files.readAllLines(Path.of("/proc/swaps")).stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .toList();
        return lines.stream().mapToDouble(words -> Long.parseLong(words[3])).sum()
                / lines.stream().mapToDouble(words -> Long.parseLong(words[2])).sum();
    }
}
