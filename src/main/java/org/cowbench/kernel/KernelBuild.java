package org.cowbench.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code build-kernel.sh}, which comes with the program, so that a kernel is built from any folder. */
public final class KernelBuild {
    private static final List<String> SCRIPTS =
            List.of("build-kernel.sh", "build-source.sh", "apt-private.sh", "patches-of.pl");
    /** Its make has five seconds to end. */
    private static final long END_SECONDS = 15;

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
        try (WorkFolder folder = new WorkFolder()) {
            for (String name : SCRIPTS) {
                try (InputStream script = KernelBuild.class.getResourceAsStream("/scripts/" + name)) {
                    Files.copy(script, folder.path().resolve(name));
                }
            }
            Path script = folder.path().resolve(SCRIPTS.getFirst());
            List<String> command = new ArrayList<>(List.of("sh", script.toString()));
            command.addAll(arguments);
            Process build = folder.own(new ProcessBuilder(command).inheritIO());
            // It puts its tree back when told to end, which takes it a moment.
            Thread end = new Thread(() -> end(build), "end of build");
            Runtime.getRuntime().addShutdownHook(end);
            try {
                int status = build.waitFor();
                Runtime.getRuntime().removeShutdownHook(end);
                return status;
            } catch (IllegalStateException shuttingDown) {
                return build.exitValue();
            } finally {
                end(build);
            }
        }
    }

    private static void end(Process build) {
        build.destroy();
        try {
            build.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
