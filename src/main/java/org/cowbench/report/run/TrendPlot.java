package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.DisturbedForks;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.compare.Session;
import org.cowbench.compare.Units;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;
import org.cowbench.result.BenchmarkNames;
import org.cowbench.result.Environment;
import org.cowbench.result.Measurement;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.ChangePoints;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;

/**
 * One benchmark over all runs of one machine, by commit, with the places where its level changed.
 *
 * <p>Runs on different days are not paired, so a single step means little; what {@link ChangePoints} marks has at least
 * {@value ChangePoints#SIDE} runs on either side. Of an interleaved session the base stands among the runs and its head,
 * which may be a proposal that was never committed, in a series of its own; the control repeats the base, and so do the
 * sides of a self study, some of them slowed down on purpose.
 */
final class TrendPlot {
    static final double LEVEL = 0.001;
    static final double CONFIDENCE = 0.95;
    private static final int COMMIT = 8;
    /** Ends of the labels of an interleaved session's base and head. */
    private static final String BASE = "-base";

    private static final String HEAD = "-head";
    private static final Style LINE = new Style(Ink.BLUE, "", Marker.DISC);
    private static final Style DISTURBED = LINE.with(Marker.CIRCLE);
    private static final Style BOUND = new Style(Ink.BLUE, "2 2", Marker.DISC);

    /** Facts that two runs must share to stand in one series. */
    private static final List<String> CONTEXT = List.of("cpu.model", "kernel.release", "guest.kernel", "jdk");

    private TrendPlot() {}

    /**
     * One run's value of a benchmark.
     *
     * @param label label of the run
     * @param commit short id of its commit, or its label when unknown
     * @param started UTC, ISO 8601
     * @param value geometric mean over forks, with interval from three forks on
     * @param disturbed whether most forks of the run were disturbed
     */
    record Point(String label, String commit, String started, Interval value, boolean disturbed) {}

    /**
     * One benchmark with one set of parameters over time.
     *
     * @param name benchmark with parameters, as people read it
     * @param unit unit of the values
     * @param points in order of time
     * @param changes indices of the first point of each new level; empty when the series is too short to tell
     */
    record Series(String name, String unit, List<Point> points, List<Integer> changes) {

        /** Says what the series shows. */
        String state() {
            return points.size() + " runs"
                    + (points.size() < ChangePoints.LEAST
                            ? ": too short to look for changes"
                            : changes.isEmpty()
                                    ? ", no change"
                                    : ", "
                                            + IntStream.range(0, changes.size())
                                                    .mapToObj(i -> CompareNumbers.ratio(change(i)) + " at "
                                                            + points.get(changes.get(i)).commit)
                                                    .collect(Collectors.joining(", ")));
        }

        /** The ratio of the level from the i-th change on to the level before it. */
        double change(int i) {
            int from = i == 0 ? 0 : changes.get(i - 1);
            int to = i + 1 < changes.size() ? changes.get(i + 1) : points.size();
            return level(changes.get(i), to) / level(from, changes.get(i));
        }

        private double level(int from, int to) {
            return Forks.median(points.subList(from, to).stream()
                    .mapToDouble(p -> p.value.estimate())
                    .toArray());
        }
    }

    /**
     * Many runs arranged.
     *
     * @param series of at least two points; those with a change come first
     * @param runs how many runs are in them
     * @param context the facts that these runs share
     * @param leftOut why other runs and benchmarks are not, one line each
     */
    record Trend(List<Series> series, int runs, Map<String, String> context, List<String> leftOut) {

        /** How many runs of the series were disturbed in most of their forks. */
        long disturbed() {
            return series.stream()
                    .flatMap(one -> one.points.stream())
                    .filter(Point::disturbed)
                    .map(Point::label)
                    .distinct()
                    .count();
        }

        /** Says how many that are, and of how many. */
        String disturbedRuns() {
            return "DISTURBED: " + disturbed() + " of " + runs + " runs, drawn hollow, in most of their forks";
        }

        /** Ends the sentence on which runs these are: a time drifts between them, a count does not. */
        String drift() {
            return series.stream().allMatch(one -> Units.counted(one.unit))
                    ? "."
                    : "; they are not paired: drift not controlled.";
        }
    }

    private record Key(MeasurementKey measured, boolean head) {}

