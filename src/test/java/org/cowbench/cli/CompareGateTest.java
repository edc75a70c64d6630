package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.report.compare.CompareWording;
import org.cowbench.report.compare.SyntheticSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gate that could not judge is no gate that passed; and what is selected, sorted and counted. */
class CompareGateTest {
    private static final String INPUTS = "src/test/resources/jmh/";
    private static final int NOT_JUDGED = 4;

    @TempDir
    Path results;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int compare(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("compare", "--results", results.toString()));
        all.addAll(List.of(args));
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private String flat() {
        return out.toString().replaceAll("\\s+(# )?", " ");
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private static String entry(String benchmark, String mode, String size, String unit, double... forks) {
        StringBuilder raw = new StringBuilder();
        for (double fork : forks) {
            raw.append(raw.isEmpty() ? "[" : ",[").append(fork).append(']');
        }
        return "{\"benchmark\":\"a." + benchmark + "\",\"mode\":\"" + mode + "\",\"params\":{\"size\":\"" + size
                + "\"},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":[" + raw + "]}}";
    }

    private String file(String name, String... entries) throws IOException {
        return Files.writeString(results.resolve(name), "[" + String.join(",", entries) + "]")
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "markdown", "json", "csv", "html", "lkp", "mmtests", "benchstat"})
    void whatCouldNotBeJudgedHasNotPassed(String format) throws IOException {
        String other = file("other.json", entry("Other.m", "avgt", "1", "ns/op", 1, 1, 1));
        new SyntheticSession().controlBias(1.2).write(results);
        String[][] pairs = {
            {INPUTS + "unpaired-gate-base.json", INPUTS + "unpaired-gate.json"},
            {INPUTS + "one-fork-base.json", INPUTS + "one-fork.json"},
            {INPUTS + "one-fork-base.json", other},
            {"base", "head"}
        };
        for (String[] pair : pairs) {
            for (boolean strict : new boolean[] {false, true}) {
                List<String> args = new ArrayList<>(List.of(pair[0], pair[1], "--format", format, "--fail-over", "5"));
                if (strict) {
                    args.add("--strict");
                }
                assertThat(compare(args.toArray(String[]::new))).as(pair[1]).isEqualTo(NOT_JUDGED);
                assertThat(flat()).as(pair[1]).contains("not judged").doesNotContain("passed");
            }
        }
    }

    @Test
    void anInvalidSessionHasJudgedNothingWithoutAGateEither() {
        new SyntheticSession().controlBias(1.2).write(results);
        assertThat(compare("base", "head")).isEqualTo(NOT_JUDGED);
    }

    @Test
    void aGateSaysWhyItCouldNotJudgeAndWhatToDo() throws IOException {
        compare(INPUTS + "unpaired-gate-base.json", INPUTS + "unpaired-gate.json", "--fail-over", "5");
        assertThat(flat())
                .contains("not judged: 1 of 1 score is of runs that were not interleaved")
                .contains("--unpaired");
        compare(
                INPUTS + "one-fork-base.json",
                INPUTS + "one-fork.json",
                "--fail-over",
                "5",
                "--unpaired",
                "--format",
                "json");
        JsonNode gate = json().path("gate");
        assertThat(gate.path("state").asText()).isEqualTo("not judged");
        assertThat(gate.path("failed").asBoolean())
                .as("whoever reads this alone lets nothing through")
                .isTrue();
        assertThat(gate.path("text").asText()).contains("-f 5", "--bench");
        assertThat(gate.path("rows")).isEmpty();
        assertThat(gate.path("notJudged").get(0).path("tag").asText()).isEqualTo("C.m");
    }

    @Test
    void separateRunsAreGatedOnDemandAtAStatedErrorRate() {
        String base = INPUTS + "unpaired-gate-base.json";
        String head = INPUTS + "unpaired-gate.json";
        assertThat(compare(base, head, "--fail-over", "5", "--unpaired")).isEqualTo(1);
        assertThat(flat()).contains("FAILED: C.m").contains(CompareWording.UNPAIRED_RATE);
        assertThat(compare(head, base, "--fail-over", "5", "--unpaired")).isZero();
        assertThat(flat()).contains("passed").contains(CompareWording.UNPAIRED_RATE);
        assertThat(compare(base, head, "--unpaired")).isEqualTo(2);
        compare("--help");
        assertThat(flat()).contains(CompareWording.UNPAIRED_RATE);
    }

    @Test
    void aFailureOutranksWhatCouldNotBeJudged() throws IOException {
        String base = file(
                "a.json",
                entry("X.good", "avgt", "1", "ns/op", 10, 10.1, 9.9),
                entry("X.one", "avgt", "1", "ns/op", 5));
        String head = file(
                "b.json",
                entry("X.good", "avgt", "1", "ns/op", 20, 20.1, 19.9),
                entry("X.one", "avgt", "1", "ns/op", 5));
        assertThat(compare(base, head, "--fail-over", "5", "--unpaired")).isEqualTo(1);
        assertThat(flat()).contains("FAILED: X.good;size=1; not judged: 1 of 2 scores is without an interval");
        assertThat(compare(base, base, "--fail-over", "5", "--unpaired")).isEqualTo(NOT_JUDGED);
        assertThat(compare(base, base, "--fail-over", "5", "--unpaired", "--bench", "good"))
                .isZero();
    }

    @Test
    void aBenchmarkThatTheHeadLacksIsSaidAndUnderStrictNotJudged() throws IOException {
        String base = file(
                "a.json",
                entry("X.stays", "avgt", "1", "ns/op", 10, 10, 10),
                entry("X.goes", "avgt", "1", "ns/op", 5, 5));
        String head = file("b.json", entry("X.stays", "avgt", "1", "ns/op", 10, 10, 10));
        assertThat(compare(base, head, "--fail-over", "5", "--unpaired")).isZero();
        assertThat(flat()).contains("passed; 1 benchmark is only in the base and not judged");
        assertThat(compare(base, head, "--fail-over", "5", "--unpaired", "--strict"))
                .isEqualTo(NOT_JUDGED);
        assertThat(flat()).contains("not judged: only in the base: X.goes;size=1");
    }

    @Test
    void theOnlyForksAreLookedIntoAndNothingIsConcluded() throws IOException {
        assertThat(compare(INPUTS + "one-fork-base.json", INPUTS + "one-fork.json", "--format", "json"))
                .isZero();
        JsonNode row = json().path("rows").get(0);
        assertThat(row.path("verdict").asText()).isEqualTo("inconclusive");
        assertThat(row.path("gated").asBoolean()).isFalse();
        assertThat(row.path("withinFork").path("baseIterations").asInt()).isEqualTo(21);
        assertThat(row.path("withinFork").path("headIterations").asInt()).isEqualTo(21);
        assertThat(row.path("withinFork").path("higher").asDouble()).isEqualTo(1);
        assertThat(json().path("counts").path("withoutInterval").asInt()).isEqualTo(1);
        for (String format : List.of("text", "markdown", "csv", "html")) {
            compare(INPUTS + "one-fork-base.json", INPUTS + "one-fork.json", "--format", format);
            assertThat(flat()).as(format).contains("2 forks or more give one: -f 5", "Inside these two forks alone");
        }
    }

    private String[] four() throws IOException {
        return new String[] {
            file(
                    "four-a.json",
                    entry("Codec.slow", "avgt", "10", "ns/op", 100, 101, 99),
                    entry("Codec.same", "avgt", "10", "ns/op", 100, 100, 100),
                    entry("Codec.fast", "avgt", "20", "us/op", 100, 101, 99),
                    entry("Codec.rate", "thrpt", "10", "ops/s", 100, 101, 99)),
            file(
                    "four-b.json",
                    entry("Codec.slow", "avgt", "10", "ns/op", 120, 121, 119),
                    entry("Codec.same", "avgt", "10", "ns/op", 100, 100, 100),
                    entry("Codec.fast", "avgt", "20", "us/op", 50, 50.5, 49.5),
                    entry("Codec.rate", "thrpt", "10", "ops/s", 50, 50.5, 49.5))
        };
    }

    private List<String> benchmarks() throws IOException {
        List<String> names = new ArrayList<>();
        json().path("rows").forEach(row -> names.add(row.path("benchmark").asText()));
        return names;
    }

    @Test
    void onlyWhatChangedSortedByEffect() throws IOException {
        String[] f = four();
        compare(f[0], f[1], "--format", "json");
        assertThat(benchmarks()).containsExactly("Codec.slow", "Codec.same", "Codec.fast", "Codec.rate");
        compare(f[0], f[1], "--format", "json", "--changed");
        assertThat(benchmarks())
                .as("halves and doubles are one size, the file decides")
                .containsExactly("Codec.fast", "Codec.rate", "Codec.slow");
        assertThat(json().path("counts").path("scores").path("same").asInt())
                .as("counted though not shown")
                .isEqualTo(1);
        compare(f[0], f[1], "--format", "json", "--sort", "worst");
        assertThat(benchmarks()).containsExactly("Codec.rate", "Codec.slow", "Codec.same", "Codec.fast");
        compare(f[0], f[1], "--format", "json", "--sort", "name");
        assertThat(benchmarks()).containsExactly("Codec.fast", "Codec.rate", "Codec.same", "Codec.slow");
        compare(f[0], f[1], "--format", "html", "--sort", "worst");
        assertThat(out.toString().replace("<wbr/>", "")).contains("In order of worst", "Codec.rate size=10 (ops/s)");
        for (String format : List.of("text", "markdown", "csv", "html", "lkp", "mmtests", "benchstat")) {
            compare(f[0], f[1], "--format", format, "--changed", "--sort", "worst");
            String text = out.toString();
            String shown = format.equals("html")
                    ? text.substring(text.indexOf("id=\"verdicts\""), text.indexOf("id=\"plots\""))
                    : text;
            assertThat(shown).as(format).doesNotContain("Codec.same");
            assertThat(flat())
                    .as(format)
                    .containsIgnoringCase("scores: 2 slower, 1 faster, 1 same")
                    .containsIgnoringCase("shown: 3 of 4 rows")
                    .containsIgnoringCase("geometric mean of 3 ratios (times");
        }
        compare(f[0], f[1], "--sort", "worst");
        assertThat(out.toString().indexOf("Codec.rate"))
                .isLessThan(out.toString().indexOf("Codec.slow"));
    }

    @Test
    void geometricMeansAreOfAllScoresOfAKindOfUnit() throws IOException {
        String[] f = four();
        compare(f[0], f[1], "--format", "json", "--changed");
        JsonNode means = json().path("geometricMeans");
        assertThat(means).hasSize(2);
        JsonNode times = means.get(0);
        assertThat(times.path("what").asText()).isEqualTo("times");
        assertThat(times.path("rows").asInt()).isEqualTo(3);
        assertThat(times.path("ratio").path("estimate").asDouble()).isCloseTo(Math.cbrt(1.2 * 1 * 0.5), within(1e-12));
        assertThat(times.path("ratio").path("low").asDouble()).isBetween(0.83, Math.cbrt(0.6));
        assertThat(times.path("ratio").path("high").asDouble()).isBetween(Math.cbrt(0.6), 0.86);
        assertThat(means.get(1).path("better").asText()).isEqualTo("higher");
        assertThat(means.get(1).path("ratio").path("estimate").asDouble()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void filtersSelectBeforeJudging() throws IOException {
        String[] f = four();
        compare(f[0], f[1], "--format", "json", "--param", "size=10", "--bench", "slow|rate");
        assertThat(benchmarks()).containsExactly("Codec.slow", "Codec.rate");
        assertThat(json().path("base").path("what").asText()).isEqualTo("--bench slow|rate size=10");
        assertThat(json().path("method").asText()).contains("Holm over 2 scores");
        assertThat(compare(f[0], f[1], "--param", "size=11")).isEqualTo(2);
        assertThat(err.toString()).contains("no benchmark has size=11; there is 10, 20");
        assertThat(compare(f[0], f[1], "--bench", "nothing", "--fail-over", "5"))
                .as("a mistake, not a missing benchmark")
                .isEqualTo(2);
        assertThat(err.toString()).contains("no benchmark matches --bench nothing");
        assertThat(compare(f[0], f[1], "--bench", "(")).isEqualTo(2);
        assertThat(compare(f[0], f[1], "--param", "size")).isEqualTo(2);
        new SyntheticSession().write(results);
        compare("base", "head", "--policy", "v5.19", "--format", "json");
        json().path("rows")
                .forEach(row ->
                        assertThat(row.path("params").path("policy").asText()).isEqualTo("v5.19"));
        assertThat(json().path("rows")).isNotEmpty();
        assertThat(compare("base", "head", "--policy", "v9")).isEqualTo(2);
        assertThat(err.toString()).contains("no benchmark has policy=v9; there is v5.19, v5.9");
        assertThat(compare("base", "--by", "policy", "--base", "v5.9", "--policy", "v5.19"))
                .as("the base stays")
                .isZero();
    }

    @Test
    void everyHeadAgainstTheBaseAndOneLevelForAll() throws IOException {
        String[] f = four();
        assertThat(compare(f[0], f[1], f[0], "--format", "json")).isZero();
        assertThat(json()).hasSize(2);
        assertThat(json().get(1).path("head").path("label").asText()).isEqualTo("four-a.json");
        assertThat(json().get(0).path("rule").path("level").asDouble()).isEqualTo(0.005);
        assertThat(json().get(0).path("method").asText()).contains("One of 2 heads");
        compare(f[0], f[1], f[0]);
        assertThat(out.toString().lines().filter(line -> line.startsWith("head  ")))
                .hasSize(2);
        compare(f[0], f[1], f[0], "--format", "csv");
        List<String> lines =
                out.toString().lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(lines).hasSize(1 + 4 + 4);
        assertThat(lines.getFirst()).startsWith("head_label,benchmark,");
        assertThat(lines.get(1)).startsWith("four-b.json,Codec.slow,");
        assertThat(lines.getLast()).startsWith("four-a.json,Codec.rate,");
        assertThat(compare(f[0], f[0], f[1], "--fail-over", "5", "--unpaired"))
                .as("one of them fails")
                .isEqualTo(1);
        assertThat(compare(f[0], f[0], f[1], "--fail-over", "5")).isEqualTo(NOT_JUDGED);
        assertThat(compare(f[0], f[1], f[0], "--format", "html")).isEqualTo(2);
        assertThat(err.toString()).contains("--plot");
    }

    private String guest(String name, double... boots) throws IOException {
        StringBuilder raw = new StringBuilder();
        for (double boot : boots) {
            raw.append(raw.isEmpty() ? "[" : ",[").append(boot).append(']');
        }
        return file(
                name,
                "{\"benchmark\":\"a.Guest.read\",\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":"
                        + "\"instructions/op\",\"rawData\":[" + raw
                        + "]},\"secondaryMetrics\":{\"copies\":{\"scoreUnit\":\"#/op\","
                        + "\"rawData\":[" + raw + "]}}}");
    }

    @Test
    void instructionCountsDoNotDriftAndEqualOnesAreEqual() throws IOException {
        String one = guest("one.json", 1814);
        String three = guest("three.json", 1814, 1814, 1814);
        String more = guest("more.json", 1914, 1914, 1914);
        assertThat(compare(three, more, "--fail-over", "5"))
                .as("counts are gated")
                .isEqualTo(1);
        assertThat(out.toString())
                .doesNotContain("drift not controlled", "ab REV1 REV2")
                .contains("what is counted does not drift");
        assertThat(compare(three, three, "--fail-over", "5")).isZero();
        compare(one, one, "--format", "json");
        json().path("rows")
                .forEach(row -> assertThat(row.path("verdict").asText()).isEqualTo("same"));
        assertThat(compare(one, one, "--fail-over", "5"))
                .as("one boot is no evidence for a gate")
                .isEqualTo(NOT_JUDGED);
        compare(one, guest("other.json", 1815), "--format", "json");
        json().path("rows")
                .forEach(row -> assertThat(row.path("verdict").asText()).isEqualTo("inconclusive"));
    }

    @Test
    void tooNoisyScoresPassUnlessNoneIsLeft() throws IOException {
        double[] wild = {1, 100, 3, 1000, 5, 2000, 7, 3000};
        String base = file(
                "a.json", entry("X.wild", "avgt", "1", "ns/op", wild), entry("X.m", "avgt", "1", "ns/op", 9, 9, 9));
        assertThat(compare(base, base, "--fail-over", "5", "--unpaired")).isZero();
        assertThat(flat())
                .contains("passed; 1 row is too uncertain to exclude that")
                .contains("(1 too noisy)");
        assertThat(compare(base, base, "--fail-over", "5", "--unpaired", "--bench", "wild"))
                .isEqualTo(NOT_JUDGED);
        assertThat(flat()).contains("not judged: every score is too noisy");
        assertThat(compare(base, base, "--fail-over", "5", "--unpaired", "--strict"))
                .isEqualTo(1);
    }
}
