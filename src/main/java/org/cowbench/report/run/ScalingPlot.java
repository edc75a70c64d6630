package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cowbench.compare.Units;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;

/**
 * What a fault costs by the size of memory, a line a number of processes and a panel a benchmark, both axes logarithmic.
 * Where a pass over the machine's memory stops to fit into a cache of the processor stands an upright line.
 */
final class ScalingPlot implements Plot {
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]*)([KMG])");
    private static final int DIGITS = 4;

    @Override
    public List<Figure> draw(RunView run) {
        List<ScalingGrid> grids = ScalingGrid.of(run).stream()
                .filter(grid -> grid.frames().size() > 1)
                .toList();
        return grids.stream().collect(Collectors.groupingBy(ScalingGrid::unit)).values().stream()
                .map(same -> draw(run, same))
                .toList();
    }

    private static Figure draw(RunView run, List<ScalingGrid> grids) {
        String unit = Units.perOperation(grids.getFirst().unit());
        List<RunView.Block> blocks =
                run.blocks().stream().filter(ScalingGrid::has).toList();
        Scale costs = Scale.Log.covering(grids.stream()
                .flatMap(grid -> grid.rows().values().stream())
                .map(Map::values)
                .flatMap(Collection::stream)
                .mapToDouble(row -> row.cost().estimate())
                .toArray());
        Figure figure = new Figure(
                        Wording.id("scaling", unit),
                        "Cost of one " + grids.getFirst().operation() + " by frames and processes",
                        "Lines over the number of frames, one a number of processes, one panel a benchmark. "
                                + summary(grids))
                .note("Lower is better. Mark: geometric mean over forks of the median iteration. Dashed: from here on a"
                        + " pass over the machine's memory does not fit into that cache. Both axes are logarithmic.")
                .origin(RunWording.evidence(run, blocks) + ". " + Wording.MODEL + " " + RunWording.origin(run.info())
                        + ".")
                .grid(Math.min(2, grids.size()), 330, 240);
        List<Integer> processes = grids.stream()
                .flatMap(grid -> grid.rows().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        for (int i = 0; i < processes.size(); i++) {
            figure.legend(
                    processes.get(i) + (processes.get(i) == 1 ? " process" : " processes"), Style.of(i), true, true);
        }
        for (ScalingGrid grid : grids) {
            Scale frames = Scale.Log.covering(
                    grid.frames().stream().mapToDouble(Integer::doubleValue).toArray());
            figure.panel(
                    grid.benchmark(),
                    grid.meaning(),
                    new Axis("frames, logarithmic", frames),
                    new Axis(unit + " per " + grid.operation() + ", logarithmic", costs),
                    panel -> {
                        caches(panel, grid, run.info().environment(), costs);
                        paint(panel, grid, processes);
                    });
        }
        return figure;
    }

    private static void caches(Panel panel, ScalingGrid grid, Map<String, String> environment, Scale costs) {
        List<Integer> frames = grid.frames();
        for (String level : List.of("l2", "l3")) {
            Matcher size = SIZE.matcher(environment.getOrDefault("cpu.cache." + level, ""));
            if (!size.matches()) {
                continue;
            }
            double fits = bytes(size) / grid.bytesOfFrame();
            if (fits > frames.getFirst() && fits < frames.getLast()) {
                panel.upright(fits);
                panel.note(fits, highest(costs), level.toUpperCase(Locale.ROOT) + " " + size.group());
            }
        }
    }

    private static double highest(Scale costs) {
        return costs instanceof Scale.Log log ? log.high() / StrictMath.pow(log.high() / log.low(), 0.04) : 0;
    }

    private static double bytes(Matcher size) {
        return Double.parseDouble(size.group(1)) * (1L << 10 * (1 + "KMG".indexOf(size.group(2))));
    }

    private static void paint(Panel panel, ScalingGrid grid, List<Integer> processes) {
        grid.rows().forEach((count, bySize) -> {
            Style style = Style.of(processes.indexOf(count));
            double[] xs =
                    bySize.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
            double[] ys = bySize.values().stream()
                    .mapToDouble(row -> row.cost().estimate())
                    .toArray();
            panel.curve(style, xs, ys);
            panel.markers(style, xs, ys);
            bySize.forEach((frames, row) -> panel.pointTip(
                    frames, row.cost().estimate(), CostPlot.tip(frames + " frames, processes: " + count, row)));
        });
    }

    private static String summary(List<ScalingGrid> grids) {
        List<String> parts = new ArrayList<>();
        for (ScalingGrid grid : grids) {
            grid.rows()
                    .forEach((processes, bySize) -> parts.add(grid.benchmark() + ", processes " + processes + ": "
                            + bySize.entrySet().stream()
                                    .map(each -> each.getKey() + " frames "
                                            + Numbers.compact(
                                                    each.getValue().cost().estimate(), DIGITS))
                                    .collect(Collectors.joining(", "))));
        }
        return String.join(". ", parts) + ".";
    }
}
