package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line for tests of other packages. */
public final class CommandLines {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private CommandLines() {}

    /**
     * Runs a command in this JVM.
     *
     * @param arguments command and options
     * @return what it printed to standard output
     */
    public static String output(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        assertThat(status).as(err.toString()).isIn(ExitStatus.OK, ExitStatus.FOUND);
        return out.toString();
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
}
