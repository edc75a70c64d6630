package org.cowbench.report.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cowbench.golden.Golden;
import org.cowbench.kernel.GuestBench;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelFigure;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.run.Plots;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTableTest {
    @TempDir
    private Path folder;

    private static Metric metric(String unit, double value) {
        return new Metric(unit, new double[][] {{value}});
    }

    private static Measurement measurement(String kernel, String name, double value, double mean, double copies, double faults) {
        return new Measurement("Guest." + name, "avgt", Map.of("kernel", kernel), 1, "instructions/op",
                new double[][] {{value}}, Map.of("copies", metric("#/op", copies), "reuses", metric("#/op", 1 - copies),
                        "minorFaults", metric("#/op", faults), "mean", metric("instructions/op", mean)));
    }

    private static KernelTable.Row row(String kernel, String policy, Measurement... measurements) {
        Map<String, Measurement> byName = new LinkedHashMap<>();
        for (Measurement each : measurements) {
            byName.put(each.benchmark().substring("Guest.".length()), each);
        }
        return new KernelTable.Row(kernel, policy, byName);
    }

    private static List<KernelTable.Row> rows() {
        return List.of(
                row("5.10", "v5.9", measurement("5.10", "swapInRead", 1800, 1802, 0, 1),
                        measurement("5.10", "writeAfterRead", 3000, 3600, 0.99976, 1)),
                row("6.1", "v5.19", measurement("6.1", "swapInRead", 2400, 2404, 0, 1),
                        measurement("6.1", "writeAfterRead", 1200, 1250, 0, 1)),
                row("6.12", "v6.11", measurement("6.12", "swapInRead", 2700, 2710, 0, 1),
                        measurement("6.12", "writeAfterRead", 1, 1, 0, 0)),
                row("6.13", "v6.11", measurement("6.13", "swapInRead", 2750, 4100, 0, 1)));
    }

    private static String print(List<KernelTable.Row> rows) throws IOException {
        StringBuilder text = new StringBuilder();
        KernelTable.printRows(rows, text);
        return text.toString();
    }

    @Test
    void tablesAreAsThePictureOfThemInTheRepository() throws IOException {
        String text = print(rows());
        Golden.check("report/kernel-table.txt", text);
        assertThat(text.replaceAll("\\s+", " ")).contains("3,000 (3,600)c", "999.8/0.2/1000")
                .contains("copy (5.10) / reuse (6.1) = 3,000 / 1,200 = 2.50 by medians, 3,600 / 1,250 = 2.88 by means;")
                .contains("a guest each");
    }

    @Test
    void fiveBenchmarksFitInAHundredColumns() throws IOException {
        Measurement[] five = Arrays.stream(KernelFigure.values())
                .map(figure -> measurement("7.3", figure.benchmark().method(), 9_999, 9_999, 0.99976, 1)).toArray(Measurement[]::new);
        assertThat(print(List.of(row("7.3", "v7.3", five))).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TextTable.WIDTH));
    }

    @Test
    void aKernelThatTakesNoFaultIsNoReuse() throws IOException {
        assertThat(print(rows().stream().filter(row -> !row.kernel().equals("6.1")).toList())).doesNotContain("reuse (");
    }

    @Test
    void timelineHasARuleWhereAPolicyBeginsAndNoTextCoversAnother() throws IOException {
        Svg svg = KernelTimeline.figure(rows(), "Result x.").draw();
        Golden.check("report/kernel-timeline.svg", svg.toString());
        assertThat(svg.toString()).doesNotContain("&gt;");
        assertThat(svg.textBoxes()).extracting(Svg.TextBox::text).containsSubsequence("6.13", "6.12", "v6.11 from here", "6.1",
                "v5.19 from here", "5.10", "v5.9 from here");
        List<Svg.TextBox> boxes = svg.textBoxes();
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(boxes.get(i).overlaps(boxes.get(j))).as(boxes.get(i) + " over " + boxes.get(j)).isFalse();
            }
        }
    }

    /** A boot in which every access takes as long, but for one in three that takes longer. */
    private static KernelBench.Boot boot(long ticks) {
        Map<Situation, GuestBench> benches = new EnumMap<>(Situation.class);
        for (Situation situation : KernelFigure.SITUATIONS) {
            long[] each = {ticks, ticks, 4 * ticks};
            benches.put(situation, new GuestBench(situation, 0, List.of(new GuestBench.Pass("read", each, 3, 0, 3, 0),
                    new GuestBench.Pass("write", each, 0, 3, 3, 0))));
        }
        return new KernelBench.Boot(benches, Instant.parse("2026-01-02T03:04:05Z"), 1);
    }

    private ResultDirectory result(String label, Map<String, String> facts, Map<String, List<KernelBench.Boot>> boots) {
        ResultWriter writer = ResultWriter.create(folder, label);
        KernelBench.save(writer, new RunInfo(RunInfo.SCHEMA, label, "abc", false, List.of(), 0, "kernel",
                "2026-01-02T03:04:05Z", 1, true, new TreeMap<>(facts), List.of(), List.of()), boots, boots.size() > 1);
        return ResultDirectory.read(writer.finish());
    }

    /** Everything that table and picture show is in the result. */
    @Test
    void aResultIsDrawnAgain() throws IOException {
        Map<String, List<KernelBench.Boot>> boots = new LinkedHashMap<>();
        boots.put("5.10", List.of(boot(100), boot(102), boot(101)));
        boots.put("6.1", List.of(boot(50)));
        ResultDirectory many = result("many", Map.of("guest.policy.5.10", "v5.9", "guest.policy.6.1", "v5.19", "guest.cpu",
                "max", "guest.append", "quiet"), boots);
        StringBuilder text = new StringBuilder();
        KernelTable.print(List.of(many), text);
        assertThat(text.toString()).containsPattern("5\\.10 +v5\\.9 +101 \\(202\\) ").contains("0/1000/1000", "1000/0/1000");
        assertThat(KernelTimeline.draw(many).getFirst().draw().toString()).contains("v5.19 from here", "Guests: max; quiet; result many.");
        assertThat(Plots.draw(many, folder.resolve("plots"), line -> { }).getFirst())
                .hasFileName("kernel-timeline.svg").isNotEmptyFile();

        ResultDirectory one = result("one", Map.of("guest.policy", "v5.19", "guest.name", "6.1"), Map.of("6.1", boots.get("6.1")));
        assertThat(KernelTimeline.draw(one)).isEmpty();
        assertThat(KernelTable.rows(one)).extracting(KernelTable.Row::kernel, KernelTable.Row::policy)
                .containsExactly(org.assertj.core.api.Assertions.tuple("6.1", "v5.19"));
    }
}
