package org.cowbench.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * Two kernels, or why there are none.
     *
     * @param status as of {@link #run}
     * @param base the source as it is; null where the status is not 0
     * @param head the source with the changes; null likewise
     */
    public record Pair(
            int status, @Nullable Path base, @Nullable Path head) {}

    /**
     * Builds a source as it is and with changes; the script says on standard error how far it is and what is wrong.
     *
     * @param arguments those of the script, without {@code --pair}
     * @return the kernels
     * @throws IOException if the script cannot be started
     * @throws InterruptedException if the thread is interrupted; the build is ended
     * @throws KernelException if no temporary folder can be made
     */
    public static Pair pair(List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(arguments);
        all.add("--pair");
        List<Path> images = new ArrayList<>();
        int status = ShippedScript.run(SCRIPTS, all, output -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
                lines.lines().map(Path::of).forEach(images::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (status != 0) {
            return new Pair(status, null, null);
        }
        if (images.size() != 2) {
            throw new IllegalStateException("build-kernel.sh --pair printed " + images.size() + " paths");
        }
        return new Pair(status, images.getFirst(), images.getLast());
    }
}
