package org.cowbench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.ChangePoints;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;

/**
 * One benchmark over all runs of one machine, by commit, with the places where its level changed.
 *
 * <p>Runs on different days are not paired, so a single step means little; what {@link ChangePoints} marks has at least
 * {@value ChangePoints#SIDE} runs on either side.
 */
public final class TrendPlot {
    private static final double LEVEL = 0.001;
    private static final double CONFIDENCE = 0.95;
    private static final int COMMIT = 8;
    private static final Style LINE = new Style("#0072B2", "", Marker.DISC);
    private static final Style BOUND = new Style("#0072B2", "2 2", Marker.DISC);

    /** Facts that two runs must share to stand in one series. */
    private static final List<String> CONTEXT = List.of("cpu.model", "kernel.release", "guest.kernel", "jdk");

    private TrendPlot() {}

    /**
     * One run's value of a benchmark.
     *
     * @param label label of the run
     * @param commit short id of its commit, or its label when unknown
     * @param value geometric mean over forks, with interval from three forks on
     */
    public record Point(String label, String commit, Interval value) {}

    /**
     * One benchmark with one set of parameters over time.
     *
     * @param tag benchmark with parameters
     * @param unit unit of the values
     * @param points in order of time
     * @param changes indices of the first point of each new level; empty when the series is too short to tell
     */
    public record Series(String tag, String unit, List<Point> points, List<Integer> changes) {}

    /**
     * Arranges runs.
     *
     * @param runs in any order
     * @param wanted benchmarks whose tag contains a match
     * @return series of at least two points of the latest run's machine, kernel and JDK
     */
    public static List<Series> series(List<ResultDirectory> runs, Pattern wanted) {
        List<ResultDirectory> ordered = new ArrayList<>(runs);
        ordered.sort(Comparator.comparing((ResultDirectory run) -> run.info().started())
                .thenComparing(ResultDirectory::label));
        if (ordered.isEmpty()) {
            return List.of();
        }
        Map<String, String> context = context(ordered.getLast());
        Map<String, List<Point>> points = new LinkedHashMap<>();
        Map<String, String> units = new LinkedHashMap<>();
        for (ResultDirectory run : ordered) {
            if (!context(run).equals(context)) {
                continue;
            }
            for (Measurement measurement : run.measurements()) {
                double[] forks = Forks.medians(measurement.raw());
                String tag = measurement.tag();
                if (forks.length > 0 && wanted.matcher(tag).find()
                        && Objects.equals(units.computeIfAbsent(tag, key -> measurement.unit()), measurement.unit())) {
                    String commit = run.info().commit();
                    points.computeIfAbsent(tag, key -> new ArrayList<>()).add(new Point(run.label(),
                            commit.isEmpty() ? run.label() : commit.substring(0, Math.min(COMMIT, commit.length())),
                            Forks.geometric(forks, CONFIDENCE)));
                }
            }
        }
        List<Series> series = new ArrayList<>();
        points.forEach((tag, list) -> {
            if (list.size() >= 2) {
                double[] logs = list.stream().mapToDouble(point -> StrictMath.log(point.value.estimate())).toArray();
                boolean positive = DoubleStream.of(logs).allMatch(Double::isFinite);
                series.add(new Series(tag, units.get(tag), List.copyOf(list),
                        positive ? ChangePoints.find(logs, LEVEL) : List.of()));
            }
        });
        return series;
    }

    private static Map<String, String> context(ResultDirectory run) {
        Map<String, String> facts = new LinkedHashMap<>();
        CONTEXT.forEach(key -> facts.put(key, run.info().environment().getOrDefault(key, "")));
        return facts;
    }

