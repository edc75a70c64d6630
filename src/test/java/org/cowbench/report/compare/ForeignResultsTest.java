package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.run.RunView;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Test;

/** JMH's JSON of other projects: what is in it is compared, once, as what it is, and every format tells rows apart. */
class ForeignResultsTest extends ForeignResultsFixture {
    /** What every row is called and what is said of it. */
    private static Map<String, String> verdicts(Comparison comparison) {
        Map<String, String> verdicts = new TreeMap<>();
        comparison.rows().forEach(row -> assertThat(verdicts.put(
                        row.tag() + " " + row.metric(), row.verdict().word()))
                .as("two rows are called %s", row.tag())
                .isNull());
        return verdicts;
    }

    @Test
    void otherThreadsAreOtherRows() {
        assertThat(verdicts(compare("threads-base.json", "threads.json")))
                .isEqualTo(Map.of("C.m (1 thread) score", "same", "C.m (4 threads) score", "slower"));
    }

    @Test
    void otherModesAreOtherRows() {
        assertThat(verdicts(compare("modes-all-base.json", "modes-all.json")))
                .isEqualTo(Map.of("C.m (avgt) score", "same", "C.m (ss) score", "slower"));
    }

    @Test
    void otherThreadGroupsAreOtherRows() throws IOException {
        String entry = "{\"benchmark\":\"p.C.g\",\"mode\":\"avgt\",\"threads\":4,\"threadGroups\":[%s],\"forks\":2,"
                + "\"primaryMetric\":{\"scoreUnit\":\"ns/op\",\"rawData\":[[%d],[%d]]}}";
        Path base = file("a.json", "[" + entry.formatted("3,1", 10, 10) + "," + entry.formatted("1,3", 20, 20) + "]");
        Path head = file("b.json", "[" + entry.formatted("1,3", 20, 20) + "," + entry.formatted("3,1", 15, 15) + "]");
        assertThat(verdicts(compare(base, head)))
                .isEqualTo(Map.of("C.g (groups 3:1) score", "slower", "C.g (groups 1:3) score", "same"));
    }

    @Test
    void aPackageMoreInOneFileUnmatchesNothing() {
        Comparison comparison = compare("package-added-base.json", "package-added.json");
        assertThat(verdicts(comparison)).isEqualTo(Map.of("p.a.C.m score", "slower", "D.m score", "same"));
        assertThat(comparison.onlyHead()).containsExactly("p.b.C.m");
        assertThat(comparison.onlyBase()).isEmpty();
    }

    @Test
    void oneClassNameInTwoPackagesIsTwoClasses() throws IOException {
        String text = Files.readString(INPUTS.resolve("bare-nan.json"));
        Path base = file("a.json", text);
        Path head = file("b.json", text.replace("p.C.m", "q.C.m"));
        assertThatThrownBy(() -> compare(base, head))
                .isInstanceOf(ResultException.class)
                .hasMessage("no benchmark is in both: base has p.C.m; head has q.C.m");
    }

    @Test
    void whatOneFileDoesNotTellMatchesWhereThatIsTheOnlyOne() throws IOException {
        String untold =
                "{\"benchmark\":\"p.C.m\",\"forks\":1,\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":\"ns/op\","
                        + "\"rawData\":[[1]]}}";
        String one = untold.replace("\"forks\"", "\"threads\":1,\"forks\"");
        String two = untold.replace("\"forks\"", "\"threads\":2,\"forks\"");
        Comparison comparison = compare(file("a.json", "[" + untold + "]"), file("b.json", "[" + one + "]"));
        assertThat(comparison.rows()).hasSize(1);
        assertThat(CompareWording.warnings(comparison))
                .anyMatch(line -> line.contains("does not tell the mode or the threads of C.m"));
        Path both = file("c.json", "[" + one + "," + two + "]");
        assertThatThrownBy(() -> compare(folder.resolve("a.json"), both))
                .isInstanceOf(ResultException.class)
                .hasMessage("no benchmark is in both: base has C.m (threads unknown); head has C.m (1 thread),"
                        + " C.m (2 threads)");
    }

    @Test
    void aCounterCalledScoreIsNotTheScore() {
        Comparison comparison = compare("secondary-named-score-base.json", "secondary-named-score.json");
        assertThat(verdicts(comparison)).isEqualTo(Map.of("C.m score", "slower", "C.m secondary:score", "same"));
        Row score = row(comparison, "C.m", "score");
        assertThat(score.unit()).isEqualTo("us/op");
        assertThat(score.base()).isCloseTo(10, within(1e-9));
        assertThat(score.head()).isCloseTo(13, within(1e-9));
        assertThat(row(comparison, "C.m", "secondary:score").unit()).isEqualTo("#");
    }

