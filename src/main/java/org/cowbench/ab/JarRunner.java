package org.cowbench.ab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Executes forks by the command line of each side's own jar. */
public final class JarRunner implements ForkRunner {
    private static final int FAILED_FORK = 1;

    private final Path directory;

    /** The host of a fork lives for a second: it starts from an archive of its classes and compiles cheaply. */
    private final List<String> java;

    /**
     * Creates the runner of a session.
     *
     * @param directory the session's directory, which holds the jars
     */
    public JarRunner(Path directory) {
        this.directory = directory;
        this.java = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-XX:+AutoCreateSharedArchive", "-Djava.awt.headless=true");
    }

    @Override
    public void run(AbPlan.Slot slot, Path results, String label) throws InterruptedException {
        List<String> arguments = new ArrayList<>(slot.side().verb());
        if (!slot.cell().isEmpty()) {
            arguments.addAll(List.of("--bench", "^" + Pattern.quote(slot.cell()) + "$"));
        }
        arguments.addAll(List.of("--label", label, "--results", results.toAbsolutePath().toString()));
        Path log = directory.resolve("fork.log");
        int status = execute(slot.side().jar(), arguments, log);
        // A fork that failed is a result; a session that cannot execute forks is not.
        if (status != 0 && status != FAILED_FORK || !Files.isDirectory(results.resolve(label))) {
            throw new AbException("side " + slot.side().name() + " ended with status " + status + " on " + slot.cell()
                    + ": " + lastLine(log));
        }
    }

    /**
     * Asks a jar for its cells.
     *
     * @param jar name of the jar in the session's directory
     * @return what {@code list --cells} prints
     * @throws AbException when the jar knows no such command
     * @throws InterruptedException when the session is interrupted
     */
    public List<String> cells(String jar) throws InterruptedException {
        Path log = directory.resolve("list.log");
        int status = execute(jar, List.of("list", "--cells"), log);
        try {
            if (status != 0) {
                throw new AbException("'list --cells' of " + jar + " ended with status " + status + ": " + lastLine(log)
                        + "; commits before that command cannot be compared by ab");
            }
            List<String> lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
            Files.delete(log);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int execute(String jar, List<String> arguments, Path log) throws InterruptedException {
        List<String> command = new ArrayList<>(java);
        Path file = directory.resolve(jar).toAbsolutePath();
        command.addAll(List.of("-XX:SharedArchiveFile=" + file + ".jsa", "-Dcowbench.home=" + directory.toAbsolutePath(),
                "-jar", file.toString()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                return process.waitFor();
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new AbException("cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    private static String lastLine(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("it said nothing")
                    .strip();
        } catch (IOException e) {
            return "its output cannot be read";
        }
    }
}
