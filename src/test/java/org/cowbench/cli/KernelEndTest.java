package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.kernel.FakeEmulator.END;
import static org.cowbench.kernel.FakeEmulator.READ;
import static org.cowbench.kernel.FakeEmulator.START;
import static org.cowbench.kernel.FakeEmulator.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.kernel.FakeEmulator;
import org.cowbench.kernel.Packages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel commands say of a kernel that ends badly, in a JVM of their own. */
class KernelEndTest {
    private static final String CRASH = "echo 'kernel BUG at mm/memory.c:3100!' > $serial\n";

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int run(String emulator, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), "org.cowbench.cli.Main", "kernel"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--image", Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1")).toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
        builder.environment().put("COWBENCH_QEMU", FakeEmulator.write(folder.resolve("qemu"), emulator).toString());
        Process process = builder.start();
        out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        err = Files.readString(folder.resolve("err"));
        return process.waitFor();
    }

    private String script() throws IOException {
        return Files.writeString(folder.resolve("x.litmus"), "A write 0 1\nA read 0 -> 1\n").toString();
    }

    @Test
    void conformPrintsTheScriptThatAKernelDidNotSurvive() throws Exception {
        assertThat(run(START + WRITE + CRASH, "conform", "--random", "0", "--scripts", script())).isEqualTo(1);
        assertThat(out).startsWith("# ended early: ").contains("crashed: kernel BUG at mm/memory.c:3100!; it was at step 1 of"
                + " x.litmus, A read 0\npages 1\nA write 0 1\nA read 0 -> 1\n");
        assertThat(err).contains("  | kernel BUG at mm/memory.c:3100!");
    }

    @Test
    void litmusPrintsTheStepsThatWereDone() throws Exception {
        assertThat(run(START + WRITE + CRASH, "litmus", script())).isEqualTo(1);
        assertThat(out.lines()).singleElement().asString().contains("\"op\":\"A write 0 1\"");
        assertThat(run(START + WRITE + READ + END + CRASH, "litmus", "--format", "summary", script(), script()))
                .isEqualTo(1);
        assertThat(out.lines().map(line -> line.replaceAll(" +", " "))).contains("x A=1", "x not run");
    }

    @Test
    void expectationsAreThoseOfTheErasPolicy() throws Exception {
        String script = Files.writeString(folder.resolve("x.litmus"), "#expect 0 copy: v5.9 v5.18\n#expect 0 quiet: wilcox\n"
                + "A write 0 1\nA 0 = 2\n").toString();
        String emulator = START + WRITE + READ + END + "read quit\n";
        assertThat(run(emulator, "litmus", script)).isEqualTo(1);
        assertThat(out.lines()).hasSize(2);
        assertThat(out).contains("\"value\":1,\"expected\":2}");
        assertThat(err.lines()).containsExactly(
                "cowbench: 5.10: x.litmus:1: step 0, 'A write 0 1': new; expected copy, as #expect says of v5.9",
                "cowbench: 5.10: x.litmus:4: step 1, 'A read 0': =1; expected =2");
        assertThat(run(emulator, "litmus", "--policy", "wilcox", script)).isEqualTo(1);
        assertThat(err).contains("x.litmus:2: step 0, 'A write 0 1': new; expected quiet, as #expect says of wilcox\n");
    }

    @Test
    void whatAKernelHasNotIsSkippedAndNotJudged() throws Exception {
        String script = Files.writeString(folder.resolve("x.litmus"), "A write 0 1\nA pinro 0 X\nX = 2\n").toString();
        String skip = "echo '{\"file\":\"0\",\"step\":1,\"op\":\"A pinro 0 X\",\"error\":\"unavailable\"}'\n"
                + "echo '{\"file\":\"0\",\"step\":2,\"op\":\"A peek X\",\"error\":\"empty\"}'\n";
        assertThat(run(START + WRITE + skip + END + "read quit\n", "litmus", script)).as(err).isEqualTo(0);
        assertThat(err.lines()).containsExactly(
                "cowbench: 5.10: SKIP x.litmus from step 1 on, not judged: this kernel has no 'pinro'");
    }

    @Test
    void aTornPageIsAViolation() throws Exception {
        assertThat(run(START + WRITE + READ.replace("\"value\":1", "\"value\":1,\"torn\":256") + END + "read quit\n",
                "litmus", "--format", "summary", script())).as(err).isEqualTo(1);
        assertThat(out).contains("A read: torn at word 256!!", "!! a torn page, or an error that no rule explains");
        assertThat(err).isEmpty();
    }
}
