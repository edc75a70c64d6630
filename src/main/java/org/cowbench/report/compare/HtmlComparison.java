package org.cowbench.report.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Gate;
import org.cowbench.compare.VerdictCounts;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.html.PageFiles;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;
import org.cowbench.stats.Verdict;

/** The page of a comparison: what speaks against it first, then verdicts, plots, environment, method. */
public final class HtmlComparison {

    private HtmlComparison() {}

    /**
     * The page of a comparison.
     *
     * @param comparison what to show
     * @return HTML that needs nothing else
     */
    static String of(Comparison comparison) {
        return page(comparison, ComparePlots.of(comparison));
    }

    /**
     * Writes the plots of a comparison and its page.
     *
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last
     * @throws org.cowbench.result.ResultStorageException if a file cannot be written
     */
    public static List<Path> write(Comparison comparison, Path directory, Consumer<String> warn) {
        List<Figure> figures = ComparePlots.of(comparison);
        return PageFiles.write(figures, page(comparison, figures), directory, warn);
    }

    /**
     * The plots of a comparison, for another page.
     *
     * @param comparison what to show
     * @return one picture a kind of plot that it has data for
     */
    public static List<Figure> figures(Comparison comparison) {
        return ComparePlots.of(comparison);
    }

    private static String page(Comparison c, List<Figure> figures) {
        HtmlPage page = new HtmlPage(c.base().label() + " against " + c.head().label());
        page.paragraph("Base: " + CompareText.side(c.base()));
        page.paragraph("Head: " + CompareText.side(c.head()));
        page.paragraph(Wording.capital(CompareText.design(c)) + ".");
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("summary", "Summary");
        contents.put("verdicts", "Verdicts");
        contents.put("plots", "Plots");
        contents.put("environment", "Environment");
        contents.put("method", "Method");
        contents.put("mail", "Text for a mail");
        page.contents(contents);
        cautions(page, c);
        page.section("summary", "Summary");
        Gate gate = Gate.of(c);
        if (gate.state() == Gate.State.PASSED) {
            page.paragraph(Wording.capital(CompareWording.gate(c, gate)) + ".");
        } else if (gate.state() != Gate.State.NONE) {
            page.banner(Wording.capital(CompareWording.gate(c, gate)) + ".");
        }
        page.tiles(tiles(c));
        CompareText.summary(c).forEach(line -> page.paragraph(Wording.capital(line) + "."));
        page.section("verdicts", "Verdicts");
        String marked = CompareWording.marked(c);
        if (!marked.isEmpty()) {
            page.paragraph(marked + ".");
        }
        tables(c).forEach((heading, rows) -> table(page, c, heading, rows));
        if (c.rows().isEmpty()) {
            page.paragraph(Wording.capital(CompareText.NOTHING) + ".");
        }
        page.section("plots", "Plots");
        figures.forEach(page::figure);
        if (figures.isEmpty()) {
            page.paragraph("Nothing to draw: no row has a change that is a number.");
        }
        page.section("environment", "Environment");
        sides(page, c);
        page.paragraph(
                c.environment().isEmpty()
                        ? "No difference of the environments is known."
                        : "Where the environments differ stands at the top of this page.");
        page.section("method", "Method");
        page.paragraph(CompareText.method(c));
        if (c.rows().stream().anyMatch(Row::modelled)) {
            page.paragraph(Wording.MODEL);
        }
        page.section("mail", "Text for a mail");
        page.preformatted(CompareText.of(c, false));
        return page.finish();
    }

    /** What a reader must know before any number. */
    private static void cautions(HtmlPage page, Comparison c) {
        String disturbed = CompareWording.disturbed(c);
        if (!disturbed.isEmpty()) {
            page.banner(disturbed + ".");
        }
        if (!c.valid()) {
            page.banner("Invalid: the control is the base measured against itself, and it differs in "
                    + String.join(", ", c.control().biased()) + ". Nothing below is to be believed.");
        }
        if (!c.environment().isEmpty()) {
            page.banner(
                    c.environment().stream().anyMatch(Comparison.Difference::machine)
                            ? "The two sides were measured on different machines."
                            : "The environments of the two sides differ.");
            HtmlPage.Table table = page.table("fact", "base", "head", "");
            c.environment().forEach(d -> table.start()
                    .cell(d.key(), "", "")
                    .cell(absent(d.base()), "wide", "")
                    .cell(absent(d.head()), "wide", "")
                    .cell(d.machine() ? "another machine" : "", "", "")
                    .end());
            table.close();
        }
        if (!c.warnings().isEmpty()) {
            page.heading("Warnings").list(CompareWording.warnings(c));
        }
    }

    private static String absent(String value) {
        return value.isEmpty() ? "(absent)" : value;
    }

    private static Map<String, String> tiles(Comparison c) {
        Map<String, String> tiles = new LinkedHashMap<>();
        for (Verdict verdict : List.of(Verdict.FASTER, Verdict.SLOWER, Verdict.SAME, Verdict.INCONCLUSIVE)) {
            tiles.put(
                    verdict.word(),
                    Integer.toString(VerdictCounts.of(c).scores().getOrDefault(verdict, 0)));
        }
        tiles.put("identical counters", Integer.toString(c.identicalCounters()));
        return tiles;
    }

