package org.cowbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.cowbench.golden.Golden;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendPlotTest {
    private static final Pattern ALL = Pattern.compile("");

    @TempDir
    Path results;

    private final SplittableRandom random = new SplittableRandom(3);

    private ResultDirectory run(int day, double nanos, String kernel) {
        String label = String.format(Locale.ROOT, "run-%02d", day);
        ResultWriter writer = ResultWriter.create(results, label);
        List<String> raw = new ArrayList<>();
        for (int fork = 0; fork < 3; fork++) {
            raw.add("[" + nanos * (1 + 0.01 * random.nextDouble()) + "]");
        }
        writer.writeJmh(out -> out.write(("[{\"benchmark\":\"a.B.m\",\"mode\":\"avgt\",\"params\":{},\"primaryMetric\":"
                + "{\"scoreUnit\":\"ns/op\",\"rawData\":" + raw + "}}]").getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(1, label, String.format(Locale.ROOT, "%040x", day * 7919), false, List.of(), 1,
                "quick", String.format(Locale.ROOT, "2022-01-%02dT00:00:00Z", day), 1, true,
                Map.of("kernel.release", kernel), List.of(), List.of()));
        return ResultDirectory.read(writer.finish());
    }

    @Test
    void aStepIsMarkedAtItsCommit() throws IOException {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 20; day >= 1; day--) {
            runs.add(run(day, day < 12 ? 100 : 110, "6.12"));
        }
        runs.add(run(25, 500, "6.12"));
        runs.removeLast();
        List<TrendPlot.Series> series = TrendPlot.series(runs, ALL);
        assertThat(series).hasSize(1);
        assertThat(series.getFirst().points()).hasSize(20).extracting(TrendPlot.Point::label).isSorted();
        assertThat(series.getFirst().changes()).containsExactly(11);
        Svg svg = TrendPlot.draw(series).orElseThrow().draw();
        assertThat(svg.toString()).contains("20 runs, +").contains(" at 00000000".substring(0, 4));
        Golden.check("compare/trend.svg", svg.toString());
    }

    @Test
    void shortSeriesAndOtherMachinesSayNothing() {
        List<ResultDirectory> runs = new ArrayList<>();
        for (int day = 1; day <= 6; day++) {
            runs.add(run(day, day < 4 ? 100 : 200, "6.12"));
        }
        assertThat(TrendPlot.series(runs, ALL).getFirst().changes()).isEmpty();
        runs.add(run(7, 100, "6.13"));
        assertThat(TrendPlot.series(runs, ALL)).as("one run of the latest kernel").isEmpty();
        assertThat(TrendPlot.series(List.of(), ALL)).isEmpty();
        assertThat(TrendPlot.draw(List.of())).isEmpty();
        assertThat(TrendPlot.series(runs.subList(0, 6), Pattern.compile("nothing"))).isEmpty();
    }
}
