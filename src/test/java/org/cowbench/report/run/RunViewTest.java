package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Style;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunViewTest {

    @TempDir
    Path directory;

    private final List<Measurement> measurements = new ArrayList<>();
    private final List<ForkInfo> forks = new ArrayList<>();

    private void fork(String policy, int block, double median, String error) {
        forks.add(new ForkInfo(forks.size(), block, "B.m", Map.of("policy", policy), "", 1, median, "ns/op", error));
    }

    private void measurement(String benchmark, String policy, double... forkValues) {
        double[][] raw = new double[forkValues.length][];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = new double[] {forkValues[i]};
        }
        measurements.add(
                new Measurement(benchmark, "avgt", Map.of("policy", policy), raw.length, "ns/op", raw, Map.of()));
    }

    private RunView view() {
        RunInfo info = new RunInfo(1, "x", "", false, List.of(), 0, "", "", 0, true, new TreeMap<>(), forks, List.of());
        return RunView.of(info, measurements, Map.of());
    }

    private RunView.Row row(Policy policy) {
        return view().blocks(RunView.Kind.COST).getFirst().row(policy).orElseThrow();
    }

    @Test
    void ratiosPairForksOfABlock() {
        measurement("B.m", "V5_9", 100, 200, 400);
        measurement("B.m", "V5_19", 50, 100, 200);
        for (int block = 0; block < 3; block++) {
            fork("V5_19", block, 50 << block, null);
            fork("V5_9", block, 100 << block, null);
        }
        RunView.Row row = row(Policy.V5_19);
        assertThat(row.paired()).isTrue();
        assertThat(row.ratio().estimate()).isCloseTo(0.5, within(1e-12));
        assertThat(row.ratio().low()).isCloseTo(0.5, within(1e-9));
        assertThat(row.cost().high() / row.cost().low())
                .as("unpaired it is anything but certain")
                .isGreaterThan(5);
    }

    @Test
    void aFailedForkLeavesItsBlockOut() {
        measurement("B.m", "V5_9", 100);
        measurement("B.m", "V5_19", 50, 70);
        fork("V5_9", 0, 100, null);
        fork("V5_9", 1, Double.NaN, "died");
        fork("V5_19", 0, 50, null);
        fork("V5_19", 1, 70, null);
        assertThat(row(Policy.V5_19).ratio().estimate()).isCloseTo(0.5, within(1e-12));
        assertThat(row(Policy.V5_19).ratio().count()).isEqualTo(1);
        assertThat(row(Policy.V5_9).failed()).isEqualTo(1);
    }

    @Test
    void withoutScheduleTheRatioIsUnpairedAndUnbounded() {
        measurement("B.m", "V5_9", 100, 100, 100);
        measurement("B.m", "V5_19", 50, 50, 50);
        RunView.Row row = row(Policy.V5_19);
        assertThat(row.paired()).isFalse();
        assertThat(row.ratio().estimate()).isCloseTo(0.5, within(1e-12));
        assertThat(row.ratio().bounded()).isFalse();
    }

    @Test
    void withoutBaseThereIsNoRatio() {
        measurement("B.m", "V5_19", 50);
        assertThat(row(Policy.V5_19).ratio().estimate()).isNaN();
    }

    @Test
    void policiesKeepTheirOrderAndStyleWhateverTheFileSays() {
        measurement("B.m", "a-rule-of-mine", 3);
        measurement("B.m", "ORACLE", 1);
        measurement("B.m", "V5_7", 2);
        List<RunView.Row> rows = view().blocks().getFirst().rows();
        assertThat(rows).extracting(RunView.Row::name).containsExactly("v5.7!", "oracle", "a-rule-of-mine");
        assertThat(rows.get(0).style()).isEqualTo(Style.of(0));
        assertThat(rows.get(1).style()).isEqualTo(Style.of(Policy.ORACLE.ordinal()));
        assertThat(rows.get(2).style()).isEqualTo(Style.of(Policy.values().length));
    }

    /** One class, two names: the row says so where only one was measured. */
    @Test
    void policiesThatAreTheSameCodeShareARow() {
        measurement("B.m", "V6_11", 3);
        measurement("B.m", "V7_0", 3);
        assertThat(view().blocks().getFirst().rows())
                .extracting(RunView.Row::name)
                .containsExactly("v6.11, v6.15", "v7.0");
        measurement("B.m", "V6_15", 3);
        assertThat(view().blocks().getFirst().rows())
                .extracting(RunView.Row::name)
                .containsExactly("v6.11", "v6.15", "v7.0");
    }

    @Test
    void situationsComeInTheirUsualOrder() {
        for (String situation : List.of("PRIVATE", "ZZZ", "SWAPCACHE", "AAA")) {
            Map<String, String> params = new LinkedHashMap<>();
            params.put("policy", "V5_9");
            params.put("situation", situation);
            measurements.add(new Measurement("B.m", "avgt", params, 1, "ns/op", new double[][] {{1}}, Map.of()));
        }
        assertThat(view().blocks())
                .extracting(RunView.Block::situation)
                .containsExactly("SWAPCACHE", "PRIVATE", "AAA", "ZZZ");
    }

    @Test
    void numbersInsideValuesCountAsNumbers() {
        for (String kernel : List.of("6.12", "7.0", "6.1", "5.4", "5.10", "v9", "next")) {
            measurements.add(new Measurement(
                    "B.m", "avgt", Map.of("kernel", kernel), 1, "ns/op", new double[][] {{1}}, Map.of()));
        }
        assertThat(view().blocks())
                .extracting(RunView.Block::situation)
                .containsExactly("5.4", "5.10", "6.1", "6.12", "7.0", "next", "v9");
    }

    @Test
    void modesOfABenchmarkAreBenchmarksOfTheirOwn() {
        for (String mode : List.of("thrpt", "avgt", "ss")) {
            measurements.add(new Measurement(
                    "B.m",
                    mode,
                    Map.of("n", "1"),
                    1,
                    mode.equals("thrpt") ? "ops/s" : "s/op",
                    new double[][] {{1}},
                    Map.of()));
        }
        assertThat(view().blocks())
                .allSatisfy(block -> assertThat(block.rows()).hasSize(1))
                .extracting(RunView.Block::title)
                .containsExactly("B.m n=1", "B.m n=1 (ss)", "B.m n=1");
    }

    @Test
    void anotherProjectsJsonIsReadable() throws IOException {
        Path json = Files.writeString(directory.resolve("other.json"), """
            [{"benchmark":"com.example.Other.run","mode":"thrpt","forks":1,
              "primaryMetric":{"scoreUnit":"ops/s","rawData":[[5.0,6.0,7.0]]}}]
            """);
        RunView run = RunView.of(ResultDirectory.read(json));
        assertThat(Plots.figures(run)).extracting(Figure::id).containsExactly("scores-ops-s");
        StringBuilder table = new StringBuilder();
        RunTable.print(run, table, List.of());
        assertThat(table)
                .contains("commit unknown")
                .contains("machine: unknown")
                .containsPattern("Other\\.run +1 +6\\.0  ops/s");
    }
}
