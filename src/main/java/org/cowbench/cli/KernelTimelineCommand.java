package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.kernel.KernelImage;
import org.cowbench.report.kernel.KernelTable;
import org.cowbench.report.run.Plots;
import org.cowbench.result.ResultDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code kernel timeline}: what accesses have cost from kernel to kernel. */
@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures every cached kernel (or those named), oldest first: one table, one plot, one result directory."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel timeline                 every kernel in the cache",
            "  ./run-bench.sh kernel timeline --cached 5.10,6.1,7.3 --boots 3",
            "",
            "Exit status: 0 done; 1 a kernel crashed or hung, or its log says that something is wrong; 2 usage;",
            "  3 something is lacking."
        })
final class KernelTimelineCommand implements Callable<Integer> {

    private static final String[] HOST = {"--host", "--setup-swap"};

    @Mixin
    private KernelMeasureMixin measure;

    @Mixin
    private PlotsOption plots;

    @Spec
    private CommandSpec spec;

    KernelTimelineCommand() {}

    /**
     * Takes what this command {@linkplain KernelMeasureMixin#refuse refuses} out of its help.
     *
     * @param spec the command
     */
    static void hideHost(CommandSpec spec) {
        for (String name : HOST) {
            OptionSpec option = spec.findOption(name);
            spec.remove(option);
            spec.addOption(OptionSpec.builder(option).hidden(true).build());
        }
    }

    @Override
    public Integer call() throws Exception {
        return measure.guarded(this::run);
    }

    private int run() throws IOException {
        String label = measure.begin();
        measure.refuse(
                "is not for a timeline, which counts the instructions of guests; 'kernel bench --host' measures this"
                        + " machine",
                HOST);
        Places.demand(measure.results(), plots.directory());
        Map<String, KernelImage> kernels = new TreeMap<>(KernelImage::compareSeries);
        kernels.putAll(measure.kernelsOrCache());
        return measure.measure(label, kernels, true, this::show);
    }

    private void show(List<ResultDirectory> results) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        KernelTable.print(results, spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        for (ResultDirectory result : results) {
            Path target = plots.directory().resolve(result.label());
            Plots.draw(result, target, line -> err.println("cowbench: " + line));
            err.println("plots: " + target);
        }
    }
}
