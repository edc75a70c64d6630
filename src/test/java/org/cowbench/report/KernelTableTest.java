package org.cowbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.golden.Golden;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.junit.jupiter.api.Test;

class KernelTableTest {
    private static final Map<String, String> POLICIES =
            Map.of("5.10", "v5.9", "6.1", "v5.19", "6.12", "v6.11", "6.13", "v6.11");

    private static Measurement measurement(String kernel, String name, double value, double copies, double faults) {
        return new Measurement("Guest." + name, "avgt", Map.of("kernel", kernel), 1, "instructions/op",
                new double[][] {{value}}, Map.of("copies", new Metric("#/op", new double[][] {{copies}}), "minorFaults",
                        new Metric("#/op", new double[][] {{faults}})));
    }

    private static List<KernelTable.Row> rows() {
        List<Measurement> all = new ArrayList<>();
        all.add(measurement("5.10", "swapInRead", 1800, 0, 1));
        all.add(measurement("5.10", "writeAfterRead", 3000, 1, 1));
        all.add(measurement("6.1", "swapInRead", 2400, 0, 1));
        all.add(measurement("6.1", "writeAfterRead", 1200, 0, 1));
        all.add(measurement("6.12", "swapInRead", 2700, 0, 1));
        all.add(measurement("6.12", "writeAfterRead", 1, 0, 0));
        all.add(measurement("6.13", "swapInRead", 2750, 0, 1));
        return KernelTable.rows(all, "", POLICIES);
    }

    @Test
    void tableIsAsThePictureOfItInTheRepository() throws IOException {
        StringBuilder text = new StringBuilder();
        KernelTable.print(rows(), text);
        Golden.check("report/kernel-table.txt", text.toString());
        assertThat(text).contains("copy (5.10) / reuse (6.1) = 3,000 / 1,200 = 2.50");
    }

    @Test
    void aKernelThatTakesNoFaultIsNoReuse() throws IOException {
        StringBuilder text = new StringBuilder();
        KernelTable.print(rows().stream().filter(row -> !row.kernel().equals("6.1")).toList(), text);
        assertThat(text).doesNotContain("reuse (");
    }

    @Test
    void timelineMarksWhereAPolicyBeginsAndNoTextCoversAnother() throws IOException {
        Map<String, String> meanings = new LinkedHashMap<>(Map.of("swapInRead", "read of a page in the swap cache"));
        Svg svg = KernelTimeline.picture(rows(), "Result x.", meanings);
        Golden.check("report/kernel-timeline.svg", svg.toString());
        assertThat(svg.toString()).contains("v5.9 &gt; 5.10", "v6.11 &gt; 6.12").doesNotContain("v6.11 &gt; 6.13");
        List<Svg.TextBox> boxes = svg.textBoxes();
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(boxes.get(i).overlaps(boxes.get(j))).as(boxes.get(i) + " over " + boxes.get(j)).isFalse();
            }
        }
    }
}
