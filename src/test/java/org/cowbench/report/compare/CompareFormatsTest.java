package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.golden.Golden;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.html.Page;
import org.cowbench.report.text.Mail;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultStorageException;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the formats say is what the JSON says, and the JSON is what its schema says. */
class CompareFormatsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    static Path results;

    private static Comparison comparison;

    @BeforeAll
    static void compare() {
        new SyntheticSession()
                .histograms()
                .head(1.03)
                .headCopies(1.2)
                .failHeadFork(5)
                .cell("WriteAfterRead.l2", 400, 1, "policy", "ALWAYS_REUSE", "situation", "HIDDEN_SHARER")
                .cell("Churn.run", 31.5, 0.25, "policy", "V6_11", "stream", "ZIPF")
                .headEnvironment("thp.enabled", "always")
                .write(results);
        comparison = ComparisonBuilder.compare(
                ResultDirectory.read(results.resolve("base")),
                ResultDirectory.read(results.resolve("head")),
                Rule.DEFAULT,
                CompareOptions.gate(5, false));
    }

    @Test
    void goldenFiles() throws IOException {
        Map<CompareFormat, String> names = Map.of(
                CompareFormat.TEXT,
                "text.txt",
                CompareFormat.MARKDOWN,
                "markdown.md",
                CompareFormat.CSV,
                "comparison.csv",
                CompareFormat.LKP,
                "lkp.txt",
                CompareFormat.MMTESTS,
                "mmtests.txt");
        for (Map.Entry<CompareFormat, String> format : names.entrySet()) {
            Golden.check("compare/" + format.getValue(), format.getKey().write(comparison, false));
        }
    }

    /** Of the head's 40 forks of each of two cells. */
    private static Comparison disturbed(String name, int forks) {
        Path directory = results.resolve(name);
        new SyntheticSession().disturbHeadForks(forks).write(directory);
        return ComparisonBuilder.compare(
                ResultDirectory.read(directory.resolve("base")),
                ResultDirectory.read(directory.resolve("head")),
                Rule.DEFAULT,
                CompareOptions.NONE);
    }

    @Test
    void disturbedForksAreSaidBeforeAnyRow() {
        Comparison some = disturbed("some", 6);
        Comparison most = disturbed("most", 30);
        String remedy = "stop what else runs here";
        for (CompareFormat format : List.of(CompareFormat.TEXT, CompareFormat.MARKDOWN, CompareFormat.HTML)) {
            String few = format.write(some, false).replaceAll("\\s+", " ");
            assertThat(few)
                    .as("%s", format)
                    .contains("DISTURBED: head 12 of 80 forks")
                    .doesNotContain(remedy);
            String many = format.write(most, false).replaceAll("\\s+", " ");
            assertThat(many)
                    .as("%s", format)
                    .contains("DISTURBED: head 60 of 80 forks. Do not decide by these times", remedy);
            assertThat(many.indexOf("DISTURBED")).as("%s", format).isLessThan(many.indexOf("SWAPCACHE"));
            assertThat(format.write(comparison, false)).as("%s", format).doesNotContain("DISTURBED");
        }
        assertThat(Page.of(CompareFormat.HTML.write(most, false)).banners)
                .anySatisfy(banner -> assertThat(banner).startsWith("DISTURBED: head 60 of 80 forks"));
    }

    @Test
    void theSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Map<CompareFormat, String> english = new TreeMap<>();
        for (CompareFormat format : CompareFormat.values()) {
            english.put(format, format.write(comparison, true));
        }
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            for (CompareFormat format : CompareFormat.values()) {
                assertThat(format.write(comparison, true)).as("%s", format).isEqualTo(english.get(format));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void linesAreWrappedAtBlanksAndInsideLongWords() {
        assertThat(Mail.wrap("x".repeat(200) + " y", "  ").lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(72));
        assertThat(Mail.wrap("  " + "word ".repeat(60), "    ").lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(72).isNotBlank());
    }

    private JsonNode json() throws IOException {
        return MAPPER.readTree(CompareFormat.JSON.write(comparison, true));
    }

    private static JsonNode schema() throws IOException {
        try (InputStream in = CompareJson.class.getResourceAsStream("comparison.schema.json")) {
            return MAPPER.readTree(in);
        }
    }

    @Test
    void jsonFollowsItsSchema() throws IOException {
        JsonNode schema = schema();
        List<String> errors = new ArrayList<>();
        Schema.check(schema, schema, json(), "$", errors);
        assertThat(errors).isEmpty();
    }

    @Test
    void theSchemaWouldNoticeAMistake() throws IOException {
        JsonNode broken = json();
        ((ObjectNode) broken.path("rows").get(0)).put("verdict", "maybe").remove("p");
        JsonNode schema = schema();
        List<String> errors = new ArrayList<>();
        Schema.check(schema, schema, broken, "$", errors);
        assertThat(errors).containsExactlyInAnyOrder("$.rows[0] lacks p", "$.rows[0].verdict is none of those listed");
    }

    private static boolean near(String text, double value, double relative) {
        return Math.abs(Double.parseDouble(text) - value) <= relative * Math.abs(value) + 1e-12;
    }

    private static boolean percent(String text, double ratio) {
        return Math.abs(Double.parseDouble(text) - (ratio - 1) * 100) <= 0.0501;
    }

    @Test
    void thePageFetchesNothingAndRunsNothing() {
        String html = CompareFormat.HTML.write(comparison, false);
        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .contains("Content-Security-Policy", "prefers-color-scheme", "@media print", "<svg", "viewport");
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "<script", "<link", "<img", "url(", "@import");
        Matcher ids = Pattern.compile(" id=\"([^\"]+)\"").matcher(html);
        List<String> all = ids.results().map(result -> result.group(1)).toList();
        assertThat(all).doesNotHaveDuplicates().contains("verdicts", "method");
    }

    @Test
    void hostileNamesStayText() throws IOException {
        String name = "X.<script>alert(1)</script>|`*_\\u0007";
        String entry = "[{\"benchmark\":\"a." + name + "\",\"mode\":\"avgt\",\"params\":{\"p\":\"=1+1,\\\"x\\\"\"},"
                + "\"primaryMetric\":{\"scoreUnit\":\"ns/op\",\"rawData\":[[1,2],[2,1]]}}]";
        Path file = Files.writeString(results.resolve("x.json"), entry);
        Comparison hostile = ComparisonBuilder.compare(
                ResultDirectory.read(file), ResultDirectory.read(file), Rule.DEFAULT, CompareOptions.NONE);
        assertThat(CompareFormat.HTML.write(hostile, true)).doesNotContain("<script");
        assertThat(CompareFormat.MARKDOWN.write(hostile, true)).doesNotContain("<script");
        assertThat(CompareFormat.TEXT.write(hostile, true)).matches("[\\x20-\\x7e\\n]*");
        assertThat(CompareFormat.CSV.write(hostile, true)).contains("\"p==1+1,\"\"x\"\"\"");
        assertThat(MAPPER.readTree(CompareFormat.JSON.write(hostile, true)).path("rows"))
                .hasSize(1);
    }

    @Test
    void benchstatGetsOneLineAForkOnEachSide() {
        String text = CompareFormat.BENCHSTAT.write(comparison, false);
        assertThat(text).contains("side: base\n", "side: head\n");
        List<String> lines =
                text.lines().filter(line -> line.startsWith("Benchmark")).toList();
        assertThat(lines).hasSize(4 * 40 + 4 * 39).allSatisfy(line -> assertThat(line)
                .matches("Benchmark\\S+ 1( [0-9.]+ \\S+)+"));
        assertThat(lines.getFirst())
                .startsWith("BenchmarkWriteAfterRead.l2/policy=v5.9/situation=SWAPCACHE 1 ")
                .contains(" ns/op ")
                .contains(" p50-ns/op")
                .contains("copies-#/op");
    }

    @Test
    void csvHasAsManyFieldsInEveryLine() {
        List<String> lines = CompareFormat.CSV
                .write(comparison, true)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(lines).hasSize(comparison.rows().size() + 1);
        long fields = lines.getFirst().chars().filter(c -> c == ',').count();
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.chars().filter(c -> c == ',').count()).isEqualTo(fields));
    }

    @Test
    @Tag("slow")
    void tenThousandRowsTakeSeconds() throws IOException {
        Path[] files = new Path[2];
        for (int side = 0; side < 2; side++) {
            StringBuilder json = new StringBuilder("[");
            for (int i = 0; i < 10_000; i++) {
                json.append(i == 0 ? "" : ",")
                        .append("{\"benchmark\":\"a.B.m")
                        .append(i % 100)
                        .append("\",\"mode\":\"avgt\",\"params\":{\"n\":\"")
                        .append(i / 100)
                        .append("\"},\"primaryMetric\":{\"scoreUnit\":\"ns/op\",\"rawData\":[[")
                        .append(100 + i % 7)
                        .append("],[")
                        .append(101 + side)
                        .append("],[102]]}}");
            }
            files[side] = Files.writeString(results.resolve("many-" + side + ".json"), json.append("]"));
        }
        long start = System.nanoTime();
        Comparison many = ComparisonBuilder.compare(
                ResultDirectory.read(files[0]), ResultDirectory.read(files[1]), Rule.DEFAULT, CompareOptions.NONE);
        for (CompareFormat format : CompareFormat.values()) {
            assertThat(format.write(many, true).length()).as("%s", format).isGreaterThan(300_000);
        }
        assertThat(many.rows()).hasSize(10_000);
        // A few seconds on an idle machine; a test must pass on a busy one.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void picturesHaveNoLabelsOverEachOther() {
        for (Svg svg : ComparePlots.of(comparison).stream().map(Figure::draw).toList()) {
            var boxes = svg.textBoxes();
            for (int i = 0; i < boxes.size(); i++) {
                for (int j = i + 1; j < boxes.size(); j++) {
                    assertThat(boxes.get(i).overlaps(boxes.get(j)))
                            .as(
                                    "%s: '%s' over '%s'",
                                    svg.id(), boxes.get(i).text(), boxes.get(j).text())
                            .isFalse();
                }
                assertThat(boxes.get(i).right())
                        .as("%s: %s", svg.id(), boxes.get(i).text())
                        .isLessThanOrEqualTo(svg.width());
            }
        }
        assertThat(ComparePlots.of(comparison))
                .extracting(Figure::id)
                .containsExactly("forest-times", "curves", "shift", "ecdf", "forks");
    }

    @Test
    @Tag("slow")
    void filesAreWrittenWhole() throws IOException {
        Path directory = results.resolve("plots");
        List<String> warnings = new ArrayList<>();
        List<Path> files = HtmlComparison.write(comparison, directory, warnings::add);
        assertThat(files).allSatisfy(file -> assertThat(file).isNotEmptyFile());
        assertThat(files.getLast()).hasFileName("index.html");
        try (var list = Files.list(directory)) {
            assertThat(list.toList()).containsExactlyInAnyOrderElementsOf(files);
        }
        Path blocked = Files.writeString(results.resolve("file"), "x");
        assertThatThrownBy(() -> HtmlComparison.write(comparison, blocked, warnings::add))
                .isInstanceOf(ResultStorageException.class);
    }

    /** As much of JSON Schema as our schema uses. */
    private static final class Schema {
        static void check(JsonNode root, JsonNode schema, JsonNode value, String at, List<String> errors) {
            if (schema.has("$ref")) {
                check(root, root.at(schema.path("$ref").asText().substring(1)), value, at, errors);
                return;
            }
            if (schema.has("oneOf")) {
                long fitting = 0;
                for (JsonNode option : schema.path("oneOf")) {
                    List<String> inner = new ArrayList<>();
                    check(root, option, value, at, inner);
                    fitting += inner.isEmpty() ? 1 : 0;
                }
                if (fitting != 1) {
                    errors.add(at + " fits " + fitting + " of the alternatives");
                }
                return;
            }
            if (schema.has("const") && !schema.path("const").equals(value)) {
                errors.add(at + " is not " + schema.path("const"));
            }
            if (schema.has("enum") && !contains(schema.path("enum"), value)) {
                errors.add(at + " is none of those listed");
            }
            if (schema.has("type") && !type(schema.path("type"), value)) {
                errors.add(at + " is no " + schema.path("type"));
            }
            if (value.isObject()) {
                schema.path("required").forEach(name -> {
                    if (!value.has(name.asText())) {
                        errors.add(at + " lacks " + name.asText());
                    }
                });
                value.properties().forEach(entry -> {
                    JsonNode property = schema.path("properties").path(entry.getKey());
                    JsonNode extra = schema.path("additionalProperties");
                    if (!property.isMissingNode()) {
                        check(root, property, entry.getValue(), at + "." + entry.getKey(), errors);
                    } else if (extra.isBoolean() && !extra.asBoolean()) {
                        errors.add(at + " has an unknown " + entry.getKey());
                    } else if (extra.isObject()) {
                        check(root, extra, entry.getValue(), at + "." + entry.getKey(), errors);
                    }
                });
            }
            for (int i = 0; value.isArray() && i < value.size(); i++) {
                check(root, schema.path("items"), value.get(i), at + "[" + i + "]", errors);
            }
        }

        private static boolean contains(JsonNode list, JsonNode value) {
            for (JsonNode each : list) {
                if (each.equals(value)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean type(JsonNode types, JsonNode value) {
            if (types.isArray()) {
                for (JsonNode each : types) {
                    if (type(each, value)) {
                        return true;
                    }
                }
                return false;
            }
            return switch (types.asText()) {
                case "object" -> value.isObject();
                case "array" -> value.isArray();
                case "string" -> value.isTextual();
                case "boolean" -> value.isBoolean();
                case "integer" -> value.isIntegralNumber();
                case "number" -> value.isNumber();
                case "null" -> value.isNull();
                default -> throw new IllegalArgumentException(types.asText());
            };
        }
    }
}
