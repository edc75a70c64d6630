package org.cowbench.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cowbench.bench.BenchRunner;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.Effort;
import org.cowbench.bench.JmhLauncher;
import org.cowbench.bench.RunPlan;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.SeedOption;
import org.cowbench.kernel.HostFault;
import org.cowbench.kernel.HostRequirements;
import org.cowbench.report.kernel.KernelTable;
import org.cowbench.report.run.HostTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kernel bench}: what accesses cost on real kernels. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures accesses to paged-out and shared pages on real kernels.",
            "Guest instructions per page, how many pages kept or changed their frame, faults, and a histogram. A result"
                    + " directory for each kernel, called L-SERIES if there are several, so that 'compare' compares two"
                    + " kernels. With --host: nanoseconds of the write after a read on this machine, by JMH.",
            "",
            "Medians repeat from boot to boot, but on some kernels they change with --pages, by up to 2 %%: before 6.1"
                + " the search of the VMA begins at one of four slots, chosen by the address's 2 MiB, so with more"
                + " than 512 pages some look at more slots. 6.1 has the same medians from 64 to 32768 pages. On 6.12"
                + " and 7.2 the read swap-in changes by 1 %% for a reason not known. Means hold batches that only some"
                + " pages pay; with few pages one batch more moves a mean by 1 to 5 %%.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel bench --cached 5.10,6.1 --label story",
            "  ./run-bench.sh compare story-5.10 story-6.1",
            "  ./run-bench.sh kernel bench --cached 6.12,7.3 --swap zram     where a swap-in decompresses",
            "  sudo ./run-bench.sh kernel bench --host --setup-swap 1G",
            "",
            "Exit status: 0 done; 1 a kernel crashed or hung, or its log says that something is wrong; 2 usage;",
            "  3 something is lacking."
        })
final class KernelBenchCommand implements Callable<Integer> {

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
        measure.refuse("goes with --host; guests have their own swap", "--setup-swap");
        return measure.measure(label, measure.kernels(), false, results -> {
            KernelTable.print(results, spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
        });
    }

    /** This machine: time, by JMH, like any other run. */
    private int host(String label) {
        measure.refuse(
                "is for guests, whose instructions are counted; --host measures time on this machine: ask for one"
                        + " of the two",
                "--image",
                "--modules",
                "--deb",
                "--cached",
                "--pages",
                "--timeout",
                "--append",
                "--cpu",
                "--jobs",
                "--swap");
        int[] status = new int[1];
        measure.withSwap(() -> {
            HostRequirements.demand(HostFault.SWAP_MIB);
            RunPlan plan = new RunPlan(
                    label,
                    measure.results(),
                    HostTable.SUITE,
                    Catalog.cells(HostFault.class.getPackageName()),
                    Effort.forks(measure.boots()),
                    false,
                    SeedOption.random(),
                    measure.revision(),
                    Given.words(spec),
                    Map.of(),
                    measure.notes(),
                    null);
            JmhLauncher launcher = new JmhLauncher(null, List.of(), null);
            status[0] = Measurement.run(
                    spec, plan, (listener, stop) -> new BenchRunner(plan, launcher, listener, stop), false, null);
        });
        return status[0];
    }
}