    /** A row of a table and what it is called there. */
    private record Named(String name, Row row) {}

    /**
     * A table a group, where benchmarks stand in the order of the file; groups of one score each, as of a benchmark
     * with parameters of its own, share a table.
     */
    private static Map<String, List<Named>> tables(Comparison c) {
        Map<String, List<Named>> tables = new LinkedHashMap<>();
        if (c.view().order() != CompareView.Order.FILE && !c.rows().isEmpty()) {
            // An order across benchmarks needs one table.
            return Map.of(
                    "In order of " + c.view().order(),
                    c.rows().stream()
                            .map(row -> new Named(
                                    row.kind() == Kind.SCORE
                                            ? ComparePlots.title(row) + " (" + row.unit() + ")"
                                            : row.metric(),
                                    row))
                            .toList());
        }
        for (Comparison.Group group : c.groups()) {
            Row first = group.rows().getFirst();
            List<Row> scores = group.rows().stream()
                    .filter(row -> row.kind() == Kind.SCORE)
                    .toList();
            boolean single = scores.size() == 1 && !scores.getFirst().params().containsKey(c.rowParam());
            String params = Wording.params(
                    first.key().measurement().without(c.rowParam()),
                    !first.breaks().isEmpty());
            List<Named> rows = tables.computeIfAbsent(
                    (single ? group.benchmark() : CompareWording.title(group)) + " (" + first.unit() + ", "
                            + CompareText.better(first) + ")",
                    key -> new ArrayList<>());
            for (Row row : group.rows()) {
                String score = single && !params.isEmpty() ? params : CompareWording.name(c, row);
                String name = row.kind() == Kind.SCORE ? score : row.metric();
                rows.add(new Named(name, row));
            }
        }
        return tables;
    }

    private static void table(HtmlPage page, Comparison c, String heading, List<Named> rows) {
        page.heading(heading);
        // The verdict stands where a narrow screen shows it.
        HtmlPage.Table table = page.table(
                "",
                "verdict",
                "#change",
                CompareNumbers.confidence(c.rule().confidence()) + "% interval",
                "#base",
                "#head",
                "#p",
                "forks",
                "");
        for (Named named : rows) {
            Row row = named.row;
            boolean score = row.kind() == Kind.SCORE;
            boolean noisy = row.noisy();
            table.start()
                    .cell(named.name, score ? "" : "soft", row.tag())
                    .cell(row.verdict().word(), style(row), "")
                    .cell(
                            noisy ? "" : CompareNumbers.change(row),
                            "",
                            noisy ? "" : HtmlPage.exactly(row.change().estimate()))
                    .cell(
                            noisy ? "" : row.kind() == Kind.EXACT ? "exact" : CompareNumbers.interval(row),
                            "",
                            !noisy && row.change().bounded()
                                    ? row.change().low() + " to " + row.change().high()
                                    : "")
                    .cell(CompareNumbers.base(row), "", HtmlPage.exactly(row.base()))
                    .cell(CompareNumbers.head(row), "", HtmlPage.exactly(row.head()))
                    .cell(
                            noisy ? "" : CompareNumbers.p(row.adjusted()),
                            "",
                            noisy || Double.isNaN(row.p())
                                    ? ""
                                    : "not corrected: " + row.p() + ", "
                                            + row.test().text())
                    .cell(side(row.baseForks()) + ", " + side(row.headForks()), "soft", "delivered, base and head")
                    .cell(CompareWording.said(row), "soft wide", "")
                    .end();
        }
        table.close();
    }

    /** More of what is a cost, and only that, is coloured as worse: more reuses are not. */
    private static String style(Row row) {
        boolean counted = row.verdict() == Verdict.MORE || row.verdict() == Verdict.FEWER;
        return row.verdict().word() + (counted && row.gated() ? " cost" : "");
    }

    private static String side(Comparison.ForkValues forks) {
        return forks.failed() == 0
                ? Integer.toString(forks.count())
                : forks.count() + " (" + forks.failed() + " failed)";
    }

    private static void sides(HtmlPage page, Comparison c) {
        HtmlPage.Table table = page.table("", "base", "head");
        side(table, "label", c.base().label(), c.head().label());
        side(table, "what", c.base().what(), c.head().what());
        side(table, "commit", commit(c.base()), commit(c.head()));
        side(table, "suite", c.base().suite(), c.head().suite());
        side(table, "started", c.base().started(), c.head().started());
        side(table, "kernel", c.base().kernel(), c.head().kernel());
        table.close();
    }

    private static void side(HtmlPage.Table table, String name, String base, String head) {
        if (!base.isEmpty() || !head.isEmpty()) {
            table.start()
                    .cell(name, "", "")
                    .cell(base.isEmpty() ? "unknown" : base, "wide", "")
                    .cell(head.isEmpty() ? "unknown" : head, "wide", "")
                    .end();
        }
    }

    private static String commit(Comparison.Side side) {
        return side.commit() + (side.dirty() ? " (with local changes)" : "");
    }
}
