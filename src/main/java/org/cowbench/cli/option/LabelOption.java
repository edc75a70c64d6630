package org.cowbench.cli.option;

import org.cowbench.result.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --label}: what a result is called. */
public final class LabelOption {
    @Option(
            names = "--label",
            paramLabel = "L",
            description = "Name of the result directory; default: time and commit.")
    private @Nullable String label;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public LabelOption() {}

    /**
     * What the result is called.
     *
     * @param otherwise its name where none was given
     * @return a directory name
     * @throws ParameterException if what was given is none
     */
    public String or(String otherwise) {
        demandName(spec, label);
        return label != null ? label : otherwise;
    }

    /**
     * Insists that a label can name a directory.
     *
     * @param spec the command it was given to
     * @param label the label, or null where none was given
     * @throws ParameterException if it cannot
     */
    public static void demandName(CommandSpec spec, @Nullable String label) {
        if (label != null && !ResultWriter.isLabel(label)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--label '" + label + "' is no directory name: letters, digits, '.', '_', '+' and '-'");
        }
    }
}
