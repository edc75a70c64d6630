package org.cowbench.cli;

import org.cowbench.kernel.GuestOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** On how many virtual CPUs scripts run. */
public final class SmpOption {
    private static final int MOST = 2;

    @Option(
            names = "--smp",
            paramLabel = "1|2",
            defaultValue = "1",
            description =
                    "Virtual CPUs of a guest. With 2, memory is accessed on one while entries change on the other,"
                            + " so that a missing TLB flush shows. Default: ${DEFAULT-VALUE}.")
    private int cpus;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public SmpOption() {}

    /**
     * On how many, for a report.
     *
     * @return {@code " on 2 CPUs"}, or the empty string for one
     */
    String words() {
        return cpus == 1 ? "" : " on " + cpus + " CPUs";
    }

    /**
     * The options of guests, with the CPUs wanted.
     *
     * @param which the kernels, and how they are run
     * @param base what the command starts from
     * @return the same with what the user changed
     */
    GuestOptions options(KernelMixin which, GuestOptions base) {
        if (cpus < 1 || cpus > MOST) {
            throw new ParameterException(spec.commandLine(), "--smp " + cpus + "; expected 1 or " + MOST);
        }
        if (cpus > 1 && which.host()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--smp is for guests: on this machine other programs run on the second CPU between two steps, and"
                            + " what a missing flush leaves there is gone; leave out --smp or --host");
        }
        return which.options(base).withCpus(cpus);
    }
}
