package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run-bench.sh} passes on to java, for which a shell script stands in. */
class RunBenchScriptTest {
    @TempDir
    private Path folder;

    private List<String> arguments(String temporary, String... arguments) throws Exception {
        Path home = folder.resolve("jdk");
        for (String tool : List.of("java", "javac")) {
            Path file = home.resolve("bin").resolve(tool);
            if (Files.notExists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, "#!/bin/sh\nfor each; do echo \"$each\"; done\n");
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            }
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.createDirectories(folder.resolve("src/main"));
        Files.writeString(folder.resolve("pom.xml"), "");
        Path script = Files.writeString(folder.resolve("run-bench.sh"), Files.readString(Path.of("run-bench.sh")));
        Files.createDirectories(folder.resolve("target"));
        Files.writeString(folder.resolve("target/benchmarks.jar"), "newer than what it is built from");
        List<String> command = new java.util.ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().remove("TMPDIR");
        if (temporary != null) {
            builder.environment().put("TMPDIR", temporary);
        }
        Process process = builder.start();
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    void temporaryFilesGoWhereTheUserWantsThem() throws Exception {
        Path place = Files.createDirectories(folder.resolve("some where"));
        assertThat(arguments(place.toString(), "list", "a b")).contains("-Djava.io.tmpdir=" + place)
                .endsWith("-jar", folder.toRealPath().resolve("target/benchmarks.jar").toString(), "list", "a b");
        assertThat(arguments("/no/such/place", "list")).as("the JVM would warn, whatever the command")
                .noneMatch(word -> word.startsWith("-Djava.io.tmpdir"));
        assertThat(arguments(null, "list")).noneMatch(word -> word.startsWith("-Djava.io.tmpdir"));
    }
}
