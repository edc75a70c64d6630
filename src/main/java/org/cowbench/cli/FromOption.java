package org.cowbench.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.RecordedKernel;
import org.cowbench.litmus.Script;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --from}: a kernel that was asked elsewhere. */
final class FromOption {
    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Instead of a kernel and scripts: what run.sh of a 'kernel pack' printed, or a log that holds it."
                        + " Nothing is run again, so nothing is shrunk, and what a kernel could not do is left out.")
    private @Nullable Path file;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private @Nullable RecordedKernel recorded;

    /** Whether there is one. */
    boolean given() {
        return file != null;
    }

    /**
     * The scripts and the kernel, in place of those of the other options.
     *
     * @param which those kernels, none of which may be named
     * @param scripts those scripts, of which there may be none
     * @return the scripts that were run there
     */
    List<Script> scripts(KernelMixin which, List<Script> scripts) {
        if (!scripts.isEmpty() || !which.targets().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--from has its own kernel and scripts: name no others");
        }
        return recorded().scripts();
    }

    /**
     * The kernel.
     *
     * @param which the kernels of the other options
     * @return the one of the file by its release; without a file the others
     */
    Map<String, KernelTarget> targets(KernelMixin which) {
        return given() ? Map.of(recorded().release(), recorded()) : which.targets();
    }

    private RecordedKernel recorded() {
        if (recorded == null) {
            recorded = new RecordedKernel(Objects.requireNonNull(file));
        }
        return recorded;
    }
}
