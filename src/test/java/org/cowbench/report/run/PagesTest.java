package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.report.compare.SyntheticSession;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every page, whatever it shows. */
class PagesTest {
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?\\b");

    @TempDir
    Path results;

    /** A phone has room for about 45 letters: longer texts must break, or a table grows beyond it by text alone. */
    @Test
    void everyLongCellMayBeBroken() throws IOException {
        new SyntheticSession()
                .headEnvironment("thp.enabled", "always [madvise] never, as the kernel's file says")
                .disturbHeadForks(30)
                .write(results);
        ResultDirectory base = ResultDirectory.read(results.resolve("base"));
        ResultDirectory head = ResultDirectory.read(results.resolve("head"));
        TrendPlot.Trend trend = TrendPlot.of(List.of(base, head), Pattern.compile(""));
        List<Page> pages = new ArrayList<>(Stream.of(SyntheticRun.full(), SyntheticRun.small(1))
                .map(run -> Page.of(HtmlRun.page(run, List.of())))
                .toList());
        pages.add(Page.of(CompareFormat.HTML.write(
                ComparisonBuilder.compare(base, head, Rule.DEFAULT, CompareOptions.NONE), false)));
        pages.add(Page.of(HtmlTrend.page(trend, "", List.of())));
        long broken = 0;
        for (Page page : pages) {
            for (Page.Table table : page.tables) {
                for (List<Page.Cell> row : table.rows()) {
                    List<Page.Cell> texts = row.stream()
                            .filter(cell -> !cell.classes().contains("n"))
                            .toList();
                    assertThat(texts).allSatisfy(cell -> assertThat(cell.text().length() <= Page.LINE
                                    || cell.classes().contains("text")
                                    || cell.classes().contains("wide"))
                            .as("'%s' under %s", cell.text(), table.heading())
                            .isTrue());
                    broken += texts.stream()
                            .filter(cell -> cell.text().length() > Page.LINE)
                            .count();
                }
            }
        }
        assertThat(broken).isGreaterThan(50);
        assertThat(Page.rule("td.text")).contains("white-space:normal", "overflow-wrap:anywhere");
        assertThat(Page.rule("td.wide")).contains("white-space:normal", "overflow-wrap:anywhere");
        assertThat(Page.rule(".scroll")).contains("overflow-x:auto", "max-width:100%");
        assertThat(Page.rule("h1,h2,h3,p,li")).contains("overflow-wrap:anywhere");
    }

    @Test
    void aPageHoldsReferencesAndAFileColours() {
        String page = HtmlRun.page(SyntheticRun.small(3), Plots.figures(SyntheticRun.small(3)));
        String pictures = page.substring(page.indexOf("<body>"));
        assertThat(pictures).contains("fill=\"var(--paper)\"", "stroke=\"var(--grid)\"");
        assertThat(COLOUR.matcher(pictures.replaceAll("href=\"#[^\"]*\"", ""))
                        .results()
                        .map(found -> found.group()))
                .isEmpty();
        assertThat(Plots.figures(SyntheticRun.small(3)).getFirst().draw().toString())
                .contains("fill=\"" + Ink.PAPER.light() + "\"")
                .doesNotContain("var(");
    }
}
