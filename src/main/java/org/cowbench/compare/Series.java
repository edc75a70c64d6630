package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.cowbench.compare.RowKey.MetricId;
import org.cowbench.compare.RowKey.MetricId.Source;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Forks;
import org.jspecify.annotations.Nullable;

/**
 * The forks of one measurement: where each stood in the schedule, and its value of every metric.
 *
 * @param measurement what was measured
 * @param places block and order of every fork that delivered, in the order of the rows of the data; null when the
 *     schedule does not say which row is which fork
 * @param metrics values by metric, one a fork in the same order; NaN where a fork has none
 * @param units unit by metric
 * @param curves quantiles of every fork at {@link Histograms#GRID}; null without histograms
 * @param unmatched whether there are histograms of which nothing says which fork each is of
 * @param failed forks that were executed and delivered nothing
 * @param dropped values that were NaN or infinite and are left out
 */
record Series(
        Measurement measurement,
        @Nullable List<Place> places,
        Map<MetricId, double[]> metrics,
        Map<MetricId, String> units,
        double @Nullable [][] curves,
        boolean unmatched,
        int failed,
        int dropped) {

    /**
     * Where a fork stood in the executed schedule.
     *
     * @param block block of the schedule
     * @param order place in the schedule
     * @param machine which machine it ran on, from 0, where several executed a part of the schedule each; else 0
     * @param disturbed whether other load was seen around it; null when nobody listened
     */
    record Place(
            int block, int order, int machine, @Nullable Boolean disturbed) {

        static Place of(ForkInfo fork, int machines) {
            return new Place(
                    fork.block(),
                    fork.order(),
                    fork.block() % machines,
                    DisturbedForks.heard(fork) ? DisturbedForks.disturbed(fork) : null);
        }
    }

    /** What a fork measured, as the schedule tells it. */
    private record Executed(String benchmark, Map<String, String> params) {}

    /** All series of a run, in the order of its file. */
    static List<Series> of(ResultDirectory run) {
        Histograms histograms = Histograms.of(run);
        List<Series> all = new ArrayList<>();
        int machines = Environment.shards(run.info().environment());
        each(
                run,
                (measurement, executed) -> all.add(score(measurement, executed, block -> true, machines)
                        .complete(delivered(executed), histograms)));
        return all;
    }

    /**
     * The scores of a run and nothing else.
     *
     * @param block which blocks of the schedule are wanted; asked for -1 where a fork's block is unknown
     * @return series in the order of the run's file
     */
    static List<Series> scores(ResultDirectory run, IntPredicate block) {
        List<Series> all = new ArrayList<>();
        int machines = Environment.shards(run.info().environment());
        each(run, (measurement, executed) -> all.add(score(measurement, executed, block, machines)));
        return all;
    }

    private static void each(ResultDirectory run, BiConsumer<Measurement, List<ForkInfo>> action) {
        Map<Executed, List<ForkInfo>> forks = new HashMap<>();
        for (ForkInfo fork : run.info().forks()) {
            Map<String, String> params = Objects.requireNonNullElse(fork.params(), Map.of());
            forks.computeIfAbsent(new Executed(fork.benchmark(), params), key -> new ArrayList<>())
                    .add(fork);
        }
        for (Measurement measurement : run.measurements()) {
            action.accept(
                    measurement,
                    forks.getOrDefault(new Executed(measurement.benchmark(), measurement.params()), List.of()));
        }
    }

    private static List<ForkInfo> delivered(List<ForkInfo> executed) {
        return executed.stream()
                .filter(fork -> fork.error() == null)
                .sorted(Comparator.comparingInt(ForkInfo::order))
                .toList();
    }

    private static Series score(Measurement measurement, List<ForkInfo> executed, IntPredicate block, int machines) {
        List<ForkInfo> delivered = delivered(executed);
        int rows = measurement.raw().length;
        // The rows are in the order of execution; a file that holds more or fewer does not say which fork is which.
        boolean placed = delivered.size() == rows && rows > 0;
        int[] wanted = IntStream.range(0, rows)
                .filter(f -> block.test(placed ? delivered.get(f).block() : -1))
                .toArray();
        List<Place> places = placed
                ? Arrays.stream(wanted)
                        .mapToObj(delivered::get)
                        .map(fork -> Place.of(fork, machines))
                        .toList()
                : null;
        int dropped = 0;
        double[] scores = new double[wanted.length];
        for (int i = 0; i < scores.length; i++) {
            double[] iterations = measurement.raw()[wanted[i]];
            double[] finite = Arrays.stream(iterations).filter(Double::isFinite).toArray();
            dropped += iterations.length - finite.length;
            scores[i] = Forks.median(finite);
        }
        int failed = (int) executed.stream()
                .filter(f -> f.error() != null && block.test(f.block()))
                .count();
        return new Series(
                measurement,
                places,
                Map.of(MetricId.SCORE, scores),
                Map.of(MetricId.SCORE, measurement.unit()),
                null,
                false,
                failed,
                dropped);
    }

    /** The same with the percentiles and the secondary metrics. */
    private Series complete(List<ForkInfo> delivered, Histograms histograms) {
        Map<MetricId, double[]> all = new LinkedHashMap<>(metrics);
        Map<MetricId, String> allUnits = new LinkedHashMap<>(units);
        double[][] quantiles = null;
        boolean unmatched = false;
        if (histograms.has(tag())) {
            Histograms.Quantiles[] found = places == null
                    ? null
                    : histograms.of(
                            tag(), delivered.stream().map(ForkInfo::started).toList());
            unmatched = found == null;
            if (found != null) {
                quantiles =
                        Arrays.stream(found).map(Histograms.Quantiles::curve).toArray(double[][]::new);
                percentiles(found, Histograms.unit(measurement.unit()), all, allUnits);
            }
        }
        int rows = measurement.raw().length;
        int lost = 0;
        for (Map.Entry<String, Metric> secondary : measurement.secondary().entrySet()) {
            double[][] raw = secondary.getValue().raw();
            double[] values = new double[rows];
            for (int f = 0; f < rows; f++) {
                double[] iterations = f < raw.length && raw.length == rows ? raw[f] : new double[0];
                double[] finite =
                        Arrays.stream(iterations).filter(Double::isFinite).toArray();
                // A metric without any value in a fork is one that the fork does not have.
                lost += finite.length == 0 ? 0 : iterations.length - finite.length;
                values[f] = Forks.mean(finite);
            }
            MetricId id = id(secondary.getKey(), secondary.getValue());
            all.put(id, values);
            allUnits.put(id, secondary.getValue().unit());
        }
        return new Series(measurement, places, all, allUnits, quantiles, unmatched, failed, dropped + lost);
    }

    private MetricId id(String name, Metric metric) {
        if (metric.percentile() == Metric.Percentile.OF_FORKS) {
            return new MetricId(Source.PERCENTILE, name);
        }
        // JMH's own profilers used to start their names with a middle dot.
        String plain = name.startsWith("\u00b7") ? name.substring(1) : name;
        return new MetricId(Source.SECONDARY, measurement.secondary().containsKey(plain) ? name : plain);
    }

    /** Adds the percentiles that every fork has enough values for. */
    private static void percentiles(
            Histograms.Quantiles[] forks, String unit, Map<MetricId, double[]> metrics, Map<MetricId, String> units) {
        for (int p = 0; p < Histograms.NAMES.length; p++) {
            int index = p;
            double[] values = Arrays.stream(forks)
                    .mapToDouble(fork -> fork.percentiles()[index])
                    .toArray();
            if (Arrays.stream(values).noneMatch(Double::isNaN)) {
                MetricId id = new MetricId(Source.PERCENTILE, Histograms.NAMES[p]);
                metrics.put(id, values);
                units.put(id, unit);
            }
        }
    }

    /** What identifies it. */
    MeasurementKey key() {
        return measurement.key();
    }

    /** What {@code histograms.hlog} calls it. */
    String tag() {
        return MeasuredPolicy.tag(measurement);
    }
}
