package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardianTest {
    private static final String SCRIPT = """
        make() { echo made > "$1/change"; }
        undo() { rm -f "$1/change"; }
        """;

    @TempDir
    private Path folder;

    @Test
    void undoesWhenClosed() {
        try (Guardian guardian = Guardian.make(SCRIPT, "a change", folder.toString())) {
            assertThat(guardian).isNotNull();
            assertThat(folder.resolve("change")).exists();
        }
        assertThat(folder.resolve("change")).doesNotExist();
    }

    @Test
    void undoesHalfAChangeThatFails() {
        String half = SCRIPT.replace("; }\nundo", "; echo 'no room' >&2; false; }\nundo");
        assertThatThrownBy(() -> Guardian.make(half, "a change", folder.toString()))
                .isInstanceOf(KernelException.class)
                .hasMessage("a change failed: no room");
        assertThat(folder.resolve("change")).doesNotExist();
    }

    @Test
    void undoesWhenTheJvmIsKilledOutright() throws Exception {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString(),
                        SCRIPT))
                .start();
        assertThat(jvm.inputReader().readLine()).isEqualTo("holding");
        assertThat(folder.resolve("change")).exists();
        jvm.destroyForcibly().waitFor();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.exists(folder.resolve("change"))) {
            assertThat(System.nanoTime()).as("undone in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void saysWhatItCannotUndo() {
        Guardian guardian = Guardian.make("make() { :; }\nundo() { echo 'still in use'; false; }", "a change");
        assertThatThrownBy(guardian::close)
                .isInstanceOf(KernelException.class)
                .hasMessage("undoing a change failed: still in use");
    }

    /** Holds a change until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            Guardian guardian = Guardian.make(args[1], "a change", args[0]);
            System.out.println("holding");
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
            guardian.close();
        }
    }
}
