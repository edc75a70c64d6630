package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.text.Wording;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Interval;

/** The page of a run: of policies, of kernels, or of another project's JMH. */
final class HtmlRun {
    private static final int DIGITS = CostPlot.DIGITS;

    /** Percentiles that have a column, as fractions. */
    private static final double[] PERCENTILES = {0.5, 0.99, 0.999};

    private HtmlRun() {}

    static String page(RunView run, List<Figure> figures) {
        RunInfo info = run.info();
        HtmlPage page = new HtmlPage("cowbench " + info.label());
        page.paragraph(RunWording.evidence(run) + ". Commit " + RunWording.commit(info)
                + (info.started().isEmpty() ? "" : ", started " + info.started())
                + (info.seconds() > 0 ? ", took " + Numbers.fixed(info.seconds(), 0) + " s" : "") + ".");
        List<RunView.Block> costs = run.blocks().stream()
                .filter(block -> block.kind() != RunView.Kind.PRIMITIVE)
                .toList();
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("summary", "Summary");
        contents.put("verdicts", "Verdicts");
        contents.put("results", "Results");
        contents.put("plots", "Plots");
        contents.put("environment", "Environment");
        contents.put("method", "Method");
        page.contents(contents);
        if (run.disturbed() > 0) {
            page.banner(RunWording.disturbed(run) + ".");
        }
        if (!info.complete()) {
            page.banner("Incomplete: the run was cut short; what finished is shown.");
        }
        if (!info.warnings().isEmpty()) {
            page.heading("Warnings").list(info.warnings());
        }
        page.section("summary", "Summary");
        summary(page, run, costs);
        page.section("verdicts", "Verdicts");
        verdicts(page, run, costs);
        page.section("results", "Results");
        if (!costs.isEmpty()) {
            page.paragraph("Lower is better. " + (RunWording.marked(run) ? Wording.MARKED + ". " : "") + Wording.MODEL);
        }
        if (!RunWording.rule(run).isEmpty()) {
            page.paragraph(Wording.capital(RunWording.rule(run)) + ".");
        }
        costs.forEach(block -> block(page, run, block));
        scores(page, run, !costs.isEmpty());
        page.section("plots", "Plots");
        figures.forEach(page::figure);
        if (figures.isEmpty()) {
            page.paragraph("Nothing to draw: no fork delivered a score.");
        }
        page.section("environment", "Environment");
        if (info.environment().isEmpty()) {
            page.paragraph("Unknown: there is no run.json.");
        } else {
            HtmlPage.Table table = page.table("fact", "value");
            info.environment().forEach((key, value) -> table.start()
                    .cell(key, "", "")
                    .cell(value, "wide", "")
                    .end());
            table.close();
        }
        page.section("method", "Method");
        page.paragraph(
                "Score: geometric mean over forks of the median iteration; interval: 95 % Student t over forks, from 3"
                        + " forks on. A fork is one JVM, or one boot of a kernel, and counts once. Percentiles: of all"
                        + " forks merged, shown where "
                        + PercentilePlot.VALUES_BEYOND + " values lie beyond.");
        if (!costs.isEmpty()) {
            page.paragraph(
                    "Against " + Policy.BASE.id() + ": geometric mean of the ratios of forks in the same block of the"
                            + " schedule. Seed of the order: " + info.seed() + ".");
        }
        if (!info.command().isEmpty()) {
            page.command(String.join(" ", info.command()));
        }
        return page.finish();
    }

