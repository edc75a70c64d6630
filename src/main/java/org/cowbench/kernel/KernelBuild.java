package org.cowbench.kernel;

import java.io.IOException;
import java.util.List;

/** Runs {@code build-kernel.sh}, which comes with the program, so that a kernel is built from any folder. */
public final class KernelBuild {
    private static final List<String> SCRIPTS =
            List.of("build-kernel.sh", "build-source.sh", "apt-private.sh", "patches-of.pl");

    private KernelBuild() {}

    /**
     * Builds, with this process's standard input, output and error.
     *
     * @param arguments those of the script
     * @return its exit status: 0 built, 1 a change does not apply or compile, 2 usage, 3 something is lacking, more if a
     *     signal ended it
     * @throws IOException if the script cannot be started
     * @throws InterruptedException if the thread is interrupted; the build is ended
     * @throws KernelException if no temporary folder can be made
     */
    public static int run(List<String> arguments) throws IOException, InterruptedException {
        return ShippedScript.run(SCRIPTS, arguments);
    }
}
