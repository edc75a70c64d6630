package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.cowbench.compare.Units;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;
import org.cowbench.result.KnownMetric;

/** Cost per policy with interval: one picture a benchmark, one panel a situation, one row a policy. */
final class CostPlot implements Plot {

    /** Significant digits in every plot of a run: no run knows more. */
    static final int DIGITS = 3;

    private static final double ROW_HEIGHT = 15;

    /** The axis follows an interval this factor beyond the outermost fork. */
    private static final double BEYOND_FORKS = 1.3;

    @Override
    public List<Figure> draw(RunView run) {
        List<Figure> pictures = new ArrayList<>();
        for (RunView.Kind kind : List.of(RunView.Kind.COST, RunView.Kind.CHURN)) {
            run.byBenchmark(kind).forEach((benchmark, blocks) -> pictures.add(draw(run, benchmark, blocks)));
        }
        return pictures;
    }

    private static Figure draw(RunView run, String benchmark, List<RunView.Block> blocks) {
        Scale.Rows rows = new Scale.Rows(Rows.names(blocks));
        Scale costs = scale(blocks);
        String unit = Units.perOperation(blocks.getFirst().rows().getFirst().unit());
        String operation = RunWording.operation(blocks);
        boolean churn = blocks.getFirst().kind() == RunView.Kind.CHURN;
        String copying = churn ? "more copies than reuses" : "over 0.5 copies per " + operation;

        Figure figure = new Figure(
                        Wording.id("cost", benchmark),
                        benchmark + ": cost of one " + operation + " under each policy",
                        "Dot plot, one row a policy and one panel a situation, logarithmic axis. " + summary(blocks))
                .origin(RunWording.provenance(run, blocks))
                .note("Lower is better. Dot: geometric mean over forks of the median iteration; filled where the policy"
                        + " copies (" + copying + "), hollow where it reuses. Bar: 95 % t interval over forks,"
                        + " from 3 forks on. Arrow: it goes on. Strokes: single forks. Dashed line: "
                        + Policy.BASE.id() + ".")
                .grid(Math.min(3, blocks.size()), 260, ROW_HEIGHT * rows.names().size() + 6);
        for (RunView.Block block : blocks) {
            figure.panel(
                    block.panel(),
                    RunWording.meaning(block),
                    new Axis(unit + " per " + operation + ", logarithmic", costs),
                    new Axis("", rows),
                    panel -> paint(panel, block, rows.names()));
        }
        return figure;
    }

    private static void paint(Panel panel, RunView.Block block, List<String> names) {
        block.row(Policy.BASE).ifPresent(base -> panel.upright(base.cost().estimate()));
        for (RunView.Row row : block.rows()) {
            if (!(row.cost().estimate() > 0)) {
                continue;
            }
            int at = names.indexOf(row.name());
            Marker marker = row.copies(block.kind()) ? Marker.DISC : Marker.CIRCLE;
            Style style = row.style().with(marker);
            panel.strokes(style, row.forkValues(), at);
            if (row.cost().bounded()) {
                panel.span(style, row.cost().low(), row.cost().high(), at);
            }
            panel.markers(style, new double[] {row.cost().estimate()}, new double[] {at});
            panel.rowTip(
                    at,
                    tip(row.name(), row) + "; " + Numbers.compact(row.perOperation(KnownMetric.COPIES), DIGITS)
                            + " copies per operation");
        }
    }

    /** Name, estimate, interval and forks. */
    static String tip(String name, RunView.Row row) {
        String interval = row.cost().bounded()
                ? " [" + Numbers.compact(row.cost().low(), DIGITS) + ", "
                        + Numbers.compact(row.cost().high(), DIGITS) + "]"
                : "";
        return name + ": " + Numbers.compact(row.cost().estimate(), DIGITS) + interval + " " + row.unit()
                + "; forks: "
                + Arrays.stream(row.forkValues())
                        .mapToObj(value -> Numbers.compact(value, DIGITS))
                        .collect(Collectors.joining(", "))
                + (row.failed() > 0 ? "; failed: " + row.failed() : "");
    }

    /** Shows all forks whole, and of the intervals what lies near them: three wild forks bound nothing. */
    private static Scale scale(List<RunView.Block> blocks) {
        List<RunView.Row> rows =
                blocks.stream().flatMap(block -> block.rows().stream()).toList();
        double[] forks = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.forkValues()))
                .filter(value -> value > 0)
                .toArray();
        double low = Arrays.stream(forks).min().orElse(1) / BEYOND_FORKS;
        double high = Arrays.stream(forks).max().orElse(1) * BEYOND_FORKS;
        DoubleStream bounds = rows.stream()
                .flatMapToDouble(
                        row -> DoubleStream.of(row.cost().low(), row.cost().high()))
                .filter(Double::isFinite)
                .map(bound -> Math.clamp(bound, low, high));
        return Scale.Log.covering(
                DoubleStream.concat(Arrays.stream(forks), bounds).toArray());
    }

    private static String summary(List<RunView.Block> blocks) {
        StringBuilder text = new StringBuilder();
        for (RunView.Block block : blocks) {
            text.append(block.panel().isEmpty() ? block.benchmark() : block.panel())
                    .append(':');
            for (RunView.Row row : block.rows()) {
                text.append(' ').append(row.name());
                text.append(' ').append(Numbers.fixed(row.cost().estimate(), 1)).append(',');
            }
            text.setCharAt(text.length() - 1, '.');
            text.append(' ');
        }
        return text.toString().strip();
    }
}
