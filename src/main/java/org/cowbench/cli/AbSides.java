package org.cowbench.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.cowbench.ab.AbBuild;
import org.cowbench.ab.AbPlan;
import org.jspecify.annotations.Nullable;

/** The sides of a session before they are built. */
final class AbSides {

    private AbSides() {}

    /**
     * A side. Each has a copy of its jar, the control too: whatever a file's place does to it, is then seen.
     *
     * @param name of the side
     * @param revision what is built for it
     * @param jar name of its jar
     * @param verb the command that its jar is given
     */
    record Wanted(String name, String revision, String jar, List<String> verb) {}

    /**
     * Two kernels.
     *
     * @param images base and head
     * @param app the program that is run on them; null for {@code kernel bench}
     * @param control whether the base is measured a second time
     */
    static List<Wanted> kernels(List<Path> images, @Nullable String app, boolean control) {
        return sides(images, control, (name, image) -> kernel(name, image, app));
    }

    private static <T> List<Wanted> sides(List<T> pair, boolean control, BiFunction<String, T, Wanted> side) {
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(side.apply(AbPlan.BASE, pair.get(0)));
        wanted.add(side.apply(AbPlan.HEAD, pair.get(1)));
        if (control) {
            wanted.add(side.apply(AbPlan.CONTROL, pair.get(0)));
        }
        return wanted;
    }

    private static Wanted kernel(String name, Path image, @Nullable String app) {
        List<String> verb = new ArrayList<>(app == null ? List.of("kernel", "bench") : AbPlan.app(app));
        verb.addAll(List.of("--image", image.toAbsolutePath().toString(), "--boots", "1"));
        return new Wanted(name, AbBuild.HERE, name + ".jar", verb);
    }

    /** Two commits. */
    static List<Wanted> commits(List<String> revisions, @Nullable String timing, boolean control) {
        return sides(revisions, control, (name, revision) -> commit(name, revision, timing));
    }

    /** A commit, copies of it, and two that are slowed down. */
    static List<Wanted> study(String revision, int copies, @Nullable String timing) {
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(commit(AbPlan.BASE, revision, timing));
        for (int copy = 1; copy <= copies; copy++) {
            Wanted side = commit("copy" + copy, revision, timing);
            // The names of jars move objects in a fork's Java heap, as other classes of another commit would.
            wanted.add(new Wanted(side.name(), revision, "x".repeat(copy) + side.jar(), side.verb()));
        }
        wanted.add(commit("slower3", revision, timing, "--plant", "3"));
        wanted.add(commit("slower1", revision, timing, "--plant", "1"));
        return wanted;
    }

    private static Wanted commit(String name, String revision, @Nullable String timing, String... options) {
        List<String> verb = new ArrayList<>(List.of(AbPlan.RUN, "--forks", "1", "--no-plots"));
        if (timing != null) {
            verb.addAll(List.of(AbCommand.TIMING, timing));
        }
        verb.addAll(List.of(options));
        return new Wanted(name, revision, name + ".jar", verb);
    }
}
