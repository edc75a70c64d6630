package org.cowbench.ab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.cowbench.result.Revision;

/** Builds commits, each in a worktree of its own; a jar once built is kept by the commit's id. */
public final class AbBuild {
    /** Names the sources as they lie there, committed or not. */
    public static final String HERE = ".";

    private final Path home;
    private final Path cache;
    private final Consumer<String> progress;

    /**
     * A jar with what it was built from.
     *
     * @param jar the file
     * @param revision its commit
     */
    public record Built(Path jar, Revision revision) {}

    /**
     * Prepares building.
     *
     * @param home the project's directory
     * @param progress told one line before each build
     */
    public AbBuild(Path home, Consumer<String> progress) {
        this.home = home.toAbsolutePath().normalize();
        this.cache = this.home.resolve("target").resolve("ab");
        this.progress = progress;
    }

    /**
     * Builds a revision.
     *
     * @param revision anything git resolves to a commit, or {@link #HERE}
     * @return its jar
     * @throws AbException when git knows no such commit or it does not build
     * @throws InterruptedException when interrupted while building
     */
    public Built build(String revision) throws InterruptedException {
        try {
            Files.createDirectories(cache);
            if (revision.equals(HERE)) {
                Path jar = home.resolve("target").resolve("benchmarks.jar");
                if (!Files.exists(jar)) {
                    throw new AbException(jar + " is not there; call ab through run-bench.sh, which builds it");
                }
                return new Built(jar, Revision.of(home));
            }
            String commit = commit(revision);
            Path jar = cache.resolve(commit + ".jar");
            if (!Files.exists(jar)) {
                build(commit, revision, jar);
            }
            return new Built(jar, new Revision(commit, false));
        } catch (IOException e) {
            throw new AbException("cannot write below " + cache + ": " + e.getMessage(), e);
        }
    }

    /**
     * Resolves a revision without building it.
     *
     * @param revision anything git resolves to a commit
     * @return the commit's full id
     * @throws AbException when git knows no such commit
     * @throws InterruptedException when interrupted while asking
     */
    public String commit(String revision) throws InterruptedException {
        Output output = execute(home, List.of("git", "rev-parse", "--verify", "--quiet", "--end-of-options",
                revision + "^{commit}"));
        String commit = output.text().strip();
        if (output.status() != 0 || !commit.matches("[0-9a-f]{40,64}")) {
            throw new AbException("git knows no commit '" + revision + "' in " + home);
        }
        return commit;
    }

    private void build(String commit, String revision, Path jar) throws IOException, InterruptedException {
        progress.accept("building " + revision + " (" + commit.substring(0, 10) + ")");
        Path tree = Files.createTempDirectory(cache, "tree-").resolve("source");
        try {
            require(execute(home, List.of("git", "worktree", "add", "--detach", "--force", tree.toString(), commit)),
                    "git cannot check out " + revision);
            // The commit's own script: how it is built is its own affair.
            require(execute(tree, List.of("./run-bench.sh", "list")), revision + " does not build");
            Path built = tree.resolve("target").resolve("benchmarks.jar");
            if (!Files.exists(built)) {
                throw new AbException(revision + " builds no target/benchmarks.jar; it is too old for ab");
            }
            Path temporary = cache.resolve("." + commit + ".tmp");
            Files.copy(built, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            execute(home, List.of("git", "worktree", "remove", "--force", tree.toString()));
            Files.deleteIfExists(tree.getParent());
        }
    }

    private static void require(Output output, String failure) {
        if (output.status() != 0) {
            List<String> lines = output.text().lines().filter(line -> !line.isBlank()).toList();
            String first = lines.stream().filter(line -> line.contains("ERROR") || line.startsWith("fatal"))
                    .findFirst().orElse(lines.isEmpty() ? "no message" : lines.getLast());
            throw new AbException(failure + ": " + first.strip());
        }
    }

    private record Output(int status, String text) {}

    private Output execute(Path directory, List<String> command) throws InterruptedException {
        Path log = cache.resolve("build.log");
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .directory(directory.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            int status;
            try {
                status = process.waitFor();
            } finally {
                process.destroy();
            }
            return new Output(status, new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AbException("cannot run " + command.getFirst() + ": " + e.getMessage()
                    + "; install it (Debian: apt install git maven)", e);
        } catch (UncheckedIOException e) {
            throw new AbException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }
}
