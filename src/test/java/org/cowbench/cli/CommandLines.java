package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.kernel.FakeEmulator;
import picocli.CommandLine;

/** The command line for tests of other packages. */
public final class CommandLines {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    /** Asked for names only: what parses keeps what it was given. */
    private static final CommandLine ALL = Main.commandLine();

    private CommandLines() {}

    /**
     * What came of a command.
     *
     * @param status its exit status
     * @param out what it printed to standard output, through picocli's writer or not
     * @param err what it printed to standard error
     */
    public record Ran(int status, String out, String err) {}

    /**
     * Runs a command in this JVM.
     *
     * @param arguments command and options
     * @return what came of it
     */
    public static Ran run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        PrintStream original = System.out;
        try (PrintStream capture = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            int status = Main.commandLine()
                    .setOut(new PrintWriter(capture, true, StandardCharsets.UTF_8))
                    .setErr(new PrintWriter(err))
                    .execute(arguments);
            return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(original);
        }
    }

    /**
     * Runs a command in a JVM of its own: the environment names the emulator.
     *
     * @param folder where the emulator, {@code qemu}, and what is printed to standard error are kept
     * @param emulator a shell script that stands in for the emulator
     * @param arguments command and options
     * @return what came of it
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    static Ran emulated(Path folder, String emulator, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.cowbench.cli.Main"));
        command.addAll(arguments);
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment()
                .put(
                        "COWBENCH_QEMU",
                        FakeEmulator.write(folder.resolve("qemu"), emulator).toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
    }

    /**
     * Runs a command that has a result to show.
     *
     * @param arguments command and options
     * @return what it printed to standard output
     */
    public static String output(String... arguments) {
        Ran ran = run(arguments);
        assertThat(ran.status()).as(ran.err()).isIn(ExitStatus.OK, ExitStatus.FOUND);
        return ran.out();
    }

    /**
     * Reads a line as the command would, which then does nothing.
     *
     * @param line as typed, {@code ./run-bench.sh} first
     */
    public static void parse(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        Main.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
    }

    /**
     * The options of a command that is named without {@code ./run-bench.sh}.
     *
     * @param words the command, and more
     * @return names of its options; empty when the first word is no command
     */
    public static Set<String> options(String words) {
        CommandLine named = ALL;
        for (String word : words.split(" ")) {
            CommandLine below = named.getSubcommands().get(word);
            if (below == null) {
                break;
            }
            named = below;
        }
        return named == ALL
                ? Set.of()
                : Set.copyOf(named.getCommandSpec().optionsMap().keySet());
    }
}
