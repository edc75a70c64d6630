package org.cowbench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultDirectoryTest {
    private static final String RUN = """
        [ { "benchmark" : "org.cowbench.bench.WriteAfterRead.l2", "mode" : "avgt", "forks" : 2,
            "params" : { "policy" : "V5_9", "situation" : "SWAPCACHE" },
            "primaryMetric" : { "score" : 3.0, "scoreUnit" : "ns/op", "rawData" : [[1.0, 2.0, 9.0], [4.0, 6.0]] },
            "secondaryMetrics" : {
              "copies" : { "score" : 1.0, "scoreUnit" : "#/op", "rawData" : [[1.0, 1.0, 1.0], []] },
              "odd" : { "score" : "NaN", "scoreUnit" : "#", "rawData" : [["NaN", "+INF", "-INF"]] } } } ]
        """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    @Test
    void readsMeasurementsWithTheForkAsUnit() throws IOException {
        file(ResultDirectory.JMH_FILE, RUN);
        Measurement measurement = ResultDirectory.read(folder).measurements().getFirst();

        assertThat(measurement.benchmark()).isEqualTo("WriteAfterRead.l2");
        assertThat(measurement.mode()).isEqualTo("avgt");
        assertThat(measurement.unit()).isEqualTo("ns/op");
        assertThat(MeasuredPolicy.of(measurement.key())).contains(Policy.V5_9);
        assertThat(measurement.forkMeans()).containsExactly(4, 5);
        assertThat(MeasuredPolicy.tag(measurement)).isEqualTo("WriteAfterRead.l2;policy=v5.9;situation=SWAPCACHE");
        Metric copies = measurement.secondary().get("copies");
        assertThat(copies.forkMeans()).containsExactly(1, Double.NaN);
        assertThat(measurement.secondary().get("odd").raw()[0])
                .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void aBareJsonOfAnotherProjectIsAResult() throws IOException {
        Path bare = file("theirs.json", """
            [ { "benchmark" : "com.a.Map.get", "mode" : "sample", "forks" : 1, "primaryMetric" : { "score" : 2,
                  "scoreUnit" : "us/op", "rawDataHistogram" : [[[[1.0, 3], [5.0, 1]]]] } },
              { "benchmark" : "com.b.Map.get", "mode" : "thrpt", "forks" : 1, "params" : { "policy" : "LRU" },
                "primaryMetric" : { "score" : 7.5, "scoreUnit" : "ops/s" } } ]
            """);
        ResultDirectory read = ResultDirectory.read(bare);

        assertThat(read.label()).isEqualTo("theirs.json");
        assertThat(read.info().schema()).isZero();
        assertThat(read.info().warnings()).singleElement().asString().contains("no run.json");
        assertThat(read.histograms()).isEmpty();
        // Two classes of one name keep their packages, so that they cannot be taken for one another.
        assertThat(read.measurements())
                .extracting(Measurement::benchmark)
                .containsExactly("com.a.Map.get", "com.b.Map.get");
        assertThat(read.measurements().get(0).raw()).isDeepEqualTo(new double[][] {{2}});
        assertThat(read.measurements().get(1).raw()).isDeepEqualTo(new double[][] {{7.5}});
        assertThat(MeasuredPolicy.of(read.measurements().get(1).key())).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        ResultWriter writer = ResultWriter.create(folder.resolve("results"), "mine");
        Map<String, String> params = new LinkedHashMap<>(Map.of("policy", "V5_19"));
        RunInfo info = new RunInfo(
                RunInfo.SCHEMA,
                "mine",
                "abc",
                true,
                List.of("run-bench.sh", "run"),
                42,
                "quick",
                "2026-01-02T03:04:05Z",
                12.5,
                false,
                new TreeMap<>(Map.of("jdk", "25")),
                List.of(new ForkInfo(0, 0, "A.b", params, "2026-01-02T03:04:05Z", 1.5, Double.NaN, "", "died")),
                List.of("careful"));
        writer.writeRunInfo(info);
        writer.writeJmh(out -> out.write(RUN.getBytes(StandardCharsets.UTF_8)));
        Histogram one = new Histogram(3);
        one.recordValue(41_000);
        Histogram two = new Histogram(3);
        two.recordValueWithCount(1_000_000, 5);
        Instant base = Instant.parse("2026-01-02T03:04:05Z");
        writer.writeHistograms(
                List.of(
                        new TaggedHistogram("A.b;policy=v5.19", base.plusMillis(1001), 1.5, one),
                        new TaggedHistogram("A.b;policy=v5.19", base.plusMillis(9033), 1.5, two)),
                base,
                "units: ps");

        ResultDirectory going = ResultDirectory.read(writer.directory());
        assertThat(going.path()).hasFileName("mine.partial");
        ResultDirectory read = ResultDirectory.read(writer.finish());
        assertThat(read.path()).hasFileName("mine");
        assertThat(read.info()).isEqualTo(info).isEqualTo(going.info());
        assertThat(read.histograms()).containsOnlyKeys("A.b;policy=v5.19");
        assertThat(read.histograms().get("A.b;policy=v5.19").getTotalCount()).isEqualTo(6);
        List<TaggedHistogram> lines = new ArrayList<>();
        read.eachHistogram(lines::add);
        assertThat(lines)
                .extracting(TaggedHistogram::start)
                .as("to the millisecond")
                .containsExactly(base.plusMillis(1001), base.plusMillis(9033));
        assertThat(lines).extracting(line -> line.histogram().getTotalCount()).containsExactly(1L, 5L);
    }

    @Test
    void aNewerVersionMayAddFields() throws IOException {
        file(ResultDirectory.JMH_FILE, "[]");
        file(ResultDirectory.RUN_FILE, "{\"schema\":1,\"label\":\"x\",\"moonPhase\":\"full\"}");
        RunInfo info = ResultDirectory.read(folder).info();
        assertThat(info.label()).isEqualTo("x");
        assertThat(info.forks()).isEmpty();
        assertThat(info.environment()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsSaidInOneLine() throws IOException {
        refused(folder.resolve("nowhere"), "does not exist");
        refused(folder, "no result directory");
        refused(file("cut.json", RUN.substring(0, 200)), "cut.json is no whole JSON (line");
        refused(file("two.json", RUN + RUN), "two.json holds 2 JSON arrays after each other");
        refused(file("object.json", "{\"a\":1}"), "expected an array of benchmarks");
        refused(file("numbers.json", "[1, 2]"), "an entry has no \"benchmark\"");
        refused(file("words.json", RUN.replace("9.0", "\"nine\"")), "is no number");
        refused(file("empty.json", ""), "not JMH's");

        file(ResultDirectory.JMH_FILE, RUN);
        file(ResultDirectory.RUN_FILE, "{\"schema\":2}");
        refused(folder, "has schema 2, this cowbench reads up to 1");
        file(ResultDirectory.RUN_FILE, "{\"schema\":1,\"label\":\"x");
        refused(folder, "run.json is no whole run.json (line 1");
        file(ResultDirectory.RUN_FILE, "{\"commit\":\"x\"}");
        refused(folder, "names no schema");
        Files.delete(folder.resolve(ResultDirectory.RUN_FILE));
        file(
                ResultDirectory.HISTOGRAM_FILE,
                "#[Histogram log format version 1.3]\nTag=a,0.0,1.0,1.0,SElTVFAKnotahistogram\n");
        ResultDirectory read = ResultDirectory.read(folder);
        assertThatThrownBy(read::histograms)
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("no whole HdrHistogram log")
                .hasMessageNotContaining("\n");
    }

    private static void refused(Path path, String message) {
        assertThatThrownBy(() -> ResultDirectory.read(path))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void findsLabelsUnfinishedRunsAndPaths() throws IOException {
        Path results = Files.createDirectory(folder.resolve("results"));
        Files.createDirectory(results.resolve("done"));
        Files.createDirectory(results.resolve("killed.partial"));
        Path file = file("x.json", "[]");
        assertThat(ResultDirectory.find(results, "done")).isEqualTo(results.resolve("done"));
        assertThat(ResultDirectory.find(results, "killed")).isEqualTo(results.resolve("killed.partial"));
        assertThat(ResultDirectory.find(results, file.toString())).isEqualTo(file);
        assertThatThrownBy(() -> ResultDirectory.find(results, "none"))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("no result 'none'");
    }
}
