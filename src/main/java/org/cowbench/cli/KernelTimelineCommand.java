package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelFigure;
import org.cowbench.kernel.KernelImage;
import org.cowbench.report.KernelTable;
import org.cowbench.report.KernelTimeline;
import org.cowbench.result.ResultDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kernel timeline}: what accesses have cost from kernel to kernel. */
@Command(name = "timeline", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Measures every cached kernel (or those named), oldest first: one table, one plot, one result directory."},
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel timeline                 every kernel in the cache",
            "  ./run-bench.sh kernel timeline --cached 5.10,6.1,7.3 --boots 3",
            "", "Exit status: 0 done; 1 a kernel crashed or hung; 2 usage; 3 something is lacking."})
final class KernelTimelineCommand implements Callable<Integer> {

    @Mixin
    private KernelMeasureMixin measure;

    @Option(names = "--plots", paramLabel = "DIR", description = "Where plot directories are. Default: plots.")
    private Path plots;

    @Spec
    private CommandSpec spec;

    KernelTimelineCommand() {}

    @Override
    public Integer call() throws Exception {
        return measure.guarded(this::run);
    }

    private int run() throws IOException {
        String label = measure.begin();
        Map<String, KernelImage> kernels = new TreeMap<>(KernelImage::compareSeries);
        kernels.putAll(measure.kernelsOrCache());
        GuestOptions options = measure.options(GuestOptions.bench(System.getenv()));
        PrintWriter err = spec.commandLine().getErr();
        Map<String, List<KernelBench.Boot>> measured = new TreeMap<>(KernelImage::compareSeries);
        KernelException failure = measure.measure(kernels, options, measured);
        if (!measured.isEmpty()) {
            Path directory = measure.write(label, options, measured, failure == null, true);
            Map<String, String> policies = new LinkedHashMap<>();
            measured.forEach((kernel, of) -> policies.put(kernel, KernelEra.policyOf(of.getFirst().release()).id()));
            List<KernelTable.Row> rows = KernelTable.rows(ResultDirectory.read(directory).measurements(), "", policies);
            KernelTable.print(rows, spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
            Map<String, String> meanings = new LinkedHashMap<>();
            for (KernelFigure figure : KernelFigure.values()) {
                meanings.put(figure.id(), figure.meaning());
            }
            Path target = (plots != null ? plots : Home.plots()).resolve(label);
            KernelTimeline.draw(rows, "Guests: " + options.cpu() + "; " + options.append() + "; result " + label + ".",
                    meanings, target, line -> err.println("cowbench: " + line));
            err.println("results: " + directory);
            err.println("plots: " + target);
            err.flush();
        }
        if (failure != null) {
            throw failure;
        }
        return ExitStatus.OK;
    }
}
