package org.cowbench.ab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Executes forks by the command line of each side's own jar. */
public final class JarRunner implements ForkRunner {
    private static final int FAILED_FORK = 1;

    /** Longest wait for the end of what was killed. */
    private static final long PATIENCE_SECONDS = 30;

    /** The host of a fork lives for a second: it compiles cheaply. */
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));

    private final Path directory;

    /**
     * Creates the runner of a session.
     *
     * @param directory the session's directory, which holds the jars
     */
    public JarRunner(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public void run(AbPlan.Slot slot, Path results, String label) throws InterruptedException {
        Path jar = directory.resolve(slot.side().jar());
        List<String> command = new ArrayList<>(JAVA);
        // It also starts from an archive of its classes.
        command.addAll(List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + jar + ".jsa",
                "-Dcowbench.home=" + directory,
                "-jar",
                jar.toString()));
        command.addAll(slot.side().verb());
        command.addAll(slot.options());
        command.addAll(
                List.of("--label", label, "--results", results.toAbsolutePath().toString()));
        Path log = directory.resolve("fork.log");
        int status = execute(Path.of(""), command, log);
        // A fork that failed is a result; a session that cannot execute forks is not.
        if (status != 0 && status != FAILED_FORK || !Files.isDirectory(results.resolve(label))) {
            throw new AbException("side " + slot.side().name() + " ended with status " + status
                    + (slot.cell().isEmpty() ? "" : " on " + slot.cell()) + ": " + lastLine(log));
        }
    }

    /**
     * Ends what a call of this session has left running that was itself killed: its fork would disturb the next one, and
     * write to the same place.
     *
     * @throws AbException when it cannot be ended
     * @throws InterruptedException when the thread is interrupted
     */
    public void endLeftovers() throws InterruptedException {
        for (ProcessHandle process :
                ProcessHandle.allProcesses().filter(this::runsJarOfSession).toList()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AbException("process " + process.pid() + " of an earlier call cannot be ended", e);
            }
        }
    }

    private boolean runsJarOfSession(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.command().filter(command -> command.endsWith("/java")).isPresent()
                && info.arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(argument -> argument.startsWith(directory + "/") && argument.endsWith(".jar"));
    }

    /**
     * Asks a jar for its cells.
     *
     * @return what {@code list --cells} prints
     * @throws AbException when the jar knows no such command
     * @throws InterruptedException when interrupted while asking
     */
    public static List<String> cells(Path jar) throws InterruptedException {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of("-jar", jar.toString(), "list", "--cells"));
        Path log = jar.resolveSibling(jar.getFileName() + ".cells");
        int status = execute(Path.of(""), command, log);
        if (status != 0) {
            throw new AbException("'list --cells' of " + jar + " ended with status " + status + ": " + lastLine(log)
                    + "; commits before that command cannot be compared by ab");
        }
        try {
            List<String> lines = Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
            Files.delete(log);
            return lines;
        } catch (IOException e) {
            throw new AbException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    /** Runs a command to its end; what it prints is in the log. */
    static int execute(Path directory, List<String> command, Path log) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
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
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("it said nothing")
                    .strip();
        } catch (IOException e) {
            return "its output cannot be read";
        }
    }
}
