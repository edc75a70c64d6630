package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.golden.Golden;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;

class HostTableTest {

    private static RunView run(int forks) {
        List<Measurement> measurements = new ArrayList<>();
        Map<String, Histogram> histograms = new HashMap<>();
        add(measurements, histograms, "PRESENT", 38, forks, 0, 0);
        add(measurements, histograms, "PRIVATE", 109, forks, 0, 0.001);
        add(measurements, histograms, "HIDDEN_SHARER", 3412, forks, 1, 1.001);
        RunInfo info = new RunInfo(
                RunInfo.SCHEMA,
                "host",
                "0123456789abcdef",
                false,
                List.of(),
                1,
                HostTable.SUITE,
                "2026-01-02T03:04:05Z",
                23,
                true,
                new TreeMap<>(Map.of("kernel.release", "6.18.0")),
                List.of(),
                List.of("9 of 9 forks disturbed: pages were swapped", "2 of 9 forks disturbed: steal above 1 %"));
        return RunView.of(info, measurements, histograms);
    }

    private static void add(
            List<Measurement> measurements,
            Map<String, Histogram> histograms,
            String situation,
            double nanos,
            int forks,
            double copies,
            double faults) {
        double[][] raw = new double[forks][];
        double[][] copied = new double[forks][];
        double[][] kept = new double[forks][];
        double[][] faulted = new double[forks][];
        for (int fork = 0; fork < forks; fork++) {
            raw[fork] = new double[] {nanos * (1 + fork / 100.0)};
            copied[fork] = new double[] {copies};
            kept[fork] = new double[] {1 - copies};
            faulted[fork] = new double[] {faults};
        }
        Measurement measurement = new Measurement(
                "HostFault.writeAfterRead",
                "avgt",
                Map.of("situation", situation),
                forks,
                "ns/op",
                raw,
                Map.of(
                        "copies",
                        new Metric("#/op", copied),
                        "reuses",
                        new Metric("#/op", kept),
                        "faults",
                        new Metric("#/op", faulted)));
        measurements.add(measurement);
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount((long) (nanos * 900), 98);
        histogram.recordValueWithCount((long) (nanos * 3000), 2);
        histograms.put(MeasuredPolicy.tag(measurement), histogram);
    }

    private static String print(RunView run) throws IOException {
        StringBuilder text = new StringBuilder();
        RunTable.print(run, text, FaultPath.ALL);
        return text.toString();
    }

    @Test
    void aRealFaultIsNoPrimitiveOfTheModel() throws IOException {
        String text = print(run(3));
        Golden.check("report/host-table.txt", text);
        assertThat(text)
                .doesNotContain("model:", "vs v5.9", "verdict", "Primitives", "pages were swapped")
                .contains("steal above 1 %")
                .containsPattern("HIDDEN_SHARER +3 +3446 .* 3072 +10240 +1000\\.0 +0\\.0 +1001\\.0");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TextTable.WIDTH));
    }

    @Test
    void aForkOrTwoAreALook() throws IOException {
        assertThat(print(run(2)))
                .startsWith("cowbench host: a look, not a claim\n")
                .doesNotContain("interval");
    }
}
