package org.cowbench.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one measurement of several of the same thing in one file, as when the results of runs were joined, and says so
 * once a file, however many there are.
 *
 * <p>A run of one fork is a fork, so runs of one fork that were made alike are the forks of one measurement. Runs of
 * several forks are not: what differs between the runs would count as if it differed between forks. Nor are runs of a
 * group, for JMH does not write how its threads were shared out.
 */
final class RepeatedRuns {
    private static final int MOST_NAMES = 3;

    private final List<String> joined = new ArrayList<>();
    private final List<String> reduced = new ArrayList<>();
    private int leftOut;

    /**
     * Makes one of several.
     *
     * @param runs at least one, with one key, in the order of the file
     * @param alike whether the file says the same of how they were measured
     * @return all of them as forks of one, or the first
     */
    Measurement one(List<Measurement> runs, boolean alike) {
        Measurement first = runs.getFirst();
        if (runs.size() == 1) {
            return first;
        }
        if (alike && runs.stream().allMatch(run -> single(run) && run.unit().equals(first.unit()))) {
            joined.add(first.benchmark() + " " + runs.size() + " times");
            return join(runs);
        }
        leftOut += runs.size() - 1;
        reduced.add(first.benchmark() + " " + runs.size() + " times");
        return first;
    }

    private static boolean single(Measurement run) {
        boolean group = run.secondary().values().stream()
                .anyMatch(metric -> metric.unit().equals(run.unit()) && metric.percentile() == Metric.Percentile.NONE);
        return run.forks() == 1 && run.raw().length == 1 && !group;
    }

    private static Measurement join(List<Measurement> runs) {
        Measurement first = runs.getFirst();
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.secondary().keySet()));
        Map<String, Metric> secondary = new LinkedHashMap<>();
        for (String name : names) {
            List<Metric> given = runs.stream()
                    .map(run -> run.secondary().get(name))
                    .filter(m -> m != null)
                    .toList();
            // Not of one kind: then it is nowhere, which is said where metrics of two files are compared.
            if (given.stream()
                            .map(m -> m.unit() + " " + m.percentile())
                            .distinct()
                            .count()
                    == 1) {
                double[][] raw = runs.stream()
                        .map(run -> run.secondary().get(name))
                        .map(metric -> metric == null || metric.raw().length != 1 ? new double[0] : metric.raw()[0])
                        .toArray(double[][]::new);
                secondary.put(
                        name,
                        new Metric(
                                given.getFirst().unit(), raw, given.getFirst().percentile()));
            }
        }
        return new Measurement(
                first.benchmark(),
                first.key(),
                runs.size(),
                first.unit(),
                runs.stream().map(run -> run.raw()[0]).toArray(double[][]::new),
                secondary);
    }

    /** What to know, one line each; empty when nothing was there twice. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!joined.isEmpty()) {
            notes.add(count(joined) + " in the file more than once, each time of one fork and measured alike; the runs"
                    + " are taken as its forks: " + some(joined));
        }
        if (!reduced.isEmpty()) {
            notes.add(count(reduced) + " in the file more than once, and the runs cannot be taken as forks of one; the"
                    + " first is taken, " + leftOut + (leftOut == 1 ? " entry is" : " entries are") + " left out: "
                    + some(reduced) + ". Give each run as a file of its own");
        }
        return notes;
    }

    private static String count(List<String> names) {
        return names.size() == 1 ? "1 benchmark is" : names.size() + " benchmarks are";
    }

    static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }
}
