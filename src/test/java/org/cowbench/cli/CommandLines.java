package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