    /** Any name that one of our own metrics has, or could have. */
    @Test
    void noNameOfAMetricCollidesWithOneOfOurs() throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "score",
                "secondary:score",
                "secondary:secondary:score",
                "policy",
                "us/op",
                "us_per_op",
                "\u00b7copies",
                "copies",
                "p0.50"));
        names.addAll(List.of("p50", "p90", "p99", "p99.9", "p99.99"));
        List<String> secondary = IntStream.range(0, names.size())
                .mapToObj(i -> "\"" + names.get(i) + "\":{\"scoreUnit\":\"ms\",\"rawData\":[[" + (i + 2) + "],["
                        + (i + 2) + "]]}")
                .toList();
        Path file = file(
                "a.json",
                "[{\"benchmark\":\"p.C.m\",\"mode\":\"avgt\",\"threads\":1,\"forks\":2,\"primaryMetric\":"
                        + "{\"scoreUnit\":\"us/op\",\"rawData\":[[1],[1]]},\"secondaryMetrics\":{"
                        + String.join(",", secondary)
                        + "}}]");
        Comparison comparison = compare(file, file);
        assertThat(verdicts(comparison)).hasSize(names.size() + 1);
        assertThat(row(comparison, "C.m", "score").base()).isEqualTo(1);
        assertThat(comparison.rows().stream().mapToDouble(Row::base).sorted())
                .containsExactly(IntStream.rangeClosed(1, names.size() + 1)
                        .asDoubleStream()
                        .boxed()
                        .toArray(Double[]::new));
        String[] fields = CompareFormat.BENCHSTAT
                .write(comparison, true)
                .lines()
                .filter(line -> line.startsWith("Bench"))
                .findFirst()
                .orElseThrow()
                .split(" ");
        assertThat(IntStream.range(1, fields.length / 2).mapToObj(i -> fields[2 * i + 1]))
                .hasSize(names.size() + 1)
                .doesNotHaveDuplicates();
        assertThat(comparison.rows())
                .filteredOn(Row::gated)
                .as("only this project's counters are known costs")
                .isEmpty();
        assertDistinct(comparison);
    }

    @Test
    void aParameterCalledPolicyIsTheirs() throws IOException {
        Comparison comparison = same("policy-param.json");
        assertThat(comparison.rows()).extracting(Row::tag).containsExactly("C.m;policy=LINUS", "C.m;policy=linus");
        assertThat(CompareText.of(comparison, true)).contains("LINUS ").doesNotContain("Model:");
        RunView view = RunView.of(ResultDirectory.read(INPUTS.resolve("policy-param.json")));
        assertThat(view.blocks())
                .allSatisfy(block -> assertThat(block.kind()).isEqualTo(RunView.Kind.PRIMITIVE))
                .extracting(RunView.Block::title)
                .containsExactly("C.m policy=LINUS", "C.m policy=linus");
    }

    @Test
    void percentilesAreThoseOfTheForksSamples() throws IOException {
        Comparison comparison = compare("sample-tail-base.json", "sample-tail.json");
        for (String name : List.of("p0.00", "p0.50", "p0.90", "p0.95")) {
            Row row = row(comparison, "C.m", name);
            assertThat(new double[] {row.base(), row.head()}).as(name).containsExactly(1, 1);
            assertThat(row.verdict()).isEqualTo(Verdict.SAME);
            assertThat(row.kind()).isEqualTo(Kind.PERCENTILE);
        }
        for (String name : List.of("p0.99", "p0.999", "p0.9999", "p1.00")) {
            Row row = row(comparison, "C.m", name);
            assertThat(new double[] {row.base(), row.head()}).as(name).containsExactly(5, 50);
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
        }
        assertThat(CompareText.method(comparison))
                .contains("mode sample, p0.00 to p1.00, are of all samples of a fork");
        // The same in a picture of one run, which has the same figures from the same place.
        assertThat(RunView.of(ResultDirectory.read(INPUTS.resolve("sample-tail.json")))
                        .blocks()
                        .getFirst()
                        .rows()
                        .getFirst()
                        .counters())
                .containsEntry("p0.90", 1.0)
                .containsEntry("p1.00", 50.0);
        // Without samples what is left is said to be something else, and not compared with the real one.
        String without = Files.readString(INPUTS.resolve("sample-tail.json"))
                .replaceFirst(
                        "\"rawDataHistogram\": \\[\\[\\[\\[.*?]]]]",
                        "\"rawData\": [[1.0], [1.0], [1.0], [1.0], [1.1]]");
        Path none = file("none.json", without);
        Comparison mixed = compare(INPUTS.resolve("sample-tail-base.json"), none);
        assertThat(mixed.rows()).extracting(Row::metric).containsExactly("score");
        assertThat(CompareWording.warnings(mixed))
                .anyMatch(line -> line.startsWith("head: the file does not hold all samples"))
                .anyMatch(line -> line.startsWith("metrics that are only in the base, 8: C.m p0.00"));
        assertThat(compare(none, none).rows()).hasSize(1 + 8);
    }

    @Test
    void unitsOfSecondaryMetricsAreConverted() throws IOException {
        String entry =
                "{\"benchmark\":\"p.C.m\",\"mode\":\"avgt\",\"threads\":1,\"forks\":2,\"primaryMetric\":{\"scoreUnit\":"
                        + "\"ns/op\",\"rawData\":[[1],[1]]},\"secondaryMetrics\":{\"%s}}";
        String metric = "\":{\"scoreUnit\":\"%s\",\"rawData\":[[%s],[%s]]}";
        Path base = file(
                "a.json",
                "["
                        + entry.formatted("alloc" + metric.formatted("B/op", "2048", "2048")
                                + ",\"pause" + metric.formatted("ms", "3", "3") + ",\"rate"
                                + metric.formatted("MB/sec", "2", "2")
                                + ",\"other" + metric.formatted("B", "2", "2") + ",\"many"
                                + metric.formatted("#", "2", "2"))
                        + "]");
        Path head = file(
                "b.json",
                "["
                        + entry.formatted("alloc" + metric.formatted("KB/op", "2", "2")
                                + ",\"pause" + metric.formatted("us", "3000", "3000") + ",\"rate"
                                + metric.formatted("KB/ms", "2.048", "2.048")
                                + ",\"other" + metric.formatted("ms", "2", "2") + ",\"many"
                                + metric.formatted("ms", "2", "2"))
                        + "]");
        Comparison comparison = compare(base, head);
        assertThat(comparison.rows().stream().filter(row -> row.kind() != Kind.SCORE))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.head()).as(row.metric()).isCloseTo(row.base(), within(1e-9)));
        assertThat(CompareWording.warnings(comparison))
                .filteredOn(line -> line.contains("units"))
                .singleElement()
                .asString()
                .contains("2: C.m other in B and in ms, C.m many in # and in ms");
    }

    @Test
    void runsOfOneForkAreForks() {
        Comparison comparison = same("duplicate-runs.json");
        assertThat(comparison.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.baseForks().values()).containsExactly(10, 14, 12));
        assertThat(CompareWording.warnings(comparison))
                .filteredOn(line -> line.contains("more than once"))
                .singleElement()
                .asString()
                .contains("taken as its forks: C.m 3 times");
    }

    @Test
    void whatCannotBeForksIsSaidOnceAFile() throws IOException {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            json.append(i == 0 ? "[" : ",")
                    .append("{\"benchmark\":\"p.C.m")
                    .append(i % 300)
                    .append("\",\"mode\":\"avgt\",\"threads\":1,\"forks\":2,\"primaryMetric\":{\"scoreUnit\":\"ns/op\","
                            + "\"rawData\":[[")
                    .append(i)
                    .append("],[")
                    .append(i)
                    .append("]]}}");
        }
        Path file = file("a.json", json + "]");
        Comparison comparison = compare(file, file);
        assertThat(comparison.rows()).hasSize(300);
        assertThat(comparison.rows().get(7).base()).isEqualTo(7);
        assertThat(CompareWording.warnings(comparison))
                .filteredOn(line -> line.contains("more than once"))
                .singleElement()
                .asString()
                .contains("300 benchmarks are", "600 entries are left out", "C.m0 3 times", "and 297 more");
        // Nor is another way of measuring, or a group whose threads are not told.
        String one = "{\"benchmark\":\"p.C.m\",\"mode\":\"avgt\",\"threads\":4,\"forks\":1,\"warmupIterations\":%d,"
                + "\"primaryMetric\":{\"scoreUnit\":\"ns/op\",\"rawData\":[[%d]]}%s}";
        String group = ",\"secondaryMetrics\":{\"get\":{\"scoreUnit\":\"ns/op\",\"rawData\":[[1]]}}";
        for (String pair : List.of(
                one.formatted(1, 5, "") + "," + one.formatted(2, 6, ""),
                one.formatted(1, 5, group) + "," + one.formatted(1, 6, group))) {
            Path two = file("b.json", "[" + pair + "]");
            assertThat(row(compare(two, two), "C.m", "score").baseForks().values())
                    .containsExactly(5);
            assertThat(CompareWording.warnings(compare(two, two)))
                    .anyMatch(line -> line.contains("1 entry is left out"));
        }
    }

    @Test
    void aValueThatIsNoNumberCostsAnIterationAndNotTheFile() {
        assertThat(same("bare-nan.json").rows()).singleElement().satisfies(row -> assertThat(row.verdict())
                .isEqualTo(Verdict.SAME));
        Comparison comparison = same("null-iteration.json");
        assertThat(comparison.rows()).hasSize(2);
        assertThat(row(comparison, "C.m", "score").baseForks().values()).containsExactly(1, 1.5);
        assertThat(CompareWording.warnings(comparison))
                .contains("2 iterations were NaN or infinite and are left out: 2 of C.m");
    }

    @Test
    void whatIsWrongNamesTheBenchmark() throws IOException {
        String text = Files.readString(INPUTS.resolve("bare-nan.json"));
        refused(file("a.json", text.replace("[9.99]", "[\"nine\"]")), "p.C.m: '\"nine\"' is no number");
        refused(file("b.json", text.replace("[[9.99]", "[9.99, [9.99]")), "p.C.m: its raw data are no list of forks");
        refused(file("c.json", "[{\"benchmark\":\"p.C.m\"}]"), "the benchmark p.C.m has no primaryMetric");
    }

    private static void refused(Path path, String message) {
        assertThatThrownBy(() -> ResultDirectory.read(path))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining(path + " ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n")
                .satisfies(
                        e -> assertThat(e.getMessage().contains("cut short")).isEqualTo(message.contains("cut short")));
    }

    @Test
    void aFileGivenByMistakeIsCalledWhatItIs() throws IOException {
        refused(INPUTS.resolve("jmh-csv.csv"), "is JMH's CSV, which holds no forks; run JMH with -rf json");
        refused(
                INPUTS.resolve("concatenated.json"),
                "holds 2 JSON arrays after each other; compare them as files of their"
                        + " own, or make one array of them: jq -s add ");
        String csv = Files.readString(INPUTS.resolve("jmh-csv.csv"));
        refused(file("a", csv.replace(',', ';')), "is JMH's SCSV");
        refused(
                file("b", "Benchmark  Mode  Cnt  Score  Error  Units\nC.m  avgt  5  1.0 \u00b1 0.1  ns/op\n"),
                "is what JMH prints, and no JSON; run JMH with -rf json");
        refused(file("c", "[INFO] --- exec ---\n# JMH version: 1.37\n"), "is what JMH prints");
        refused(file("d", "window.BENCHMARK_DATA = {\"entries\": {}}"), "is JavaScript");
        refused(file("e", "var providedBenchmarks = ['a'];"), "is JavaScript");
        refused(file("f", "<!DOCTYPE html>"), "is HTML or XML");
        refused(file("g", "PK\u0003\u0004"), "is a zip archive; unpack it");
        refused(file("h", "hello"), "is no JSON; run JMH with -rf json");
        refused(file("i", "[{\"benchmark\": }]"), "is no valid JSON (line 1, column 16)");
        refused(file("j", "[]x"), "holds something that is no JSON after its first value");
        refused(file("k", ""), "is empty");
        refused(
                file("l", "[{\"benchmark\": \"p.C"),
                "is no whole JSON (line 1, column 20); it may have been cut short");
        byte[] packed = gzip(csv.getBytes(StandardCharsets.UTF_8));
        refused(Files.write(folder.resolve("m"), packed), "is JMH's CSV");
        refused(Files.write(folder.resolve("n"), Arrays.copyOf(packed, 20)), "); it may have been cut short");
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void packedFilesLinesAndMarksAreRead() throws IOException {
        Path plain = INPUTS.resolve("package-added.json");
        List<Row> rows = compare(plain, plain).rows();
        Path packed = Files.write(folder.resolve("r.json.gz"), gzip(Files.readAllBytes(plain)));
        StringBuilder lines = new StringBuilder();
        MAPPER.readTree(Files.readAllBytes(plain))
                .forEach(entry -> lines.append(entry).append('\n'));
        Path perLine = file("r.jsonl", lines.toString());
        Path marked = file("r.json", "\uFEFF" + Files.readString(plain));
        for (Path other : List.of(packed, perLine, marked)) {
            assertThat(compare(plain, other).rows()).usingRecursiveComparison().isEqualTo(rows);
        }
    }
}
