package org.cowbench.ab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.kernel.Guardian;
import org.cowbench.kernel.KernelException;
import org.cowbench.result.Revision;
import org.cowbench.result.Writable;

/** Builds commits, each in a worktree of its own; a jar once built is kept by the commit's id. */
public final class AbBuild {
    /** Names the sources as they lie there, committed or not. */
    public static final String HERE = ".";

    private static final int GIT_SAYS_NO = 1;
    private static final int SHORT = 10;
    private static final Pattern ESCAPE = Pattern.compile("\u001B\\[[0-9;]*[A-Za-z]");

    /** As Maven's compiler plugin writes it, {@code File.java:[12,5] error: text}, and as javac itself does. */
    private static final Pattern COMPILER = Pattern.compile("(\\S+\\.java):\\[?(\\d+)(?:,\\d+])?:?\\s+(.*)");

    private static final Predicate<String> IS_ERROR =
            Pattern.compile("ERROR|\\berror:|^fatal:").asPredicate();

    /** However this JVM ends, the worktree goes, and with it the build that may still be working in it. */
    private static final String WORKTREE = """
        make() {
            mkdir "$2" && git -C "$1" worktree add --quiet --detach --force "$2/source" "$3"
        }
        undo() {
            for link in /proc/[0-9]*/cwd; do
                case $(readlink "$link") in
                    "$2"/*) pid=${link#/proc/}; kill -9 "${pid%/cwd}" ;;
                esac
            done 2>/dev/null
            git -C "$1" worktree remove --force "$2/source" >/dev/null 2>&1
            for again in 1 2 3 4 5; do
                rm -rf "$2" 2>/dev/null && return
                sleep 1 # What was killed may not have ended yet.
            done
        }
        """;

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
        this.home = home;
        this.cache = home.resolve("target").resolve("ab");
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
            if (revision.equals(HERE)) {
                Path jar = home.resolve("target").resolve("benchmarks.jar");
                if (!Files.exists(jar)) {
                    throw new AbException(jar + " is not there; call ab through run-bench.sh, which builds it");
                }
                return new Built(jar, Revision.of(home));
            }
            String commit =
                    commit(revision).orElseThrow(() -> new AbException("git knows no commit '" + revision + "'"));
            Path jar = cache.resolve(commit + ".jar");
            if (!Files.exists(jar)) {
                Files.createDirectories(cache);
                build(commit, revision, jar);
            }
            return new Built(jar, new Revision(commit, false));
        } catch (IOException e) {
            throw new AbException("cannot write below " + cache + ": " + e.getMessage(), e);
        }
    }

    /**
     * Insists that a revision can be built here, or is built already.
     *
     * @param revision anything git resolves to a commit, or {@link #HERE}
     * @throws org.cowbench.result.ResultStorageException when the place of builds cannot be written
     * @throws InterruptedException when interrupted while asking git
     */
    public void demandPlace(String revision) throws InterruptedException {
        Optional<String> commit = revision.equals(HERE) ? Optional.empty() : commit(revision);
        if (commit.isPresent() && !Files.exists(cache.resolve(commit.get() + ".jar"))) {
            Writable.demand(cache, "commits are built there: make it writable, or clone the repository to where it is");
        }
    }

    /**
     * Resolves a revision without building it.
     *
     * @param revision anything git resolves to a commit
     * @return the commit's full id; empty when git knows no such commit
     * @throws AbException when git cannot be asked
     * @throws InterruptedException when interrupted while asking
     */
    public Optional<String> commit(String revision) throws InterruptedException {
        try {
            Process git = new ProcessBuilder(
                            "git",
                            "-C",
                            home.toAbsolutePath().toString(),
                            "rev-parse",
                            "--verify",
                            "--quiet",
                            "--end-of-options",
                            revision + "^{commit}")
                    .redirectErrorStream(true)
                    .start();
            git.getOutputStream().close();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = git.waitFor();
            if (status != 0 && status != GIT_SAYS_NO) {
                throw new AbException("git cannot be asked for commits: " + said);
            }
            return Optional.of(said).filter(commit -> commit.matches("[0-9a-f]{40,64}"));
        } catch (IOException e) {
            throw new AbException("cannot run git: " + e.getMessage() + "; install it (Debian: apt install git)", e);
        }
    }

    private void build(String commit, String revision, Path jar) throws IOException, InterruptedException {
        progress.accept("building " + revision + " (" + commit.substring(0, SHORT) + ")");
        Path place = cache.toAbsolutePath()
                .resolve("tree-" + commit.substring(0, SHORT) + "-"
                        + ProcessHandle.current().pid());
        Path tree = place.resolve("source");
        try (Guardian _ = Guardian.make(
                WORKTREE,
                "checking " + revision + " out",
                home.toAbsolutePath().toString(),
                place.toString(),
                commit)) {
            Path script = tree.resolve("run-bench.sh");
            if (!Files.isExecutable(script)) {
                throw new AbException(revision + " has no run-bench.sh that builds it; it is too old for ab");
            }
            // The commit's own script: how it is built is its own affair.
            Path log = cache.resolve("build-" + commit.substring(0, SHORT) + ".log");
            if (JarRunner.execute(tree, List.of(script.toString(), "list"), log) != 0) {
                throw new AbException(revision + " does not build: " + firstError(log, tree) + "; all of it: " + log);
            }
            Files.delete(log);
            Path built = tree.resolve("target").resolve("benchmarks.jar");
            if (!Files.exists(built)) {
                throw new AbException(revision + " builds no target/benchmarks.jar; it is too old for ab");
            }
            Path temporary = cache.resolve("." + commit + ".tmp");
            Files.copy(built, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
        } catch (KernelException e) {
            throw new AbException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What the compiler found first, with its place; else the first line that calls itself an error; else the last. */
    private static String firstError(Path log, Path tree) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .map(line -> ESCAPE.matcher(line).replaceAll("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        // Where warnings are errors, there may be no error with a place.
        for (List<String> candidates : List.of(lines.stream().filter(IS_ERROR).toList(), lines)) {
            for (String line : candidates) {
                Matcher found = COMPILER.matcher(line);
                if (found.find()) {
                    return found.group(1).replace(tree + "/", "") + ":" + found.group(2) + ": " + found.group(3);
                }
            }
        }
        return lines.stream()
                .filter(IS_ERROR.and(line -> !line.contains("COMPILATION ERROR")))
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    }
}
