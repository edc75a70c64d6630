package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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
import org.cowbench.result.Environment;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.RunInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
    private KernelMixin which;

    @Option(names = "--pages", paramLabel = "N", defaultValue = "4096",
            description = "Pages of each measurement. Default: ${DEFAULT-VALUE}.")
    private int pages;

    @Option(names = "--boots", paramLabel = "N", defaultValue = "1",
            description = "Boots of each kernel. Default: ${DEFAULT-VALUE}.")
    private int boots;

    @Option(names = "--label", paramLabel = "L", description = "Name of the result directory; default: time and commit.")
    private String label;

    @Option(names = "--results", paramLabel = "DIR", description = "Where result directories are; default: results.")
    private Path results;

    @Option(names = "--plots", paramLabel = "DIR", description = "Where plot directories are; default: plots.")
    private Path plots;

    @Spec
    private CommandSpec spec;

    KernelTimelineCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() throws Exception {
        if (boots < 1) {
            throw new ParameterException(spec.commandLine(), "--boots " + boots + "; expected at least 1");
        }
        Revision revision = Revision.of(Home.path());
        Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String name = label != null ? label : ResultWriter.defaultLabel(started, revision);
        if (!ResultWriter.isLabel(name)) {
            throw new ParameterException(spec.commandLine(), "--label '" + name
                    + "' is no directory name: letters, digits, '.', '_', '+' and '-'");
        }
        Map<String, KernelImage> kernels = new TreeMap<>(KernelImage::compareSeries);
        kernels.putAll(which.kernelsOrCache());
        GuestOptions options = which.options(GuestOptions.bench(System.getenv()));
        PrintWriter err = spec.commandLine().getErr();
        Map<String, List<KernelBench.Boot>> measured = new TreeMap<>(KernelImage::compareSeries);
        KernelException failure = KernelBenchCommand.measure(which, kernels, options, pages, boots, measured, err);
        if (!measured.isEmpty()) {
            SortedMap<String, String> environment = new TreeMap<>(Environment.capture(List.of()));
            environment.putAll(KernelBench.environment(options));
            Map<String, String> policies = new LinkedHashMap<>();
            measured.forEach((kernel, of) -> {
                policies.put(kernel, KernelEra.policyOf(of.getFirst().release()).id());
                environment.put("guest.kernel." + kernel, of.getFirst().release());
            });
            RunInfo info = new RunInfo(RunInfo.SCHEMA, name, revision.commit(), revision.dirty(), which.command(), 0,
                    "kernel", started.toString(), ChronoUnit.MILLIS.between(started, Instant.now()) / 1000.0,
                    failure == null, environment, List.of(),
                    boots < 3 ? List.of("a look, not a claim: " + boots + " boots") : List.of());
            Path directory = KernelBench.write(results != null ? results : Home.results(), info, measured, true);
            List<KernelTable.Row> rows = KernelTable.rows(ResultDirectory.read(directory).measurements(), "", policies);
            KernelTable.print(rows, spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
            Map<String, String> meanings = new LinkedHashMap<>();
            for (KernelFigure figure : KernelFigure.values()) {
                meanings.put(figure.id(), figure.meaning());
            }
            Path target = (plots != null ? plots : Home.plots()).resolve(name);
            KernelTimeline.draw(rows, "Guests: " + options.cpu() + "; " + options.append() + "; result " + name + ".",
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