    private static void summary(HtmlPage page, RunView run, List<RunView.Block> costs) {
        List<RunView.Row> rows =
                run.blocks().stream().flatMap(block -> block.rows().stream()).toList();
        Map<String, String> tiles = new LinkedHashMap<>();
        if (!costs.isEmpty()) {
            tiles.put(
                    "policies",
                    Long.toString(costs.stream()
                            .flatMap(block -> block.rows().stream())
                            .map(RunView.Row::name)
                            .distinct()
                            .count()));
        }
        tiles.put(
                "benchmarks",
                Long.toString(run.blocks().stream()
                        .map(RunView.Block::benchmark)
                        .distinct()
                        .count()));
        tiles.put("rows", Integer.toString(rows.size()));
        tiles.put(
                "forks",
                Integer.toString(
                        rows.stream().mapToInt(row -> row.forkValues().length).sum()));
        int failed = rows.stream().mapToInt(RunView.Row::failed).sum();
        if (failed > 0) {
            tiles.put("failed forks", Integer.toString(failed));
        }
        page.tiles(tiles);
        if (costs.isEmpty()) {
            return;
        }
        if (run.mostlyDisturbed()) {
            return;
        }
        HtmlPage.Table table = page.cards(
                "",
                "cheapest that keeps isolation and secrecy",
                "#its cost",
                "#" + Policy.BASE.id(),
                "#vs " + Policy.BASE.id(),
                "unit",
                "copy");
        for (RunView.Block block : costs) {
            Optional<RunView.Row> base = block.row(Policy.BASE);
            List<RunView.Row> best = cheapest(block);
            table.start().cell(block.title(), "", RunWording.meaning(block));
            table.cell(
                    best.isEmpty()
                            ? "none measured"
                            : best.stream().map(RunView.Row::name).collect(Collectors.joining(", ")),
                    "",
                    best.size() > 1 ? "these cannot be told apart" : "");
            known(table, best.stream().findFirst().map(RunView.Row::cost));
            known(table, base.map(RunView.Row::cost));
            known(table, best.stream().findFirst().map(RunView.Row::ratio));
            List<String> copying = block.rows().stream()
                    .filter(row -> row.copies(block.kind()))
                    .map(RunView.Row::name)
                    .toList();
            table.cell(block.unit(), "soft", "")
                    .cell(
                            copying.isEmpty()
                                    ? "none"
                                    : copying.size() == block.rows().size() ? "all" : String.join(", ", copying),
                            "wide",
                            "policies that copy here, by the counters")
                    .end();
        }
        table.close();
    }

    /** Of rules that a kernel has or somebody proposed, the cheapest that leaks nothing, and those alike; never a bound. */
    private static List<RunView.Row> cheapest(RunView.Block block) {
        List<RunView.Row> rows = block.rows().stream()
                .filter(row -> row.cost().estimate() > 0
                        && !row.marked()
                        && row.policy().filter(policy -> !policy.isBound()).isPresent())
                .toList();
        Optional<RunView.Row> best =
                rows.stream().min(Comparator.comparingDouble(row -> row.cost().estimate()));
        return best.map(first -> rows.stream()
                        .filter(row -> row.equals(first) || block.alike(row, first))
                        .sorted(Comparator.comparingDouble(row -> row.equals(first) ? 0 : 1))
                        .toList())
                .orElse(List.of());
    }

    private static void verdicts(HtmlPage page, RunView run, List<RunView.Block> costs) {
        Map<String, RunView.Row> rows = new LinkedHashMap<>();
        costs.stream()
                .flatMap(block -> block.rows().stream())
                .sorted(Rows.BY_POLICY)
                .forEach(row -> rows.putIfAbsent(row.name(), row));
        if (rows.isEmpty()) {
            page.paragraph(
                    "None: no benchmark here has a policy that the checker could judge. To judge a change of these"
                            + " scores: ./run-bench.sh compare BASE HEAD");
            return;
        }
        page.paragraph(Wording.capital(RunWording.safety(run)) + ".");
        page.paragraph(Wording.capital(RunWording.VERDICT) + ".");
        HtmlPage.Table table = page.cards("policy", "safety", "verdict", "violates", "whose");
        rows.forEach((name, row) -> table.start()
                .cell(name, "", "")
                .cell(
                        RunWording.namedSafety(row),
                        row.relative().filter(Relative::worse).isPresent() ? "slower wide" : "wide",
                        row.relative().map(HtmlRun::reasons).orElse(""))
                .cell(
                        RunWording.namedVerdict(row),
                        Policy.unsafe(row.verdict()) ? "slower wide" : "",
                        row.policy().map(KnownCase::of).orElse(Set.of()).stream()
                                .map(known -> known.title() + ": " + known.why())
                                .collect(Collectors.joining("\n")))
                .cell(
                        row.policy().map(Policy::violates).orElse(Set.of()).stream()
                                .map(Property::id)
                                .collect(Collectors.joining(", ")),
                        "",
                        "")
                .cell(row.policy().map(Policy::era).orElse("unknown"), "soft", "")
                .end());
        table.close();
    }

