package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output that cannot be written is an error of every command; {@code .ci/run} adds those that ask kernels. */
@Tag("slow")
class StandardOutputTest {
    private static final String LOST =
            "cowbench: cannot write standard output: No space left on device; make room, or send it elsewhere";

    @TempDir
    private Path folder;

    private int execute(String redirection, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "set -o pipefail; \"$@\" " + redirection,
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djmh.ignoreLock=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start()
                .waitFor();
    }

    private List<String> said() throws IOException {
        return Files.readAllLines(folder.resolve("err"));
    }

    private void lost(String... arguments) throws Exception {
        int status = execute(">/dev/full", arguments);
        assertThat(said())
                .as("%s", List.of(arguments))
                .containsOnlyOnce(LOST)
                .noneMatch(line -> line.contains("internal") || line.contains("Exception") || line.startsWith("\tat "));
        assertThat(status).as("%s", List.of(arguments)).isEqualTo(ExitStatus.LACKS);
    }

    @Test
    void aFullDiskIsAnErrorInEveryCommand() throws Exception {
        lost("--help");
        lost("--version");
        lost("kernel", "bench", "--help");
        lost("list");
        lost("list", "--cells");
        lost("doctor");
        lost("litmus", "--policy", "v5.9", "--shipped");
        lost("litmus", "--policy", "wilcox", "--shipped", "--format", "table");
        for (String format : List.of("text", "ktap", "json")) {
            lost("check", "--policy", "v5.19", "--depth", "2", "--format", format);
        }
        String results = folder.resolve("results").toString();
        lost(
                "run",
                "--bench",
                "Primitives.empty",
                "--timing",
                "1,1,10",
                "--no-plots",
                "--label",
                "x",
                "--results",
                results);
        assertThat(said()).as("what was measured is kept").contains("results: " + results + "/x");
        lost(
                "plot",
                "x",
                "--results",
                results,
                "--plots",
                folder.resolve("plots").toString());
        for (CompareFormats format : CompareFormats.values()) {
            lost("compare", "x", "x", "--results", results, "--format", format.name());
        }
    }

    /** Those of {@code compare --format}. */
    private enum CompareFormats {
        text,
        markdown,
        json,
        csv,
        html,
        lkp,
        mmtests,
        benchstat
    }

    @Test
    void aReaderThatHasGoneIsNone() throws Exception {
        assertThat(execute("| true", "list", "--cells")).isZero();
        assertThat(said()).isEmpty();
        assertThat(execute("| true", "litmus", "--policy", "wilcox", "--shipped"))
                .as("its own status")
                .isEqualTo(ExitStatus.FOUND);
        assertThat(said())
                .as("what the scripts' expectations say, which no lost output hides")
                .isNotEmpty()
                .allMatch(line -> line.startsWith("cowbench: wilcox: ") && line.contains("; expected "));
    }

    @Test
    void aClosedOutputIsAnError() throws Exception {
        assertThat(execute(">&-", "list")).isEqualTo(ExitStatus.LACKS);
        assertThat(said()).singleElement().asString().startsWith("cowbench: cannot write standard output: ");
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void whatFailsMidwayEndsTheCommandThere() {
        StandardOutput disk = new StandardOutput(failing("No space left on device"), false);
        PrintWriter out = new PrintWriter(new PrintStream(disk, false, StandardCharsets.UTF_8));
        out.println("held back");
        assertThatThrownBy(out::flush).isInstanceOf(StandardOutput.OutputException.class);
        assertThat(disk.finish()).contains("No space left on device");
        StandardOutput gone = new StandardOutput(failing("Datenübergabe unterbrochen (broken pipe)"), true);
        gone.write('x');
        assertThat(gone.finish()).as("in whatever language").isNull();
        StandardOutput slow = new StandardOutput(failing("Resource temporarily unavailable"), true);
        assertThatThrownBy(() -> slow.write('x')).isInstanceOf(StandardOutput.OutputException.class);
        assertThat(StandardOutput.OutputException.isCauseOf(new IllegalStateException(
                        new IllegalStateException(new StandardOutput.OutputException(new IOException("full"))))))
                .as("from a thread that asks a kernel")
                .isTrue();
    }
}
