package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cowbench.result.MeasurementKey;
import org.jspecify.annotations.Nullable;

/**
 * Which measurements of the two sides are the same thing, and which have no partner.
 *
 * @param pairs what is in both, in the order of the base's file
 * @param onlyBase tags of what only the base has
 * @param onlyHead tags of what only the head has
 * @param warnings where a partner was found that is not the same to the letter
 */
record Matching(List<Pair> pairs, List<String> onlyBase, List<String> onlyHead, List<Warning> warnings) {

    /**
     * Two measurements of the same thing.
     *
     * @param base that of the base
     * @param head that of the head
     */
    record Pair(Series base, Series head) {}

    /** Matches two runs by what was measured. */
    static Matching of(List<Series> baseSeries, List<Series> headSeries, SeriesNames names) {
        Map<MeasurementKey, Series> base = index(baseSeries);
        Map<MeasurementKey, Series> head = index(headSeries);
        List<Warning> warnings = new ArrayList<>();
        Map<MeasurementKey, Series> others = likely(
                baseSeries.stream()
                        .filter(series -> !head.containsKey(series.key()))
                        .toList(),
                headSeries.stream()
                        .filter(series -> !base.containsKey(series.key()))
                        .toList(),
                names,
                warnings);
        List<Pair> pairs = new ArrayList<>();
        List<String> onlyBase = new ArrayList<>();
        Set<Series> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        base.forEach((key, series) -> {
            Series other = head.getOrDefault(key, others.get(key));
            if (other == null) {
                onlyBase.add(names.tag(series));
            } else {
                taken.add(other);
                pairs.add(new Pair(series, other));
            }
        });
        List<String> onlyHead = headSeries.stream()
                .filter(series -> !taken.contains(series))
                .map(names::tag)
                .toList();
        return new Matching(pairs, onlyBase, onlyHead, warnings);
    }

    /** Matches measurements of one run that differ in one parameter only. */
    static Matching within(Map<MeasurementKey, Series> bases, List<Series> heads, String param, SeriesNames names) {
        List<Pair> pairs = new ArrayList<>();
        List<String> onlyHead = new ArrayList<>();
        for (Series series : heads) {
            Series base = bases.get(series.key().without(param));
            if (base == null) {
                onlyHead.add(names.tag(series));
            } else {
                pairs.add(new Pair(base, series));
            }
        }
        return new Matching(pairs, List.of(), onlyHead, List.of());
    }

    /** What only one side has. */
    List<Warning> alone() {
        List<Warning> alone = new ArrayList<>();
        if (!onlyBase.isEmpty()) {
            alone.add(new Warning.Only(Warning.Of.BASE, List.copyOf(onlyBase)));
        }
        if (!onlyHead.isEmpty()) {
            alone.add(new Warning.Only(Warning.Of.HEAD, List.copyOf(onlyHead)));
        }
        return alone;
    }

    /** A file holds each key once: what it holds twice was made one when it was read. */
    private static Map<MeasurementKey, Series> index(List<Series> all) {
        Map<MeasurementKey, Series> index = new LinkedHashMap<>();
        all.forEach(series -> index.put(series.key(), series));
        return index;
    }

    /**
     * What is the same for all that the files say, though its key is not: a parameter that has another name but the
     * same values, and a mode or threads that one file does not tell. Only where there is one such partner.
     */
    private static Map<MeasurementKey, Series> likely(
            List<Series> base, List<Series> head, SeriesNames names, List<Warning> warnings) {
        Map<List<Object>, List<Series>> byValues = new HashMap<>();
        head.forEach(series -> byValues.computeIfAbsent(values(series), key -> new ArrayList<>())
                .add(series));
        IdentityHashMap<Series, Integer> wanted = new IdentityHashMap<>();
        Map<MeasurementKey, Series> pairs = new LinkedHashMap<>();
        for (Series series : base) {
            List<Series> fitting = byValues.getOrDefault(values(series), List.of()).stream()
                    .filter(other -> series.key().agrees(other.key()))
                    .filter(other -> sameParams(series, other) || otherName(series, other) != null)
                    .toList();
            if (fitting.size() == 1) {
                pairs.put(series.key(), fitting.getFirst());
            }
            fitting.forEach(other -> wanted.merge(other, 1, Integer::sum));
        }
        pairs.values().removeIf(other -> wanted.getOrDefault(other, 0) > 1);
        warn(base, pairs, names, warnings);
        return pairs;
    }

    private static void warn(
            List<Series> base, Map<MeasurementKey, Series> pairs, SeriesNames names, List<Warning> warnings) {
        Map<Renaming, Set<String>> renamed = new LinkedHashMap<>();
        Set<String> untold = new LinkedHashSet<>();
        for (Series series : base) {
            Series other = pairs.get(series.key());
            if (other == null) {
                continue;
            }
            Set<String> of = sameParams(series, other)
                    ? untold
                    : renamed.computeIfAbsent(otherName(series, other), renaming -> new LinkedHashSet<>());
            of.add(names.name(series));
        }
        renamed.forEach(
                (renaming, of) -> warnings.add(new Warning.Renamed(renaming.from, renaming.to, List.copyOf(of))));
        if (!untold.isEmpty()) {
            warnings.add(new Warning.Untold(List.copyOf(untold)));
        }
    }

    private static boolean sameParams(Series base, Series head) {
        return base.key().params().equals(head.key().params());
    }

    /** The benchmark and the sorted values of all parameters. */
    private static List<Object> values(Series series) {
        return List.of(
                series.key().benchmark(),
                series.key().params().values().stream().sorted().toList());
    }

    private record Renaming(String from, String to) {}

    /** The two names of the one parameter by which two parameter sets differ, null when they differ otherwise. */
    private static @Nullable Renaming otherName(Series base, Series head) {
        Map<String, String> a = new LinkedHashMap<>(base.measurement().params());
        Map<String, String> b = new LinkedHashMap<>(head.measurement().params());
        a.entrySet().removeAll(head.measurement().params().entrySet());
        b.entrySet().removeAll(base.measurement().params().entrySet());
        if (a.size() != 1 || b.size() != 1) {
            return null;
        }
        String from = a.keySet().iterator().next();
        String to = b.keySet().iterator().next();
        boolean sameValue = Objects.equals(a.get(from), b.get(to));
        return sameValue && !head.measurement().params().containsKey(from) ? new Renaming(from, to) : null;
    }
}
