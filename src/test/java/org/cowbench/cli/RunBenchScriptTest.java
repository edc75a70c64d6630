package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run-bench.sh} passes on to java, for which a shell script stands in. */
class RunBenchScriptTest {
    @TempDir
    private Path folder;

    /** What java does that only notes its arguments. */
    private static final String NOTE = "for each; do echo \"$each\"; done";

    private List<String> arguments(String temporary, String... arguments) throws Exception {
        return run(NOTE, Map.of("TMPDIR", temporary == null ? "" : temporary), arguments);
    }

    private List<String> run(String java, Map<String, String> environment, String... arguments) throws Exception {
        Path home = folder.resolve("jdk");
        for (String tool : List.of("java", "javac")) {
            Path file = home.resolve("bin").resolve(tool);
            if (Files.notExists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, "#!/bin/sh\n" + java + "\n");
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
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).readAllLines();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    void temporaryFilesGoWhereTheUserWantsThem() throws Exception {
        Path place = Files.createDirectories(folder.resolve("some where"));
        assertThat(arguments(place.toString(), "list", "a b"))
                .contains("-Djava.io.tmpdir=" + place)
                .endsWith(
                        "-jar",
                        folder.toRealPath().resolve("target/benchmarks.jar").toString(),
                        "list",
                        "a b");
        assertThat(arguments("/no/such/place", "list"))
                .as("the JVM would warn, whatever the command")
                .noneMatch(word -> word.startsWith("-Djava.io.tmpdir"));
        assertThat(arguments(null, "list")).noneMatch(word -> word.startsWith("-Djava.io.tmpdir"));
    }

    /** java takes letters outside ASCII in a path, in results and in messages whatever the locale. */
    @Test
    @Tag("slow")
    void aPathMayHaveLettersOutsideAscii() throws Exception {
        Files.writeString(folder.resolve("script.litmus"), "A write 0 1\nA 0 = 2\n");
        String java = "while [ \"$1\" != -jar ]; do shift; done; shift 2\n"
                // The shell moves the script to the letters, as this JVM may itself be unable to.
                + "cd \"" + folder + "\"; mkdir -p \u00e4; cp script.litmus \u00e4/\u00f6.litmus; exec 2>&1\n"
                + "\"" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "\" --enable-native-access=ALL-UNNAMED"
                + " -cp \"" + System.getProperty("java.class.path")
                + "\" org.cowbench.cli.Main \"$@\" \u00e4/\u00f6.litmus; true";
        assertThat(run(java, Map.of("LC_ALL", "C"), "litmus", "--policy", "v5.9"))
                .containsExactly(
                        "{\"file\":\"\u00f6.litmus\",\"step\":0,\"op\":\"A write 0"
                                + " 1\",\"before\":\"none\",\"after\":\"present\",\"frame\":\"-\","
                                + "\"minor\":1,\"major\":0}",
                        "{\"file\":\"\u00f6.litmus\",\"step\":1,\"op\":\"A read"
                                + " 0\",\"before\":\"present\",\"after\":\"present\","
                                + "\"frame\":\"same\",\"minor\":0,\"major\":0,\"value\":1,\"expected\":2}",
                        "cowbench: v5.9: \u00f6.litmus:2: step 1, 'A read 0': =1; expected =2");
    }
}
