package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.apache.commons.math3.distribution.TDistribution;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs of every kind, each as its page and as its files. */
abstract class RunPageFixture {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final String POLICIES = "policies";
    static final String KERNELS = "kernels";
    static final String FOREIGN = "foreign.json";

    /** What jmh.json says of a benchmark, by this test's own arithmetic. */
    record Row(
            String benchmark, Map<String, String> params, String unit, double[] forks, Map<String, Double> counters) {

        String policy() {
            return params.getOrDefault("policy", "");
        }

        /** The parameters beside the policy, as pages write them. */
        String situation() {
            return params.entrySet().stream()
                    .filter(param -> !param.getKey().equals("policy"))
                    .map(param -> (Set.of("situation", "stream", "kernel").contains(param.getKey())
                                    ? ""
                                    : param.getKey() + "=")
                            + param.getValue())
                    .collect(Collectors.joining(", "));
        }

        String title() {
            return (benchmark + " " + situation()).strip();
        }

        String id() {
            return Policy.valueOf(policy()).id();
        }

        /** The name in tables and pictures: who leaks is marked. */
        String shown() {
            Set<Property> violates = Policy.valueOf(policy()).violates();
            return id() + (violates.contains(Property.ISOLATION) || violates.contains(Property.SECRECY) ? "!" : "");
        }

        String tag() {
            return benchmark
                    + params.entrySet().stream()
                            .map(param -> ";" + param.getKey() + "="
                                    + (param.getKey().equals("policy") ? id() : param.getValue()))
                            .collect(Collectors.joining());
        }
    }

    private static final Map<String, Page> PAGES = new HashMap<>();

    @TempDir
    static Path directory;

    @BeforeAll
    static void write() throws IOException {
        SyntheticRun.write(directory, POLICIES);
        kernels();
        Files.writeString(
                directory.resolve(FOREIGN),
                "["
                        + String.join(
                                ",",
                                entry(
                                        "com.acme.Parse.run",
                                        "avgt",
                                        "\"size\":\"9\"",
                                        "us/op",
                                        "[[1.5,1.25,\"NaN\"],[1.75],[2.5,2.25]]"),
                                entry("com.acme.Parse.run", "avgt", "\"size\":\"10\"", "us/op", "[[15],[17.5]]"),
                                entry(
                                        "com.acme.Parse.run",
                                        "thrpt",
                                        "\"size\":\"10\"",
                                        "ops/s",
                                        "[[60000.5],[70000],[65000],[66000]]"),
                                entry("com.acme.Hash.once", "avgt", "", "us/op", "[[0.001234]]"),
                                entry("com.acme.Hash.nothing", "avgt", "", "us/op", "[[\"NaN\"],[\"NaN\"]]"),
                                entry("com.acme.Hash.zero", "ss", "", "us/op", "[[0],[0],[3]]"))
                        + "]");
    }