    /** Why what a policy would change happens. */
    private static String reasons(Relative relative) {
        return Stream.concat(
                        relative.adds().stream()
                                .map(each -> "+ " + each.label() + ": "
                                        + each.known().why()),
                        relative.closes().stream()
                                .map(each -> "- " + each.label() + ": "
                                        + each.known().why()))
                .collect(Collectors.joining("\n"));
    }

    private static void block(HtmlPage page, RunView run, RunView.Block block) {
        page.heading(
                block.title() + (RunWording.meaning(block).isEmpty() ? "" : " (" + RunWording.meaning(block) + ")"));
        boolean histograms =
                block.rows().stream().anyMatch(row -> row.histogram().isPresent());
        boolean ranking = !run.mostlyDisturbed();
        boolean intervals = block.rows().stream().anyMatch(row -> row.cost().bounded());
        List<String> heads = new ArrayList<>(List.of("policy", "#" + block.unit()));
        if (intervals) {
            heads.add("95% interval");
        }
        if (ranking) {
            heads.add("#vs " + Policy.BASE.id());
        }
        if (ranking && intervals) {
            heads.add("95% interval");
        }
        if (block.ranked()) {
            heads.add("alike");
        }
        heads.addAll(percentileHeads(histograms));
        boolean reuses = block.reuses();
        List<KnownMetric> counted = block.events();
        counted.forEach(event -> heads.add("#" + event.head()));
        heads.addAll(
                reuses
                        ? List.of("#copies", "#reuses", "#bytes", "forks", "safety")
                        : List.of("#copies", "#bytes", "forks", "safety"));
        HtmlPage.Table table = page.table(heads.toArray(String[]::new));
        for (int i = 0; i < block.rows().size(); i++) {
            RunView.Row row = block.rows().get(i);
            table.start().cell(row.name(), "", row.marked() ? Wording.MARKED : "");
            known(table, Optional.of(row.cost()));
            if (intervals) {
                interval(table, row.cost());
            }
            if (ranking) {
                boolean unpaired = !row.paired() && Double.isFinite(row.ratio().estimate());
                table.cell(
                        known(row.ratio()) + (unpaired ? " ~" : ""),
                        "",
                        HtmlPage.exactly(row.ratio().estimate())
                                + (unpaired ? ", not paired: drift not controlled" : ""));
            }
            if (ranking && intervals) {
                interval(table, row.ratio());
            }
            if (block.ranked()) {
                table.cell(block.letters().get(i), "", "rows that share a letter cannot be told apart");
            }
            percentiles(table, row, histograms);
            counted.forEach(event -> counter(table, row, event, 2));
            counter(table, row, KnownMetric.COPIES, 3);
            if (reuses) {
                counter(table, row, KnownMetric.REUSES, 3);
            }
            counter(table, row, KnownMetric.BYTES_COPIED, 0);
            forks(table, row);
            table.cell(RunWording.safety(row), "", RunWording.namedSafety(row)).end();
        }
        table.close();
        if (block.kind() == RunView.Kind.CHURN) {
            counters(page, block);
        }
    }

