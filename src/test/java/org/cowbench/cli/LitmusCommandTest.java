package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code litmus}: scripts from files, and what becomes of their expectations. */
class LitmusCommandTest {
    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int litmus(String... args) {
        CommandLines.Ran ran = CommandLines.run(
                Stream.concat(Stream.of("litmus"), Arrays.stream(args)).toArray(String[]::new));
        out = ran.out();
        err = ran.err();
        return ran.status();
    }

    private String script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    @Test
    void anExpectationThatIsNotMetIsStatusOne() throws IOException {
        String file = script("x.litmus", "pages 1\n#expect 0 copy: v5.9\nA write 0 1\nA 0 = 1\n");
        assertThat(litmus("--policy", "v5.9,v5.18", file)).isEqualTo(ExitStatus.FOUND);
        assertThat(err)
                .isEqualTo("cowbench: v5.9: x.litmus:2: step 0, 'A write 0 1': new; expected copy, as #expect says"
                        + " of v5.9\n");
        assertThat(out.lines()).hasSize(4);
        assertThat(litmus("--policy", "v5.18", file)).isEqualTo(ExitStatus.OK);
        assertThat(err).isEmpty();
    }

    @Test
    void aPolicyThatCanDoNoScriptToItsEndIsNotPassed() throws IOException {
        String small = script("small.litmus", "folio 64\nA write all 1\nA read 0 -> 1\n");
        assertThat(litmus("--policy", "v5.9,v6.15", small)).isEqualTo(ExitStatus.NOT_JUDGED);
        assertThat(err).startsWith("cowbench: v5.9: SKIP small.litmus from step 0 on, not judged: ");
        assertThat(litmus("--policy", "v6.15", small)).isEqualTo(ExitStatus.OK);
        String collapse = script("collapse.litmus", "folio 2048\nA write all 1\nA collapse\nA read 0 -> 1\n");
        assertThat(litmus("--policy", "v5.9", small, collapse)).isEqualTo(ExitStatus.NOT_JUDGED);
        assertThat(litmus("--policy", "v5.9", collapse, script("x.litmus", "A write 0 1\n")))
                .isEqualTo(ExitStatus.OK);
        assertThat(err).contains("SKIP collapse.litmus from step 1 on, not judged: needs MADV_COLLAPSE");
    }

    @Test
    void policiesDoWhatShippedScriptsSay() {
        assertThat(litmus("--policy", "v5.19", "--shipped", "--format", "summary"))
                .as(err)
                .isEqualTo(ExitStatus.OK);
        assertThat(out).containsPattern("(?m)^dma-clean +A=2$").contains("quiet: the write did not fault\n");
    }

    @Test
    void aPathIsShownWhereTwoScriptsShareAName() throws IOException {
        String one = script("a/x.litmus", "A write 0 1\n");
        String two = script("b/x.litmus", "A write 0 1\n");
        String other = script("y.litmus", "A write 0 1\n");
        assertThat(litmus("--policy", "v5.9", one, two, other)).isEqualTo(ExitStatus.OK);
        assertThat(out.lines().map(line -> line.replaceAll("\\{\"file\":\"(.*?)\".*", "$1")))
                .containsExactly(one, two, "y.litmus");
        String seed = script("seed.litmus", "A write 0 1\n");
        assertThat(litmus("--policy", "v5.19", "--shipped", seed)).isEqualTo(ExitStatus.OK);
        assertThat(out)
                .contains(
                        "{\"file\":\"--shipped/seed.litmus\"",
                        "{\"file\":\"" + seed + "\"",
                        "{\"file\":\"major.litmus\"");
    }

    @Test
    void whatIsWrongWithAFileIsOneLineWithItsPath() throws IOException {
        script("a/x.litmus", "A write 0 1\n");
        refuses(
                "b/x.litmus:2: unknown operation",
                script("a/x.litmus", "A write 0 1\n"),
                script("b/x.litmus", "A write 0 1\nA jump\n"));
        refuses("x.litmus:1: 'A\\u0000'; expected a process", script("x.litmus", "A\0 write 0 1\n"));
        refuses("no such file or folder", folder.resolve("absent").toString());
        refuses(
                "no *.litmus file in this folder",
                Files.createDirectory(folder.resolve("empty")).toString());
        assertThat(litmus("--policy", "v5.9", script("m.litmus", "\uFEFFA write 0 1\n")))
                .isEqualTo(ExitStatus.OK);
    }

    private void refuses(String message, String... files) {
        String[] args = new String[files.length + 2];
        args[0] = "--policy";
        args[1] = "v5.9";
        System.arraycopy(files, 0, args, 2, files.length);
        assertThat(litmus(args)).isEqualTo(ExitStatus.USAGE);
        assertThat(err).containsOnlyOnce("\n").contains(message).doesNotContain("\0");
        assertThat(out).isEmpty();
    }

    @Test
    void helpTeachesTheLanguage() {
        StringWriter help = new StringWriter();
        Main.commandLine().setOut(new PrintWriter(help)).execute("litmus", "--help");
        for (org.cowbench.litmus.Op op : org.cowbench.litmus.Op.values()) {
            assertThat(help.toString()).containsPattern("(?m) " + op.word() + "\\b");
        }
        assertThat(help.toString()).contains("A 0 = 1", "X = 1", "-> V", "#expect 5 copy: v5.9 v5.18");
    }
}