    /**
     * Arranges runs.
     *
     * @param all in any order
     * @param wanted benchmarks whose tag contains a match
     * @return series of the latest run's machine, kernel and JDK
     */
    static Trend of(List<ResultDirectory> all, Pattern wanted) {
        List<ResultDirectory> ofCommits = all.stream()
                .filter(run -> !run.label().equals(run.info().environment().get(Session.CONTROL)))
                .toList();
        List<ResultDirectory> runs = ofCommits.stream()
                .filter(run -> Set.of("", BASE, HEAD).contains(side(run)))
                .sorted(Comparator.comparing((ResultDirectory run) -> run.info().started())
                        .thenComparing(ResultDirectory::label))
                .toList();
        Map<String, String> context = runs.isEmpty() ? Map.of() : context(runs.getLast());
        Map<MeasurementKey, String> names = BenchmarkNames.of(
                runs.stream()
                        .flatMap(run -> run.measurements().stream())
                        .map(Measurement::key)
                        .toList(),
                true);
        Map<Key, List<Point>> points = new LinkedHashMap<>();
        Map<Key, String> units = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        int strangers = 0;
        int otherUnits = 0;
        for (ResultDirectory run : runs) {
            if (!context(run).equals(context)) {
                strangers++;
                continue;
            }
            for (Measurement measurement : run.measurements()) {
                double[] forks = Forks.medians(measurement.raw());
                Key key = new Key(measurement.key(), side(run).equals(HEAD));
                String tag = Tag.unique(
                        Objects.requireNonNull(names.get(key.measured)), MeasuredPolicy.displayed(key.measured));
                if (forks.length == 0 || !wanted.matcher(tag).find()) {
                    continue;
                }
                if (!units.computeIfAbsent(key, k -> measurement.unit()).equals(measurement.unit())) {
                    otherUnits++;
                    continue;
                }
                String commit = run.info().commit();
                points.computeIfAbsent(key, k -> new ArrayList<>())
                        .add(new Point(
                                run.label(),
                                commit.isEmpty()
                                        ? run.label()
                                        : commit.substring(0, Math.min(COMMIT, commit.length()))
                                                + (run.info().dirty() ? "+" : ""),
                                run.info().started(),
                                Forks.geometric(forks, CONFIDENCE),
                                DisturbedForks.of(run.info()).most()));
            }
        }
        List<Series> series = new ArrayList<>();
        points.forEach((key, list) -> {
            if (list.size() >= 2) {
                list.forEach(point -> used.add(point.label));
                double[] logs = list.stream()
                        .mapToDouble(point -> StrictMath.log(point.value.estimate()))
                        .toArray();
                boolean positive = DoubleStream.of(logs).allMatch(Double::isFinite);
                series.add(new Series(
                        (names.get(key.measured) + " " + Wording.params(key.measured)).strip()
                                + (key.head ? ", heads of ab" : ""),
                        Objects.requireNonNull(units.get(key)),
                        List.copyOf(list),
                        positive ? ChangePoints.find(logs, LEVEL) : List.of()));
            }
        });
        series.sort(Comparator.comparing(one -> one.changes.isEmpty()));
        List<String> leftOut = new ArrayList<>();
        say(leftOut, all.size() - ofCommits.size(), "control", "of ab sessions, copies of their bases");
        say(
                leftOut,
                ofCommits.size() - runs.size(),
                "side",
                "of self studies, copies of their bases, slowed down or not");
        say(leftOut, strangers, "run", "of another machine, kernel or JDK than the latest");
        say(
                leftOut,
                runs.size() - strangers - used.size(),
                "run",
                "without a benchmark that matches and is in another run");
        say(leftOut, otherUnits, "measurement", "in another unit than the runs before");
        return new Trend(List.copyOf(series), used.size(), context, List.copyOf(leftOut));
    }

    private static void say(List<String> lines, int count, String what, String why) {
        if (count > 0) {
            lines.add(count + " " + what + (count == 1 ? " " : "s ") + why);
        }
    }

    /** What the label of a run of an interleaved session adds to the session's; empty where it is no such run. */
    private static String side(ResultDirectory run) {
        String session = run.info().environment().getOrDefault(Session.ID, "");
        String label = session.substring(0, Math.max(0, session.lastIndexOf('/')));
        return !label.isEmpty() && run.label().startsWith(label + "-")
                ? run.label().substring(label.length())
                : "";
    }

