package org.cowbench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads JMH's JSON, of this project or any other. */
final class JmhJson {

    /** What a file says of how it was measured. */
    private static final List<String> SETTINGS = List.of(
            "jmhVersion",
            "jdkVersion",
            "vmName",
            "vmVersion",
            "jvm",
            "jvmArgs",
            "threads",
            "warmupIterations",
            "warmupTime",
            "warmupBatchSize",
            "measurementIterations",
            "measurementTime",
            "measurementBatchSize");

    private static final String HISTOGRAM = "rawDataHistogram";

    /** Mode in which JMH times single operations and keeps every time. */
    private static final String SAMPLE = "sample";

    /** The percentiles that JMH takes in mode sample, by the names it gives them. */
    private static final Map<String, Double> PERCENTILES = new LinkedHashMap<>();

    static {
        double[] fractions = {0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 1};
        List<String> names = List.of("p0.00", "p0.50", "p0.90", "p0.95", "p0.99", "p0.999", "p0.9999", "p1.00");
        for (int i = 0; i < fractions.length; i++) {
            PERCENTILES.put(names.get(i), fractions[i]);
        }
    }

    /**
     * A file.
     *
     * @param measurements in the order of the file
     * @param settings how they were measured, by JMH's names after {@code jmh.}; where benchmarks differ, every value
     *     once
     * @param notes what to know of how the file was read, one line each
     */
    record Content(List<Measurement> measurements, SortedMap<String, String> settings, List<String> notes) {}

    private JmhJson() {}

