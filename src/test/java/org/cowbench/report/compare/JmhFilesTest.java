package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.SampleTimeResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.results.SingleShotResult;
import org.openjdk.jmh.results.ThroughputResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.SampleBuffer;

/**
 * Files of twenty shapes, written by JMH's own writer, against a computation of its own that reads the JSON as it is:
 * each measurement that both files hold is compared once, with the forks' values that it has, and called what it was
 * made to be.
 */
class JmhFilesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> VALUES = List.of(
            "a b",
            "a_b",
            "a/b",
            "a,b",
            "a;b=c",
            "\u65e5",
            "\ud55c",
            "\\d+[x](y)~",
            "x|y",
            "<t>",
            "\"q\"",
            "%20",
            "V5_9",
            "v5.9",
            "-1",
            "#1",
            "\u00e4\u2713",
            "{};:'");
    private static final List<String> PARAMS =
            List.of("policy", "mode", "threads", "size", "score", "situation", "kernel");
    private static final List<String> COUNTERS =
            List.of("score", "policy", "p99", "p0.90", "copies", "hits", "gc.time");

    @TempDir
    Path folder;

    /** What is planted: a measurement, and how much longer an operation takes in the head; NaN where it is in one only. */
    private record Planted(
            BenchmarkParams params,
            double slower,
            boolean base,
            boolean head,
            List<String> counters,
            boolean group,
            double micros) {}

    private static Planted planted(Random random, int number) {
        Mode[] modes = {Mode.AverageTime, Mode.Throughput, Mode.SampleTime, Mode.SingleShotTime};
        // Few names, so that packages, modes, threads and parameters must tell measurements apart.
        String name = List.of("p.a", "p.b", "q").get(random.nextInt(3)) + ".Bench."
                + List.of("run", "get").get(random.nextInt(2));
        WorkloadParams params = new WorkloadParams();
        int first = random.nextInt(PARAMS.size());
        for (int i = 0; i < random.nextInt(3); i++) {
            params.put(PARAMS.get((first + i) % PARAMS.size()), VALUES.get(random.nextInt(VALUES.size())), i);
        }
        int forks = List.of(1, 4, 5, 7).get(random.nextInt(4));
        IterationParams iterations =
                new IterationParams(IterationType.MEASUREMENT, 1 + random.nextInt(4), TimeValue.seconds(1), 1);
        int threads = List.of(1, 4, 16).get(random.nextInt(3));
        BenchmarkParams benchmark = new BenchmarkParams(
                name,
                name,
                true,
                threads,
                new int[] {1},
                List.of(name),
                forks,
                0,
                iterations,
                iterations,
                modes[random.nextInt(modes.length)],
                params,
                unit(random),
                1,
                "/usr/bin/java",
                List.of("-Xmx1g"),
                "25",
                "vm",
                "25+1",
                "1.37",
                TimeValue.minutes(10));
        int presence = random.nextInt(8);
        boolean counted = benchmark.getMode() == Mode.AverageTime || benchmark.getMode() == Mode.Throughput;
        List<String> counters =
                counted ? COUNTERS.stream().filter(c -> random.nextInt(3) == 0).toList() : List.of();
        return new Planted(
                benchmark,
                List.of(1.0, 2.0, 0.5).get(random.nextInt(3)),
                presence != 0,
                presence != 1,
                counters,
                counted && random.nextInt(4) == 0,
                3 * (number + 1));
    }

    private static TimeUnit unit(Random random) {
        return List.of(TimeUnit.NANOSECONDS, TimeUnit.MICROSECONDS, TimeUnit.MILLISECONDS, TimeUnit.SECONDS)
                .get(random.nextInt(4));
    }

    private static RunResult result(Planted planted, boolean head, TimeUnit unit, Random random) {
        BenchmarkParams params = planted.params;
        List<BenchmarkResult> forks = new ArrayList<>();
        for (int f = 0; f < params.getForks(); f++) {
            List<IterationResult> iterations = new ArrayList<>();
            for (int i = 0; i < params.getMeasurement().getCount(); i++) {
                IterationResult iteration = new IterationResult(params, params.getMeasurement(), null);
                double micros = planted.micros * (head ? planted.slower : 1) * (1 + 1e-4 * random.nextDouble());
                iteration.addResult(primary(params.getMode(), micros, unit, random));
                if (planted.group) {
                    iteration.addResult(timed(params.getMode(), ResultRole.SECONDARY, "reader", micros, unit));
                }
                for (String counter : planted.counters) {
                    iteration.addResult(new ScalarResult(
                            counter,
                            100 + random.nextInt(3),
                            counter.equals("gc.time") ? head ? "us" : "ms" : "#",
                            AggregationPolicy.AVG));
                }
                iterations.add(iteration);
            }
            forks.add(new BenchmarkResult(params, iterations));
        }
        return new RunResult(params, forks);
    }

    private static Result<?> primary(Mode mode, double micros, TimeUnit unit, Random random) {
        if (mode != Mode.SampleTime) {
            return timed(mode, ResultRole.PRIMARY, "m", micros, unit);
        }
        SampleBuffer samples = new SampleBuffer();
        int count = 50 + random.nextInt(100);
        for (int i = 0; i < count; i++) {
            samples.add(Math.round(micros * 1000 * (random.nextInt(20) == 0 ? 10 : 1)));
        }
        return new SampleTimeResult(ResultRole.PRIMARY, "m", samples, unit);
    }

    private static Result<?> timed(Mode mode, ResultRole role, String label, double micros, TimeUnit unit) {
        long nanos = Math.round(micros * 1e9);
        return switch (mode) {
            case AverageTime -> new AverageTimeResult(role, label, 1e6, nanos, unit);
            case Throughput -> new ThroughputResult(role, label, 1e6, nanos, unit);
            default -> new SingleShotResult(role, label, nanos, 1_000_000, unit);
        };
    }

    private Path write(String name, List<RunResult> results) throws IOException {
        Path file = folder.resolve(name);
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
        return file;
    }

    /** A measurement's name in the JSON, and its forks' values by metric. */
    private record Read(Map<String, double[]> forks, Map<String, String> units) {}

    private static Map<List<Object>, Read> read(Path file) throws IOException {
        Map<List<Object>, Read> all = new LinkedHashMap<>();
        for (JsonNode entry : MAPPER.readTree(file.toFile())) {
            Map<String, String> params = new TreeMap<>();
            entry.path("params")
                    .properties()
                    .forEach(p -> params.put(p.getKey(), p.getValue().asText()));
            List<Object> key = List.of(
                    entry.path("benchmark").asText(),
                    entry.path("mode").asText(),
                    entry.path("threads").asInt(),
                    params);
            Read read = new Read(new TreeMap<>(), new TreeMap<>());
            JsonNode primary = entry.path("primaryMetric");
            boolean sampled = primary.has("rawDataHistogram");
            List<double[]> scores = new ArrayList<>();
            List<double[]> samples = new ArrayList<>();
            for (JsonNode fork : primary.path(sampled ? "rawDataHistogram" : "rawData")) {
                List<Double> iterations = new ArrayList<>();
                List<Double> every = new ArrayList<>();
                for (JsonNode iteration : fork) {
                    int from = every.size();
                    for (JsonNode pair : sampled ? iteration : MAPPER.createArrayNode()) {
                        for (int i = 0; i < pair.get(1).asInt(); i++) {
                            every.add(pair.get(0).asDouble());
                        }
                    }
                    iterations.add(
                            sampled
                                    ? every.subList(from, every.size()).stream()
                                            .mapToDouble(v -> v)
                                            .average()
                                            .orElseThrow()
                                    : iteration.asDouble());
                }
                scores.add(iterations.stream().mapToDouble(v -> v).sorted().toArray());
                samples.add(every.stream().mapToDouble(v -> v).sorted().toArray());
            }
            put(
                    read,
                    "score/score",
                    primary.path("scoreUnit").asText(),
                    scores.stream().mapToDouble(JmhFilesTest::median));
            entry.path("secondaryMetrics").properties().forEach(metric -> {
                List<Double> values = new ArrayList<>();
                for (int f = 0; f < scores.size(); f++) {
                    if (sampled) {
                        double fraction = Double.parseDouble(metric.getKey().substring(1));
                        double[] sorted = samples.get(f);
                        int rank = 0;
                        while (rank < sorted.length - 1 && (rank + 1) / (double) sorted.length < fraction - 1e-9) {
                            rank++;
                        }
                        values.add(sorted[rank]);
                    } else {
                        double sum = 0;
                        for (JsonNode value : metric.getValue().path("rawData").get(f)) {
                            sum += value.asDouble();
                        }
                        values.add(
                                sum / metric.getValue().path("rawData").get(f).size());
                    }
                }
                put(
                        read,
                        (sampled ? "percentile/" : "secondary/") + metric.getKey(),
                        metric.getValue().path("scoreUnit").asText(),
                        values.stream().mapToDouble(v -> v));
            });
            assertThat(all.put(key, read)).as("%s is in the file twice", key).isNull();
        }
        return all;
    }

    private static void put(Read read, String metric, String unit, DoubleStream values) {
        read.forks.put(metric, values.toArray());
        read.units.put(metric, unit);
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** In seconds, of a time an operation; in operations a second; counters in what they count. */
    private static double[] standard(double[] values, String unit) {
        Map<String, Double> seconds = Map.of("ns", 1e-9, "us", 1e-6, "ms", 1e-3, "s", 1.0);
        double factor = unit.startsWith("ops/")
                ? 1 / seconds.get(unit.substring(4))
                : seconds.getOrDefault(unit.replace("/op", ""), 1.0);
        return Arrays.stream(values).map(v -> v * factor).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    @Tag("slow")
    void everyMeasurementIsComparedOnceAsWhatItIs(int seed) throws IOException {
        Random random = new Random(seed);
        Map<List<Object>, Planted> all = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            Planted planted = planted(random, i);
            Map<String, String> params = new TreeMap<>();
            planted.params.getParamsKeys().forEach(name -> params.put(name, planted.params.getParam(name)));
            all.putIfAbsent(
                    List.of(
                            planted.params.getBenchmark(),
                            planted.params.getMode().shortLabel(),
                            planted.params.getThreads(),
                            params),
                    planted);
        }
        List<RunResult> base = new ArrayList<>();
        List<RunResult> head = new ArrayList<>();
        for (Planted planted : all.values()) {
            if (planted.base) {
                base.add(result(planted, false, planted.params.getTimeUnit(), random));
            }
            if (planted.head) {
                head.add(0, result(planted, true, unit(random), random));
            }
        }
        Path baseFile = write("base.json", base);
        Path headFile = write("head.json", head);
        Map<List<Object>, Read> before = read(baseFile);
        Map<List<Object>, Read> after = read(headFile);
        assertThat(before.keySet()).hasSize(base.size());
        Comparison comparison = ComparisonBuilder.compare(
                ResultDirectory.read(baseFile), ResultDirectory.read(headFile), Rule.DEFAULT, CompareOptions.NONE);
        Map<String, Comparison.Row> rows = new TreeMap<>();
        for (Comparison.Row row : comparison.rows()) {
            var key = row.key().measurement();
            assertThat(rows.put(
                            List.of(key.benchmark(), key.mode(), key.threads(), new TreeMap<>(key.params()))
                                    + " " + row.key().metric().source().name().toLowerCase(Locale.ROOT) + "/"
                                    + row.key().metric().name(),
                            row))
                    .isNull();
        }
        TreeSet<String> expected = new TreeSet<>();
        before.forEach((key, one) -> {
            Read other = after.get(key);
            if (other == null) {
                return;
            }
            assertThat(other.forks.keySet()).isEqualTo(one.forks.keySet());
            one.forks.forEach((metric, values) -> {
                expected.add(key + " " + metric);
                check(
                        rows.get(key + " " + metric),
                        standard(values, one.units.get(metric)),
                        standard(other.forks.get(metric), other.units.get(metric)),
                        all.get(key),
                        key + " " + metric,
                        one.units.get(metric));
            });
        });
        assertThat(rows.keySet()).isEqualTo(expected);
        assertThat(comparison.onlyBase()).hasSize((int)
                before.keySet().stream().filter(k -> !after.containsKey(k)).count());
        assertThat(comparison.onlyHead()).hasSize((int)
                after.keySet().stream().filter(k -> !before.containsKey(k)).count());
        assertThat(comparison.rows())
                .extracting(row -> row.tag() + " " + row.metric())
                .doesNotHaveDuplicates();
        JsonNode json = MAPPER.readTree(CompareFormat.JSON.write(comparison, true));
        assertThat(json.path("rows")).hasSize(rows.size());
        assertThat(CompareFormat.CSV.write(comparison, true).lines().filter(line -> !line.startsWith("#")))
                .hasSize(rows.size() + 1);
    }

    private static void check(
            Comparison.Row row, double[] base, double[] head, Planted planted, String name, String unit) {
        assertThat(row).as(name).isNotNull();
        assertThat(row.unit()).isEqualTo(unit);
        assertThat(standard(row.baseForks().values(), row.unit())).as(name).hasSize(base.length);
        for (int side = 0; side < 2; side++) {
            double[] shown = standard((side == 0 ? row.baseForks() : row.headForks()).values(), row.unit());
            double[] right = side == 0 ? base : head;
            assertThat(shown).as(name).hasSize(right.length);
            for (int f = 0; f < shown.length; f++) {
                assertThat(shown[f]).as(name).isCloseTo(right[f], within(1e-9 * right[f]));
            }
            double mean = Arrays.stream(right).average().orElseThrow();
            double value = standard(new double[] {side == 0 ? row.base() : row.head()}, row.unit())[0];
            // Counters that are the same in every fork are shown as they are.
            assertThat(value).as(name).isCloseTo(mean, within(1e-6 * mean));
        }
        if (row.kind() == Comparison.Kind.SCORE) {
            boolean sampled = planted.params.getMode() == Mode.SampleTime;
            String right = base.length == 1
                    ? "inconclusive"
                    : planted.slower == 1 ? "same" : planted.slower > 1 ? "slower" : "faster";
            if (!sampled || base.length == 1) {
                assertThat(row.verdict().word()).as(name).isEqualTo(right);
            } else if (planted.slower == 1) {
                // One sample in twenty is ten times as long, at random: it may be open, not wrong.
                assertThat(row.verdict().word()).as(name).isIn("same", "inconclusive");
            } else {
                assertThat(row.verdict().word()).as(name).isIn(right, "inconclusive");
            }
        }
    }
}
