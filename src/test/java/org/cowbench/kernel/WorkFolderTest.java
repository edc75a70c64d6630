package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
    void goesWithItsProcessWhenTheJvmIsKilledOutright() throws Exception {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName()))
                .start();
        String[] said = jvm.inputReader().readLine().split(" ");
        ProcessHandle process = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
        assertThat(Path.of(said[1])).exists();
        jvm.destroyForcibly().waitFor();
        process.onExit().get(20, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.exists(Path.of(said[1]))) {
            assertThat(System.nanoTime()).as("removed in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** Holds a folder and a process that works in it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            WorkFolder folder = new WorkFolder();
            Path script = Files.writeString(folder.path().resolve("emulator"), "sleep 300; :");
            Process process = folder.own(new ProcessBuilder("sh", script.toString()));
            System.out.println(process.pid() + " " + folder.path());
            process.waitFor();
            folder.close();
        }
    }
}
