package org.cowbench.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What was typed. */
public final class Given {
    private Given() {}

    /**
     * The whole command line, as results keep it.
     *
     * @param spec the command
     * @return its words, from the script's name on
     */
    public static List<String> words(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of("run-bench.sh"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return words;
    }

    /**
     * A regular expression.
     *
     * @param spec the command that takes it
     * @param option the option's name
     * @param text what was given
     * @return the pattern
     * @throws ParameterException if it is none
     */
    public static Pattern pattern(CommandSpec spec, String option, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " '" + text + "' is no regular expression: " + e.getDescription() + " at character "
                            + (e.getIndex() + 1));
        }
    }
}
