package org.cowbench.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel}: the same scripts on real kernels. */
@Command(
        name = "kernel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            KernelLitmusCommand.class,
            KernelConformCommand.class,
            KernelIdentifyCommand.class,
            KernelDiffCommand.class,
            KernelCheckCommand.class,
            KernelBenchCommand.class,
            KernelTimelineCommand.class,
            KernelAppCommand.class,
            KernelBuildCommand.class,
            KernelPackCommand.class,
            KernelCowCommand.class
        },
        description = "Asks real kernels: emulated guests, or this machine.",
        footerHeading = "%nKernels:%n",
        footer = {
            "  'kernel litmus --cached 5.10,6.1' takes Debian's, which src/main/scripts/fetch-kernels.sh fetches,",
            "  'kernel litmus --deb FILE' a linux-image package,",
            "  'kernel litmus --image BZIMAGE [--modules DIR]' a kernel you built; the other commands too.",
            "  'kernel build' builds one from any source and patch, and prints where it is.",
            "  Working files are in the folder TMPDIR names, else in /tmp.",
            "",
            "Example: ./run-bench.sh kernel litmus --cached 5.10,6.1 --shipped",
            "",
            "Exit status: 0 done; 1 a script's expectation or a policy was violated, or a"
                    + " kernel crashed or hung; 2 usage, or a file that is not what its option takes;"
                    + " 3 this machine, or that kernel's configuration, lacks something."
        })
public final class KernelCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "what to ask? expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
