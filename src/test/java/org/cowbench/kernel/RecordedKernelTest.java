package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What run.sh of a pack prints, read back. */
class RecordedKernelTest {
    private static final List<Script> SCRIPTS = List.of(
            ScriptParser.parse("one.litmus", "A write 0 1\nA fork B\nA write 0 2\nB read 0 -> 1\n"),
            ScriptParser.parse("two.litmus", "A write 0 1\nA read 0 -> 1\n"));

    @TempDir
    private Path folder;

    /** The lines as run.sh prints them where the model stands in for the kernel. */
    private static List<String> output(Policy policy) {
        List<String> lines = new ArrayList<>(List.of(
                "KTAP version 1",
                "1..2",
                "# cowbench-pack 1",
                "# cowbench-name one.litmus",
                "# cowbench-name two.litmus"));
        (ProbeSession.requestText(SCRIPTS) + "quit\n").lines().forEach(line -> lines.add("# cowbench-request " + line));
        lines.add("# cowbench-probe {\"probe\":\"start\",\"release\":\"6.12.9-test\",\"version\":\"#1\",\"pin\":true,"
                + "\"pinro\":true,\"dio\":true,\"reclaim\":true,\"collapse\":true,\"folios\":[],\"largeswap\":false,"
                + "\"zeropage\":true,\"log\":true}");
        for (Script script : SCRIPTS) {
            ModelRun.run(script, policy.rule(), MachineOptions.LITMUS)
                    .forEach(step -> lines.add("# cowbench-probe " + step.json("")));
            lines.add("# cowbench-probe {\"probe\":\"end\",\"file\":\"0\"}");
            lines.add("ok 1 " + script.file());
        }
        return lines;
    }

    private RecordedKernel recorded(List<String> lines) throws IOException {
        return new RecordedKernel(Files.write(folder.resolve("output"), lines));
    }

    private static List<ScriptRun> runs(RecordedKernel kernel) {
        List<ScriptRun> runs = new ArrayList<>();
        try (KernelSession session = kernel.open(null, null)) {
            session.run(kernel.scripts(), runs::add);
        }
        return runs;
    }

    @Test
    void whatAKernelDidElsewhereIsReadBackFromALog() throws IOException {
        // As a console shows it, with its time and line ends.
        RecordedKernel kernel = recorded(output(Policy.V6_11).stream()
                .map(line -> "[    1.5] " + line + "\r")
                .toList());
        assertThat(kernel.release()).isEqualTo("6.12.9-test");
        assertThat(kernel.scripts()).extracting(Script::file).containsExactly("one.litmus", "two.litmus");
        assertThat(kernel.scripts())
                .extracting(Script::text)
                .containsExactlyElementsOf(SCRIPTS.stream().map(Script::text).toList());
        List<ScriptRun> runs = runs(kernel);
        assertThat(runs).hasSize(2).allSatisfy(run -> assertThat(run.end()).isEmpty());
        assertThat(runs.getFirst().results())
                .extracting(step -> step.value().orElse(0))
                .endsWith(1L);
    }

    @Test
    void aLogThatEndsEarlyIsAKernelThatDidNotSurvive() throws IOException {
        List<String> lines = output(Policy.V6_11);
        List<ScriptRun> runs = runs(recorded(lines.subList(0, lines.size() - 3)));
        assertThat(runs).hasSize(2);
        assertThat(runs.getLast().results()).hasSize(1);
        assertThat(runs.getLast().end()).hasValueSatisfying(end -> assertThat(end)
                .hasMessageContaining("ends before the scripts do")
                .hasMessageContaining("two.litmus"));
    }

    @Test
    void whatIsNoOutputOfAPackIsRefused() throws IOException {
        refuses("holds no output of a pack's run.sh", List.of("hello"));
        List<String> lines = output(Policy.V6_11);
        refuses(
                "the log is cut",
                lines.subList(0, 7).stream()
                        .filter(line -> !line.contains("probe"))
                        .toList());
        List<String> cut = new ArrayList<>(lines);
        cut.removeIf(line -> line.contains("A fork B") && line.contains("request"));
        refuses("cut", cut);
        assertThatThrownBy(() -> new RecordedKernel(folder.resolve("absent"))).hasMessageContaining("cannot be read");
    }

    private void refuses(String why, List<String> lines) {
        assertThatThrownBy(() -> recorded(lines))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.kind().status()).isIn(2, 3))
                .hasMessageContaining(why);
    }

    @Test
    @Tag("slow")
    void aPackHoldsAllThatIsNeeded() throws IOException {
        Path pack = folder.resolve("pack.tar.gz");
        ScriptPack.write(pack, SCRIPTS, System.getenv());
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(pack);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName() + " " + Integer.toOctalString(entry.getMode() & 0777));
            }
        }
        assertThat(names)
                .containsExactly(
                        "cowbench/run.sh 755",
                        "cowbench/probe 755",
                        "cowbench/names 644",
                        "cowbench/expected 644",
                        "cowbench/requests 644");
    }
}
