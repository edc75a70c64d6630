package org.cowbench.cli;

import java.io.IOException;
import java.util.Map;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.LogFinding;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which kernels to measure accesses of, how many, and where the results go. */
public final class KernelMeasureMixin extends KernelBootsMixin {
    @Option(
            names = "--pages",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Pages of each measurement, up to " + KernelBench.MOST_PAGES + ". Default: ${DEFAULT-VALUE}."
                    + " Compare only figures of one N.")
    private int pages;

    @Option(
            names = "--boots",
            paramLabel = "N",
            defaultValue = "3",
            description = "Boots of each kernel, or forks on this machine. Default: ${DEFAULT-VALUE}.")
    private int boots;

    /** Made by the command line. */
    public KernelMeasureMixin() {}

    @Override
    int boots() {
        return boots;
    }

    @Override
    String begin() {
        if (pages < 1 || pages > KernelBench.MOST_PAGES) {
            throw new ParameterException(
                    spec().commandLine(), "--pages " + pages + "; expected 1 to " + KernelBench.MOST_PAGES);
        }
        return super.begin();
    }

    /**
     * Measures kernels, see {@link #measure(Work, String, Map, boolean, Report)}.
     *
     * @param name label of the result, or of each with the kernel's own behind it
     * @param kernels the kernels by label
     * @param together whether all go into one result
     * @param report shows what came out
     * @return the exit status
     * @throws IOException if the report cannot be written
     */
    int measure(String name, Map<String, KernelImage> kernels, boolean together, Report report) throws IOException {
        GuestOptions options = options(GuestOptions.bench(System.getenv(), pages));
        return measure(
                new Work<>(options, boots, 0, null, Map.of(), this::measureOne, KernelBench::save),
                name,
                kernels,
                together,
                report);
    }

    private KernelBench.Boot measureOne(String kernel, int boot, KernelSession session) {
        KernelBench.Boot one = KernelBench.measure(session, pages);
        noteLog(kernel, session);
        one.forEach((name, bench) -> bench.log().forEach(finding -> {
            report(
                    kernel,
                    name
                            + (finding.when() == LogFinding.When.BOOT
                                    ? ", while booting" + (finding.counts() ? "" : ", not about memory, not counted")
                                    : ""),
                    finding);
            if (finding.counts()) {
                found();
            }
        }));
        return one;
    }
}
