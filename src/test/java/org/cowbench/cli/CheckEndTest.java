package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check says that did not come to its end: bounds, memory, signals. */
@Tag("slow")
class CheckEndTest extends CheckCommandFixture {
    @Test
    void aBoundIsSaid() {
        assertThat(check(FEW, "--policy", "wilcox", "--depth", "4")).isZero();
        assertThat(out).containsPattern("(?m)^wilcox +within 4 +- +- +within 4 ");
        assertThat(flowing).contains("within N: no path of up to N moves violates it", "longer paths were not tried");
    }

    @Test
    void theMemoryBoundStopsWithAWarning() {
        assertThat(check("--policy", "oracle", "--memory", "1", "--refs", "2")).isZero();
        assertThat(err).contains("warning: oracle", "the memory bound of 1 MiB was reached", "raise it with --memory");
        assertThat(out).containsPattern("oracle +within \\d+ ").containsPattern("(?m)^2 x 1 .* stopped ");
        assertThat(flowing)
                .contains("Stopped early: oracle, 2 processes x 1 page, 2 references: the memory bound of 1 MiB")
                .containsPattern("with \\d+ states of (19|20|21) bytes; raise it with --memory");
    }

    /** In a JVM of its own, with less memory than the search would take. */
    @Test
    void aSmallHeapEndsASearchAndNothingElse() throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "check",
                        "--policy",
                        "oracle",
                        "--procs",
                        "3",
                        "--refs",
                        "2",
                        "--env",
                        "1",
                        "--memory",
                        "64")
                .redirectErrorStream(true)
                .start();
        String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(printed).isEqualTo(ExitStatus.OK);
        assertThat(printed)
                .contains("warning: --memory 64 needs a larger Java heap", "-Xmx81m", "the memory bound of 13 MiB")
                .doesNotContain("OutOfMemoryError");
    }

    /** Unlike a proof: so that no pipeline takes the one for the other. */
    @Test
    void whatStoppedBeforeItsFixpointHasAStatusOfItsOwnIfAsked() {
        String[] bounded = {FEW, "--policy", "v5.19", "--depth", "4", "--require-fixpoint"};
        assertThat(check(bounded)).isEqualTo(ExitStatus.NOT_JUDGED);
        assertThat(check("--policy", "oracle", "--refs", "2", "--memory", "1", "--require-fixpoint"))
                .isEqualTo(ExitStatus.NOT_JUDGED);
        assertThat(check(FEW, "--policy", "v5.19", "--require-fixpoint")).isEqualTo(ExitStatus.OK);
        assertThat(check(FEW, "--policy", "wilcox", "--depth", "5", "--require-fixpoint"))
                .isEqualTo(ExitStatus.FOUND);
    }

    @Test
    void aScopeThatStoppedEarlyIsNamedInEveryFormat() throws IOException {
        String[] cut = {"--policy", "oracle", "--refs", "2", "--memory", "1", "--format"};
        check(cut[0], cut[1], cut[2], cut[3], cut[4], cut[5], cut[6], "ktap");
        assertThat(out).contains("    # stopped early: 2 processes x 1 page, 2 references: the memory bound of 1 MiB");
        check(cut[0], cut[1], cut[2], cut[3], cut[4], cut[5], cut[6], "json");
        JsonNode search = new ObjectMapper().readTree(out).at("/policies/0/searches/0");
        assertThat(search.at("/stoppedEarly").booleanValue()).isTrue();
        assertThat(search.at("/stopped").textValue()).startsWith("the memory bound of 1 MiB");
        assertThat(search.at("/bytes").longValue()).isBetween(700_000L, 1L << 20);
        check(FEW, "--policy", "oracle", "--depth", "2", "--format", "json");
        assertThat(new ObjectMapper()
                        .readTree(out)
                        .at("/policies/0/searches/0/stoppedEarly")
                        .booleanValue())
                .isFalse();
    }

    /** SIGTERM and Ctrl-C in a JVM of its own: the report, and another time the rest. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalPrintsWhatWasFoundAndTheSearchGoesOn(String signal, int status, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("wilcox.checkpoint");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check",
                "--policy",
                "wilcox",
                "--procs",
                "3",
                "--refs",
                "2",
                "--depth",
                "9",
                "--checkpoint",
                file.toString(),
                "--format",
                "json");
        Process jvm = new ProcessBuilder(command).start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!Files.exists(file) || Files.size(file) < 200_000) {
            assertThat(System.nanoTime()).as("a checkpoint in time").isLessThan(deadline);
            Thread.sleep(20);
        }
        new ProcessBuilder("kill", "-" + signal, Long.toString(jvm.pid()))
                .start()
                .waitFor();
        JsonNode root = new ObjectMapper().readTree(jvm.getInputStream().readAllBytes());
        String warned = new String(jvm.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(warned).isEqualTo(status);
        JsonNode search = root.at("/policies/0/searches/0");
        assertThat(search.at("/stopped").textValue()).startsWith("interrupted at depth ");
        assertThat(root.at("/policies/0/violations/0/script").textValue()).startsWith("pages 1\n");
        assertThat(warned)
                .contains("cowbench: interrupted; judged so far: 1 of 1; the same command goes on from " + file);

        // What a search is, is its scope, policy and commit; not its memory.
        long states = search.at("/states").longValue();
        check(
                "--policy",
                "wilcox",
                "--procs",
                "3",
                "--refs",
                "2",
                "--depth",
                "9",
                "--checkpoint",
                file.toString(),
                "--memory",
                "1",
                "--format",
                "json");
        JsonNode resumed = new ObjectMapper().readTree(out).at("/policies/0/searches/0");
        assertThat(resumed.at("/states").longValue())
                .isGreaterThan(10_000)
                .isLessThanOrEqualTo(Math.max(states, 60_000));
        assertThat(check(
                        "--policy",
                        "wilcox",
                        "--procs",
                        "3",
                        "--refs",
                        "2",
                        "--depth",
                        "8",
                        "--checkpoint",
                        file.toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err).contains("is the checkpoint of another search", "depth 9' there", "depth 8' here");
        assertThat(check(
                        "--policy",
                        "wilcox",
                        "--refs",
                        "2",
                        "--checkpoint",
                        folder.resolve("no/where").toString()))
                .isEqualTo(ExitStatus.LACKS);
        assertThat(err)
                .contains("there is no such folder; name a file in a folder that can be written")
                .doesNotContain("java.");
        assertThat(check("--policy", "wilcox", "--refs", "2", "--checkpoint", folder.toString()))
                .isEqualTo(ExitStatus.LACKS);
        assertThat(err).contains(folder + ": Is a directory; name a file").doesNotContain("java.");
    }
}