    private static Map<String, String> context(ResultDirectory run) {
        Map<String, String> facts = new LinkedHashMap<>();
        Map<String, String> environment = run.info().environment();
        CONTEXT.forEach(key -> facts.put(key, environment.getOrDefault(key, "")));
        // What machines that executed a share each do not have alike is of each.
        environment.keySet().stream()
                .filter(key -> !CONTEXT.contains(key) && CONTEXT.contains(Environment.ofOneMachine(key)))
                .sorted()
                .forEach(key -> facts.put(key, Objects.requireNonNull(environment.get(key))));
        return facts;
    }

    /**
     * Draws series, up to {@value CompareView#MOST_LOOKED_AT} of them.
     *
     * @param trend what to draw
     * @return the picture, empty without any series
     */
    static Optional<Figure> draw(Trend trend) {
        List<Series> shown =
                trend.series.stream().limit(CompareView.MOST_LOOKED_AT).toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        Figure figure = new Figure(
                        "trend",
                        "Trend by commit" + (trend.disturbed() == 0 ? "" : ", with disturbed runs"),
                        "One panel a benchmark and parameter set, one mark a run in order of time. "
                                + shown.stream()
                                        .map(one -> one.name + ": " + one.state())
                                        .collect(Collectors.joining(". ", "", ".")))
                .note((trend.disturbed() == 0 ? "" : trend.disturbedRuns() + ". ")
                        + "Lower is better for times. Mark: geometric mean over forks of the median iteration; dotted: "
                        + CompareNumbers.percent(CONFIDENCE) + " interval over forks. Upright line: the level changed."
                        + (trend.series.size() > shown.size()
                                ? " Shown are " + shown.size() + " of " + trend.series.size() + " series."
                                : ""))
                .origin("Runs of one machine, kernel and JDK" + trend.drift()
                        + (trend.leftOut.isEmpty() ? "" : " Left out: " + String.join("; ", trend.leftOut) + "."))
                .grid(1, 560, 130);
        if (trend.disturbed() > 0) {
            figure.legend("a run", LINE, true, true).legend("most of its forks disturbed", DISTURBED, true, true);
        }
        for (Series one : shown) {
            List<String> commits =
                    new ArrayList<>(one.points.stream().map(Point::commit).toList());
            // The scale of rows counts from the top, which on this axis is the right.
            Collections.reverse(commits);
            double[] all = one.points.stream()
                    .flatMapToDouble(p -> DoubleStream.of(p.value.estimate(), p.value.low(), p.value.high()))
                    .filter(Double::isFinite)
                    .toArray();
            double low = DoubleStream.of(all).min().orElse(0);
            double high = DoubleStream.of(all).max().orElse(1);
            double margin = Math.max((high - low) * 0.08, Math.abs(high) * 0.01 + 1e-12);
            figure.panel(
                    one.name,
                    one.state(),
                    new Axis("commit", new Scale.Rows(commits)),
                    new Axis(one.unit, new Scale.Linear(low - margin, high + margin)),
                    panel -> paint(panel, one));
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
            panel.curve(
                    BOUND,
                    xs,
                    series.points.stream()
                            .mapToDouble(point -> point.value.low())
                            .toArray());
            panel.curve(
                    BOUND,
                    xs,
                    series.points.stream()
                            .mapToDouble(point -> point.value.high())
                            .toArray());
        }
        panel.curve(LINE, xs, ys);
        for (int i = 0; i < n; i++) {
            panel.markers(
                    series.points.get(i).disturbed ? DISTURBED : LINE, new double[] {xs[i]}, new double[] {ys[i]});
            panel.columnTip(xs[i] + 0.5, xs[i] - 0.5, tip(series.points.get(i), series.unit));
        }
    }

    private static String tip(Point point, String unit) {
        Interval value = point.value;
        return point.label + ", commit " + point.commit + ": " + Numbers.compact(value.estimate(), 4)
                + (value.bounded()
                        ? " [" + Numbers.compact(value.low(), 4) + ", " + Numbers.compact(value.high(), 4) + "]"
                        : "")
                + " " + unit + (point.disturbed ? "; most of its forks were disturbed" : "");
    }
}
