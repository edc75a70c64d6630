package org.cowbench.result;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What people call benchmarks that stand beside each other: {@code Class.method}, and as much more as tells them apart.
 * Names are given to all that are shown together at once, for a name that is short in one file may be two in the next.
 * They identify nothing: {@link MeasurementKey} does.
 */
public final class BenchmarkNames {

    private BenchmarkNames() {}

    /**
     * Names measurements without their parameters.
     *
     * @param all all that are shown together
     * @param modes whether the mode is named where a benchmark was measured in several
     * @return by key: the class and the method, with the package where two classes share a name, and in parentheses
     *     mode, threads and thread groups where the benchmark has several, such as {@code Map.get (ss, 4 threads)}
     */
    public static Map<MeasurementKey, String> of(Collection<MeasurementKey> all, boolean modes) {
        Map<String, Set<String>> fullNames = collect(all, key -> simple(key.benchmark()), MeasurementKey::benchmark);
        Map<String, Set<String>> allModes = collect(all, MeasurementKey::benchmark, MeasurementKey::mode);
        Map<String, Set<Integer>> threads = collect(all, MeasurementKey::benchmark, MeasurementKey::threads);
        Map<String, Set<String>> groups = collect(all, MeasurementKey::benchmark, MeasurementKey::threadGroups);
        Map<MeasurementKey, String> names = new LinkedHashMap<>();
        for (MeasurementKey key : all) {
            String full = key.benchmark();
            List<String> parts = new ArrayList<>();
            if (modes && several(allModes, full)) {
                parts.add(key.mode().isEmpty() ? "mode unknown" : key.mode());
            }
            if (several(threads, full)) {
                parts.add(threads(key.threads()));
            }
            if (several(groups, full)) {
                parts.add(key.threadGroups().isEmpty() ? "groups unknown" : "groups " + key.threadGroups());
            }
            String name = several(fullNames, simple(full)) ? full : simple(full);
            names.put(key, parts.isEmpty() ? name : name + " (" + String.join(", ", parts) + ")");
        }
        return names;
    }

    private static <T> boolean several(Map<String, Set<T>> values, String name) {
        return values.getOrDefault(name, Set.of()).size() > 1;
    }

    private static String threads(int threads) {
        return threads == 0 ? "threads unknown" : threads + (threads == 1 ? " thread" : " threads");
    }

    private static <T> Map<String, Set<T>> collect(
            Collection<MeasurementKey> all, Function<MeasurementKey, String> name, Function<MeasurementKey, T> value) {
        Map<String, Set<T>> values = new HashMap<>();
        all.forEach(key ->
                values.computeIfAbsent(name.apply(key), k -> new HashSet<>()).add(value.apply(key)));
        return values;
    }

    /**
     * The class and the method of a benchmark.
     *
     * @param full its full name
     * @return the name without its package
     */
    public static String simple(String full) {
        int method = full.lastIndexOf('.');
        int type = method < 0 ? -1 : full.lastIndexOf('.', method - 1);
        return full.substring(type + 1);
    }
}