    static String entry(String benchmark, String mode, String params, String unit, String raw) {
        return "{\"benchmark\":\"" + benchmark + "\",\"mode\":\"" + mode + "\",\"forks\":1,\"params\":{" + params
                + "},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":" + raw + "}}";
    }

    /** As {@code kernel timeline} writes it. */
    static void kernels() {
        Instant start = Instant.parse("2022-01-13T14:03:18Z");
        List<String> entries = new ArrayList<>();
        List<TaggedHistogram> lines = new ArrayList<>();
        for (String kernel : List.of("5.4", "5.10", "7.0")) {
            for (String method : List.of("swapInRead", "writeAfterRead")) {
                double value = (method.equals("swapInRead") ? 1800 : 3000) + 7 * kernel.length();
                String raw = "[[" + value + "],[" + (value + 1) + "],[" + value + "]]";
                String counters = ",\"secondaryMetrics\":{\"copies\":{\"scoreUnit\":\"#/op\",\"rawData\":[["
                        + (kernel.equals("7.0") ? 0 : 1) + "],[1],[1]]}}}";
                entries.add(entry(
                                "org.cowbench.kernel.Guest." + method,
                                "avgt",
                                "\"kernel\":\"" + kernel + "\"",
                                "instructions/op",
                                raw)
                        .replaceFirst("}$", counters));
                for (int boot = 0; boot < 3; boot++) {
                    Histogram histogram = new Histogram(3_600_000_000_000L, 3);
                    for (int i = 0; i < 4096; i++) {
                        histogram.recordValue((long) (1000 * (value + (i % 50 == 0 ? 9000 : i % 7))));
                    }
                    lines.add(new TaggedHistogram(
                            "Guest." + method + ";kernel=" + kernel, start.plusSeconds(boot), 1, histogram));
                }
            }
        }
        ResultWriter writer = ResultWriter.create(directory, KERNELS);
        writer.writeJmh(out -> out.write(("[" + String.join(",", entries) + "]").getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                KERNELS,
                "1a2b3c4d5e6f70819203",
                true,
                List.of("kernel", "timeline"),
                0,
                "kernel",
                start.toString(),
                119.4,
                true,
                new TreeMap<>(Map.of("guest.memory", "256 MiB")),
                List.of(),
                List.of("x < y")));
        writer.writeHistograms(lines, start, "units: thousandths of a guest instruction per page");
        writer.finish();
    }

    /** Drawn and read back once for all classes of tests that run in one JVM: a name is the same run in each. */
    static Page page(String name) {
        return PAGES.computeIfAbsent(name, each -> page(ResultDirectory.read(directory.resolve(each))));
    }

    static Page page(ResultDirectory result) {
        RunView run = RunView.of(result);
        return Page.of(HtmlRun.page(run, Plots.figures(run)));
    }

    static JsonNode json(String name, String file) throws IOException {
        Path path = directory.resolve(name);
        return MAPPER.readTree((Files.isDirectory(path) ? path.resolve(file) : path).toFile());
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static Map<String, String> params(JsonNode node) {
        Map<String, String> params = new LinkedHashMap<>();
        node.path("params")
                .properties()
                .forEach(param -> params.put(param.getKey(), param.getValue().asText()));
        return params;
    }

    static List<Row> rows(String name) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (JsonNode node : json(name, "jmh.json")) {
            Map<String, Double> counters = new LinkedHashMap<>();
            node.path("secondaryMetrics")
                    .properties()
                    .forEach(metric -> counters.put(
                            metric.getKey(),
                            list(metric.getValue().path("rawData")).stream()
                                    .mapToDouble(fork -> list(fork).stream()
                                            .mapToDouble(JsonNode::asDouble)
                                            .average()
                                            .orElseThrow())
                                    .average()
                                    .orElseThrow()));
            double[] forks = list(node.path("primaryMetric").path("rawData")).stream()
                    .mapToDouble(fork -> median(list(fork).stream()
                            .filter(JsonNode::isNumber)
                            .mapToDouble(JsonNode::asDouble)
                            .toArray()))
                    .filter(Double::isFinite)
                    .toArray();
            rows.add(new Row(
                    node.path("benchmark").asText().replaceFirst(".*\\.(?=[^.]+\\.[^.]+$)", ""),
                    params(node),
                    node.path("primaryMetric").path("scoreUnit").asText(),
                    forks,
                    counters));
        }
        return rows;
    }

    static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        return n == 0 ? Double.NaN : (values[(n - 1) / 2] + values[n / 2]) / 2;
    }

    /** Estimate, low, high: of logarithms, from three values on; with a value of zero the mean. */
    static double[] cost(double... forks) {
        if (forks.length == 0 || Arrays.stream(forks).anyMatch(value -> value <= 0)) {
            return new double[] {Arrays.stream(forks).average().orElse(Double.NaN), Double.NaN, Double.NaN};
        }
        double[] logs = Arrays.stream(forks).map(Math::log).toArray();
        double mean = Arrays.stream(logs).average().orElseThrow();
        int n = logs.length;
        double half = n < 3
                ? Double.NaN
                : new TDistribution(null, n - 1).inverseCumulativeProbability(0.975)
                        * Math.sqrt(Arrays.stream(logs)
                                        .map(log -> (log - mean) * (log - mean))
                                        .sum()
                                / (n - 1)
                                / n);
        return new double[] {Math.exp(mean), Math.exp(mean - half), Math.exp(mean + half)};
    }

    static Map<String, Histogram> histograms(String name) throws IOException {
        Map<String, Histogram> merged = new LinkedHashMap<>();
        Path log = directory.resolve(name).resolve("histograms.hlog");
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                Histogram line = (Histogram) reader.nextIntervalHistogram();
                merged.merge(line.getTag(), line, (a, b) -> {
                    a.add(b);
                    return a;
                });
            }
        }
        return merged;
    }

    /** A percentile in the unit of the cost; NaN where fewer than 100 values lie beyond. */
    static double percentile(Histogram histogram, double percent) {
        return histogram.getTotalCount() * (1 - percent / 100) < 100 * (1 - 1e-9)
                ? Double.NaN
                : histogram.medianEquivalentValue(histogram.getValueAtPercentile(percent)) / 1000.0;
    }

    /** The shown number is a rounding of the value, and the one under the pointer the value itself. */
    static void check(Page.Cell cell, double value) {
        assertThat(Page.significant(cell.text(), value, 3))
                .as("%s for %s", cell.text(), value)
                .isTrue();
        exactly(cell.tip(), value);
    }

    static void exactly(String tip, double value) {
        if (Double.isFinite(value)) {
            assertThat(Double.parseDouble(tip)).isCloseTo(value, within(Math.abs(value) * 1e-9));
        } else {
            assertThat(tip).isEqualTo("unknown");
        }
    }

    static void forks(Page.Cell cell, Row row) {
        assertThat(cell.text()).isEqualTo(Integer.toString(row.forks.length));
        assertThat(cell.tip())
                .isEqualTo(Arrays.stream(row.forks).mapToObj(Double::toString).collect(Collectors.joining(", ")));
    }

    static void percentiles(Map<String, Page.Cell> cells, Histogram histogram) {
        for (String percent : List.of("50", "99", "99.9")) {
            double value = percentile(histogram, Double.parseDouble(percent));
            // A column in which no row has a value is not shown.
            if (cells.containsKey("p" + percent)) {
                check(cells.get("p" + percent), value);
            } else {
                assertThat(value).as("p%s is not shown", percent).isNaN();
            }
        }
    }

    /** A counter by what it is called: its factor stands in the unit. */
    static double counter(Row row, String title) {
        Map<String, String> names = Map.of(
                "copies",
                "copies",
                "needless copies",
                "needlessCopies",
                "bytes copied",
                "bytesCopied",
                "swap reads",
                "swapReads",
                "swap writes",
                "swapWrites",
                "peak frames",
                "peakFrames");
        double value = row.counters.get(names.get(title.replaceFirst(",.*", "")));
        return value * (title.startsWith("bytes") ? 1000 / 1024.0 : title.startsWith("peak") ? 1 : 1000);
    }
}
