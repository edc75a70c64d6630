package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.JmhLauncher;
import org.cowbench.bench.RunPlan;
import org.cowbench.bench.Suite;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.HostFault;
import org.cowbench.kernel.HostRequirements;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.report.KernelTable;
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

/** {@code kernel bench}: what accesses cost on real kernels. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Measures accesses to paged-out and shared pages on real kernels: guest instructions per page, how many",
            "pages kept or changed their frame, faults, and a histogram. A result directory for each kernel, so that 'compare'",
            "compares two kernels. With --host: nanoseconds of the write after a read on this machine, by JMH."},
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel bench --cached 5.10,6.1 --label story",
            "  ./run-bench.sh compare story-5.10 story-6.1",
            "  sudo ./run-bench.sh kernel bench --host --setup-swap 1G",
            "", "Exit status: 0 done; 1 a kernel crashed or hung; 2 usage; 3 something is lacking."})
final class KernelBenchCommand implements Callable<Integer> {

    private static final long SEED_BOUND = 1L << 32;

    @Mixin
    private KernelMixin which;

    @Option(names = "--pages", paramLabel = "N", defaultValue = "4096",
            description = "Pages of each measurement. Default: ${DEFAULT-VALUE}.")
    private int pages;

    @Option(names = "--boots", paramLabel = "N", defaultValue = "3",
            description = "Boots of each kernel, forks with --host. Default: ${DEFAULT-VALUE}.")
    private int boots;

    @Option(names = "--label", paramLabel = "L",
            description = "Name of the result directory; with several kernels -SERIES is added. Default: time and commit.")
    private String label;

    @Option(names = "--results", paramLabel = "DIR", description = "Where result directories are; default: results.")
    private Path results;

    @Spec
    private CommandSpec spec;

    KernelBenchCommand() {}

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
        String base = label != null ? label : ResultWriter.defaultLabel(started, revision);
        if (!ResultWriter.isLabel(base)) {
            throw new ParameterException(spec.commandLine(), "--label '" + base
                    + "' is no directory name: letters, digits, '.', '_', '+' and '-'");
        }
        if (which.host()) {
            return host(base, revision);
        }
        Map<String, KernelImage> kernels = which.kernels();
        GuestOptions options = which.options(GuestOptions.bench(System.getenv()));
        PrintWriter err = spec.commandLine().getErr();
        Map<String, List<KernelBench.Boot>> measured = new LinkedHashMap<>();
        KernelException failure = measure(which, kernels, options, pages, boots, measured, err);
        List<KernelTable.Row> rows = new ArrayList<>();
        for (Map.Entry<String, List<KernelBench.Boot>> each : measured.entrySet()) {
            String name = kernels.size() == 1 ? base : base + "-" + each.getKey().replaceAll("[^A-Za-z0-9._+-]", "_");
            SortedMap<String, String> environment = new TreeMap<>(Environment.capture(List.of()));
            environment.putAll(KernelBench.environment(options));
            environment.put("guest.kernel", each.getValue().getFirst().release());
            RunInfo info = new RunInfo(RunInfo.SCHEMA, name, revision.commit(), revision.dirty(),
                    which.command(), 0, "kernel", started.toString(),
                    ChronoUnit.MILLIS.between(started, Instant.now()) / 1000.0, true, environment, List.of(),
                    boots < 3 ? List.of("a look, not a claim: " + boots + " boots") : List.of());
            Path directory = KernelBench.write(results != null ? results : Home.results(), info,
                    Map.of(each.getKey(), each.getValue()), false);
            rows.addAll(KernelTable.rows(ResultDirectory.read(directory).measurements(), each.getKey(),
                    Map.of(each.getKey(), KernelEra.policyOf(each.getValue().getFirst().release()).id())));
            err.println("results: " + directory);
        }
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
    private int host(String base, Revision revision) {
        if (!which.kernels().isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--host measures time and guests count instructions: ask for one of the two");
        }
        int[] status = new int[1];
        which.withSwap(() -> {
            HostRequirements.demand();
            RunPlan plan = new RunPlan(base, results != null ? results : Home.results(), "kernel-host",
                    Catalog.cells(HostFault.class.getPackageName()), boots, ThreadLocalRandom.current().nextLong(SEED_BOUND),
                    revision, which.command(),
                    boots < Suite.FULL.forks() ? List.of("a look, not a claim: " + boots + " forks each") : List.of());
            status[0] = RunCommand.measure(spec, plan, new JmhLauncher(null, List.of(), null), false, null);
        });
        return status[0];
    }

    /**
     * Measures kernels.
     *
     * @param which how to ask them
     * @param kernels the kernels by label
     * @param options how guests are run
     * @param pages pages of each measurement
     * @param boots boots of each kernel
     * @param measured takes boots by label, in the order of the kernels; kernels that failed are not in it
     * @param err is told the progress
     * @return the failure after which nothing more was measured, or null
     */
    static KernelException measure(KernelMixin which, Map<String, KernelImage> kernels, GuestOptions options, int pages,
            int boots, Map<String, List<KernelBench.Boot>> measured, PrintWriter err) {
        // Boots of the same kernel lie apart in time, as forks of the same benchmark do.
        for (int boot = 1; boot <= boots; boot++) {
            String count = "boot " + boot + " of " + boots;
            try {
                which.ask(kernels, options, (kernel, session) -> KernelBench.measure(session, pages), (kernel, one) -> {
                    measured.computeIfAbsent(kernel, ignored -> new ArrayList<>()).add(one);
                    err.println(kernel + ": " + count + " measured");
                    err.flush();
                });
            } catch (KernelException e) {
                return e;
            }
        }
        return null;
    }
}
