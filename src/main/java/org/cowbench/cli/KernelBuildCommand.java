package org.cowbench.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cowbench.kernel.KernelBuild;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kernel build}: a kernel for {@code --image}, from any source, as it is or with patches. */
@Command(name = "build", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Builds a kernel from any source, as it is or with patches, and prints its path.",
            "Kernels are kept by a hash of source, changes and configuration, which their release names."},
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel build --series 7.3",
            "  b4 am -o - ID | ./run-bench.sh kernel build --series 7.3 --patch - --pair",
            "  ./run-bench.sh kernel build --git ~/linux v6.18..my-branch --pair",
            "", "The first build of a source takes minutes, another variant only what make finds to be different.",
            "The cache is the folder COWBENCH_BUILDS names, else ~/.cache/cowbench/builds.",
            "", "Exit status: 0 built; 1 a change does not apply, changes nothing or does not compile; 2 usage;",
            "  3 something is lacking."})
final class KernelBuildCommand implements Callable<Integer> {

    /** One of them. */
    private static final class Source {
        @Option(names = "--series", paramLabel = "SERIES", description = "Debian's linux-source, such as 6.12 or"
                + " 6.12@trixie; the newest, unless one is named.")
        private @Nullable String series;

        @Option(names = "--git", arity = "2", paramLabel = "TREE RANGE", hideParamSyntax = true,
                description = "A Git tree, which is only read, and BASE..HEAD, or a commit for what it changes.")
        private @Nullable List<String> git;

        @Option(names = "--source", paramLabel = "DIR", description = "What lies in a folder, which is only read.")
        private @Nullable String folder;
    }

    @ArgGroup
    private @Nullable Source source;

    @Option(names = "--patch", paramLabel = "FILE|-", description = "A diff, a mail or an mbox with a series; - is"
            + " standard input. Repeatable.")
    private List<String> patches = List.of();

    @Option(names = "--pair", description = "Two kernels and paths: the source as it is, and with the changes.")
    private boolean pair;

    @Option(names = "--enable", paramLabel = "OPTION", description = "Adds an option, such as PROVE_LOCKING. Repeatable.")
    private List<String> enabled = List.of();

    @Option(names = "--no-debug", description = "Leaves out what makes harm visible (BUG, DEBUG_VM, page-table checks,"
            + " GUP_TEST).")
    private boolean noDebug;

    @Option(names = "--list-series", description = "Prints the series that Debian's suites serve, and does nothing else.")
    private boolean listSeries;

    @Option(names = "--clean", description = "Empties the cache, and does nothing else.")
    private boolean clean;

    KernelBuildCommand() {}

    @Override
    public Integer call() throws Exception {
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
        flag(words, "--pair", pair);
        flag(words, "--no-debug", noDebug);
        flag(words, "--list-series", listSeries);
        flag(words, "--clean", clean);
        return KernelBuild.run(words);
    }

    private static void add(List<String> words, String option, List<String> values) {
        for (String value : values) {
            words.add(option);
            words.add(value);
        }
    }

    private static void flag(List<String> words, String option, boolean given) {
        if (given) {
            words.add(option);
        }
    }
}
