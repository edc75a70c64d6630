package org.cowbench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Png;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Interval;

/** Pages for the browser: one file each, for a run and for a comparison. */
public final class HtmlReport {
    /** Name of the page in a directory of plots. */
    public static final String FILE = "index.html";

    private HtmlReport() {}

    /**
     * The page of a comparison.
     *
     * @param comparison what to show
     * @return HTML that needs nothing else
     */
    public static String of(Comparison comparison) {
        return HtmlComparison.page(comparison, ComparePlots.of(comparison));
    }

    /** A number as it is, for what is under the pointer. */
    static String exactly(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "unknown";
    }

    /**
     * The page of a run.
     *
     * @param result the run
     * @return HTML that needs nothing else
     * @throws org.cowbench.result.ResultException if the run's histograms cannot be read
     */
    public static String of(ResultDirectory result) {
        RunView run = RunView.of(result);
        RunInfo info = run.info();
        HtmlPage page = new HtmlPage("cowbench " + info.label());
        page.paragraph(Wording.evidence(run) + ". Commit " + Wording.commit(info)
                + (info.started().isEmpty() ? "" : ", started " + info.started())
                + (info.seconds() > 0 ? ", took " + Numbers.fixed(info.seconds(), 0) + " s" : "") + ".");
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("results", "Results");
        contents.put("plots", "Plots");
        contents.put("environment", "Environment");
        contents.put("method", "Method");
        page.contents(contents);
        if (!info.complete()) {
            page.banner("Incomplete: the run was cut short; what finished is shown.");
        }
        if (!info.warnings().isEmpty()) {
            page.heading("Warnings").list(info.warnings());
        }
        page.section("results", "Results");
        page.paragraph("Lower is better. " + Wording.MODEL);
        if (!Wording.rule(run).isEmpty()) {
            page.paragraph(capital(Wording.rule(run)) + ".");
        }
        run.blocks().stream().filter(block -> block.kind() != RunView.Kind.PRIMITIVE)
                .forEach(block -> block(page, block));
        primitives(page, run.blocks(RunView.Kind.PRIMITIVE));
        page.section("plots", "Plots");
        List<Figure> pictures = Plots.figures(run);
        if (pictures.isEmpty()) {
            page.paragraph("Nothing to draw: no benchmark here has a policy.");
        }
        pictures.forEach(page::figure);
        page.section("environment", "Environment");
        HtmlPage.Table table = page.table("fact", "value");
        info.environment().forEach((key, value) -> table.start().cell(key, "", "").cell(value, "wide", "").end());
        table.close();
        page.section("method", "Method");
        page.paragraph("Cost: geometric mean of fork medians; interval: 95 % Student t over forks, from 3 forks on. Against "
                + RunView.BASE.id() + ": geometric mean of the ratios of forks in the same block of the schedule. A fork is"
                + " one JVM and counts once. Seed of the order: " + info.seed() + ".");
        if (!info.command().isEmpty()) {
            page.preformatted(String.join(" ", info.command()));
        }
        return page.finish();
    }

    private static void primitives(HtmlPage page, List<RunView.Block> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        page.heading("Primitives (floors of what a fault does)");
        HtmlPage.Table table = page.table("primitive", "#cost", "unit", "95% interval", "#forks");
        blocks.forEach(block -> block.rows().forEach(row -> table.row((row.name() + " " + block.situation()).strip(),
                Numbers.fixed(row.cost().estimate(), 2), row.unit(), interval(row.cost(), 2),
                Integer.toString(row.forkValues().length))));
        table.close();
    }

    private static void block(HtmlPage page, RunView.Block block) {
        page.heading((block.benchmark() + " " + block.situation()).strip()
                + (Wording.meaning(block).isEmpty() ? "" : " (" + Wording.meaning(block) + ")"));
        HtmlPage.Table table = page.table("policy", "#" + block.rows().getFirst().unit(), "95% interval",
                "#vs " + RunView.BASE.id(), "95% interval", "#copies", "#bytes", "#forks", "verdict");
        for (RunView.Row row : block.rows()) {
            table.start()
                    .cell(row.name(), "", "")
                    .cell(Numbers.fixed(row.cost().estimate(), 1), "", exactly(row.cost().estimate()))
                    .cell(interval(row.cost(), 1), "", "")
                    .cell(Numbers.fixed(row.ratio().estimate(), 3) + (row.paired() ? "" : " ~"), "",
                            row.paired() ? "" : "not paired: drift not controlled")
                    .cell(interval(row.ratio(), 3), "", "")
                    .cell(Numbers.fixed(row.perOperation("copies"), 3), "", exactly(row.perOperation("copies")))
                    .cell(Numbers.fixed(row.perOperation("bytesCopied"), 0), "", exactly(row.perOperation("bytesCopied")))
                    .cell(row.forkValues().length + (row.failed() > 0 ? " (" + row.failed() + " failed)" : ""), "", "")
                    .cell(row.verdict(), "", "")
                    .end();
        }
        table.close();
    }

    private static String interval(Interval interval, int decimals) {
        return interval.bounded()
                ? "[" + Numbers.fixed(interval.low(), decimals) + ", " + Numbers.fixed(interval.high(), decimals) + "]" : "";
    }

    /**
     * Writes the page of a run beside its plots.
     *
     * @param result the run
     * @param directory where to; created when absent
     * @return the file
     * @throws ResultStorageException if it cannot be written
     */
    public static Path write(ResultDirectory result, Path directory) {
        return write(of(result), directory);
    }

    /**
     * Writes the plots of a comparison and its page.
     *
     * @param comparison the comparison
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last
     * @throws ResultStorageException if a file cannot be written
     */
    public static List<Path> write(Comparison comparison, Path directory, Consumer<String> warn) {
        List<Figure> pictures = ComparePlots.of(comparison);
        List<Path> files = new ArrayList<>(Plots.write(pictures.stream().map(Figure::draw).toList(), directory, warn, Png::of));
        files.add(write(HtmlComparison.page(comparison, pictures), directory));
        return files;
    }

    private static Path write(String html, Path directory) {
        Path target = directory.resolve(FILE);
        Path temporary = directory.resolve("." + FILE + ".tmp");
        try {
            Files.createDirectories(directory);
            Files.write(temporary, html.getBytes(StandardCharsets.UTF_8));
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ResultStorageException("cannot write " + target + ": " + e.getMessage()
                    + "; make it writable or choose another place with --plots DIR", e);
        }
    }

    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
