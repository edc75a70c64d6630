package org.cowbench.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of a command line: what is wrong with it, and help as wide as its reader sees. */
final class Usage {
    /** Columns of help that is neither for a terminal nor for a stated width. */
    static final int WIDTH = 80;

    /** The fewest that help can be laid out in. */
    static final int LEAST_WIDTH = 55;

    private static final int MOST_WIDTH = 1000;
    private static final long STTY_SECONDS = 2;

    private Usage() {}

    /**
     * Runs what was parsed. The parser lets anything pass beside {@code --help}; here a command that does not exist has no
     * help.
     *
     * @param parsed the command line
     * @return the exit status
     */
    static int execute(ParseResult parsed) {
        for (ParseResult level = parsed; level != null; level = level.hasSubcommand() ? level.subcommand() : null) {
            if (!level.unmatched().isEmpty()) {
                throw new UnmatchedArgumentException(level.commandSpec().commandLine(), level.unmatched());
            }
        }
        if (parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested)) {
            parsed.commandSpec().commandLine().setUsageHelpWidth(width(System.getenv()));
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (StandardOutput.OutputException e) {
            return ExitStatus.LACKS; // Help or version, of which the parser would print the stack; Main says it once.
        }
    }

    /**
     * Says what a word is that nobody takes, and what may have been meant.
     *
     * @param e the word, and the command that it was given to
     * @return one line
     */
    static String unmatched(UnmatchedArgumentException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String word = e.getUnmatched().getFirst();
        boolean option = word.startsWith("-") && word.length() > 1;
        String name = option ? word.split("=", 2)[0] : word;
        List<String> commands = List.copyOf(spec.subcommands().keySet());
        List<String> options = spec.options().stream()
                .filter(each -> !each.hidden())
                .map(OptionSpec::longestName)
                .toList();
        if (option) {
            String text = "unknown option '" + name + "'";
            List<String> owners = owners(spec, name);
            return text
                    + Nearest.to(name, options)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(owners.isEmpty() ? "" : "; it is an option of " + String.join(", ", owners));
        }
        if (commands.isEmpty()) {
            return "'" + word + "' is one word too many";
        }
        List<String> all = new ArrayList<>(commands);
        all.addAll(options);
        return "unknown command '" + word + "'"
                + Nearest.to(word, all)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; expected one of " + String.join(", ", commands));
    }

    /** The commands below one that take an option it does not. */
    private static List<String> owners(CommandSpec spec, String option) {
        return spec.subcommands().entrySet().stream()
                .flatMap(each -> {
                    CommandSpec below = each.getValue().getCommandSpec();
                    OptionSpec found = below.findOption(option);
                    return Stream.concat(
                            found != null && !found.hidden() ? Stream.of(each.getKey()) : Stream.of(),
                            owners(below, option).stream().map(name -> each.getKey() + " " + name));
                })
                .toList();
    }

    /**
     * Columns that help may have: those of {@code COLUMNS}, as {@code man} takes it, else those of the terminal it is
     * shown on, else {@value #WIDTH}; at least {@value #LEAST_WIDTH}, below which it cannot be laid out.
     *
     * @param environment the process's environment variables
     * @return the width
     */
    static int width(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (!columns.matches("[1-9][0-9]{0,5}")) {
            columns = terminal();
        }
        return columns.isEmpty() ? WIDTH : Math.clamp(Long.parseLong(columns), LEAST_WIDTH, MOST_WIDTH);
    }

    /** Columns of the terminal that standard output is; empty when it is none. */
    private static String terminal() {
        try {
            // Not /proc/self: a child would look at its own.
            Path out = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
            if (!out.startsWith("/dev/pts") && !out.toString().matches("/dev/(tty.*|console)")) {
                return "";
            }
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (!stty.waitFor(STTY_SECONDS, TimeUnit.SECONDS) || !said.matches("[0-9]+ [1-9][0-9]*")) {
                return "";
            }
            return said.substring(said.indexOf(' ') + 1);
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
