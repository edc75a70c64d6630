package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Power;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of every kind, each as its page and as its JSON. */
abstract class ComparisonPageFixture {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final String NUMBER = "([+-]?[0-9.]+(?:e[+-]?[0-9]+)?[kMGTP]?|n/a)";
    static final Set<String> SPEAKING = Set.of("policy", "situation", "stream", "kernel");

    /** A comparison and what its files hold, written and read back once. */
    record Case(String name, Comparison comparison, Page page, JsonNode json) {
        static Case of(String name, Comparison comparison) throws IOException {
            return new Case(
                    name,
                    comparison,
                    Page.of(CompareFormat.HTML.write(comparison, false)),
                    MAPPER.readTree(CompareFormat.JSON.write(comparison, true)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    static Path directory;

    /** For all classes of tests that run in one JVM. */
    static final List<Case> CASES = new ArrayList<>();

    @BeforeAll
    static void compare() throws IOException {
        if (!CASES.isEmpty()) {
            return;
        }
        add(
                "slower",
                new SyntheticSession()
                        .histograms()
                        .head(1.03)
                        .headCopies(1.2)
                        .failHeadFork(5)
                        .cell("WriteAfterRead.l2", 400, 1, "policy", "ALWAYS_REUSE", "situation", "HIDDEN_SHARER")
                        .cell("Churn.run", 31.5, 0.25, "policy", "V6_11", "stream", "ZIPF")
                        .headEnvironment("thp.enabled", "always"),
                1);
        add("faster", new SyntheticSession().histograms().head(0.5).blocks(8), 5);
        add(
                "undecided",
                new SyntheticSession()
                        .histograms()
                        .head(1.002)
                        .noise(0.02, 0.02)
                        .blocks(6),
                Double.NaN);
        add("biased", new SyntheticSession().controlBias(1.2), 5);
        add(
                "unpaired",
                new SyntheticSession().separate().blocks(4).headEnvironment("cpu.model", "another"),
                Double.NaN);
        add("few", new SyntheticSession().histograms().blocks(3), Double.NaN);
        CASES.add(Case.of("foreign", compare(json("old", 1, 1), json("new", 1.2, 3), Double.NaN)));
    }

    static void add(String name, SyntheticSession session, double failOver) throws IOException {
        Path results = directory.resolve(name);
        session.write(results);
        CASES.add(Case.of(name, compare(results.resolve("base"), results.resolve("head"), failOver)));
    }

    static Comparison compare(Path base, Path head, double failOver) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base),
                ResultDirectory.read(head),
                Rule.DEFAULT,
                CompareOptions.gate(failOver, false));
    }

    /** Two units, parameters, a counter of zero, wild forks, one fork, a value that is no number. */
    static Path json(String name, double factor, double wild) throws IOException {
        List<String> entries = new ArrayList<>();
        for (int size : new int[] {1, 10, 1000}) {
            String params = "\"size\":\"" + size + "\",\"library\":\"x\"";
            entries.add(entry("Parse.small", "avgt", params, "us/op", 0.7 * size * factor, 6, 0.01));
            entries.add(entry("Parse.small", "thrpt", params, "ops/ms", 50_000.0 / size / factor, 6, 0.01));
        }
        entries.add(entry("Hash.once", "avgt", "", "ns/op", 20, 1, 0));
        entries.add(entry("Hash.wild", "avgt", "", "ns/op", 20, 9, wild));
        entries.add(entry("Hash.zero", "avgt", "", "ns/op", factor - 1, 5, 0.01));
        return Files.writeString(directory.resolve(name + ".json"), "[" + String.join(",", entries) + "]");
    }

    static String entry(
            String benchmark, String mode, String params, String unit, double value, int forks, double noise) {
        List<String> raw = new ArrayList<>();
        for (int f = 0; f < forks; f++) {
            double fork = value * (1 + noise * (noise >= 1 && f % 3 == 0 ? 50 * f : (f % 3) - 1));
            raw.add("[" + fork + "," + fork * 1.001 + ",\"NaN\"," + fork * 0.999 + "]");
        }
        return "{\"benchmark\":\"com.acme." + benchmark + "\",\"mode\":\"" + mode + "\",\"forks\":" + forks
                + ",\"params\":{"
                + params + "},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":" + raw
                + "},\"secondaryMetrics\":{\"\u00b7gc.alloc.rate.norm\":{\"scoreUnit\":\"B/op\",\"rawData\":"
                + raw.stream().map(row -> "[" + value + "]").toList() + "}}}";
    }

    static List<Case> cases() {
        return CASES;
    }

