package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cowbench.kernel.Guardian;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals, in a JVM of their own. */
@Tag("slow")
class InterruptionTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    private Process start() throws IOException {
        return start("50");
    }

    private Process start(String forks) throws IOException {
        return run("--bench", "Primitives\\.(empty|alloc)$", "--forks", forks, "--timing", "1,1,10", "--label", "cut");
    }

    private Process run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djmh.ignoreLock=true",
                "-cp",
                System.getProperty("java.class.path"),
                "org.cowbench.cli.Main",
                "run",
                "--results",
                folder.toString(),
                "--no-plots"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    /** Waits until a run has saved its first forks: it saves every few seconds. */
    private void waitForForks() throws Exception {
        Path partial = folder.resolve("cut.partial");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(partial.resolve("jmh.json"))
                || ResultDirectory.read(partial).measurements().isEmpty()) {
            assertThat(System.nanoTime()).as("a fork is saved in time").isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ends by itself")
                .isTrue();
    }

    @Test
    void interruptingKeepsWhatIsFinishedAndLeavesNothingRunning() throws Exception {
        Process process = start();
        waitForForks();
        List<ProcessHandle> forks = process.descendants().toList();
        signal(process, "INT");

        assertThat(process.exitValue()).isEqualTo(ExitStatus.INTERRUPTED);
        List<String> err = Files.readAllLines(folder.resolve("err"));
        assertThat(err.getLast())
                .startsWith("cowbench: interrupted; ")
                .contains("forks are kept in")
                .endsWith("; go on with: ./run-bench.sh run --resume cut --results " + folder);
        assertThat(err).noneMatch(line -> line.contains("failed"));
        ResultDirectory read = ResultDirectory.read(folder.resolve("cut"));
        assertThat(read.info().complete()).isFalse();
        assertThat(read.measurements()).isNotEmpty();
        assertThat(read.info().forks())
                .allSatisfy(fork -> assertThat(fork.error()).isNull());
        assertThat(folder.resolve("cut.partial")).doesNotExist();
        for (ProcessHandle fork : forks) {
            fork.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void aKilledRunKeepsWhatItHad() throws Exception {
        Process process = start();
        waitForForks();
        List<ProcessHandle> forks = process.descendants().toList();
        signal(process, "KILL");

        ResultDirectory read = ResultDirectory.read(ResultDirectory.find(folder, "cut"));
        assertThat(read.path()).hasFileName("cut.partial");
        assertThat(read.info().complete()).isFalse();
        assertThat(read.measurements()).isNotEmpty();
        // A fork whose host is gone ends by itself, but need not be waited for.
        forks.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void anInterruptedRunAndAKilledOneGoOn() throws Exception {
        Process begun = start("4");
        waitForForks();
        signal(begun, "INT");
        int first = ResultDirectory.read(folder.resolve("cut")).info().forks().size();
        assertThat(first).isBetween(1, 7);

        Process killed = run("--resume", "cut");
        Path next = folder.resolve("cut.partial").resolve("fork-" + first + ".done");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(next)) {
            assertThat(System.nanoTime()).as("one more fork in time").isLessThan(deadline);
            Thread.sleep(20);
        }
        List<ProcessHandle> forks = killed.descendants().toList();
        signal(killed, "KILL");
        forks.forEach(ProcessHandle::destroyForcibly);

        Process last = run("--resume", "cut");
        assertThat(last.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
        ResultDirectory whole = ResultDirectory.read(folder.resolve("cut"));
        assertThat(whole.info().complete()).isTrue();
        assertThat(whole.info().forks()).extracting(ForkInfo::order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(whole.info().command())
                .as("that of the first call")
                .contains("--forks")
                .doesNotContain("--resume");
        assertThat(whole.measurements()).hasSize(2).allSatisfy(each -> assertThat(each.forks())
                .isEqualTo(4));
        assertThat(whole.info().warnings())
                .filteredOn(line -> line.startsWith("interrupted after "))
                .hasSize(2);
    }

    @Test
    void interruptingSparesTheShellThatUndoesAChange() throws Exception {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString()))
                .start();
        assertThat(jvm.inputReader().readLine()).isEqualTo("holding");
        assertThat(folder.resolve("change")).exists();
        signal(jvm, "INT");
        assertThat(folder.resolve("change")).doesNotExist();
    }

    /** Holds a change, whose undoing takes longer than one look of the interruption, until a signal comes. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws InterruptedException {
            Interruption interruption = Interruption.listen();
            try (Guardian _ = Guardian.make("""
                make() { echo made > "$1/change"; }
                undo() { sleep 0.3 && rm -f "$1/change"; }
                """, "a change", arguments[0])) {
                System.out.println("holding");
                while (!interruption.getAsBoolean()) {
                    Thread.sleep(10);
                }
                Thread.sleep(200);
            }
        }
    }
}
