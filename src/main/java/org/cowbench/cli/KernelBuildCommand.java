package org.cowbench.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.cowbench.kernel.KernelBuild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kernel build}: a kernel for {@code --image}, from any source, as it is or with patches. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds a kernel from any source, as it is or with patches, and prints its path.",
            "Kernels are kept by a hash of source, changes and configuration, which their release names."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel build --series 7.3",
            "  b4 am -o - ID | ./run-bench.sh kernel build --series 7.3 --patch - --pair",
            "  ./run-bench.sh kernel build --git ~/linux v6.18..my-branch --pair",
            "",
            "The first build of a source takes minutes, another variant only what make finds to be different.",
            "The cache is the folder COWBENCH_BUILDS names, else ~/.cache/cowbench/builds.",
            "",
            "Exit status: 0 built; 1 a change does not apply, changes nothing or does not compile; 2 usage;",
            "  3 something is lacking."
        })
final class KernelBuildCommand implements Callable<Integer> {

    @Mixin
    private BuildMixin what;

    @Option(names = "--pair", description = "Two kernels and paths: the source as it is, and with the changes.")
    private boolean pair;

    @Option(
            names = "--list-series",
            description = "Prints the series that Debian's suites serve, and does nothing else.")
    private boolean listSeries;

    @Option(names = "--clean", description = "Empties the cache, and does nothing else.")
    private boolean clean;

    KernelBuildCommand() {}

    @Override
    public Integer call() throws Exception {
        List<String> words = what.words();
        flag(words, "--pair", pair);
        flag(words, "--list-series", listSeries);
        flag(words, "--clean", clean);
        return KernelBuild.run(words);
    }

    private static void flag(List<String> words, String option, boolean given) {
        if (given) {
            words.add(option);
        }
    }
}
