package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.selftest.CowTest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which scripts to run. */
public final class ScriptMixin {
    /** Before the name of a script that comes with cowbench, where a file of the user's has the same. */
    private static final String SHIPPED = "--shipped/";

    @Option(names = "--shipped", description = "Also run the scripts that come with cowbench.")
    private boolean shipped;

    @Option(names = "--shipped-folios", description = "Also run those of one large folio each.")
    private boolean folios;

    @Option(names = "--shipped-counters", description = "Also run those that tell more by a line 'count'.")
    private boolean counters;

    @Option(
            names = "--shipped-writeback",
            description = "Also run those in which the swap device does not write at once.")
    private boolean writeback;

    @Option(names = "--shipped-zram", description = "Also run those whose swap device is zram.")
    private boolean zram;

    @Option(
            names = "--shipped-cow",
            description = "Also run the tests of the kernel's mm/cow.c, 732 scripts; see 'kernel cow'.")
    private boolean cow;

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
            throw new ParameterException(
                    spec.commandLine(), "no script given; name files or folders, - for standard input, or --shipped");
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
        List<Script> scripts = new ArrayList<>(read(spec, paths, shipped, folios, zram));
        if (counters) {
            scripts.addAll(0, ShippedScripts.counters());
        }
        if (writeback) {
            scripts.addAll(0, ShippedScripts.writeback());
        }
        if (cow) {
            // Their names are no paths, though some have a slash.
            scripts.addAll(0, CowTest.all().stream().map(CowTest::script).toList());
        }
        return scripts;
    }

    /**
     * Reads scripts. Results name each by its file, and by the path that was given where two files share a name.
     *
     * @param spec the command, for messages
     * @param paths files, folders or {@code -}
     * @param shipped whether those of base pages that come with cowbench are among them
     * @param folios whether those of one large folio each are
     * @param zram whether those whose swap device is zram are
     * @return the scripts, those shipped first
     * @throws IOException if standard input cannot be read
     */
    static List<Script> read(CommandSpec spec, List<String> paths, boolean shipped, boolean folios, boolean zram)
            throws IOException {
        List<Script> scripts = new ArrayList<>();
        if (shipped) {
            ShippedScripts.all().forEach(script -> scripts.add(script.named(SHIPPED + script.file())));
        }
        if (folios) {
            ShippedScripts.folios().forEach(script -> scripts.add(script.named(SHIPPED + script.file())));
        }
        if (zram) {
            ShippedScripts.zram().forEach(script -> scripts.add(script.named(SHIPPED + script.file())));
        }
        for (String path : paths) {
            if (path.equals("-")) {
                scripts.add(ScriptParser.parse("-", System.in.readAllBytes()));
            } else {
                readFiles(spec, path, scripts);
            }
        }
        Map<String, Set<String>> pathsOf = scripts.stream()
                .map(Script::file)
                .collect(Collectors.groupingBy(ScriptMixin::name, Collectors.toSet()));
        return scripts.stream()
                .map(script -> {
                    String name = name(script.file());
                    return pathsOf.getOrDefault(name, Set.of()).size() == 1 ? script.named(name) : script;
                })
                .toList();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void readFiles(CommandSpec spec, String path, List<Script> scripts) {
        String reading = path;
        try {
            Path given = Path.of(path);
            boolean folder = Files.isDirectory(given);
            List<Path> files = folder ? ShippedScripts.filesOf(given) : List.of(given);
            if (files.isEmpty()) {
                throw new ParameterException(spec.commandLine(), path + ": no *.litmus file in this folder");
            }
            for (Path file : files) {
                reading = file.toString();
                scripts.add(ScriptParser.parse(reading, Files.readAllBytes(file)));
            }
        } catch (InvalidPathException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), reading + ": no such file or folder", e);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), reading + ": may not be read (" + e.getMessage() + ")", e);
        }
    }
}
