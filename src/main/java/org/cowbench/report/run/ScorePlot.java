package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;
import org.cowbench.result.KnownMetric;

/**
 * Score and forks of every benchmark that no policy influences: primitives, real kernels, other projects. One picture a
 * unit, one panel a benchmark with its sets of parameters; benchmarks that have but one share a panel.
 */
final class ScorePlot implements Plot {

    /** A picture with more rows than this is not looked at; the page's tables hold all. */
    private static final int MOST_ROWS = 120;

    private static final int MOST_PICTURES = 6;
    private static final double ROW_HEIGHT = 15;

    private static final Style STYLE = new Style(Ink.BLUE, "", Marker.CIRCLE);

    /** Rows of a panel and what they are called in it. */
    private record Group(String title, List<String> names, List<RunView.Row> rows) {}

    @Override
    public List<Figure> draw(RunView run) {
        Map<String, List<RunView.Block>> byUnit = run.blocks(RunView.Kind.PRIMITIVE).stream()
                .filter(block -> !ScalingGrid.has(block))
                .filter(block -> Double.isFinite(block.rows().getFirst().cost().estimate()))
                .collect(Collectors.groupingBy(RunView.Block::unit, LinkedHashMap::new, Collectors.toList()));
        return byUnit.entrySet().stream()
                .limit(MOST_PICTURES)
                .map(entry -> draw(run, entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Figure draw(RunView run, String unit, List<RunView.Block> all) {
        List<RunView.Block> blocks = all.subList(0, Math.min(MOST_ROWS, all.size()));
        List<Group> groups = groups(blocks);
        boolean counted =
                blocks.stream().anyMatch(block -> block.rows().getFirst().counts(KnownMetric.COPIES));
        Figure figure = new Figure(
                        Wording.id("scores", unit),
                        "Score of each benchmark (" + unit + ")",
                        "Dot plot, one row a set of parameters and one panel a benchmark. " + summary(groups))
                .note(Wording.capital(RunWording.better(unit)) + ". Mark: geometric mean over forks of the"
                        + " median iteration"
                        + (counted ? "; filled: over 0.5 copies per operation" : "")
                        + ". Bar: 95 % t interval over forks, from 3 forks on. Strokes: single forks. Each panel has"
                        + " its own axis."
                        + (blocks.size() < all.size()
                                ? " Shown are the first " + blocks.size() + " of " + all.size() + " rows."
                                : ""))
                .origin(RunWording.evidence(run, blocks) + ". " + RunWording.origin(run.info()) + ".");
        for (Group group : groups) {
            Scale scale = scale(group.rows);
            figure.grid(Math.min(2, groups.size()), 300, ROW_HEIGHT * group.rows.size() + 6)
                    .panel(
                            group.title,
                            "",
                            new Axis(unit + (scale instanceof Scale.Log ? ", logarithmic" : ""), scale),
                            new Axis("", new Scale.Rows(group.names)),
                            panel -> paint(panel, group));
        }
        return figure;
    }

    private static List<Group> groups(List<RunView.Block> blocks) {
        Map<String, List<RunView.Block>> byBenchmark = blocks.stream()
                .collect(Collectors.groupingBy(RunView.Block::benchmark, LinkedHashMap::new, Collectors.toList()));
        Group single = new Group("", new ArrayList<>(), new ArrayList<>());
        List<Group> groups = new ArrayList<>();
        byBenchmark.forEach((benchmark, own) -> {
            Group group = single;
            if (own.size() > 1) {
                group = new Group(benchmark, new ArrayList<>(), new ArrayList<>());
                groups.add(group);
            }
            for (RunView.Block block : own) {
                group.names.add(own.size() > 1 ? block.variant() : block.title());
                group.rows.add(block.rows().getFirst());
            }
        });
        if (!single.rows.isEmpty()) {
            groups.addFirst(single);
        }
        return groups;
    }

    private static Scale scale(List<RunView.Row> rows) {
        double[] values = rows.stream()
                .flatMapToDouble(row -> DoubleStream.concat(
                        Arrays.stream(row.forkValues()),
                        DoubleStream.of(
                                row.cost().estimate(),
                                row.cost().low(),
                                row.cost().high())))
                .filter(Double::isFinite)
                .toArray();
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(0);
        if (low > 0) {
            return Scale.Log.covering(values);
        }
        double margin = Math.max((high - low) * 0.04, Math.abs(high) * 1e-3 + 1e-12);
        return new Scale.Linear(low - margin, high + margin);
    }

    private static void paint(Panel panel, Group group) {
        for (int at = 0; at < group.rows.size(); at++) {
            RunView.Row row = group.rows.get(at);
            panel.strokes(STYLE, row.forkValues(), at);
            if (row.cost().bounded()) {
                panel.span(STYLE, row.cost().low(), row.cost().high(), at);
            }
            panel.markers(
                    row.copies(RunView.Kind.PRIMITIVE) ? STYLE.with(Marker.DISC) : STYLE,
                    new double[] {row.cost().estimate()},
                    new double[] {at});
            panel.rowTip(at, CostPlot.tip(group.names.get(at), row));
        }
    }

    private static String summary(List<Group> groups) {
        return groups.stream()
                .flatMap(group -> IntStream.range(0, group.rows.size())
                        .mapToObj(
                                i -> CostPlot.tip((group.title + " " + group.names.get(i)).strip(), group.rows.get(i))))
                .limit(20)
                .collect(Collectors.joining(". ", "", "."));
    }
}
