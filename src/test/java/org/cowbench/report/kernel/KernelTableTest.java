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
import java.util.Optional;
import java.util.TreeMap;
import org.cowbench.golden.Golden;
import org.cowbench.kernel.FolioFigure;
import org.cowbench.kernel.GuestBench;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelFigure;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.run.Plots;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTableTest {
    @TempDir
    private Path folder;

    private static Metric metric(String unit, double value) {
        return new Metric(unit, new double[][] {{value}});
    }

    private static Measurement measurement(
            String kernel, String name, double value, double mean, double copies, double faults) {
        return new Measurement(
                "Guest." + name,
                "avgt",
                Map.of("kernel", kernel),
                1,
                "instructions/op",
                new double[][] {{value}},
                Map.of(
                        "copies",
                        metric("#/op", copies),
                        "reuses",
                        metric("#/op", 1 - copies),
                        "minorFaults",
                        metric("#/op", faults),
                        "mean",
                        metric("instructions/op", mean)));
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
                row(
                        "5.10",
                        "v5.9",
                        measurement("5.10", "swapInRead", 1800, 1802, 0, 1),
                        measurement("5.10", "writeAfterRead", 3000, 3600, 0.99976, 1)),
                row(
                        "6.1",
                        "v5.19",
                        measurement("6.1", "swapInRead", 2400, 2404, 0, 1),
                        measurement("6.1", "writeAfterRead", 1200, 1250, 0, 1)),
                row(
                        "6.12",
                        "v6.11",
                        measurement("6.12", "swapInRead", 2700, 2710, 0, 1),
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
        assertThat(text.replaceAll("\\s+", " "))
                .contains("3,000 (3,600)c", "999.8/0.2/1000")
                .contains("copy (5.10) / reuse (6.1) = 3,000 / 1,200 = 2.50 by medians, 3,600 / 1,250 = 2.88 by means;")
                .contains("a guest each");
    }

    @Test
    void fiveBenchmarksFitInAHundredColumns() throws IOException {
        Measurement[] five = Arrays.stream(KernelFigure.values())
                .map(figure -> measurement("7.3", figure.benchmark().method(), 9_999, 9_999, 0.99976, 1))
                .toArray(Measurement[]::new);
        assertThat(print(List.of(row("7.3", "v7.3", five))).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TextTable.WIDTH));
    }

    @Test
    void aKernelThatTakesNoFaultIsNoReuse() throws IOException {
        assertThat(print(rows().stream()
                        .filter(row -> !row.kernel().equals("6.1"))
                        .toList()))
                .doesNotContain("reuse (");
    }

    @Test
    void timelineHasARuleWhereAPolicyBeginsAndNoTextCoversAnother() throws IOException {
        Svg svg = KernelTimelinePlot.figure(rows(), "Result x.").draw();
        Golden.check("report/kernel-timeline.svg", svg.toString());
        assertThat(svg.toString()).doesNotContain("&gt;");
        assertThat(svg.textBoxes())
                .extracting(Svg.TextBox::text)
                .containsSubsequence(
                        "6.13", "6.12", "v6.11 from here", "6.1", "v5.19 from here", "5.10", "v5.9 from here");
        List<Svg.TextBox> boxes = svg.textBoxes();
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(boxes.get(i).overlaps(boxes.get(j)))
                        .as(boxes.get(i) + " over " + boxes.get(j))
                        .isFalse();
            }
        }
    }

    /** A boot in which every access takes as long, but for one in three that takes longer. */
    private static KernelBench.Boot boot(long ticks) {
        Map<Situation, GuestBench> benches = new EnumMap<>(Situation.class);
        for (Situation situation : KernelFigure.SITUATIONS) {
            long[] each = {ticks, ticks, 4 * ticks};
            benches.put(
                    situation,
                    new GuestBench(
                            situation,
                            0,
                            List.of(
                                    new GuestBench.Pass("read", each, 3, 0, 3, 0),
                                    new GuestBench.Pass("write", each, 0, 3, 3, 0))));
        }
        return new KernelBench.Boot(3, benches, Map.of(), Instant.parse("2026-01-02T03:04:05Z"), 1);
    }

    private static GuestBench folios(FolioKind kind, Situation situation, int faults, boolean copied) {
        int left = situation.left(kind.pages());
        if (situation == Situation.FORK_SHARED) {
            long[] empty = {1_000, 1_002, 1_001};
            long[] filled = {1_000 + 2 * kind.pages(), 1_001 + 2 * kind.pages(), 9_000};
            return new GuestBench(
                    situation,
                    10,
                    List.of(
                            new GuestBench.Pass("fork-empty", empty, 0, 0, 0, 0),
                            new GuestBench.Pass("exit-empty", empty, 0, 0, 0, 0),
                            new GuestBench.Pass("fork", filled, 0, 0, 0, 0),
                            new GuestBench.Pass("exit", filled, 0, 0, 0, 0)));
        }
        long[] ticks = new long[2 * left];
        for (int i = 0; i < ticks.length; i++) {
            ticks[i] = 10 + (i % left < faults ? 2_000 : 1);
        }
        int taken = 2 * Math.min(left, faults);
        return new GuestBench(
                situation,
                10,
                List.of(new GuestBench.Pass("write", ticks, copied ? 0 : 2 * left, copied ? 2 * left : 0, taken, 0)));
    }

    /** A boot over two folios of 64 KiB, each of which takes so many faults. */
    private static KernelBench.Boot boot(int faults, boolean copied, String lacking) {
        Map<FolioKind, Map<Situation, GuestBench>> folios = new EnumMap<>(FolioKind.class);
        Map<Situation, GuestBench> small =
                folios.computeIfAbsent(FolioKind.KIB_64, kind -> new EnumMap<>(Situation.class));
        for (Situation situation : FolioFigure.situations(FolioKind.KIB_64)) {
            small.put(
                    situation,
                    lacking.isEmpty()
                            ? folios(FolioKind.KIB_64, situation, faults, copied)
                            : new GuestBench(situation, Double.NaN, List.of(), List.of(), Optional.of(lacking)));
        }
        return new KernelBench.Boot(
                2 * FolioKind.KIB_64.pages(), boot(100).benches(), folios, Instant.parse("2026-01-02T03:04:05Z"), 1);
    }

    /** One fault for the folio, one a page, a copy a page, and a kernel that has no such folios. */
    @Test
    @Tag("slow")
    void foliosHaveTablesAndAPictureOfTheirOwn() throws IOException {
        Map<String, List<KernelBench.Boot>> boots = new LinkedHashMap<>();
        boots.put("6.1", List.of(boot(16, true, "unavailable: this kernel has no folios of 64 KiB")));
        boots.put("6.12", List.of(boot(16, true, "")));
        boots.put("6.18", List.of(boot(1, false, ""), boot(1, false, ""), boot(1, false, "")));
        boots.put("7.2", List.of(boot(16, false, "")));
        ResultDirectory result = result(
                "folios",
                Map.of(
                        "guest.policy.6.1",
                        "v5.19",
                        "guest.policy.6.12",
                        "v6.11",
                        "guest.policy.6.18",
                        "v6.15",
                        "guest.policy.7.2",
                        "v7.0"),
                boots);
        assertThat(result.info().environment())
                .containsEntry("guest.lacks.KIB_64.6.1", "unavailable: this kernel has no folios of 64 KiB")
                .doesNotContainKey("guest.lacks.KIB_64.6.18");
        StringBuilder text = new StringBuilder();
        KernelTable.print(List.of(result), text);
        Golden.check("report/kernel-table-folios.txt", text.toString());
        assertThat(text.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TextTable.WIDTH));
        assertThat(text.toString().replaceAll("\\s+", " "))
                .contains(
                        "SKIP 6.1: unavailable: this kernel has no folios of 64 KiB",
                        "6.18 v6.15 2,015 2,015 2,007 2,000 16 16",
                        "7.2 v7.0 32,000",
                        "6.12 v6.11 32,000c",
                        "0/16/1 0/8/1 0/1/1 - -");

        assertThat(KernelTimelinePlot.draw(result)).hasSize(2);
        Svg svg = KernelTimelinePlot.draw(result).getLast().draw();
        Golden.check("report/kernel-timeline-folios.svg", svg.toString());
        assertThat(svg.textBoxes()).extracting(Svg.TextBox::text).contains("16", "1", "v7.0 from here");
        assertThat(Plots.draw(result, folder.resolve("plots"), line -> {}))
                .extracting(path -> path.getFileName().toString())
                .contains("kernel-timeline.svg", "kernel-timeline-kib-64.svg");
    }

    private ResultDirectory result(String label, Map<String, String> facts, Map<String, List<KernelBench.Boot>> boots) {
        ResultWriter writer = ResultWriter.create(folder, label);
        KernelBench.save(
                writer,
                new RunInfo(
                        RunInfo.SCHEMA,
                        label,
                        "abc",
                        false,
                        List.of(),
                        0,
                        "kernel",
                        "2026-01-02T03:04:05Z",
                        1,
                        true,
                        new TreeMap<>(facts),
                        List.of(),
                        List.of()),
                boots,
                boots.size() > 1);
        return ResultDirectory.read(writer.finish());
    }

    /** Everything that table and picture show is in the result. */
    @Test
    @Tag("slow")
    void aResultIsDrawnAgain() throws IOException {
        Map<String, List<KernelBench.Boot>> boots = new LinkedHashMap<>();
        boots.put("5.10", List.of(boot(100), boot(102), boot(101)));
        boots.put("6.1", List.of(boot(50)));
        ResultDirectory many = result(
                "many",
                Map.of(
                        "guest.policy.5.10",
                        "v5.9",
                        "guest.policy.6.1",
                        "v5.19",
                        "guest.cpu",
                        "max",
                        "guest.append",
                        "quiet"),
                boots);
        StringBuilder text = new StringBuilder();
        KernelTable.print(List.of(many), text);
        assertThat(text.toString())
                .containsPattern("5\\.10 +v5\\.9 +101 \\(202\\) ")
                .contains("0/1000/1000", "1000/0/1000");
        assertThat(KernelTimelinePlot.draw(many).getFirst().draw().toString())
                .contains("v5.19 from here", "Guests: max; quiet; result many.");
        assertThat(Plots.draw(many, folder.resolve("plots"), line -> {}).getFirst())
                .hasFileName("kernel-timeline.svg")
                .isNotEmptyFile();

        ResultDirectory one =
                result("one", Map.of("guest.policy", "v5.19", "guest.name", "6.1"), Map.of("6.1", boots.get("6.1")));
        assertThat(KernelTimelinePlot.draw(one)).isEmpty();
        assertThat(KernelTable.rows(one))
                .extracting(KernelTable.Row::kernel, KernelTable.Row::policy)
                .containsExactly(org.assertj.core.api.Assertions.tuple("6.1", "v5.19"));
    }
}
