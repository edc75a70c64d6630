package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel commands refuse, and with which status; what they do is tested where a kernel is. */
class KernelCommandTest {
    @TempDir
    private Path folder;

    private String err;

    private int execute(String... args) {
        StringWriter stderr = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(stderr))
                .execute(args);
        err = stderr.toString();
        return status;
    }

    private void refuses(int status, String words, String... args) {
        assertThat(execute(args)).as(err).isEqualTo(status);
        assertThat(err.lines()).hasSize(1);
        assertThat(err).startsWith("cowbench: ").contains(words);
    }

    private String script() throws IOException {
        return Files.writeString(folder.resolve("x.litmus"), "A write 0 1\n").toString();
    }

    @Test
    void wantsToKnowWhatToAsk() {
        refuses(ExitStatus.USAGE, "expected one of litmus, conform, identify, diff, check, bench, timeline", "kernel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conform", "identify", "check", "bench"})
    void wantsAKernel(String command) {
        refuses(ExitStatus.USAGE, "no kernel given", "kernel", command);
    }

    @Test
    void wantsAScriptAndAKernelForLitmus() throws IOException {
        refuses(ExitStatus.USAGE, "no script given", "kernel", "litmus", "--cached", "5.10");
        refuses(ExitStatus.USAGE, "no kernel given", "kernel", "litmus", script());
        refuses(
                ExitStatus.USAGE,
                "no such file or folder",
                "kernel",
                "litmus",
                folder.resolve("absent").toString());
        Path bad = Files.writeString(folder.resolve("bad.litmus"), "A jump 0\n");
        refuses(ExitStatus.USAGE, "bad.litmus:1: ", "kernel", "litmus", bad.toString());
    }

    @Test
    void refusesWhatIsNoKernel() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello");
        refuses(ExitStatus.USAGE, "not a kernel", "kernel", "litmus", "--image", text.toString(), script());
        refuses(ExitStatus.USAGE, "not a Debian package", "kernel", "litmus", "--deb", text.toString(), script());
        refuses(
                ExitStatus.USAGE,
                "no such file",
                "kernel",
                "bench",
                "--deb",
                folder.resolve("absent.deb").toString());
        refuses(
                ExitStatus.USAGE,
                "--modules goes with exactly one --image",
                "kernel",
                "litmus",
                "--modules",
                folder.toString(),
                script());
    }

    @Test
    void namesTheScriptThatFetchesAKernel() throws IOException {
        refuses(ExitStatus.LACKS, "fetch-kernels.sh 4.19", "kernel", "litmus", "--cached", "4.19", script());
    }

    @Test
    void refusesOptionsThatItWouldIgnore() {
        refuses(ExitStatus.USAGE, "--host is not for a timeline", "kernel", "timeline", "--host", "--cached", "6.1");
        refuses(ExitStatus.USAGE, "--setup-swap is not for a timeline", "kernel", "timeline", "--setup-swap", "1G");
        refuses(
                ExitStatus.USAGE,
                "--setup-swap goes with --host",
                "kernel",
                "bench",
                "--cached",
                "6.1",
                "--setup-swap",
                "1G");
        for (String option : new String[] {
            "--cached=6.1",
            "--image=x",
            "--modules=x",
            "--deb=x",
            "--pages=16",
            "--timeout=9",
            "--append=x",
            "--cpu=x",
            "--jobs=1",
            "--swap=zram"
        }) {
            refuses(
                    ExitStatus.USAGE,
                    option.substring(0, option.indexOf('=')) + " is for guests",
                    "kernel",
                    "bench",
                    "--host",
                    option);
        }
    }

    @Test
    void refusesOptionsThatMakeNoSense() throws IOException {
        refuses(ExitStatus.USAGE, "--setup-swap goes with --host", "kernel", "litmus", "--setup-swap", "1G", script());
        refuses(ExitStatus.USAGE, "--boots 0", "kernel", "bench", "--boots", "0");
        refuses(ExitStatus.USAGE, "--pages 0", "kernel", "timeline", "--pages", "0");
        refuses(ExitStatus.USAGE, "expected 1 to 65536", "kernel", "bench", "--pages", "65537");
        refuses(ExitStatus.USAGE, "is no directory name", "kernel", "bench", "--label", "../x", "--cached", "5.10");
        refuses(ExitStatus.USAGE, "--random", "kernel", "conform", "--random", "-1");
        refuses(ExitStatus.USAGE, "unknown policy 'v4.0'", "kernel", "conform", "--policy", "v4.0");
        refuses(
                ExitStatus.USAGE,
                "--swap zram: --setup-swap makes a file on a disk",
                "kernel",
                "litmus",
                "--host",
                "--setup-swap",
                "1G",
                "--swap",
                "zram",
                script());
        refuses(
                ExitStatus.USAGE,
                "--swap none: what is measured",
                "kernel",
                "bench",
                "--cached",
                "6.1",
                "--swap",
                "none");
        refuses(ExitStatus.USAGE, "--swap zram: policies are told apart", "kernel", "identify", "--swap", "zram");
        refuses(
                ExitStatus.USAGE,
                "one of disk, zram, none, not 'zrm'; did you mean zram?",
                "kernel",
                "conform",
                "--swap",
                "zrm");
        refuses(ExitStatus.USAGE, "expected a size", "kernel", "litmus", "--host", "--setup-swap", "1T", script());
    }

    @Test
    void runsScriptsOnOneOrTwoCpusOfAGuestAndCountsOnOne() throws IOException {
        refuses(ExitStatus.USAGE, "--smp 3; expected 1 or 2", "kernel", "conform", "--cached", "5.10", "--smp", "3");
        refuses(
                ExitStatus.USAGE,
                "--smp 0; expected 1 or 2",
                "kernel",
                "litmus",
                "--cached",
                "5.10",
                "--smp",
                "0",
                script());
        refuses(ExitStatus.USAGE, "--smp is for guests", "kernel", "litmus", "--host", "--smp", "2", script());
        refuses(ExitStatus.USAGE, "--smp", "kernel", "bench", "--cached", "5.10", "--smp", "2");
        refuses(ExitStatus.USAGE, "--smp", "kernel", "timeline", "--smp", "2");
        // The number is right, and the next thing is looked at.
        refuses(
                ExitStatus.LACKS,
                "fetch-kernels.sh 4.19",
                "kernel",
                "litmus",
                "--cached",
                "4.19",
                "--smp",
                "2",
                script());
    }
}
