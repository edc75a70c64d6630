package org.cowbench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads JMH's JSON, of this project or any other. */
final class JmhJson {

    /** What a file says of how it was measured. */
    private static final List<String> SETTINGS = List.of("jmhVersion", "jdkVersion", "vmName", "vmVersion", "jvm",
            "jvmArgs", "threads", "warmupIterations", "warmupTime", "warmupBatchSize", "measurementIterations",
            "measurementTime", "measurementBatchSize");

    /**
     * A file.
     *
     * @param measurements in the order of the file
     * @param settings how they were measured, by JMH's names after {@code jmh.}; where benchmarks differ, every value
     *     once
     */
    record Content(List<Measurement> measurements, SortedMap<String, String> settings) {}

    private JmhJson() {}

    static Content read(Path file) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new ResultException(file + " is no whole JSON (" + where(e) + "); it may have been cut short", e);
        } catch (IOException e) {
            throw new ResultException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!root.isArray()) {
            throw new ResultException(file + " is JSON but not JMH's: expected an array of benchmarks");
        }
        Map<String, String> names = shortNames(root, file);
        List<Measurement> measurements = new ArrayList<>();
        for (JsonNode run : root) {
            measurements.add(measurement(run, names, file));
        }
        return new Content(List.copyOf(measurements), settings(root));
    }

    private static SortedMap<String, String> settings(JsonNode root) {
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

    /** Packages are left out of names unless two benchmarks would then share one. */
    private static Map<String, String> shortNames(JsonNode root, Path file) {
        Map<String, String> longByShort = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        for (JsonNode run : root) {
            String full = text(run, "benchmark", file);
            String simple = simpleName(full);
            String other = longByShort.putIfAbsent(simple, full);
            if (other == null || other.equals(full)) {
                names.put(full, simple);
            } else {
                names.put(full, full);
                names.put(other, other);
            }
        }
        return names;
    }

    static String simpleName(String full) {
        int method = full.lastIndexOf('.');
        int type = method < 0 ? -1 : full.lastIndexOf('.', method - 1);
        return full.substring(type + 1);
    }

    private static Measurement measurement(JsonNode run, Map<String, String> names, Path file) {
        JsonNode primary = run.path("primaryMetric");
        if (!primary.isObject()) {
            throw new ResultException(file + " is JSON but not JMH's: a benchmark has no primaryMetric");
        }
        Map<String, String> params = new LinkedHashMap<>();
        run.path("params").properties().forEach(entry -> params.put(entry.getKey(), entry.getValue().asText()));
        Map<String, Metric> secondary = new LinkedHashMap<>();
        run.path("secondaryMetrics").properties().forEach(entry -> {
            JsonNode metric = entry.getValue();
            secondary.put(entry.getKey(), new Metric(metric.path("scoreUnit").asText(""), raw(metric, file)));
        });
        return new Measurement(
                names.get(text(run, "benchmark", file)),
                run.path("mode").asText(""),
                params,
                run.path("forks").asInt(1),
                primary.path("scoreUnit").asText(""),
                raw(primary, file),
                secondary);
    }

    private static double[][] raw(JsonNode metric, Path file) {
        if (metric.has("rawData")) {
            return table(metric.get("rawData"), JmhJson::number, file);
        }
        if (metric.has("rawDataHistogram")) {
            return table(metric.get("rawDataHistogram"), JmhJson::histogramMean, file);
        }
        // Written with raw data switched off: all that is left is one number.
        return new double[][] {{number(metric.path("score"), file)}};
    }

    /** Reads one iteration. */
    @FunctionalInterface
    private interface Cell {
        double read(JsonNode node, Path file);
    }

    private static double[][] table(JsonNode forks, Cell cell, Path file) {
        double[][] table = new double[forks.size()][];
        for (int f = 0; f < table.length; f++) {
            JsonNode iterations = forks.get(f);
            table[f] = new double[iterations.size()];
            for (int i = 0; i < table[f].length; i++) {
                table[f][i] = cell.read(iterations.get(i), file);
            }
        }
        return table;
    }

    /** In sample mode an iteration is a list of {@code [value, count]}. */
    private static double histogramMean(JsonNode pairs, Path file) {
        double sum = 0;
        double count = 0;
        for (JsonNode pair : pairs) {
            double weight = number(pair.path(1), file);
            sum += number(pair.path(0), file) * weight;
            count += weight;
        }
        return sum / count;
    }

    /** JMH writes what JSON has no number for as text: {@code "NaN"}, {@code "+INF"}, {@code "-INF"}. */
    private static double number(JsonNode node, Path file) {
        if (node.isNumber()) {
            return node.asDouble();
        }
        return switch (node.asText()) {
            case "NaN" -> Double.NaN;
            case "+INF" -> Double.POSITIVE_INFINITY;
            case "-INF" -> Double.NEGATIVE_INFINITY;
            default -> throw new ResultException(file + " is JSON but not JMH's: '" + node + "' is no number");
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
                : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
    }
}