    /**
     * Draws series, up to {@value ComparePlots#MOST_PANELS} of them.
     *
     * @param series what to draw; those with a change come first
     * @return the picture, empty without any series
     */
    public static Optional<Figure> draw(List<Series> series) {
        List<Series> shown = series.stream()
                .sorted(Comparator.comparing((Series s) -> s.changes.isEmpty()))
                .limit(ComparePlots.MOST_PANELS)
                .toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        Figure figure = new Figure("trend", "Trend by commit",
                        "One panel a benchmark and parameter set, one mark a run in order of time. " + summary(shown))
                .note("Runs of one machine, kernel and JDK. Mark: geometric mean of fork medians; dotted: "
                        + CompareNumbers.percent(CONFIDENCE) + " interval over forks. Upright line: the level changed"
                        + " (E-divisive, Welch's t test at " + CompareNumbers.percent(LEVEL) + "); looked for from "
                        + ChangePoints.LEAST + " runs on. The runs are not paired: drift not controlled.")
                .note(series.size() > shown.size()
                        ? "Shown are " + shown.size() + " of " + series.size() + " series." : "Lower is better for times.")
                .grid(1, 620, 130);
        for (Series one : shown) {
            int n = one.points.size();
            List<String> commits = new ArrayList<>(one.points.stream().map(Point::commit).toList());
            // The scale of rows counts from the top, which on this axis is the right.
            Collections.reverse(commits);
            double[] all = one.points.stream().flatMapToDouble(p ->
                    DoubleStream.of(p.value.estimate(), p.value.low(), p.value.high())).filter(Double::isFinite).toArray();
            double low = DoubleStream.of(all).min().orElse(0);
            double high = DoubleStream.of(all).max().orElse(1);
            double margin = Math.max((high - low) * 0.08, Math.abs(high) * 0.01 + 1e-12);
            String state = n < ChangePoints.LEAST ? n + " runs: too short to look for changes"
                    : one.changes.isEmpty() ? n + " runs, no change" : n + " runs, " + changes(one);
            figure.panel(one.tag.replaceAll(";[^=;]*=", " "), state, new Axis("commit", new Scale.Rows(commits)),
                    new Axis(one.unit, new Scale.Linear(low - margin, high + margin)), panel -> paint(panel, one));
        }
        return Optional.of(figure);
    }

    private static void paint(Panel panel, Series series) {
        int n = series.points.size();
        double[] xs = new double[n];
        double[] ys = new double[n];
        for (int i = 0; i < n; i++) {
            xs[i] = n - 1 - i;
            ys[i] = series.points.get(i).value.estimate();
        }
        series.changes.forEach(at -> panel.upright(n - 1 - at + 0.5));
        if (series.points.stream().allMatch(point -> point.value.bounded())) {
            panel.curve(BOUND, xs, series.points.stream().mapToDouble(point -> point.value.low()).toArray());
            panel.curve(BOUND, xs, series.points.stream().mapToDouble(point -> point.value.high()).toArray());
        }
        panel.curve(LINE, xs, ys);
        panel.markers(LINE, xs, ys);
        for (int i = 0; i < n; i++) {
            Point point = series.points.get(i);
            panel.columnTip(xs[i] + 0.5, xs[i] - 0.5,
                    point.label + ": " + Numbers.compact(ys[i], 4) + " " + series.unit);
        }
    }

    private static String changes(Series series) {
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < series.changes.size(); i++) {
            int at = series.changes.get(i);
            int to = i + 1 < series.changes.size() ? series.changes.get(i + 1) : series.points.size();
            texts.add(CompareNumbers.ratio(level(series, at, to) / level(series, from, at)) + " at "
                    + series.points.get(at).commit);
            from = at;
        }
        return String.join(", ", texts);
    }

    private static double level(Series series, int from, int to) {
        return Forks.median(series.points.subList(from, to).stream().mapToDouble(p -> p.value.estimate()).toArray());
    }

    private static String summary(List<Series> shown) {
        StringBuilder text = new StringBuilder();
        shown.forEach(one -> text.append(one.tag).append(": ").append(one.points.size()).append(" runs")
                .append(one.changes.isEmpty() ? "" : ", " + changes(one)).append(". "));
        return text.toString().strip();
    }
}
