package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.html.Page;
import org.cowbench.report.text.Wording;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Power;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of a comparison's page, shown or under the pointer, is that of the comparison's JSON. */
class ComparisonPageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NUMBER = "([+-]?[0-9.]+(?:e[+-]?[0-9]+)?[kMGTP]?|n/a)";
    private static final Set<String> SPEAKING = Set.of("policy", "situation", "stream", "kernel");

    /** A comparison and what its files hold. */
    private record Case(String name, Comparison comparison) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    static Path directory;

    private static final List<Case> CASES = new ArrayList<>();

    @BeforeAll
    static void compare() throws IOException {
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
        CASES.add(new Case("foreign", compare(json("old", 1, 1), json("new", 1.2, 3), Double.NaN)));
    }

    private static void add(String name, SyntheticSession session, double failOver) {
        Path results = directory.resolve(name);
        session.write(results);
        CASES.add(new Case(name, compare(results.resolve("base"), results.resolve("head"), failOver)));
    }

    private static Comparison compare(Path base, Path head, double failOver) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base),
                ResultDirectory.read(head),
                Rule.DEFAULT,
                CompareOptions.gate(failOver, false));
    }

    /** Two units, parameters, a counter of zero, wild forks, one fork, a value that is no number. */
    private static Path json(String name, double factor, double wild) throws IOException {
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

    private static String entry(
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

    private static Page page(Case each) {
        return Page.of(CompareFormat.HTML.write(each.comparison, false));
    }

    private static JsonNode json(Case each) throws IOException {
        return MAPPER.readTree(CompareFormat.JSON.write(each.comparison, true));
    }

    /** What makes a row the only one: its tag, its metric, and the unit of the score above it. */
    private static Map<List<String>, JsonNode> rows(JsonNode json) {
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

    private static boolean score(JsonNode row) {
        return row.path("kind").asText().equals("score");
    }

    /** JSON's null is a number that is not known. */
    private static double number(JsonNode node) {
        return node.isNull() ? Double.NaN : node.asDouble();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyRowOfTheTables(Case each) throws IOException {
        Map<List<String>, JsonNode> left = rows(json(each));
        Page page = page(each);
        List<Page.Table> tables = page.tables.stream()
                .filter(table -> table.heads().contains("verdict"))
                .toList();
        for (Page.Table table : tables) {
            Matcher unit =
                    Pattern.compile(".* \\((\\S+), (lower|higher) is better\\)").matcher(table.heading());
            assertThat(unit.matches()).as(table.heading()).isTrue();
            for (List<Page.Cell> cells : table.rows()) {
                Page.Cell name = cells.getFirst();
                boolean score = !name.classes().contains("soft");
                JsonNode row = left.remove(List.of(name.tip(), score ? "score" : name.text(), unit.group(1)));
                assertThat(row)
                        .as("%s %s under %s", name.tip(), name.text(), table.heading())
                        .isNotNull();
                if (score) {
                    assertThat(unit.group(2)).isEqualTo(row.path("better").asText());
                    assertThat(row.path("params").properties())
                            .as("the parts of '%s'", name.text() + table.heading())
                            .allSatisfy(param -> assertThat(name.text() + " " + table.heading())
                                    .contains(param.getValue().asText()));
                }
                check(table.cells(cells), row);
            }
        }
        assertThat(left).as("rows that the page does not show").isEmpty();
    }

    /** Of a column in which no row says anything. */
    private static final Page.Cell ABSENT = new Page.Cell("", "", List.of());

    private static void check(Map<String, Page.Cell> cells, JsonNode row) {
        JsonNode change = row.path("change");
        boolean noisy = row.path("note").asText().startsWith("too noisy");
        boolean ratio = row.path("scale").asText().equals("ratio");
        String verdict = row.path("verdict").asText();
        assertThat(cells.get("verdict").text()).isEqualTo(verdict);
        assertThat(cells.get("verdict").classes()).contains(verdict);
        assertThat(cells.get("verdict").classes().contains("cost"))
                .as("coloured as a cost")
                .isEqualTo(Set.of("more", "fewer").contains(verdict)
                        && row.path("gated").asBoolean());
        Page.Cell interval = cells.entrySet().stream()
                .filter(cell -> cell.getKey().endsWith("interval"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ABSENT);
        if (noisy) {
            assertThat(List.of(cells.getOrDefault("change", ABSENT), interval, cells.getOrDefault("p", ABSENT)))
                    .allSatisfy(cell -> assertThat(cell.text() + cell.tip()).isEmpty());
        } else {
            exact(cells.getOrDefault("change", ABSENT).tip(), change.path("estimate"));
            assertThat(change(cells.getOrDefault("change", ABSENT).text(), change.path("estimate"), ratio, "%"))
                    .as("change")
                    .isTrue();
            String[] bounds = interval.tip().split(" to ");
            if (change.path("low").isNull() && change.path("high").isNull()) {
                assertThat(interval.tip()).isEmpty();
            } else {
                assertThat(Double.parseDouble(bounds[0])).isEqualTo(number(change.path("low")));
                assertThat(Double.parseDouble(bounds[1])).isEqualTo(number(change.path("high")));
            }
            boolean counted = row.path("kind").asText().equals("exact");
            if (counted || interval.text().isEmpty()) {
                assertThat(interval.text()).isEqualTo(counted ? "exact" : "");
                assertThat(counted || change.path("low").isNull())
                        .as("an interval is shown")
                        .isTrue();
            } else {
                String[] shown = interval.text()
                        .substring(1, interval.text().length() - 1)
                        .split(", ");
                assertThat(change(shown[0], change.path("low"), ratio, ""))
                        .as(interval.text())
                        .isTrue();
                assertThat(change(shown[1], change.path("high"), ratio, ""))
                        .as(interval.text())
                        .isTrue();
            }
            p(cells.getOrDefault("p", ABSENT).text(), row);
            assertThat(cells.getOrDefault("p", ABSENT).tip())
                    .isEqualTo(
                            row.path("p").isNull()
                                    ? ""
                                    : "not corrected: " + row.path("p").asDouble() + ", "
                                            + row.path("test").asText());
        }
        for (String side : List.of("base", "head")) {
            exact(cells.get(side).tip(), row.path(side));
            assertThat(value(cells.get(side).text(), number(row.path(side))))
                    .as(cells.get(side).text())
                    .isTrue();
        }
        assertThat(cells.get("forks").text())
                .isEqualTo(forks(row.path("baseForks")) + ", " + forks(row.path("headForks")));
        note(cells.getOrDefault("*", ABSENT).text(), row);
    }

    private static void exact(String tip, JsonNode value) {
        assertThat(tip).isEqualTo(value.isNull() ? "unknown" : Double.toString(value.asDouble()));
    }

    /** A change or a bound as people read it: in per cent with one decimal, as a factor, or as a difference. */
    private static boolean change(String shown, JsonNode value, boolean ratio, String unit) {
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

    private static boolean value(String shown, double value) {
        return Page.significant(shown, value, shown.contains("e") ? 2 : 4);
    }

    private static void p(String shown, JsonNode row) {
        double adjusted = number(row.path("adjusted"));
        if (Double.isNaN(adjusted)) {
            assertThat(shown).isEmpty();
        } else if (shown.equals("<.001")) {
            assertThat(adjusted).isLessThan(0.001);
        } else {
            assertThat(Page.decimals(shown, adjusted, 3)).as(shown).isTrue();
        }
    }

    private static String forks(JsonNode side) {
        int failed = side.path("failed").asInt();
        return side.path("values").size() + (failed == 0 ? "" : " (" + failed + " failed)");
    }

    /** A note is the JSON's; where it has none, what is said of an undecided row holds the JSON's numbers. */
    private static void note(String shown, JsonNode row) {
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

    @ParameterizedTest
    @MethodSource("cases")
    void everyTextAndTile(Case each) throws IOException {
        JsonNode json = json(each);
        Page page = page(each);
        List<JsonNode> rows = list(json.path("rows"));
        for (String verdict : List.of("faster", "slower", "same", "inconclusive")) {
            assertThat(page.tiles.get(verdict))
                    .as(verdict)
                    .isEqualTo(Long.toString(rows.stream()
                            .filter(row ->
                                    score(row) && row.path("verdict").asText().equals(verdict))
                            .count()));
        }
        assertThat(page.tiles.get("identical counters"))
                .isEqualTo(Long.toString(rows.stream()
                        .filter(row -> row.path("kind").asText().equals("exact")
                                && row.path("verdict").asText().equals("same"))
                        .count()));
        for (String side : List.of("base", "head")) {
            JsonNode node = json.path(side);
            String text = page.paragraphs.get(side.equals("base") ? 0 : 1);
            assertThat(text)
                    .startsWith(
                            Wording.capital(side) + ": " + node.path("label").asText());
            assertThat(text).contains(node.path("kernel").asText());
            assertThat(node.path("commit").asText())
                    .startsWith(text.replaceFirst("(?s).*, commit ([0-9a-f]+).*|.*", "$1"));
            for (String fact : List.of("label", "commit", "suite", "started", "kernel")) {
                if (!node.path(fact).asText().isEmpty()) {
                    assertThat(page.table("Environment").row(fact).get(side).text())
                            .startsWith(node.path(fact).asText());
                }
            }
        }
        design(page.paragraphs.get(2), json);
        assertThat(page.paragraphs).contains(json.path("method").asText());
        assertThat(page.lists.getOrDefault("Warnings", List.of()))
                .containsExactlyElementsOf(list(json.path("warnings")).stream()
                        .map(JsonNode::asText)
                        .toList());
        List<JsonNode> differences = list(json.path("environment"));
        List<Page.Table> shown = page.tables.stream()
                .filter(table -> table.heads().contains("fact"))
                .toList();
        assertThat(shown).hasSize(differences.isEmpty() ? 0 : 1);
        for (int i = 0; i < differences.size(); i++) {
            List<String> cells =
                    shown.getFirst().rows().get(i).stream().map(Page.Cell::text).toList();
            JsonNode d = differences.get(i);
            assertThat(cells).startsWith(d.path("key").asText(), absent(d.path("base")), absent(d.path("head")));
            assertThat(cells.contains("another machine"))
                    .isEqualTo(d.path("machine").asBoolean());
        }
        assertThat(page.preformatted).isEqualTo(CompareFormat.TEXT.write(each.comparison, false));
        JsonNode gate = json.path("gate");
        List<String> gates =
                page.order.stream().filter(text -> text.startsWith("Gate (")).toList();
        assertThat(gates).hasSize(gate.isNull() ? 0 : 1);
        for (String text : gates) {
            assertThat(text).contains("more than " + gate.path("failOver").asInt() + " %");
            assertThat(page.banners.contains(text))
                    .isEqualTo(gate.path("failed").asBoolean());
            list(gate.path("rows"))
                    .forEach(row -> assertThat(text).contains(row.path("tag").asText()));
        }
    }

    private static String absent(JsonNode fact) {
        return fact.asText().isEmpty() ? "(absent)" : fact.asText();
    }

    private static void design(String text, JsonNode json) {
        if (json.path("design").asText().equals("unpaired")) {
            assertThat(text).isEqualTo("Unpaired: drift not controlled.");
            return;
        }
        Matcher matcher = Pattern.compile("Paired in (\\d+) blocks of one sitting, order from seed (\\d+)"
                        + "(?:; control \\(base against itself, (\\d+) rows\\): no bias shown, none beyond " + NUMBER
                        + " % left open"
                        + "|; control: BIASED|)\\.")
                .matcher(text);
        assertThat(matcher.matches()).as(text).isTrue();
        assertThat(Integer.parseInt(matcher.group(1)))
                .isEqualTo(json.path("blocks").asInt());
        assertThat(Long.parseLong(matcher.group(2)))
                .isEqualTo(json.path("base").path("seed").asLong());
        if (matcher.group(3) != null) {
            assertThat(Integer.parseInt(matcher.group(3)))
                    .isEqualTo(json.path("control").path("rows").asInt());
            assertThat(Page.significant(
                            matcher.group(4),
                            json.path("control").path("largest").asDouble() * 100,
                            3))
                    .isTrue();
        }
        assertThat(text.contains("BIASED"))
                .isEqualTo(json.path("control").path("state").asText().equals("biased"));
    }

    /** What speaks against a comparison is read before its verdicts. */
    @ParameterizedTest
    @MethodSource("cases")
    void cautionsComeFirst(Case each) throws IOException {
        Page page = page(each);
        int summary = page.order.indexOf("Summary");
        int verdicts = page.order.indexOf("Verdicts");
        assertThat(summary).isPositive().isLessThan(verdicts);
        JsonNode json = json(each);
        if (!json.path("environment").isEmpty()) {
            assertThat(page.order.indexOf(
                            json.path("environment").findValuesAsText("machine").contains("true")
                                    ? "table [fact, base, head, ]"
                                    : "table [fact, base, head]"))
                    .isPositive()
                    .isLessThan(summary);
        }
        if (!json.path("warnings").isEmpty()) {
            assertThat(page.order.indexOf("Warnings")).isPositive().isLessThan(summary);
        }
        if (!json.path("valid").asBoolean()) {
            assertThat(page.banners.getFirst()).startsWith("Invalid").contains("policy=v5.9");
            assertThat(page.order.indexOf(page.banners.getFirst())).isLessThan(summary);
        }
    }

    // Pictures

    /** A row's name in pictures. */
    private static String title(JsonNode row) {
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

    private static JsonNode score(JsonNode json, String title, String unit) {
        List<JsonNode> found = list(json.path("rows")).stream()
                .filter(row -> score(row)
                        && title(row).equals(title)
                        && row.path("unit").asText().equals(unit))
                .toList();
        assertThat(found).as("%s in %s", title, unit).hasSize(1);
        return found.getFirst();
    }

    private static String tag(JsonNode row) {
        return row.path("benchmark").asText()
                + row.path("params").properties().stream()
                        .map(param ->
                                ";" + param.getKey() + "=" + param.getValue().asText())
                        .collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfTheForestPlot(Case each) throws IOException {
        JsonNode json = json(each);
        Pattern pattern = Pattern.compile("(.+): (?:(\\S+?)%?(?: \\[(\\S+), (\\S+)])? (\\w+)|too noisy.*); base "
                + NUMBER + ", head " + NUMBER + " (\\S+?)(?:; p (\\S+))?");
        Set<JsonNode> shown = new HashSet<>();
        page(each).figures.forEach((id, panels) -> {
            if (!id.startsWith("forest")) {
                return;
            }
            for (String tip : panels.getFirst().tips()) {
                Matcher m = pattern.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode row = score(json, m.group(1), m.group(8));
                assertThat(shown.add(row)).as(tip).isTrue();
                assertThat(value(m.group(6), number(row.path("base")))).as(tip).isTrue();
                assertThat(value(m.group(7), number(row.path("head")))).as(tip).isTrue();
                boolean noisy = row.path("note").asText().startsWith("too noisy");
                assertThat(m.group(5) == null).as(tip).isEqualTo(noisy);
                if (!noisy) {
                    JsonNode change = row.path("change");
                    assertThat(m.group(5)).isEqualTo(row.path("verdict").asText());
                    assertThat(change(m.group(2), change.path("estimate"), true, ""))
                            .as(tip)
                            .isTrue();
                    assertThat(m.group(3) == null)
                            .as(tip)
                            .isEqualTo(change.path("low").isNull());
                    if (m.group(3) != null) {
                        assertThat(change(m.group(3), change.path("low"), true, ""))
                                .as(tip)
                                .isTrue();
                        assertThat(change(m.group(4), change.path("high"), true, ""))
                                .as(tip)
                                .isTrue();
                    }
                    p(m.group(9) == null ? "" : m.group(9), row);
                }
            }
        });
        assertThat(shown)
                .hasSameSizeAs(list(json.path("rows")).stream()
                        .filter(row -> score(row) && row.path("scale").asText().equals("ratio"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfTheForks(Case each) throws IOException {
        JsonNode json = json(each);
        Map<String, List<Page.Panel>> figures = page(each).figures;
        Pattern share = Pattern.compile("(base|head): " + NUMBER + " % of forks at or below " + NUMBER + " (\\S+)");
        for (Page.Panel panel : figures.getOrDefault("ecdf", List.of())) {
            Map<String, Integer> count = new LinkedHashMap<>();
            for (String tip : panel.tips()) {
                Matcher m = share.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode row = score(json, panel.title(), m.group(4));
                double[] sorted = values(row.path(m.group(1) + "Forks").path("values"));
                Arrays.sort(sorted);
                int n = count.merge(m.group(1), 1, Integer::sum);
                assertThat(Page.significant(m.group(3), sorted[n - 1], 4))
                        .as(tip)
                        .isTrue();
                assertThat(Page.decimals(m.group(2), 100.0 * n / sorted.length, 1))
                        .as(tip)
                        .isTrue();
                assertThat(panel.caption()).startsWith(row.path("verdict").asText() + ", A = ");
                String superiority = panel.caption().replaceFirst(".* ", "");
                assertThat(Page.decimals(superiority, number(row.path("superiority")), 2))
                        .isTrue();
            }
            assertThat(count.keySet()).containsExactly("base", "head");
        }
        Pattern place = Pattern.compile("(base|head), fork (\\d+): " + NUMBER + " (\\S+)");
        for (Page.Panel panel : figures.getOrDefault("forks", List.of())) {
            Map<String, Integer> count = new LinkedHashMap<>();
            for (String tip : panel.tips()) {
                Matcher m = place.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode forks = score(json, panel.title(), m.group(4)).path(m.group(1) + "Forks");
                int n = count.merge(m.group(1), 1, Integer::sum) - 1;
                assertThat(Integer.parseInt(m.group(2)))
                        .isEqualTo(forks.path("orders").get(n).asInt());
                assertThat(Page.significant(
                                m.group(3), forks.path("values").get(n).asDouble(), 4))
                        .as(tip)
                        .isTrue();
            }
            assertThat(count.keySet()).containsExactly("base", "head");
        }
    }

    private static double[] values(JsonNode array) {
        return list(array).stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfThePercentiles(Case each) throws IOException {
        JsonNode json = json(each);
        Map<String, String> titles = new LinkedHashMap<>();
        list(json.path("rows")).forEach(row -> titles.put(tag(row), title(row)));
        Map<String, List<Page.Panel>> figures = page(each).figures;
        Pattern moved = Pattern.compile(NUMBER + " %: (\\S+?)%?(?: \\[(\\S+?)%?, (\\S+?)%?])?");
        List<Page.Panel> shifts = figures.getOrDefault("shift", List.of());
        assertThat(shifts).hasSameSizeAs(each.comparison.shifts());
        for (Comparison.Shift shift : each.comparison.shifts()) {
            List<String> tips = panel(shifts, titles.get(shift.tag())).tips();
            assertThat(tips).hasSameSizeAs(shift.fractions());
            for (int i = 0; i < tips.size(); i++) {
                Matcher m = moved.matcher(tips.get(i));
                assertThat(m.matches()).as(tips.get(i)).isTrue();
                assertThat(Page.number(m.group(1))).isCloseTo(shift.fractions()[i] * 100, within(1e-9));
                Interval ratio = shift.ratios()[i];
                assertThat(ratio(m.group(2), ratio.estimate())).as(tips.get(i)).isTrue();
                assertThat(m.group(3) != null).isEqualTo(ratio.bounded());
                assertThat(!ratio.bounded() || ratio(m.group(3), ratio.low()) && ratio(m.group(4), ratio.high()))
                        .isTrue();
            }
        }
        Pattern side = Pattern.compile("(base|head) " + NUMBER + " \\(" + NUMBER + " to " + NUMBER + "\\)");
        List<Page.Panel> curves = figures.getOrDefault("curves", List.of());
        assertThat(curves).hasSameSizeAs(each.comparison.curves());
        for (Comparison.Curves one : each.comparison.curves()) {
            List<String> tips = panel(curves, titles.get(one.tag())).tips();
            assertThat(tips).hasSizeGreaterThan(3);
            for (int i = 0; i < tips.size(); i++) {
                double fraction = one.fractions()[2 * i];
                String percent = tips.get(i).substring(0, tips.get(i).indexOf(" %"));
                // Two digits of the distance from 1.
                assertThat(Page.number(percent) / 100).isCloseTo(fraction, within((1 - fraction) * 0.1));
                Matcher m = side.matcher(tips.get(i));
                int sides = 0;
                while (m.find()) {
                    double[][] forks = m.group(1).equals("base") ? one.base() : one.head();
                    int at = 2 * i;
                    double[] values =
                            Arrays.stream(forks).mapToDouble(fork -> fork[at]).toArray();
                    assertThat(Page.significant(m.group(2), Forks.median(values), 4))
                            .as(tips.get(i))
                            .isTrue();
                    assertThat(Page.significant(
                                    m.group(3), DoubleStream.of(values).min().orElseThrow(), 4))
                            .isTrue();
                    assertThat(Page.significant(
                                    m.group(4), DoubleStream.of(values).max().orElseThrow(), 4))
                            .isTrue();
                    sides++;
                }
                assertThat(sides).as(tips.get(i)).isPositive();
            }
        }
    }

    private static boolean ratio(String shown, double ratio) {
        return shown.startsWith("x")
                ? Page.significant(shown.substring(1), ratio, 3)
                : Page.decimals(shown, (ratio - 1) * 100, 1);
    }

    private static Page.Panel panel(List<Page.Panel> panels, String title) {
        return panels.stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no panel " + title));
    }

    /** No picture has a number that nobody can read, and no case is drawn without the pictures it has data for. */
    @Test
    void everyPictureHasTips() {
        Map<String, Set<String>> drawn = new LinkedHashMap<>();
        for (Case each : CASES) {
            page(each).figures.forEach((id, panels) -> {
                drawn.computeIfAbsent(each.name, name -> new HashSet<>()).add(id);
                assertThat(panels).as("%s %s", each, id).isNotEmpty().allSatisfy(panel -> assertThat(panel.tips())
                        .as(panel.title())
                        .isNotEmpty());
            });
        }
        assertThat(drawn.get("slower")).containsExactlyInAnyOrder("forest-times", "curves", "shift", "ecdf", "forks");
        assertThat(drawn.get("foreign")).containsExactlyInAnyOrder("forest-times", "forest-rates", "ecdf");
        assertThat(drawn.get("unpaired")).containsExactlyInAnyOrder("forest-times", "ecdf", "forks");
    }
}
