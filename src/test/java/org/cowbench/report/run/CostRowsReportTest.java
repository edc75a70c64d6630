package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.cowbench.report.chart.Figure;
import org.junit.jupiter.api.Test;

/** Rows without a situation are in the table, the page and the plots, side by side where they are of one class. */
class CostRowsReportTest {
    private static final List<String> ROWS = List.of(
            "Faults.swapInRead",
            "Faults.readThenWrite",
            "Faults.writeSwapIn",
            "Processes.forkPresent",
            "Processes.forkSwapped",
            "Processes.exitPresent",
            "Processes.exitSwapped");

    @Test
    void everyRowIsInTheTable() throws IOException {
        StringBuilder out = new StringBuilder();
        RunTable.print(SyntheticRun.alone(), out, FaultPath.ALL);
        assertThat(out.toString())
                .contains(ROWS)
                .containsPattern("Faults.swapInRead .*per\\s+fault\n")
                .containsPattern("Faults.readThenWrite .*per\\s+read\\s+and\\s+write\n")
                .containsPattern("Processes.forkSwapped .*per\\s+page\n")
                .containsPattern("(?m)^policy .* copies +reuses +safety$");
    }

    @Test
    void whatTheProcessorCountedStandsBesideTheTime() throws IOException {
        StringBuilder out = new StringBuilder();
        RunTable.print(SyntheticRun.alone(), out, List.of());
        assertThat(out.toString())
                .containsPattern("(?m)^policy +instructions +last-level misses$")
                .containsPattern("(?m)^v5.18!? +28[12] +0.25$")
                .doesNotContain("TLB misses");
        StringBuilder without = new StringBuilder();
        RunTable.print(SyntheticRun.small(1), without, List.of());
        assertThat(without.toString()).doesNotContain("last-level");
        assertThat(HtmlRun.page(SyntheticRun.alone(), List.of())).contains("last-level misses");
    }

    @Test
    void theyAreInThePageAndShareAPictureByClass() {
        RunView run = SyntheticRun.alone();
        List<Figure> figures = Plots.figures(run);
        String page = HtmlRun.page(run, figures);
        assertThat(page).contains(ROWS).contains("#reuses".substring(1));
        List<String> pictures =
                figures.stream().map(figure -> figure.draw().toString()).toList();
        for (String kind : List.of("cost-faults", "cost-processes", "percentiles-faults", "percentiles-processes")) {
            assertThat(figures.stream().filter(figure -> figure.draw().id().equals(kind)))
                    .as(kind)
                    .hasSize(1);
        }
        for (String row : ROWS) {
            String method = row.substring(row.indexOf('.') + 1);
            assertThat(pictures.stream().filter(picture -> picture.contains(">" + method + "<")))
                    .as(method)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
        assertThat(pictures)
                .anySatisfy(picture -> assertThat(picture).contains("cost of one page under each policy"))
                .anySatisfy(picture -> assertThat(picture).contains("cost of one operation under each policy"));
    }
}
