package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cowbench.bench.Suite;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.result.Environment;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.RunInfo;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which kernels to measure, how much of it, and where the results go. */
public final class KernelMeasureMixin extends KernelMixin {
    @Option(names = "--pages", paramLabel = "N", defaultValue = "4096",
            description = "Pages of each measurement. Default: ${DEFAULT-VALUE}.")
    private int pages;

    @Option(names = "--boots", paramLabel = "N", defaultValue = "3",
            description = "Boots of each kernel, forks with --host. Default: ${DEFAULT-VALUE}.")
    private int boots;

    @Option(names = "--label", paramLabel = "L",
            description = "Name of the result directory. Default: time and commit.")
    private String label;

    @Option(names = "--results", paramLabel = "DIR", description = "Where result directories are. Default: results.")
    private Path results;

    private Revision revision;
    private Instant started;

    /** Made by the command line. */
    public KernelMeasureMixin() {}

    /**
     * The sources that measure.
     *
     * @return their revision, as of the beginning
     */
    Revision revision() {
        return revision;
    }

    /**
     * Boots of each kernel.
     *
     * @return at least 1
     */
    int boots() {
        return boots;
    }

    /**
     * Where result directories go.
     *
     * @return the directory of all results
     */
    Path results() {
        return results != null ? results : Home.results();
    }

    /**
     * Checks the options, and notes the time and the sources.
     *
     * @return the label of the result
     */
    String begin() {
        if (boots < 1) {
            throw new ParameterException(spec().commandLine(), "--boots " + boots + "; expected at least 1");
        }
        if (pages < 1) {
            throw new ParameterException(spec().commandLine(), "--pages " + pages + "; expected at least 1");
        }
        started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        revision = Revision.of(Home.path());
        String name = label != null ? label : ResultWriter.defaultLabel(started, revision);
        if (!ResultWriter.isLabel(name)) {
            throw new ParameterException(spec().commandLine(), "--label '" + name
                    + "' is no directory name: letters, digits, '.', '_', '+' and '-'");
        }
        return name;
    }

    /**
     * What a run with fewer forks than a claim needs says of itself.
     *
     * @return its warnings
     */
    List<String> notes() {
        return boots < Suite.FULL.forks() ? List.of("a look, not a claim: " + boots + " boots") : List.of();
    }

    /**
     * Measures kernels.
     *
     * @param kernels the kernels by label
     * @param options how guests are run
     * @param measured takes boots by label, in the order of the kernels; kernels that failed are not in it
     * @return the failure after which nothing more was measured, or null
     */
    KernelException measure(Map<String, KernelImage> kernels, GuestOptions options,
            Map<String, List<KernelBench.Boot>> measured) {
        PrintWriter err = spec().commandLine().getErr();
        // Boots of the same kernel lie apart in time, as forks of the same benchmark do.
        for (int boot = 1; boot <= boots; boot++) {
            String count = "boot " + boot + " of " + boots;
            try {
                ask(kernels, options, (kernel, session) -> KernelBench.measure(session, pages), (kernel, one) -> {
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

    /**
     * Writes a result directory.
     *
     * @param name its label
     * @param options how guests were run
     * @param measured boots by kernel
     * @param complete whether every kernel was measured
     * @param several whether the result holds several kernels, so that each measurement names its own
     * @return the directory
     */
    Path write(String name, GuestOptions options, Map<String, List<KernelBench.Boot>> measured, boolean complete,
            boolean several) {
        SortedMap<String, String> environment = new TreeMap<>(Environment.capture(List.of()));
        environment.putAll(KernelBench.environment(options));
        measured.forEach((kernel, of) ->
                environment.put(several ? "guest.kernel." + kernel : "guest.kernel", of.getFirst().release()));
        RunInfo info = new RunInfo(RunInfo.SCHEMA, name, revision.commit(), revision.dirty(), command(), 0,
                "kernel", started.toString(), ChronoUnit.MILLIS.between(started, Instant.now()) / 1000.0, complete,
                environment, List.of(), notes());
        return KernelBench.write(results(), info, measured, several);
    }
}
