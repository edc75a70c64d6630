package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.cowbench.golden.Golden;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;

/** The cost of a fault by frames and processes: a table a benchmark, and one picture of all of them. */
class ScalingReportTest {
    private final RunView run = SyntheticRun.scaling();

    @Test
    void theTableHasALineASize() throws IOException {
        StringBuilder out = new StringBuilder();
        RunTable.print(run, out, List.of());
        assertThat(out.toString())
                .contains("Scaling.reuse (write of a present page after fork and exit), ns per fault by frames and")
                .containsPattern("(?m)^ frames +1 process +4 +16 +64$")
                .containsPattern("(?m)^   4096( +4[0-9.]+){4}$")
                .containsPattern("(?m)^1048576( +8[0-9.]+){4}$")
                .contains("at most 1.081 times frames x 4 KiB")
                .doesNotContain("Primitives");
        assertThat(HtmlRun.page(run, Plots.figures(run))).contains("Scaling.swapIn", "frames=1048576");
    }

    @Test
    void onePictureHasBothAndWhereCachesEnd() throws IOException {
        List<Figure> figures = Plots.figures(run);
        assertThat(figures).extracting(Figure::id).containsExactly("scaling-ns");
        Svg svg = figures.getFirst().draw();
        assertThat(svg.toString())
                .contains(">Scaling.reuse<", ">Scaling.swapIn<", "64 processes", "frames, logarithmic")
                .contains(">L2 2048K<", ">L3 32M<")
                .doesNotContain("L1", "NaN");
        assertThat(svg.textBoxes())
                .filteredOn(box -> box.text().matches("L[0-9] .*"))
                .as("L2 and L3 of little metadata, L3 of whole pages; L2 holds not even the smallest memory of these")
                .hasSize(3);
        Golden.check("report/scaling-ns.svg", svg.toString());
    }

    @Test
    void labelsStandApart() {
        for (Figure figure : Plots.figures(run)) {
            for (Svg svg : figure.parts()) {
                List<Svg.TextBox> boxes = svg.textBoxes();
                for (int i = 0; i < boxes.size(); i++) {
                    Svg.TextBox box = boxes.get(i);
                    assertThat(box.right()).as("%s", box).isLessThanOrEqualTo(svg.width());
                    assertThat(boxes.subList(0, i)).noneMatch(box::overlaps);
                }
            }
        }
    }

    /** Without the sizes of caches there are no lines, and of one size of memory there is no picture. */
    @Test
    void whatIsNotKnownIsNotDrawn() {
        RunInfo info = run.info();
        List<RunView.Block> blocks = run.blocks();
        assertThat(blocks).hasSize(40).allMatch(ScalingGrid::has);
        assertThat(info.environment()).containsEntry("cpu.cache.l2", "2048K");
        assertThat(SyntheticRun.small(1).blocks()).noneMatch(ScalingGrid::has);
        assertThat(new ScalingPlot().draw(SyntheticRun.small(1))).isEmpty();
        Map<String, String> params = blocks.getFirst().params();
        assertThat(params).containsKeys("frames", "processes");
    }
}
