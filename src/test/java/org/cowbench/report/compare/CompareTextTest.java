package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mail: narrow, in columns, and every number of it is the JSON's. */
class CompareTextTest {
    private static final Path KEPT = Path.of("results");
    private static final Pattern ROW =
            Pattern.compile("(.{12}) (.{7}) (.{7}) (.{7}) (.{15}) (.{5}) (faster|slower|same|inconclusive|more|fewer)");
    private static final String CONTINUED = " ".repeat(13);

    @TempDir
    private static Path results;

    /** Comparisons that between them print everything that a mail can hold. */
    private static List<Comparison> all;

    private static Comparison compare(Path folder, double failOver) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(folder.resolve("base")),
                ResultDirectory.read(folder.resolve("head")),
                Rule.DEFAULT,
                CompareOptions.gate(failOver, false));
    }

    @BeforeAll
    static void compareAll() throws IOException {
        new SyntheticSession()
                .histograms()
                .head(1.03)
                .headCopies(1.2)
                .failHeadFork(5)
                .cell("Churn.run", 31.5, 0.25, "policy", "V6_11", "stream", "ZIPF")
                .headEnvironment("thp.enabled", "always")
                .write(results.resolve("called"));
        new SyntheticSession().noise(0.05, 0.01).blocks(12).write(results.resolve("open"));
        new SyntheticSession().controlBias(1.1).noise(0.004, 0.002).write(results.resolve("invalid"));
        new SyntheticSession()
                .separate()
                .noise(0.2, 0.1)
                .blocks(3)
                .disturbHeadForks(4)
                .write(results.resolve("separate"));
        Path tiny = Files.createDirectories(results.resolve("tiny"));
        for (String side : new String[] {"base", "head"}) {
            Path run = Files.createDirectories(tiny.resolve(side));
            Files.writeString(
                    run.resolve("jmh.json"),
                    "[{\"benchmark\":\"a.B.c\",\"mode\":\"avgt\",\"primaryMetric\":{"
                        + "\"scoreUnit\":\"s/op\",\"rawData\":[[0],[1.5e-12],[4e-12],[2e-12]]},\"secondaryMetrics\":{"
                        + "\"aNameThatIsLonger\":{\"scoreUnit\":\"B/op\",\"rawData\":[[1e17],[3e17],[9e17],[2e16]]}}}]");
        }
        all = List.of(
                compare(results.resolve("called"), 2),
                compare(results.resolve("open"), 0.5),
                compare(results.resolve("invalid"), 5),
                compare(results.resolve("separate"), 5),
                compare(tiny, 5),
                ComparisonBuilder.within(
                        ResultDirectory.read(KEPT.resolve("20261123-173423-fc35548873")),
                        "policy",
                        "v5.9",
                        Rule.DEFAULT,
                        CompareOptions.gate(1, true)),
                ComparisonBuilder.compare(
                        ResultDirectory.read(KEPT.resolve("20261125-story1-5.10")),
                        ResultDirectory.read(KEPT.resolve("20261125-story1-6.1")),
                        Rule.DEFAULT,
                        CompareOptions.NONE));
    }

    @Test
    void noLineIsWideAndNoColumnMoves() {
        for (Comparison comparison : all) {
            for (boolean everything : new boolean[] {false, true}) {
                String text = CompareText.of(comparison, everything);
                assertThat(text).matches("[\\x20-\\x7e\\n]*");
                assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(72));
                assertThat(text.lines().filter(line -> ROW.matcher(line).matches()))
                        .as("rows that keep their columns")
                        .hasSize(comparison.groups().stream()
                                .mapToInt(group ->
                                        CompareText.shown(group, everything).size())
                                .sum());
            }
        }
    }

    @Test
    void anUnknownSeedIsNotSaid() {
        Comparison kernels = ComparisonBuilder.within(
                ResultDirectory.read(KEPT.resolve("20261125-timeline")),
                "kernel",
                "6.1",
                Rule.DEFAULT,
                CompareOptions.NONE);
        assertThat(CompareText.of(kernels, false))
                .contains("paired in 3 blocks")
                .doesNotContain("seed");
    }

    @Test
    void groupsNameTheirParameters() {
        assertThat(all.getFirst().groups())
                .extracting(CompareWording::title)
                .containsExactly("WriteAfterRead.l2 situation=SWAPCACHE", "Churn.run stream=ZIPF");
    }

    /** A row as the mail prints it. */
    private record Line(
            String label,
            String base,
            String head,
            String change,
            String interval,
            String p,
            String verdict,
            StringBuilder said) {}

    private static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                lines.add(new Line(
                        row.group(1).strip(),
                        row.group(2).strip(),
                        row.group(3).strip(),
                        row.group(4).strip(),
                        row.group(5).strip(),
                        row.group(6).strip(),
                        row.group(7),
                        new StringBuilder()));
            } else if (line.startsWith(CONTINUED) && !line.contains(" change ")) {
                lines.getLast().said.append(line.strip()).append(' ');
            }
        }
        return lines;
    }

    @Test
    void everyNumberIsThatOfTheJson() throws IOException {
        int outlooks = 0;
        int differences = 0;
        int failures = 0;
        for (Comparison comparison : all) {
            JsonNode json = new ObjectMapper().readTree(CompareJson.of(comparison));
            String text = CompareText.of(comparison, true);
            List<Line> lines = lines(text);
            List<Comparison.Row> order = comparison.groups().stream()
                    .flatMap(group -> group.rows().stream())
                    .toList();
            assertThat(lines).hasSameSizeAs(order).hasSize(json.path("rows").size());
            for (int i = 0; i < lines.size(); i++) {
                JsonNode row = json.path("rows").get(index(comparison.rows(), order.get(i)));
                row(lines.get(i), row);
                outlooks += lines.get(i).said.indexOf("would have seen") >= 0 ? 1 : 0;
                differences += row.path("scale").asText().equals("difference") ? 1 : 0;
                failures += lines.get(i).said.indexOf("failed forks") >= 0 ? 1 : 0;
            }
            around(text.replaceAll("\\s+", " "), json);
            hidden(CompareText.of(comparison, false), json);
        }
        assertThat(outlooks).isPositive();
        assertThat(differences).isPositive();
        assertThat(failures).isPositive();
    }

    private static int index(List<Comparison.Row> rows, Comparison.Row wanted) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) == wanted) {
                return i;
            }
        }
        throw new AssertionError(wanted);
    }

    private static void row(Line line, JsonNode row) {
        String name = row.path("benchmark").asText() + " " + row.path("params") + " "
                + row.path("metric").asText();
        boolean ratio = row.path("scale").asText().equals("ratio");
        JsonNode change = row.path("change");
        assertThat(line.verdict).as(name).isEqualTo(row.path("verdict").asText());
        value(name, line.base, row.path("base"));
        value(name, line.head, row.path("head"));
        change(name, line.change.replace("%", ""), change.path("estimate"), ratio);
        String said = line.said.toString().strip();
        String interval = line.interval;
        Matcher below = Pattern.compile("95% interval (\\[[^]]*]) ?").matcher(said);
        if (below.lookingAt()) {
            interval = below.group(1);
            said = said.substring(below.end());
        }
        if (interval.equals("exact")) {
            assertThat(row.path("kind").asText()).as(name).isEqualTo("exact");
        } else if (interval.isEmpty()) {
            assertThat(change.path("low").isNull()).as(name).isTrue();
        } else {
            String[] bounds = interval.substring(1, interval.length() - 1).split(", ");
            change(name, bounds[0], change.path("low"), ratio);
            change(name, bounds[1], change.path("high"), ratio);
        }
        JsonNode adjusted = row.path("adjusted");
        if (line.p.isEmpty()) {
            assertThat(adjusted.isNull()).as(name).isTrue();
        } else if (line.p.equals("<.001")) {
            assertThat(adjusted.asDouble()).as(name).isLessThan(0.001);
        } else {
            value(name, line.p, adjusted);
        }
        said(name, said, row);
    }

    /** All that is said beside the numbers, phrase by phrase; no number may be left over. */
    private static void said(String name, String said, JsonNode row) {
        String rest = said.replace(row.path("note").asText(), "");
        Matcher outlook = Pattern.compile(
                        "(?:would have seen (\\S+) %|too few (?:blocks|forks a side) to see anything); "
                                + "(about|more than) (\\d+) (?:blocks|forks a side) decides?")
                .matcher(rest);
        boolean open = row.path("verdict").asText().equals("inconclusive")
                && !row.path("needed").isNull();
        assertThat(outlook.find()).as("%s: %s", name, said).isEqualTo(open);
        if (open) {
            if (outlook.group(1) == null) {
                assertThat(row.path("detectable").asDouble()).as(name).isGreaterThan(1);
            } else {
                shown(name, outlook.group(1), row.path("detectable").asDouble() * 100);
            }
            int needed = Integer.parseInt(outlook.group(3));
            assertThat(row.path("needed").asInt())
                    .as(name)
                    .isEqualTo(outlook.group(2).equals("about") ? needed : needed + 1);
            rest = rest.substring(0, outlook.start()) + rest.substring(outlook.end());
        }
        Matcher failed = Pattern.compile("failed forks: base (\\d+) of (\\d+), head (\\d+) of (\\d+)")
                .matcher(rest);
        if (failed.find()) {
            int group = 1;
            for (String side : new String[] {"baseForks", "headForks"}) {
                int count = row.path(side).path("failed").asInt();
                assertThat(failed.group(group++)).as(name).isEqualTo(Integer.toString(count));
                assertThat(failed.group(group++))
                        .as(name)
                        .isEqualTo(Integer.toString(
                                count + row.path(side).path("values").size()));
            }
            rest = rest.substring(0, failed.start()) + rest.substring(failed.end());
        }
        assertThat(rest).as(name).doesNotContainPattern("[0-9]");
    }

    private static void around(String text, JsonNode json) {
        for (String side : new String[] {"base", "head"}) {
            JsonNode node = json.path(side);
            assertThat(text).contains(side + " " + node.path("label").asText());
            String commit = node.path("commit").asText();
            assertThat(text)
                    .contains(
                            commit.substring(0, Math.min(12, commit.length())),
                            node.path("kernel").asText());
        }
        JsonNode control = json.path("control");
        if (json.path("design").asText().equals("paired")) {
            number(text, "paired in (\\d+) block", json.path("blocks").asDouble());
        }
        if (control.path("state").asText().equals("clean")) {
            number(text, "base against itself, (\\d+) row", control.path("rows").asDouble());
            number(
                    text,
                    "none beyond (\\S+) % left open",
                    control.path("largest").asDouble() * 100);
        }
        Matcher seed = Pattern.compile("order from seed (\\d+)").matcher(text);
        if (seed.find()) {
            assertThat(seed.group(1)).isEqualTo(json.path("base").path("seed").asText());
        }
        json.path("environment")
                .forEach(d -> assertThat(text).contains(d.path("key").asText() + ": "));
        for (int i = 0; i < Math.min(10, json.path("warnings").size()); i++) {
            assertThat(text).contains(json.path("warnings").get(i).asText());
        }
        int tested = 0;
        int open = 0;
        for (JsonNode row : json.path("rows")) {
            tested +=
                    row.path("kind").asText().equals("score") && !row.path("p").isNull() ? 1 : 0;
            JsonNode high = row.path("change").path("high");
            open += row.path("gated").asBoolean()
                            && row.path("verdict").asText().equals("inconclusive")
                            && (high.isNull()
                                    || (high.asDouble() - 1) * 100
                                            > json.path("gate").path("failOver").asDouble())
                    ? 1
                    : 0;
        }
        JsonNode rule = json.path("rule");
        number(text, "Holm over (\\d+) score", tested);
        number(text, "p at most (\\S+) %", rule.path("level").asDouble() * 100);
        number(text, "the interval beyond (\\S+) %", rule.path("bound").asDouble() * 100);
        number(text, "same: the (\\S+) % interval", rule.path("sameConfidence").asDouble() * 100);
        if (!json.path("gate").isNull()) {
            number(
                    text,
                    "slower by more than (\\S+) %",
                    json.path("gate").path("failOver").asDouble());
            assertThat(text.contains("FAILED") || text.contains("not judged"))
                    .isEqualTo(json.path("gate").path("failed").asBoolean());
        }
        Matcher uncertain =
                Pattern.compile("passed; (\\d+) rows? (?:is|are) too uncertain").matcher(text);
        if (uncertain.find()) {
            assertThat(uncertain.group(1)).isEqualTo(Integer.toString(open));
        }
    }

    private static void hidden(String text, JsonNode json) {
        int left = json.path("rows").size() - lines(text).size();
        Matcher hidden = Pattern.compile(
                        "(\\d+) rows? of percentiles and counters not shown: identical \\((\\d+) exactly\\)")
                .matcher(text.replaceAll("\\s+", " "));
        assertThat(hidden.find()).isEqualTo(left > 0);
        if (left > 0) {
            assertThat(hidden.group(1)).isEqualTo(Integer.toString(left));
            assertThat(hidden.group(2)).isEqualTo(json.path("identicalCounters").asText());
        }
    }

    private static void number(String text, String pattern, double value) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        shown(pattern, matcher.group(1), value);
    }

    private static void change(String name, String text, JsonNode value, boolean ratio) {
        if (text.startsWith("x")) {
            value(name, text.substring(1), value);
        } else if (ratio && !value.isNull()) {
            shown(name, text, (value.asDouble() - 1) * 100);
        } else {
            value(name, text, value);
        }
    }

    private static void value(String name, String text, JsonNode value) {
        if (value.isNull()) {
            assertThat(text).as(name).isEqualTo("n/a");
        } else {
            shown(name, text, value.asDouble());
        }
    }

    /** A printed number is right to half of its last digit. */
    private static void shown(String name, String text, double value) {
        Matcher number = Pattern.compile("[+-]?\\d+(?:\\.(\\d+))?(?:e(-?\\d+))?([kMGTP]?)")
                .matcher(text);
        assertThat(number.matches()).as("%s: '%s'", name, text).isTrue();
        double scale = Math.pow(1000, " kMGTP".indexOf(number.group(3).isEmpty() ? " " : number.group(3)));
        double printed =
                Double.parseDouble(number.group(3).isEmpty() ? text : text.substring(0, text.length() - 1)) * scale;
        int decimals = number.group(1) == null ? 0 : number.group(1).length();
        int exponent = number.group(2) == null ? 0 : Integer.parseInt(number.group(2));
        double half = 0.5 * Math.pow(10, exponent - decimals) * scale;
        double rounding = half + 1e-9 * Math.abs(value);
        assertThat(printed).as("%s: '%s'", name, text).isBetween(value - rounding, value + rounding);
    }
}
