package org.cowbench.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which scripts to run. */
public final class ScriptMixin {
    @Option(names = "--shipped", description = "Also run the scripts that come with cowbench.")
    private boolean shipped;

    @Parameters(paramLabel = "FILE|DIR", description = "Scripts, folders of *.litmus files, or - for standard input.")
    private List<String> paths = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public ScriptMixin() {}

    /**
     * Reads the scripts.
     *
     * @return at least one
     * @throws IOException if a file cannot be read
     */
    List<Script> scripts() throws IOException {
        List<Script> scripts = given();
        if (scripts.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "no script given; name files or folders, - for standard input, or --shipped");
        }
        return scripts;
    }

    /**
     * Reads the scripts that are named, if any.
     *
     * @return those of {@code --shipped} first
     * @throws IOException if a file cannot be read
     */
    List<Script> given() throws IOException {
        List<Script> scripts = new ArrayList<>(shipped ? ShippedScripts.all() : List.of());
        for (String path : paths) {
            scripts.addAll(path.equals("-")
                    ? List.of(ScriptParser.parse("-", new String(System.in.readAllBytes(), StandardCharsets.UTF_8)))
                    : read(spec, path));
        }
        return scripts;
    }

    /**
     * Reads a script, or the scripts of a folder.
     *
     * @param spec the command, for messages
     * @param path the file or folder
     * @return at least one
     * @throws IOException if it cannot be read
     */
    static List<Script> read(CommandSpec spec, String path) throws IOException {
        Path file = Path.of(path);
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), path + ": "
                    + (Files.exists(file) ? "may not be read" : "no such file or folder"));
        }
        List<Script> read;
        try {
            read = ShippedScripts.read(file);
        } catch (NoSuchFileException | MalformedInputException e) {
            throw new ParameterException(spec.commandLine(), path + ": not a text file in UTF-8", e);
        }
        if (read.isEmpty()) {
            throw new ParameterException(spec.commandLine(), path + ": no *.litmus file in this folder");
        }
        return read;
    }
}
