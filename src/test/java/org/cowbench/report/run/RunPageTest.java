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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogReader;
import org.apache.commons.math3.distribution.TDistribution;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number of a run's page, shown or under the pointer, follows from its jmh.json, run.json and histograms. */
class RunPageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NUMBER = "([+-]?[0-9.]+[kMGTP]?|n/a)";
    private static final String POLICIES = "policies";
    private static final String KERNELS = "kernels";
    private static final String FOREIGN = "foreign.json";

    /** What jmh.json says of a benchmark, by this test's own arithmetic. */
    private record Row(
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

    private static String entry(String benchmark, String mode, String params, String unit, String raw) {
        return "{\"benchmark\":\"" + benchmark + "\",\"mode\":\"" + mode + "\",\"forks\":1,\"params\":{" + params
                + "},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":" + raw + "}}";
    }

    /** As {@code kernel timeline} writes it. */
    private static void kernels() {
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

    private static Page page(String name) {
        return page(ResultDirectory.read(directory.resolve(name)));
    }

    static Page page(ResultDirectory result) {
        RunView run = RunView.of(result);
        return Page.of(HtmlRun.page(run, Plots.figures(run)));
    }

    private static JsonNode json(String name, String file) throws IOException {
        Path path = directory.resolve(name);
        return MAPPER.readTree((Files.isDirectory(path) ? path.resolve(file) : path).toFile());
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static Map<String, String> params(JsonNode node) {
        Map<String, String> params = new LinkedHashMap<>();
        node.path("params")
                .properties()
                .forEach(param -> params.put(param.getKey(), param.getValue().asText()));
        return params;
    }

    private static List<Row> rows(String name) throws IOException {
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

    private static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        return n == 0 ? Double.NaN : (values[(n - 1) / 2] + values[n / 2]) / 2;
    }

    /** Estimate, low, high: of logarithms, from three values on; with a value of zero the mean. */
    private static double[] cost(double... forks) {
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

    /** The ratio to v5.9 of forks of the same block, by run.json. */
    private static double[] ratio(String name, Row row) throws IOException {
        Map<Integer, Double> own = new TreeMap<>();
        Map<Integer, Double> base = new TreeMap<>();
        for (JsonNode fork : json(name, "run.json").path("forks")) {
            Map<String, String> params = params(fork);
            if (fork.path("benchmark").asText().equals(row.benchmark)) {
                if (params.equals(row.params)) {
                    own.put(fork.path("block").asInt(), fork.path("median").asDouble());
                }
                params.replace("policy", row.policy());
                if (params.equals(row.params) && params(fork).get("policy").equals("V5_9")) {
                    base.put(fork.path("block").asInt(), fork.path("median").asDouble());
                }
            }
        }
        assertThat(own).isNotEmpty();
        return cost(own.entrySet().stream()
                .mapToDouble(fork -> fork.getValue() / base.get(fork.getKey()))
                .toArray());
    }

    private static Map<String, Histogram> histograms(String name) throws IOException {
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
    private static double percentile(Histogram histogram, double percent) {
        return histogram.getTotalCount() * (1 - percent / 100) < 100 * (1 - 1e-9)
                ? Double.NaN
                : histogram.medianEquivalentValue(histogram.getValueAtPercentile(percent)) / 1000.0;
    }

    /** The shown number is a rounding of the value, and the one under the pointer the value itself. */
    private static void check(Page.Cell cell, double value) {
        assertThat(Page.significant(cell.text(), value, 4))
                .as("%s for %s", cell.text(), value)
                .isTrue();
        exactly(cell.tip(), value);
    }

    private static void exactly(String tip, double value) {
        if (Double.isFinite(value)) {
            assertThat(Double.parseDouble(tip)).isCloseTo(value, within(Math.abs(value) * 1e-9));
        } else {
            assertThat(tip).isEqualTo("unknown");
        }
    }

    /** Digits that an interval leaves known: three at most, two without one. */
    private static int digits(double[] cost) {
        double half = (cost[2] - cost[1]) / 2;
        return Double.isNaN(half)
                ? 2
                : Math.clamp((int) (Math.floor(Math.log10(cost[0])) - Math.floor(Math.log10(half))) + 1, 1, 3);
    }

    private static void known(Page.Cell cell, double[] cost) {
        assertThat(Page.significant(cell.text(), cost[0], digits(cost)))
                .as("%s for %s", cell.text(), cost[0])
                .isTrue();
        exactly(cell.tip(), cost[0]);
    }

    private static void interval(Page.Cell cell, double[] cost) {
        if (Double.isNaN(cost[1])) {
            assertThat(cell.text() + cell.tip()).isEmpty();
            return;
        }
        String[] shown = cell.text().substring(1, cell.text().length() - 1).split(", ");
        String[] exact = cell.tip().split(" to ");
        for (int i = 0; i < 2; i++) {
            int decimals = digits(cost) - 1 - (int) Math.floor(Math.log10(cost[0]));
            assertThat(Page.decimals(shown[i], cost[i + 1], decimals))
                    .as("%s in %s", cost[i + 1], cell.text())
                    .isTrue();
            exactly(exact[i], cost[i + 1]);
        }
    }

    private static void forks(Page.Cell cell, Row row) {
        assertThat(cell.text()).isEqualTo(Integer.toString(row.forks.length));
        assertThat(cell.tip())
                .isEqualTo(Arrays.stream(row.forks).mapToObj(Double::toString).collect(Collectors.joining(", ")));
    }

    private static void percentiles(Map<String, Page.Cell> cells, Histogram histogram) {
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

    @Test
    void everyRowOfThePolicies() throws IOException {
        Page page = page(POLICIES);
        Map<String, Histogram> histograms = histograms(POLICIES);
        int found = 0;
        for (Row row : rows(POLICIES)) {
            if (row.policy().isEmpty()) {
                continue;
            }
            found++;
            List<Page.Table> tables = page.tables(row.title());
            Map<String, Page.Cell> cells = tables.getFirst().row(row.shown());
            known(cells.get(row.unit), cost(row.forks));
            interval(cells.get("95% interval"), cost(row.forks));
            double[] ratio = ratio(POLICIES, row);
            known(cells.get("vs v5.9"), ratio);
            interval(cells.get("95% interval*"), ratio);
            assertThat(cells.containsKey("p50")).isEqualTo(histograms.containsKey(row.tag()));
            if (cells.containsKey("p50")) {
                percentiles(cells, histograms.get(row.tag()));
            }
            assertThat(Page.decimals(cells.get("copies").text(), row.counters.get("copies"), 3))
                    .isTrue();
            exactly(cells.get("copies").tip(), row.counters.get("copies"));
            assertThat(Page.decimals(cells.get("bytes").text(), row.counters.get("bytesCopied"), 0))
                    .isTrue();
            exactly(cells.get("bytes").tip(), row.counters.get("bytesCopied"));
            forks(cells.get("forks"), row);
            Policy policy = Policy.valueOf(row.policy());
            String verdict =
                    page.table("Verdicts").row(row.shown()).get("verdict").text();
            assertThat(verdict).startsWith(policy.verdict());
            KnownCase.of(policy).forEach(known -> assertThat(verdict).contains(known.label()));
            // A block's rows are one line each: the worst property, and the names under the pointer.
            assertThat(cells.get("safety").text())
                    .isEqualTo(Relative.declared(KnownCase.of(policy), Relative.NEWEST)
                            .brief());
            assertThat(cells.get("safety").tip())
                    .isEqualTo(page.table("Verdicts")
                            .row(row.shown())
                            .get("safety")
                            .text());
            assertThat(tables).hasSize(row.benchmark.startsWith("Churn") ? 2 : 1);
            if (tables.size() > 1) {
                tables.getLast().row(row.shown()).forEach((head, cell) -> {
                    if (!head.equals("policy")) {
                        check(cell, counter(row, head));
                    }
                });
            }
        }
        assertThat(found).isEqualTo(3 * 5);
    }

    /** A counter by what it is called: its factor stands in the unit. */
    private static double counter(Row row, String title) {
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

    @Test
    void theSummaryOfPolicies() throws IOException {
        Page page = page(POLICIES);
        List<Row> rows = rows(POLICIES);
        List<Row> policies =
                rows.stream().filter(row -> !row.policy().isEmpty()).toList();
        assertThat(page.tiles)
                .isEqualTo(Map.of(
                        "policies",
                                Long.toString(policies.stream()
                                        .map(Row::policy)
                                        .distinct()
                                        .count()),
                        "benchmarks",
                                Long.toString(rows.stream()
                                        .map(Row::benchmark)
                                        .distinct()
                                        .count()),
                        "rows", Integer.toString(rows.size()),
                        "forks",
                                Integer.toString(rows.stream()
                                        .mapToInt(row -> row.forks.length)
                                        .sum())));
        Set<String> titles = policies.stream().map(Row::title).collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(page.table("Summary").rows()).hasSameSizeAs(titles);
        for (String title : titles) {
            Map<String, Page.Cell> cells = page.table("Summary").row(title);
            List<Row> block =
                    policies.stream().filter(row -> row.title().equals(title)).toList();
            Row base = block.stream()
                    .filter(row -> row.id().equals("v5.9"))
                    .findFirst()
                    .orElseThrow();
            known(cells.get("v5.9"), cost(base.forks));
            // Not the oracle, which no kernel has.
            Row safe = block.stream()
                    .filter(row -> !Policy.valueOf(row.policy()).isBound()
                            && row.shown().equals(row.id()))
                    .min((a, b) -> Double.compare(cost(a.forks)[0], cost(b.forks)[0]))
                    .orElseThrow();
            assertThat(cells.get("cheapest that keeps isolation and secrecy").text())
                    .isEqualTo(safe.shown());
            known(cells.get("its cost"), cost(safe.forks));
            known(cells.get("vs v5.9"), ratio(POLICIES, safe));
            String copying = block.stream()
                    .filter(row ->
                            row.counters.get("copies") > (title.startsWith("Churn") ? row.counters.get("reuses") : 0.5))
                    .map(Row::shown)
                    .collect(Collectors.joining(", "));
            assertThat(cells.get("copy").text()).isEqualTo(copying.isEmpty() ? "none" : copying);
        }
        assertThat(page.paragraphs.getFirst())
                .startsWith("Full suite: 3 forks a policy")
                .contains("took 1235 s");
        assertThat(page.paragraphs)
                .anyMatch(text -> text.contains("UNSAFE in i: isolation, s: secrecy, p: pin-coherence"))
                .anyMatch(text -> text.contains("Seed of the order: 42."));
    }

    /** Results without a policy, of kernels and of other projects, have their scores, forks and pictures too. */
    @ParameterizedTest
    @ValueSource(strings = {KERNELS, FOREIGN, POLICIES})
    void everyScore(String name) throws IOException {
        Page page = page(name);
        Map<String, Histogram> histograms = name.equals(KERNELS) ? histograms(name) : Map.of();
        List<Row> rows =
                rows(name).stream().filter(row -> row.policy().isEmpty()).toList();
        assertThat(rows).hasSizeGreaterThan(5);
        int shown = 0;
        for (Row row : rows) {
            String title = row.title() + (row.benchmark.equals("Hash.zero") ? " (ss)" : "");
            String head = (name.equals(POLICIES) ? "Primitives, floors of what a fault does (" : "Scores (") + row.unit;
            assertThat(page.table(head).heading())
                    .endsWith(row.unit.startsWith("ops/") ? ", higher is better)" : ", lower is better)");
            Map<String, Page.Cell> cells = page.table(head).row(title);
            shown++;
            known(cells.get("score"), cost(row.forks));
            interval(cells.get("95% interval"), cost(row.forks));
            forks(cells.get("forks"), row);
            if (name.equals(KERNELS)) {
                percentiles(cells, histograms.get(row.tag()));
                assertThat(Page.decimals(cells.get("copies").text(), row.counters.get("copies"), 3))
                        .isTrue();
            }
        }
        assertThat(page.tables.stream()
                        .filter(table -> table.heads().contains("score"))
                        .mapToInt(table -> table.rows().size())
                        .sum())
                .isEqualTo(shown);
    }

    @Test
    void warningsEnvironmentAndMethod() throws IOException {
        Page page = page(KERNELS);
        assertThat(page.lists.get("Warnings")).containsExactly("x < y");
        assertThat(page.table("Environment").row("guest.memory").get("value").text())
                .isEqualTo("256 MiB");
        assertThat(page.preformatted).isEqualTo("kernel timeline");
        assertThat(page.paragraphs.getFirst())
                .contains("3 forks a benchmark", "1a2b3c4d5e6f (with local changes)", "took 119 s");
        assertThat(page.paragraphs).anyMatch(text -> text.startsWith("None: no benchmark here has a policy"));
        assertThat(page(FOREIGN).lists.get("Warnings"))
                .singleElement()
                .asString()
                .contains("no run.json");
        assertThat(page(FOREIGN).paragraphs).contains("Unknown: there is no run.json.");
        JsonNode environment = json(POLICIES, "run.json").path("environment");
        environment.properties().forEach(fact -> assertThat(page(POLICIES)
                        .table("Environment")
                        .row(fact.getKey())
                        .get("value")
                        .text())
                .isEqualTo(fact.getValue().asText()));
    }

    // Pictures

    @ParameterizedTest
    @ValueSource(strings = {KERNELS, FOREIGN, POLICIES})
    void everyTipOfScores(String name) throws IOException {
        Page page = page(name);
        List<Row> rows = rows(name);
        Pattern pattern = Pattern.compile("(.+?): " + NUMBER + "(?: \\[" + NUMBER + ", " + NUMBER + "])? (\\S+);"
                + " forks: ([^;]+)(?:; " + NUMBER + " copies per operation)?");
        List<Row> shown = new ArrayList<>();
        page.figures.forEach((id, panels) -> {
            if (!id.startsWith("scores") && !id.startsWith("cost")) {
                return;
            }
            for (Page.Panel panel : panels) {
                for (String tip : panel.tips()) {
                    Matcher m = pattern.matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    List<Row> fitting = rows.stream()
                            .filter(row -> !shown.contains(row)
                                    && row.unit.equals(m.group(5))
                                    && named(id, panel.title(), m.group(1), row))
                            .toList();
                    assertThat(fitting).as(tip).isNotEmpty();
                    Row row = fitting.getFirst();
                    shown.add(row);
                    double[] cost = cost(row.forks);
                    assertThat(Page.significant(m.group(2), cost[0], 4)).as(tip).isTrue();
                    assertThat(m.group(3) == null).as(tip).isEqualTo(Double.isNaN(cost[1]));
                    assertThat(m.group(3) == null
                                    || Page.significant(m.group(3), cost[1], 4)
                                            && Page.significant(m.group(4), cost[2], 4))
                            .as(tip)
                            .isTrue();
                    String[] forks = m.group(6).split(", ");
                    assertThat(forks).hasSameSizeAs(row.forks);
                    for (int i = 0; i < forks.length; i++) {
                        assertThat(Page.significant(forks[i], row.forks[i], 4))
                                .as(tip)
                                .isTrue();
                    }
                    assertThat(m.group(7) == null || Page.significant(m.group(7), row.counters.get("copies"), 4))
                            .isTrue();
                }
            }
        });
        assertThat(shown)
                .hasSize((int) rows.stream().filter(row -> row.forks.length > 0).count());
    }

    private static boolean named(String figure, String panel, String name, Row row) {
        if (figure.startsWith("cost")) {
            return !row.policy().isEmpty()
                    && figure.equals(
                            "cost-" + row.benchmark.toLowerCase(Locale.ROOT).replace('.', '-'))
                    && panel.equals(row.situation())
                    && name.equals(row.shown());
        }
        return row.policy().isEmpty()
                && (name.replace(" (ss)", "").equals(row.title())
                        || panel.equals(row.benchmark) && name.equals(row.situation()));
    }

    @ParameterizedTest
    @ValueSource(strings = {KERNELS, POLICIES})
    void everyTipOfPercentiles(String name) throws IOException {
        Map<String, Histogram> histograms = histograms(name);
        int found = 0;
        for (Map.Entry<String, List<Page.Panel>> figure : page(name).figures.entrySet()) {
            if (!figure.getKey().startsWith("percentiles")) {
                continue;
            }
            for (Page.Panel panel : figure.getValue()) {
                assertThat(panel.tips()).hasSizeGreaterThan(2);
                for (String tip : panel.tips()) {
                    Matcher m = Pattern.compile("([0-9.]+) %: (.*) (\\S+)").matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    assertThat(m.group(3)).isEqualTo(name.equals(KERNELS) ? "instructions" : "ns");
                    for (String part : m.group(2).split(", ")) {
                        String series = part.substring(0, part.lastIndexOf(' '));
                        List<Row> rows = rows(name).stream()
                                .filter(row -> name.equals(KERNELS)
                                        ? panel.title().equals(row.benchmark) && series.equals(row.situation())
                                        : figure.getKey()
                                                        .endsWith(row.benchmark
                                                                .toLowerCase(Locale.ROOT)
                                                                .replace('.', '-'))
                                                && panel.title().equals(row.situation())
                                                && series.equals(row.shown()))
                                .toList();
                        assertThat(rows).as("%s in %s", part, panel.title()).hasSize(1);
                        double value =
                                percentile(histograms.get(rows.getFirst().tag()), Double.parseDouble(m.group(1)));
                        assertThat(Page.significant(part.substring(part.lastIndexOf(' ') + 1), value, 4))
                                .as(tip)
                                .isTrue();
                        found++;
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(name.equals(KERNELS) ? 6 * 4 : 12 * 2);
    }

    @Test
    void everyTipOfHistogramsAndCounters() throws IOException {
        Map<String, Histogram> histograms = histograms(POLICIES);
        Map<String, List<Page.Panel>> figures = page(POLICIES).figures;
        List<Row> rows = rows(POLICIES);
        Pattern bin =
                Pattern.compile(NUMBER + " to " + NUMBER + " ns: (\\S+) " + NUMBER + " %, (\\S+) " + NUMBER + " %");
        int bins = 0;
        for (String method : List.of("l2", "dram")) {
            for (Page.Panel panel : figures.getOrDefault("histogram-writeafterread-" + method, List.of())) {
                double sum = 0;
                for (String tip : panel.tips()) {
                    Matcher m = bin.matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    for (int side = 0; side < 2; side++) {
                        String policy = m.group(3 + 2 * side).replace("!", "");
                        Histogram histogram = histograms.get(
                                "WriteAfterRead." + method + ";policy=" + policy + ";situation=" + panel.title());
                        double share = Page.number(m.group(4 + 2 * side));
                        // The limits of a bin are rounded: what lies near them may be on either side.
                        assertThat(share)
                                .as(tip)
                                .isBetween(
                                        share(
                                                        histogram,
                                                        Page.number(m.group(1)) * 1.0006,
                                                        Page.number(m.group(2)) * 0.9994)
                                                - 0.005001,
                                        share(
                                                        histogram,
                                                        Page.number(m.group(1)) * 0.9994,
                                                        Page.number(m.group(2)) * 1.0006)
                                                + 0.005001);
                        sum += share;
                    }
                    bins++;
                }
                assertThat(sum).as("two distributions but for their slow ends").isBetween(190.0, 200.5);
            }
        }
        assertThat(bins).isGreaterThan(20);
        Pattern counter = Pattern.compile("(\\S+): " + NUMBER + " (.*)");
        int counters = 0;
        for (Page.Panel panel : figures.get("counters-churn-run")) {
            for (String tip : panel.tips()) {
                Matcher m = counter.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                Row row = rows.stream()
                        .filter(each -> each.benchmark.equals("Churn.run")
                                && each.shown().equals(m.group(1))
                                && each.situation().equals(panel.caption()))
                        .findFirst()
                        .orElseThrow();
                assertThat(Page.significant(m.group(2), counter(row, panel.title()), 7))
                        .as(tip)
                        .isTrue();
                counters++;
            }
        }
        assertThat(counters).isEqualTo(3 * 6);
    }

    private static double share(Histogram histogram, double from, double to) {
        double count = 0;
        for (HistogramIterationValue step : histogram.recordedValues()) {
            double value = histogram.medianEquivalentValue(step.getValueIteratedTo()) / 1000.0;
            count += value >= from && value < to ? step.getCountAtValueIteratedTo() : 0;
        }
        return 100 * count / histogram.getTotalCount();
    }

    @Test
    void everyPictureHasTips() {
        for (String name : List.of(POLICIES, KERNELS, FOREIGN)) {
            page(name).figures.forEach((id, panels) -> assertThat(panels)
                    .as(id)
                    .isNotEmpty()
                    .allSatisfy(
                            panel -> assertThat(panel.tips()).as(panel.title()).isNotEmpty()));
        }
        assertThat(page(KERNELS).figures.keySet())
                .containsExactly("scores-instructions-op", "percentiles-instructions");
        assertThat(page(FOREIGN).figures.keySet()).containsExactlyInAnyOrder("scores-us-op", "scores-ops-s");
    }
}
