package org.cowbench.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** From what a kernel is built. */
public final class BuildMixin {

    /** One of them. */
    private static final class Source {
        @Option(
                names = "--series",
                paramLabel = "SERIES",
                description = "Debian's linux-source, such as 6.12 or 6.12@trixie; the newest, unless one is named.")
        private @Nullable String series;

        @Option(
                names = "--git",
                arity = "2",
                paramLabel = "TREE RANGE",
                hideParamSyntax = true,
                description = "A Git tree, which is only read, and BASE..HEAD, or a commit for what it changes.")
        private @Nullable List<String> git;

        @Option(names = "--source", paramLabel = "DIR", description = "What lies in a folder, which is only read.")
        private @Nullable String folder;
    }

    @ArgGroup
    private @Nullable Source source;

    @Option(
            names = "--patch",
            paramLabel = "FILE|-",
            description = "A diff, a mail or an mbox with a series; - is standard input. Repeatable.")
    private List<String> patches = List.of();

    @Option(
            names = "--enable",
            paramLabel = "OPTION",
            description = "Adds an option, such as PROVE_LOCKING. Repeatable.")
    private List<String> enabled = List.of();

    @Option(
            names = "--no-debug",
            description = "Leaves out what makes harm visible (BUG, DEBUG_VM, page-table checks, GUP_TEST) and"
                    + " calls countable (kprobes).")
    private boolean noDebug;

    /** Made by the command line. */
    public BuildMixin() {}

    /**
     * Whether anything says what to build.
     *
     * @return whether a source or a patch was given
     */
    boolean given() {
        return source != null || !patches.isEmpty();
    }

    /**
     * Whether the kernel's own checks are built in.
     *
     * @return whether they are
     */
    boolean checks() {
        return !noDebug;
    }

    /**
     * The arguments of the script that builds.
     *
     * @return words
     */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (source != null) {
            add(words, "--series", source.series == null ? List.of() : List.of(source.series));
            add(words, "--source", source.folder == null ? List.of() : List.of(source.folder));
            if (source.git != null) {
                words.add("--git");
                words.addAll(source.git);
            }
        }
        add(words, "--patch", patches);
        add(words, "--enable", enabled);
        if (noDebug) {
            words.add("--no-debug");
        }
        return words;
    }

    private static void add(List<String> words, String option, List<String> values) {
        for (String value : values) {
            words.add(option);
            words.add(value);
        }
    }
}
