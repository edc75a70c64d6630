package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.kernel.FakeEmulator.START;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.kernel.Packages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kernel cow} says of a kernel, in a JVM of its own. */
@Tag("slow")
class KernelCowTest {
    private static final String CVE = "vmsplice() + unmap in child ... with THP (2048 kB)";
    private static final String BASE = "Basic COW after fork() ... with base page";

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int run(String emulator, String... arguments) throws Exception {
        Path program = Files.write(folder.resolve("cow"), new byte[] {0x7f, 'E', 'L', 'F', 2});
        List<String> command = new ArrayList<>(List.of(
                "kernel",
                "cow",
                "--image",
                Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1"))
                        .toString()));
        command.addAll(List.of(arguments));
        if (!command.contains("--cow")) {
            command.addAll(List.of("--cow", program.toString()));
        }
        CommandLines.Ran ran = CommandLines.emulated(folder, emulator, command);
        out = ran.out();
        err = ran.err();
        return ran.status();
    }

    private static String saying(int status, String... lines) {
        StringBuilder script = new StringBuilder(START);
        for (String line : lines) {
            script.append("echo '{\"probe\":\"said\",\"text\":\"").append(line).append("\"}'\n");
        }
        return script.append("echo '{\"probe\":\"ended\",\"status\":")
                .append(status)
                .append("}'\nread quit\n")
                .toString();
    }

    private static String all(String cve) {
        return saying(256, "1..2", "# [RUN] " + BASE, "ok 1 " + BASE, "# [RUN] " + CVE, cve + "ok 2 " + CVE);
    }

    @Test
    void aFailureOfTheErasRuleIsToldAndIsNoFinding() throws Exception {
        assertThat(run(all("not "))).as(err).isZero();
        assertThat(out)
                .startsWith("5.10 (v5.9): 2 tests, 2 compared: 2 agree (1 pass, 1 fail), 0 differ\n"
                        + "  fails, as the model says: " + CVE);
        assertThat(run(all("not "), "--strict")).isEqualTo(1);
    }

    @Test
    void whatDiffersIsAFinding() throws Exception {
        assertThat(run(all(""), "--format", "jsonl")).isEqualTo(1);
        assertThat(out.lines().skip(1))
                .singleElement()
                .asString()
                .contains("\"cow\":\"pass\",\"model\":\"fail\",\"verdict\":\"differ\",\"why\":\"step ");
        assertThat(run(all(""), "--format", "ktap")).isEqualTo(1);
        assertThat(out)
                .startsWith("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: cow.c on 5.10, model v5.9\n"
                        + "    1..2\n    ok 1 " + BASE + " # cow.c: pass, model: pass\n    not ok 2 ")
                .endsWith("\nnot ok 1 cow.c on 5.10, model v5.9\n");
        assertThat(run(all(""), "--policy", "v5.19", "--format", "table"))
                .as(err)
                .isZero();
        assertThat(out).contains("v5.19", "agree");
    }

    @Test
    void aProgramThatDoesNotEndItsWorkIsAFinding() throws Exception {
        assertThat(run(saying(11, "1..2", "# [RUN] " + BASE, "ok 1 " + BASE))).isEqualTo(1);
        assertThat(err)
                .isEqualTo("cowbench: 5.10: cow.c ended with signal 11 after 1 of 2 tests, last '" + BASE + "'\n");
    }

    @Test
    void aProgramThatCannotBeRunIsAMistakeOfTheUser() throws Exception {
        assertThat(run(saying(127 << 8))).isEqualTo(2);
        assertThat(err).contains("cannot be run on 5.10", "build-cow.sh");
        assertThat(run("", "--cow", folder.resolve("bzImage").toString())).isEqualTo(2);
        assertThat(err).contains("is no program");
        assertThat(run("", "--cow", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(err).contains("cannot be read", "build-cow.sh");
        assertThat(run("", "--host")).isEqualTo(2);
        assertThat(err).contains("as root");
    }
}
