package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

    @Test
    void goesWithWhatIsInItAndSparesAnEndedProcesssSuccessor() throws Exception {
        Path path;
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            try (WorkFolder folder = new WorkFolder()) {
                path = folder.path();
                Files.writeString(Files.createDirectory(path.resolve("sub")).resolve("file"), "content");
                // What has the number now has nothing to do with this folder.
                Files.writeString(path.resolve("pid"), other.pid() + "\n");
            }
            assertThat(path).doesNotExist();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Tag("slow")
    @Test
    void goesWithItsProcessWhenTheJvmIsKilledOutright(@TempDir Path elsewhere) throws Exception {
        goesWith("", "sleep 300; :", elsewhere.resolve("begun"));
    }

    /** As a build does, which puts back what it changed. */
    @Tag("slow")
    @Test
    void aProcessThatIsToldToEndEndsInItsOwnWay(@TempDir Path elsewhere) throws Exception {
        Path undone = elsewhere.resolve("undone");
        goesWith(
                "sleep 300 & trap 'kill $!; sleep 1; : > " + undone + "; exit 143' TERM",
                "wait",
                elsewhere.resolve("begun"));
        assertThat(undone).exists();
    }

    private static void goesWith(String first, String then, Path begun) throws Exception {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        first + "\n: > " + begun + "\n" + then))
                .start();
        String[] said = jvm.inputReader().readLine().split(" ");
        ProcessHandle process = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
        assertThat(Path.of(said[1])).exists();
        until("begun", () -> Files.exists(begun));
        jvm.destroyForcibly().waitFor();
        process.onExit().get(20, TimeUnit.SECONDS);
        until("removed", () -> !Files.exists(Path.of(said[1])));
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** Holds a folder and a process that works in it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            WorkFolder folder = new WorkFolder();
            Path script = Files.writeString(folder.path().resolve("emulator"), args[0]);
            Process process = folder.own(new ProcessBuilder("sh", script.toString()));
            System.out.println(process.pid() + " " + folder.path());
            process.waitFor();
            folder.close();
        }
    }
}
