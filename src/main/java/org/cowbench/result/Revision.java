package org.cowbench.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The state of the sources that were measured.
 *
 * @param commit full commit id, empty when the directory is no git checkout or git is absent
 * @param dirty whether files that take part in the build differ from the commit
 */
public record Revision(String commit, boolean dirty) {
    private static final int SHORT = 10;
    private static final long GIT_SECONDS = 20;

    /**
     * Asks git about a checkout.
     *
     * @param checkout a directory inside the checkout
     * @return its revision; the commit is empty when git cannot tell
     */
    public static Revision of(Path checkout) {
        Optional<String> commit = git(checkout, "rev-parse", "HEAD");
        // Results and plots are not part of what is measured; everything that is built or runs the build is.
        boolean dirty = commit.isPresent()
                && git(checkout, "status", "--porcelain", "--", "pom.xml", "run-bench.sh", "src")
                        .map(changes -> !changes.isEmpty())
                        .orElse(false);
        return new Revision(commit.orElse(""), dirty);
    }

    /**
     * Returns the commit as labels show it.
     *
     * @return the first ten digits, or {@code nocommit}
     */
    public String shortCommit() {
        return commit.isEmpty() ? "nocommit" : commit.substring(0, Math.min(SHORT, commit.length()));
    }

    private static Optional<String> git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
