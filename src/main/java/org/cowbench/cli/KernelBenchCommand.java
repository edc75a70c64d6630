package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.JmhLauncher;
import org.cowbench.bench.RunPlan;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.HostFault;
import org.cowbench.kernel.HostRequirements;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.report.KernelTable;
import org.cowbench.result.ResultDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel bench}: what accesses cost on real kernels. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Measures accesses to paged-out and shared pages on real kernels: guest instructions per page, how many",
            "pages kept or changed their frame, faults, and a histogram. A result directory for each kernel, called L-SERIES if",
            "there are several, so that 'compare' compares two kernels. With --host: nanoseconds of the write after a read on this machine, by JMH."},
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel bench --cached 5.10,6.1 --label story",
            "  ./run-bench.sh compare story-5.10 story-6.1",
            "  sudo ./run-bench.sh kernel bench --host --setup-swap 1G",
            "", "Exit status: 0 done; 1 a kernel crashed or hung; 2 usage; 3 something is lacking."})
final class KernelBenchCommand implements Callable<Integer> {

    private static final long SEED_BOUND = 1L << 32;

    @Mixin
    private KernelMeasureMixin measure;

    @Spec
    private CommandSpec spec;

    KernelBenchCommand() {}

    @Override
    public Integer call() throws Exception {
        return measure.guarded(this::run);
    }

    private int run() throws IOException {
        String label = measure.begin();
        if (measure.host()) {
            return host(label);
        }
        Map<String, KernelImage> kernels = measure.kernels();
        GuestOptions options = measure.options(GuestOptions.bench(System.getenv()));
        PrintWriter err = spec.commandLine().getErr();
        Map<String, List<KernelBench.Boot>> measured = new LinkedHashMap<>();
        KernelException failure = measure.measure(kernels, options, measured);
        List<KernelTable.Row> rows = new ArrayList<>();
        measured.forEach((kernel, of) -> {
            String name = kernels.size() == 1 ? label : label + "-" + kernel.replaceAll("[^A-Za-z0-9._+-]", "_");
            Path directory = measure.write(name, options, Map.of(kernel, of), true, false);
            rows.addAll(KernelTable.rows(ResultDirectory.read(directory).measurements(), kernel,
                    Map.of(kernel, KernelEra.policyOf(of.getFirst().release()).id())));
            err.println("results: " + directory);
        });
        err.flush();
        if (!rows.isEmpty()) {
            KernelTable.print(rows, spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
        }
        if (failure != null) {
            throw failure;
        }
        return ExitStatus.OK;
    }

    /** This machine: time, by JMH, like any other run. */
    private int host(String label) {
        if (!measure.kernels().isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--host measures time and guests count instructions: ask for one of the two");
        }
        int[] status = new int[1];
        measure.withSwap(() -> {
            HostRequirements.demand();
            RunPlan plan = new RunPlan(label, measure.results(), "kernel-host",
                    Catalog.cells(HostFault.class.getPackageName()), measure.boots(),
                    ThreadLocalRandom.current().nextLong(SEED_BOUND), measure.revision(), measure.command(), Map.of(),
                    measure.notes());
            status[0] = RunCommand.measure(spec, plan, new JmhLauncher(null, List.of(), null), false, null);
        });
        return status[0];
    }
}
