package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sessions that are ended by real signals while they build and while they measure. */
@Tag("slow")
class AbInterruptionTest {
    private static final long PATIENCE_SECONDS = 240;
    private static final String WARNING = "warning: before measuring: ";

    @TempDir
    Path folder;

    private Path home;
    private Path results;
    private Path err;

    @BeforeEach
    void places() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        results = folder.resolve("results");
        err = folder.resolve("err");
    }

    private Process ab(String... arguments) throws IOException {
        // A session of its own, so that a whole process group can be signalled, as a terminal does.
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dcowbench.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "ab"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--results", results.toString(), "--no-plots"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(err.toFile());
        // Other tests may measure at the same time.
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Djmh.ignoreLock=true");
        return builder.start();
    }

    private void await(String what, Process process, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(process.isAlive())
                    .as("%s: %s", what, Files.readString(err))
                    .isTrue();
            assertThat(System.nanoTime())
                    .as("%s in time: %s", what, Files.readString(err))
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static int signal(Process process, String signal, String whom) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, "--", whom).start().waitFor())
                .isZero();
        return end(process);
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ends by itself")
                .isTrue();
        return process.exitValue();
    }

    private String said() throws IOException {
        return Files.readAllLines(err).getLast();
    }

    /** Waits until a fork has begun, and not ended. */
    private void awaitFork(int number, Process process) throws Exception {
        Path forks = results.resolve("cut.ab").resolve("forks");
        await("fork " + number, process, () -> Files.exists(forks.resolve("fork-" + number + ".partial")));
    }

    @Test
    void aSessionGoesOnWhereASignalEndedIt() throws Exception {
        AbRepository.jar(folder.resolve("jar"));
        AbRepository.create(home, "mkdir -p target && cp '" + folder.resolve("jar") + "' target/benchmarks.jar");
        Process begun = ab(
                "HEAD",
                "HEAD",
                "--no-control",
                "--blocks",
                "1",
                "--bench",
                "^Primitives.empty$",
                "--timing",
                "1,1,10",
                "--label",
                "cut");
        awaitFork(0, begun);
        List<String> warnings = new ArrayList<>(warnings());
        assertThat(signal(begun, "INT", Long.toString(begun.pid()))).isEqualTo(ExitStatus.INTERRUPTED);
        assertThat(said())
                .isEqualTo("cowbench: interrupted; 0 of 4 forks are done; go on with: ./run-bench.sh ab"
                        + " --resume cut --results " + results);

        Process terminal = ab("--resume", "cut");
        awaitFork(1, terminal);
        warnings.addAll(warnings());
        assertThat(signal(terminal, "INT", "-" + terminal.pid())).isEqualTo(ExitStatus.INTERRUPTED);
        assertThat(said()).startsWith("cowbench: interrupted; 1 of 4 forks are done");

        Process killed = ab("--resume", "cut");
        awaitFork(2, killed);
        warnings.addAll(warnings());
        List<ProcessHandle> orphans = killed.children().toList();
        assertThat(orphans).isNotEmpty();
        signal(killed, "KILL", Long.toString(killed.pid()));

        Process last = ab("--resume", "cut");
        await("the end of what was left", last, () -> orphans.stream().noneMatch(ProcessHandle::isAlive));
        int status = end(last);
        assertThat(status).as(Files.readString(err)).isZero();
        warnings.addAll(warnings());
        assertThat(results.resolve("cut.ab")).doesNotExist();
        List<Integer> orders = new ArrayList<>();
        for (String side : List.of("cut-base", "cut-head")) {
            ResultDirectory result = ResultDirectory.read(results.resolve(side));
            assertThat(result.info().forks())
                    .allSatisfy(fork -> assertThat(fork.error()).isNull());
            result.info().forks().stream().map(ForkInfo::order).forEach(orders::add);
            assertThat(result.info().warnings()).containsAll(warnings);
        }
        assertThat(orders).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    /** What the doctor found, which the results must say too. */
    private List<String> warnings() throws IOException {
        return Files.readAllLines(err).stream()
                .filter(line -> line.startsWith(WARNING))
                .map(line -> line.substring("warning: ".length()))
                .toList();
    }

    private Process building() throws Exception {
        AbRepository.create(home, "touch building; sleep 100");
        Process process = ab("HEAD", "HEAD", "--label", "cut");
        await("the build", process, () -> tree().anyMatch(place -> Files.exists(place.resolve("source/building"))));
        return process;
    }

    /** The directories in which something is built. */
    private Stream<Path> tree() {
        try {
            Path cache = home.resolve("target").resolve("ab");
            return Files.exists(cache)
                    ? Files.list(cache)
                            .filter(path -> path.getFileName().toString().startsWith("tree-"))
                    : Stream.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void nothingIsLeft() throws Exception {
        assertThat(results).doesNotExist();
        assertThat(tree()).isEmpty();
        assertThat(AbRepository.git(home, "worktree", "list").lines()).hasSize(1);
    }

    @Test
    void aBuildThatIsInterruptedLeavesNothing() throws Exception {
        Process process = building();
        assertThat(signal(process, "INT", Long.toString(process.pid()))).isEqualTo(ExitStatus.INTERRUPTED);
        assertThat(said()).isEqualTo("cowbench: interrupted; nothing was measured");
        nothingIsLeft();
    }

    @Test
    void aTerminalInterruptsTheBuildToo() throws Exception {
        Process process = building();
        assertThat(signal(process, "INT", "-" + process.pid())).isEqualTo(ExitStatus.INTERRUPTED);
        assertThat(said()).isEqualTo("cowbench: interrupted; nothing was measured");
        nothingIsLeft();
    }

    @Test
    void aBuildThatIsKilledLeavesNothing() throws Exception {
        Process process = building();
        List<ProcessHandle> children = process.descendants().toList();
        signal(process, "KILL", Long.toString(process.pid()));
        for (ProcessHandle child : children) {
            child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        nothingIsLeft();
    }
}
