package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that records a program: what it refuses, and that what it writes is a trace. */
class RecordProgramTest {
    @TempDir
    private Path folder;

    private record Ran(int status, String err) {}

    private Ran record(String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "src/main/scripts/record-program.sh"));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PATH", path);
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        int status = builder.start().waitFor();
        return new Ran(status, Files.readString(err, StandardCharsets.UTF_8));
    }

    private static String path() {
        return System.getenv("PATH");
    }

    private void leavesNothing(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "compiler . cc1",
                "jvm . java",
                "mine",
                "mine .",
                "../mine . true",
                "-x . true",
                "Mine . true"
            })
    void otherArgumentsAreUsage(String arguments) throws IOException, InterruptedException {
        Ran ran = record(
                path(),
                Arrays.stream(arguments.split(" "))
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new));
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("record-program: usage: ").containsOnlyOnce("\n");
    }

    @Test
    void aFolderThatIsNotThereIsSaid() throws IOException, InterruptedException {
        Ran ran = record(path(), "jvm", folder + "/none");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("record-program: " + folder + "/none is not a directory to write to\n");
    }

    /** A stand-in that ends before there is anything to record. */
    @Test
    @Tag("slow")
    void aProgramThatDiesLeavesNothing() throws IOException, InterruptedException {
        Path valgrind =
                Files.writeString(folder.resolve("valgrind"), "#!/bin/sh\necho no such program >&2\nexit 127\n");
        assertThat(valgrind.toFile().setExecutable(true)).isTrue();
        Path out = Files.createDirectory(folder.resolve("out"));
        Ran ran = record(folder + ":" + path(), "mine", out.toString(), "true");
        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).endsWith("record-program: mine died: no such program\n");
        leavesNothing(out);
    }

    @Test
    @Tag("host")
    void aShellIsRecorded() throws IOException, InterruptedException {
        assumeTrue(Arrays.stream(path().split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, "valgrind"))));
        Path out = Files.createDirectory(folder.resolve("out"));
        Ran ran = record(path(), "mine", out.toString(), "sh", "-c", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done");
        assertThat(ran.status()).as(ran.err()).isZero();
        List<String> facts = Files.readAllLines(out.resolve("mine.facts.txt"));
        try (InputStream in = Files.newInputStream(out.resolve("mine.trace.gz"))) {
            AccessStream trace = TraceFormat.read("mine", "mine.trace.gz", in);
            assertThat(trace.accesses()).isPositive();
            assertThat(facts).contains("program: sh", "accesses: " + trace.accesses(), "pages: " + trace.pages());
        }
        assertThat(facts).noneMatch(fact -> fact.contains(folder.toString()));
    }
}
