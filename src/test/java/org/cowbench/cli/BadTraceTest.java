package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.cowbench.workload.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording that is damaged is one line, before anything is measured. */
@Tag("slow")
class BadTraceTest {
    private static final String NAME = "redis.trace.gz";

    @TempDir
    private Path folder;

    private record Ran(int status, String out, String err) {}

    /** Runs a command in a JVM that finds another trace than the one that is shipped. */
    private Ran run(UnaryOperator<byte[]> damage, String... arguments) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        Path trace = classes.resolve("org/cowbench/workload").resolve(NAME);
        Files.createDirectories(Objects.requireNonNull(trace.getParent()));
        try (InputStream shipped = Objects.requireNonNull(Streams.class.getResourceAsStream(NAME))) {
            Files.write(trace, damage.apply(shipped.readAllBytes()));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djmh.ignoreLock=true",
                "-cp",
                classes + ":" + System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
    }

    private void fails(UnaryOperator<byte[]> damage, String why, String... arguments)
            throws IOException, InterruptedException {
        Ran ran = run(damage, arguments);
        assertThat(ran.err()).isEqualTo("cowbench: " + NAME + ": " + why + "\n");
        assertThat(ran.status()).isEqualTo(ExitStatus.LACKS);
    }

    private static byte[] flipped(byte[] trace) {
        byte[] altered = trace.clone();
        altered[altered.length - 6] ^= 1; // of the checksum
        return altered;
    }

    @Test
    void aRunOfItWritesNothing() throws IOException, InterruptedException {
        Path results = folder.resolve("results");
        String[] run = {
            "run", "--bench", "Churn.run;policy=v5.9;stream=REDIS", "--results", results.toString(), "--no-plots"
        };
        fails(trace -> Arrays.copyOf(trace, trace.length / 2), "truncated: fetch or record it again", run);
        fails(BadTraceTest::flipped, "not a page trace, or damaged: Corrupt GZIP trailer", run);
        fails(
                trace -> "no trace".getBytes(StandardCharsets.US_ASCII),
                "not a page trace, or damaged: Not in GZIP format",
                run);
        assertThat(results).doesNotExist();
    }

    @Test
    void listSaysItToo() throws IOException, InterruptedException {
        fails(trace -> Arrays.copyOf(trace, 100), "truncated: fetch or record it again", "list");
    }

    /** What does not play it needs none of it. */
    @Test
    void otherStreamsDoNotNeedIt() throws IOException, InterruptedException {
        Ran ran = run(
                trace -> new byte[0],
                "run",
                "--bench",
                "Primitives.empty",
                "--forks",
                "1",
                "--timing",
                "1,1,10",
                "--results",
                folder.resolve("results").toString(),
                "--no-plots");
        assertThat(ran.err()).doesNotContain(NAME);
        assertThat(ran.status()).as(ran.err()).isZero();
    }
}
