package org.cowbench.ab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.util.ListStatistics;

/**
 * Joins JMH's JSON of single forks into the JSON of all of them: the raw data stand one after the other, and what JMH
 * derives from them (score, error, percentiles) is computed again by JMH's own statistics.
 */
final class AbMerge {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final double CONFIDENCE = 0.999;

    private AbMerge() {}

    /**
     * Joins files.
     *
     * @param files {@code jmh.json} of each fork, in the order of execution
     * @return the joined file's content
     * @throws IOException when a file cannot be read
     */
    static byte[] jmh(List<Path> files) throws IOException {
        Map<String, List<ObjectNode>> byBenchmark = new LinkedHashMap<>();
        for (Path file : files) {
            for (JsonNode entry : MAPPER.readTree(Files.readAllBytes(file))) {
                String key = entry.path("benchmark") + " " + entry.path("mode") + " " + entry.path("params");
                byBenchmark.computeIfAbsent(key, k -> new ArrayList<>()).add((ObjectNode) entry);
            }
        }
        ArrayNode all = MAPPER.createArrayNode();
        byBenchmark.values().forEach(forks -> all.add(join(forks)));
        return MAPPER.writeValueAsBytes(all);
    }

    private static ObjectNode join(List<ObjectNode> forks) {
        ObjectNode joined = forks.getFirst().deepCopy();
        joined.put(
                "forks",
                forks.stream().mapToInt(fork -> fork.path("forks").asInt(1)).sum());
        joined.set(
                "primaryMetric",
                metric(forks.stream().map(fork -> fork.path("primaryMetric")).toList()));
        ObjectNode secondary = MAPPER.createObjectNode();
        for (ObjectNode fork : forks) {
            fork.path("secondaryMetrics").fieldNames().forEachRemaining(name -> {
                if (!secondary.has(name)) {
                    secondary.set(
                            name,
                            metric(forks.stream()
                                    .map(each -> each.path("secondaryMetrics").path(name))
                                    .toList()));
                }
            });
        }
        joined.set("secondaryMetrics", secondary);
        return joined;
    }

    private static ObjectNode metric(List<JsonNode> forks) {
        JsonNode first = forks.stream().filter(JsonNode::isObject).findFirst().orElseThrow();
        ObjectNode joined = first.deepCopy();
        ArrayNode raw = MAPPER.createArrayNode();
        ListStatistics values = new ListStatistics();
        for (JsonNode fork : forks) {
            // A fork without the metric keeps its row, so that rows and forks stay in step.
            if (!fork.isObject()) {
                raw.addArray();
                continue;
            }
            for (JsonNode row : fork.path("rawData")) {
                raw.add(row);
                row.forEach(value -> values.addValue(value.isNumber() ? value.asDouble() : Double.NaN));
            }
        }
        joined.set("rawData", raw);
        number(joined, "score", values.getMean());
        number(joined, "scoreError", values.getMeanErrorAt(CONFIDENCE));
        double[] interval = values.getConfidenceIntervalAt(CONFIDENCE);
        ArrayNode confidence = joined.putArray("scoreConfidence");
        for (double bound : interval) {
            add(confidence, bound);
        }
        ObjectNode percentiles = MAPPER.createObjectNode();
        first.path("scorePercentiles")
                .fieldNames()
                .forEachRemaining(name -> number(percentiles, name, values.getPercentile(Double.parseDouble(name))));
        joined.set("scorePercentiles", percentiles);
        return joined;
    }

    /** JMH writes what JSON has no number for as text. */
    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.put(name, Double.isNaN(value) ? "NaN" : value > 0 ? "+INF" : "-INF");
        }
    }

    private static void add(ArrayNode array, double value) {
        if (Double.isFinite(value)) {
            array.add(value);
        } else {
            array.add(Double.isNaN(value) ? "NaN" : value > 0 ? "+INF" : "-INF");
        }
    }
}
