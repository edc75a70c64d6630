package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.kernel.Packages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewCommandTest {
    @TempDir
    private Path folder;

    private String err;

    private int usage(String... words) {
        StringWriter said = new StringWriter();
        List<String> all = new ArrayList<>(List.of("review"));
        all.addAll(List.of(words));
        int status = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(said))
                .execute(all.toArray(String[]::new));
        err = said.toString();
        assertThat(err.lines()).as(err).hasSize(1);
        return status;
    }

    @Test
    void whatIsMissingOrDoesNotGoTogetherIsSaid() throws IOException {
        assertThat(usage()).isEqualTo(ExitStatus.USAGE);
        assertThat(err).startsWith("cowbench: what is to be reviewed? --git TREE BASE..HEAD, ");
        assertThat(usage("--base-image", "5.10")).isEqualTo(ExitStatus.USAGE);
        assertThat(usage("--series", "7.3", "--base-image", "5.10", "--head-image", "6.1"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err).contains("kernels are built, or given by --base-image and --head-image; not both");
        assertThat(usage("--resume", "x", "--quick")).isEqualTo(ExitStatus.USAGE);
        assertThat(err).contains("--resume DIR takes kernels and limits from the folder");
        assertThat(usage("--resume", folder.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err).contains("is no review: its plan.json cannot be read");
        assertThat(usage("--base-image", "9.99", "--head-image", "9.99")).isEqualTo(ExitStatus.LACKS);
        assertThat(err).contains("'9.99' is neither a file nor a kernel in the cache");
        assertThat(usage("--base-image", "5.10", "--head-image", "5.10", "--cow", "/nowhere/cow"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err).contains("build-cow.sh");
        assertThat(usage("--strict", "--base-image", "5.10", "--head-image", "5.10"))
                .isEqualTo(ExitStatus.USAGE);
    }

    private int run(String emulator) throws Exception {
        Path image = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1"));
        CommandLines.Ran ran = CommandLines.emulated(
                folder,
                emulator,
                List.of(
                        "review",
                        "--base-image",
                        image.toString(),
                        "--head-image",
                        image.toString(),
                        "--output",
                        folder.resolve("review").toString()));
        assertThat(ran.out()).isEmpty();
        err = ran.err();
        return ran.status();
    }

    /** One line says it, and nothing is left. */
    @Test
    @Tag("slow")
    void aKernelThatDoesNotBootOrHasNoSwap() throws Exception {
        assertThat(run("echo 'Kernel panic - not syncing: on purpose' > $serial\n"))
                .as(err)
                .isEqualTo(ExitStatus.FOUND);
        assertThat(err.lines().filter(line -> line.startsWith("cowbench: ")))
                .singleElement()
                .asString()
                .contains("bzImage", "crashed: on purpose");
        assertThat(folder.resolve("review")).doesNotExist();
        assertThat(run("echo '{\"probe\":\"fatal\",\"message\":\"this kernel has no swap\",\"errno\":0}'\n"))
                .as(err)
                .isNotZero();
        assertThat(err.lines().filter(line -> line.startsWith("cowbench: ")))
                .as(err)
                .hasSize(1);
        assertThat(folder.resolve("review")).doesNotExist();
    }
}
