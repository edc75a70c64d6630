package org.cowbench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison.Difference;
import org.cowbench.compare.Comparison.Side;
import org.cowbench.policy.Policy;
import org.cowbench.result.Environment;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;

/** What the sides of a comparison are, and by which facts they differ that were not compared. */
final class Sides {
    /** Fact of the environment of a run that measured a kernel in an emulated machine: its release. */
    static final String KERNEL = "guest.kernel";

    /** What JMH's file says of the JVM; run.json says the same in other words. */
    private static final Set<String> JVM =
            Set.of("jmh.jdkVersion", "jmh.vmName", "jmh.vmVersion", "jmh.jvm", "jmh.jvmArgs");

    private Sides() {}

    /** Facts that differ only between machines. */
    private static boolean ofMachine(String key) {
        return key.equals("cpu.model")
                || key.equals("os.arch")
                || key.equals("memory.total")
                || key.equals("cpu.hypervisor")
                || key.startsWith("cpu.cache.");
    }

    /** The labels of two runs; two runs of one label by as much of their paths as tells them apart. */
    static String[] labels(ResultDirectory base, ResultDirectory head) {
        Path one = base.path().toAbsolutePath().normalize();
        Path other = head.path().toAbsolutePath().normalize();
        String[] labels = {base.label(), head.label()};
        for (int names = 2; labels[0].equals(labels[1]) && !one.equals(other); names++) {
            labels = new String[] {end(one, names), end(other, names)};
        }
        return labels;
    }

    private static String end(Path path, int names) {
        return path.subpath(Math.max(0, path.getNameCount() - names), path.getNameCount())
                .toString();
    }

    /** A part of a run as a side. */
    static Side side(ResultDirectory run, String label, RowFilter part) {
        return side(run, label, part.toString(), part);
    }

    /**
     * A run as a side: what is known about it, and which part of it is meant.
     *
     * @param what the part in words
     * @param part the same, as far as it can be said so
     */
    static Side side(ResultDirectory run, String label, String what, RowFilter part) {
        Optional<Policy> policy = part.only(Policy.PARAM).flatMap(id -> Arrays.stream(Policy.values())
                .filter(each -> each.id().equals(id))
                .findFirst());
        RunInfo info = run.info();
        DisturbedForks forks = DisturbedForks.of(info);
        return new Side(
                label,
                info.commit(),
                info.dirty(),
                info.suite(),
                info.started(),
                kernel(info.environment(), part),
                info.seed(),
                what,
                policy,
                forks.heard(),
                forks.disturbed(),
                facts(run));
    }

    private static SortedMap<String, String> facts(ResultDirectory run) {
        SortedMap<String, String> facts = new TreeMap<>(run.settings());
        facts.putAll(run.info().environment());
        return Collections.unmodifiableSortedMap(facts);
    }

    /** The kernel of the numbers; with several in one run it is the one that the side is about, if it is about one. */
    private static String kernel(Map<String, String> environment, RowFilter part) {
        if (environment.keySet().stream().anyMatch(key -> key.startsWith(KERNEL + "."))) {
            return part.only(Tag.KERNEL_PARAM)
                    .map(kernel -> environment.get(KERNEL + "." + kernel))
                    .orElse("");
        }
        return environment.getOrDefault(KERNEL, environment.getOrDefault("kernel.release", ""));
    }

    /** Facts of run.json where both have one; what JMH's files say of how they measured where both say it. */
    static List<Difference> differences(ResultDirectory base, ResultDirectory head) {
        Map<String, String> before = base.info().environment();
        Map<String, String> after = head.info().environment();
        boolean known = Stream.of(base, head)
                .allMatch(run ->
                        run.info().schema() > 0 && !run.info().environment().isEmpty());
        List<Difference> differences = new ArrayList<>();
        if (known) {
            Set<String> keys = new TreeSet<>(before.keySet());
            keys.addAll(after.keySet());
            keys.forEach(
                    key -> difference(key, before.getOrDefault(key, ""), after.getOrDefault(key, ""), differences));
        }
        base.settings().forEach((key, value) -> {
            if (head.settings().containsKey(key) && !(known && JVM.contains(key))) {
                difference(key, value, head.settings().get(key), differences);
            }
        });
        differences.sort(Comparator.comparing((Difference d) -> !d.machine()).thenComparing(Difference::key));
        return List.copyOf(differences);
    }

    private static void difference(String key, String before, String after, List<Difference> differences) {
        if (!Environment.fleeting(key) && !before.equals(after)) {
            differences.add(new Difference(key, before, after, ofMachine(key)));
        }
    }
}