    static Content read(Path file) {
        List<JsonNode> root = JmhInput.entries(file);
        Map<MeasurementKey, List<JsonNode>> byKey = new LinkedHashMap<>();
        root.forEach(run ->
                byKey.computeIfAbsent(key(run, file), key -> new ArrayList<>()).add(run));
        Map<MeasurementKey, String> names = BenchmarkNames.of(byKey.keySet(), false);
        RepeatedRuns repeated = new RepeatedRuns();
        List<Measurement> measurements = new ArrayList<>();
        byKey.forEach((key, runs) -> measurements.add(repeated.one(
                runs.stream()
                        .map(run -> measurement(run, Objects.requireNonNull(names.get(key)), key, file))
                        .toList(),
                alike(runs))));
        List<String> notes = new ArrayList<>(repeated.notes());
        List<String> unknown = measurements.stream()
                .filter(JmhJson::samplesMissing)
                .map(Measurement::benchmark)
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            notes.add("the file does not hold all samples (rawDataHistogram) of " + unknown.size()
                    + (unknown.size() == 1 ? " benchmark" : " benchmarks") + " of mode sample: percentiles without them"
                    + " are means of those of single iterations, not the forks' own: " + RepeatedRuns.some(unknown));
        }
        return new Content(List.copyOf(measurements), settings(root), List.copyOf(notes));
    }

    /** Whether percentiles of forks are unknown: of all operations, or of a method of a group. */
    private static boolean samplesMissing(Measurement measurement) {
        return measurement.mode().equals(SAMPLE)
                && (measurement.secondary().isEmpty()
                        || measurement.secondary().values().stream()
                                .anyMatch(metric -> metric.percentile() == Metric.Percentile.OF_ITERATIONS));
    }

    /** Whether entries say the same of how they were measured. */
    private static boolean alike(List<JsonNode> runs) {
        return runs.size() == 1
                || runs.stream().map(run -> settings(List.of(run))).distinct().count() == 1;
    }

    private static SortedMap<String, String> settings(List<JsonNode> root) {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String name : SETTINGS) {
            Set<String> values = new LinkedHashSet<>();
            for (JsonNode run : root) {
                List<String> words = new ArrayList<>();
                JsonNode value = run.path(name);
                (value.isArray() ? value : List.of(value)).forEach(word -> words.add(word.asText("")));
                values.add(String.join(" ", words));
            }
            values.remove("");
            if (!values.isEmpty()) {
                settings.put("jmh." + name, String.join(", ", values));
            }
        }
        return Collections.unmodifiableSortedMap(settings);
    }

    private static MeasurementKey key(JsonNode run, Path file) {
        Map<String, String> params = new LinkedHashMap<>();
        run.path("params")
                .properties()
                .forEach(entry -> params.put(entry.getKey(), entry.getValue().asText()));
        List<String> groups = new ArrayList<>();
        run.path("threadGroups").forEach(group -> groups.add(group.asText()));
        return new MeasurementKey(
                text(run, "benchmark", file),
                run.path("mode").asText(""),
                run.path("threads").asInt(0),
                groups.size() > 1 ? String.join(":", groups) : "",
                params);
    }

    private static Measurement measurement(JsonNode run, String name, MeasurementKey key, Path file) {
        JsonNode primary = run.path("primaryMetric");
        if (!primary.isObject()) {
            throw new ResultException(
                    file + " is JSON but not JMH's: the benchmark " + key.benchmark() + " has no primaryMetric");
        }
        Place place = new Place(file, key.benchmark());
        String unit = primary.path("scoreUnit").asText("");
        Map<String, Metric> secondary = new LinkedHashMap<>();
        run.path("secondaryMetrics").properties().forEach(entry -> {
            JsonNode metric = entry.getValue();
            // Of a group, a percentile is named after its method: get:p0.99.
            String last = entry.getKey().substring(entry.getKey().lastIndexOf(':') + 1);
            boolean percentile = key.mode().equals(SAMPLE) && PERCENTILES.containsKey(last);
            secondary.put(
                    entry.getKey(),
                    new Metric(
                            metric.path("scoreUnit").asText(""),
                            raw(metric, place),
                            percentile ? Metric.Percentile.OF_ITERATIONS : Metric.Percentile.NONE));
        });
        if (given(primary, HISTOGRAM)) {
            secondary.putAll(percentiles(primary.get(HISTOGRAM), unit, place));
        }
        return new Measurement(name, key, run.path("forks").asInt(1), unit, raw(primary, place), secondary);
    }

    /** Where a value stands. */
    private record Place(Path file, String benchmark) {

        ResultException wrong(String what) {
            return new ResultException(file + " is JSON but not JMH's: " + benchmark + ": " + what);
        }
    }

    private static boolean given(JsonNode metric, String field) {
        return metric.has(field) && !metric.get(field).isNull();
    }

    private static double[][] raw(JsonNode metric, Place place) {
        if (given(metric, "rawData")) {
            return table(metric.get("rawData"), JmhJson::number, place);
        }
        if (given(metric, HISTOGRAM)) {
            return table(
                    metric.get(HISTOGRAM),
                    (iteration, where) -> Samples.of(iteration, where).mean(),
                    place);
        }
        // Written with raw data switched off: all that is left is one number.
        return new double[][] {{number(metric.path("score"), place)}};
    }

    /** The percentiles of each fork over all its samples: those of its iterations have no mean that is one. */
    private static Map<String, Metric> percentiles(JsonNode forks, String unit, Place place) {
        double[][][] values = new double[PERCENTILES.size()][forks.size()][];
        for (int f = 0; f < forks.size(); f++) {
            Samples samples = new Samples();
            forks.get(f).forEach(iteration -> samples.add(iteration, place));
            int p = 0;
            for (double fraction : PERCENTILES.values()) {
                values[p++][f] = samples.isEmpty() ? new double[0] : new double[] {samples.percentile(fraction)};
            }
        }
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int p = 0;
        for (String name : PERCENTILES.keySet()) {
            metrics.put(name, new Metric(unit, values[p++], Metric.Percentile.OF_FORKS));
        }
        return metrics;
    }

    /** What JMH keeps in mode sample: how often each value was seen. */
    private static final class Samples {
        private final SortedMap<Double, Long> counts = new TreeMap<>();

        static Samples of(JsonNode iteration, Place place) {
            Samples samples = new Samples();
            samples.add(iteration, place);
            return samples;
        }

        /** Adds the samples of an iteration, a list of {@code [value, count]}. */
        void add(JsonNode iteration, Place place) {
            for (JsonNode pair : iteration) {
                double value = number(pair.path(0), place);
                long count = pair.path(1).asLong(0);
                if (count > 0 && Double.isFinite(value)) {
                    counts.merge(value, count, Long::sum);
                }
            }
        }

        boolean isEmpty() {
            return counts.isEmpty();
        }

        double mean() {
            double sum = 0;
            long count = 0;
            for (Map.Entry<Double, Long> entry : counts.entrySet()) {
                sum += entry.getKey() * entry.getValue();
                count += entry.getValue();
            }
            return sum / count;
        }

        /** The least value that is not exceeded by so large a part of the samples. */
        double percentile(double fraction) {
            long total = counts.values().stream().mapToLong(Long::longValue).sum();
            // Fractions are decimals such as 0.9, so their product is rounded before it decides.
            long rank = Math.max(1, (long) Math.ceil(fraction * total * (1 - 1e-12)));
            long below = 0;
            for (Map.Entry<Double, Long> entry : counts.entrySet()) {
                below += entry.getValue();
                if (below >= rank) {
                    return entry.getKey();
                }
            }
            return counts.lastKey();
        }
    }

    /** Reads one iteration. */
    @FunctionalInterface
    private interface Cell {
        double read(JsonNode node, Place place);
    }

    private static double[][] table(JsonNode forks, Cell cell, Place place) {
        double[][] table = new double[forks.size()][];
        for (int f = 0; f < table.length; f++) {
            JsonNode iterations = forks.get(f);
            if (!iterations.isArray()) {
                throw place.wrong("its raw data are no list of forks, each a list of iterations");
            }
            table[f] = new double[iterations.size()];
            for (int i = 0; i < table[f].length; i++) {
                table[f][i] = cell.read(iterations.get(i), place);
            }
        }
        return table;
    }

    /**
     * JMH writes what JSON has no number for as text: {@code "NaN"}, {@code "+INF"}, {@code "-INF"}; others write null,
     * or the bare words.
     */
    private static double number(JsonNode node, Place place) {
        if (node.isNumber()) {
            return node.asDouble();
        }
        if (node.isNull()) {
            return Double.NaN;
        }
        return switch (node.asText()) {
            case "NaN" -> Double.NaN;
            case "+INF", "INF", "Infinity" -> Double.POSITIVE_INFINITY;
            case "-INF", "-Infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                throw place.wrong(
                        node.isMissingNode() ? "it has neither rawData nor a score" : "'" + node + "' is no number");
        };
    }

    private static String text(JsonNode node, String field, Path file) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new ResultException(file + " is JSON but not JMH's: an entry has no \"" + field + "\"");
        }
        return value.asText();
    }

    static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? e.getOriginalMessage()
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