    /** What makes a row the only one: its tag, its metric, and the unit of the score above it. */
    static Map<List<String>, JsonNode> rows(JsonNode json) {
        Map<List<String>, JsonNode> rows = new LinkedHashMap<>();
        String unit = "";
        for (JsonNode row : json.path("rows")) {
            unit = score(row) ? row.path("unit").asText() : unit;
            String tag = row.path("benchmark").asText()
                    + row.path("params").properties().stream()
                            .map(param -> ";" + param.getKey() + "="
                                    + param.getValue().asText())
                            .collect(Collectors.joining());
            assertThat(rows.put(List.of(tag, row.path("metric").asText(), unit), row))
                    .isNull();
        }
        return rows;
    }

    static boolean score(JsonNode row) {
        return row.path("kind").asText().equals("score");
    }

    /** JSON's null is a number that is not known. */
    static double number(JsonNode node) {
        return node.isNull() ? Double.NaN : node.asDouble();
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** A change or a bound as people read it: in per cent with one decimal, as a factor, or as a difference. */
    static boolean change(String shown, JsonNode value, boolean ratio, String unit) {
        double number = number(value);
        if (!Double.isFinite(number)) {
            return shown.equals("n/a");
        }
        if (shown.startsWith("x")) {
            return number >= 10 && Page.significant(shown.substring(1), number, 3);
        }
        return ratio
                ? shown.endsWith(unit) && Page.decimals(shown.replace("%", ""), (number - 1) * 100, 1)
                // An interval has as many digits as fit into a mail; the tip has them all.
                : IntStream.rangeClosed(1, 3).anyMatch(digits -> Page.significant(shown, number, digits));
    }

    static boolean value(String shown, double value) {
        return Page.significant(shown, value, shown.contains("e") ? 2 : 4);
    }

    static void p(String shown, JsonNode row) {
        double adjusted = number(row.path("adjusted"));
        if (Double.isNaN(adjusted)) {
            assertThat(shown).isEmpty();
        } else if (shown.equals("<.001")) {
            assertThat(adjusted).isLessThan(0.001);
        } else {
            assertThat(Page.decimals(shown, adjusted, 3)).as(shown).isTrue();
        }
    }

    static String forks(JsonNode side) {
        int failed = side.path("failed").asInt();
        return side.path("values").size() + (failed == 0 ? "" : " (" + failed + " failed)");
    }

    /** A note is the JSON's; where it has none, what is said of an undecided row holds the JSON's numbers. */
    static void note(String shown, JsonNode row) {
        if (!row.path("note").asText().isEmpty()
                || !row.path("verdict").asText().equals("inconclusive")) {
            assertThat(shown).isEqualTo(row.path("note").asText());
            return;
        }
        Matcher numbers = Pattern.compile(NUMBER).matcher(shown);
        while (numbers.find()) {
            String number = numbers.group();
            boolean needed = !row.path("needed").isNull()
                    && Page.number(number) == row.path("needed").asDouble();
            boolean most = row.path("needed").asInt() > Power.MOST_BLOCKS && Page.number(number) == Power.MOST_BLOCKS;
            boolean detectable = Page.significant(number, number(row.path("detectable")) * 100, 3);
            assertThat(needed || most || detectable)
                    .as("%s in '%s'", number, shown)
                    .isTrue();
        }
    }

    /** A row's name in pictures. */
    static String title(JsonNode row) {
        return (row.path("benchmark").asText() + " "
                        + row.path("params").properties().stream()
                                .map(param -> (SPEAKING.contains(param.getKey()) ? "" : param.getKey() + "=")
                                        + param.getValue().asText()
                                        + (param.getKey().equals("policy")
                                                        && !row.path("breaks").isEmpty()
                                                ? "!"
                                                : ""))
                                .collect(Collectors.joining(", ")))
                .strip();
    }

    static JsonNode score(JsonNode json, String title, String unit) {
        List<JsonNode> found = list(json.path("rows")).stream()
                .filter(row -> score(row)
                        && title(row).equals(title)
                        && row.path("unit").asText().equals(unit))
                .toList();
        assertThat(found).as("%s in %s", title, unit).hasSize(1);
        return found.getFirst();
    }

    static String tag(JsonNode row) {
        return row.path("benchmark").asText()
                + row.path("params").properties().stream()
                        .map(param ->
                                ";" + param.getKey() + "=" + param.getValue().asText())
                        .collect(Collectors.joining());
    }

    static double[] values(JsonNode array) {
        return list(array).stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    static boolean ratio(String shown, double ratio) {
        return shown.startsWith("x")
                ? Page.significant(shown.substring(1), ratio, 3)
                : Page.decimals(shown, (ratio - 1) * 100, 1);
    }
}