    /** The counters of the picture, since on paper it has no numbers. */
    private static void counters(HtmlPage page, RunView.Block block) {
        List<ChurnCounter> counters = ChurnCounter.drawn(List.of(block));
        List<String> heads = new ArrayList<>(List.of("policy"));
        counters.forEach(counter -> heads.add("#" + counter.title() + ", " + counter.unit()));
        HtmlPage.Table table = page.table(heads.toArray(String[]::new));
        for (RunView.Row row : block.rows()) {
            table.start().cell(row.name(), "", "");
            counters.forEach(counter -> number(table, counter.of(row)));
            table.end();
        }
        table.close();
    }

    private static void scores(HtmlPage page, RunView run, boolean floors) {
        Map<String, List<RunView.Block>> byUnit = run.blocks(RunView.Kind.PRIMITIVE).stream()
                .collect(Collectors.groupingBy(RunView.Block::unit, LinkedHashMap::new, Collectors.toList()));
        byUnit.forEach((unit, blocks) -> {
            page.heading((floors ? "Primitives, floors of what a fault does (" : "Scores (") + unit + ", "
                    + RunWording.better(unit) + ")");
            boolean histograms = blocks.stream()
                    .anyMatch(block -> block.rows().getFirst().histogram().isPresent());
            boolean copies =
                    blocks.stream().anyMatch(block -> block.rows().getFirst().counts(KnownMetric.COPIES));
            List<String> heads = new ArrayList<>(List.of("benchmark", "#score", "95% interval"));
            heads.addAll(percentileHeads(histograms));
            heads.addAll(copies ? List.of("#copies", "forks") : List.of("forks"));
            HtmlPage.Table table = page.table(heads.toArray(String[]::new));
            for (RunView.Block block : blocks) {
                RunView.Row row = block.rows().getFirst();
                table.start().cell(block.title(), "", "");
                known(table, Optional.of(row.cost()));
                interval(table, row.cost());
                percentiles(table, row, histograms);
                if (copies) {
                    counter(table, row, KnownMetric.COPIES, 3);
                }
                forks(table, row);
                table.end();
            }
            table.close();
        });
    }

    private static List<String> percentileHeads(boolean histograms) {
        return !histograms
                ? List.of()
                : Arrays.stream(PERCENTILES)
                        .mapToObj(fraction -> "#p" + Numbers.compact(fraction * 100, DIGITS))
                        .toList();
    }

    private static void percentiles(HtmlPage.Table table, RunView.Row row, boolean histograms) {
        if (!histograms) {
            return;
        }
        Optional<PercentilePlot.Curve> curve = row.histogram().map(PercentilePlot.Curve::of);
        for (double fraction : PERCENTILES) {
            number(
                    table,
                    curve.filter(c -> c.reaches(fraction))
                            .map(c -> c.valueAt(fraction))
                            .orElse(Double.NaN));
        }
    }

    static void number(HtmlPage.Table table, double value) {
        table.cell(Numbers.aligned(value, DIGITS), "", HtmlPage.exactly(value));
    }

    private static String known(Interval value) {
        return Numbers.known(value.estimate(), value.low(), value.high());
    }

    private static void known(HtmlPage.Table table, Optional<Interval> value) {
        double estimate = value.map(Interval::estimate).orElse(Double.NaN);
        table.cell(value.map(HtmlRun::known).orElse("n/a"), "", HtmlPage.exactly(estimate));
    }

    static void interval(HtmlPage.Table table, Interval interval) {
        table.cell(
                Numbers.bounds(interval.estimate(), interval.low(), interval.high()),
                "",
                interval.bounded() ? interval.low() + " to " + interval.high() : "");
    }

    private static void counter(HtmlPage.Table table, RunView.Row row, KnownMetric metric, int decimals) {
        table.cell(Numbers.fixed(row.perOperation(metric), decimals), "", HtmlPage.exactly(row.perOperation(metric)));
    }

    private static void forks(HtmlPage.Table table, RunView.Row row) {
        table.cell(
                row.forkValues().length + (row.failed() > 0 ? " (" + row.failed() + " failed)" : ""),
                "",
                Arrays.stream(row.forkValues()).mapToObj(Double::toString).collect(Collectors.joining(", ")));
    }
}
