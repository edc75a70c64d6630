package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.cowbench.compare.Comparison.ForkValues;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.compare.RowKey.MetricId;
import org.cowbench.compare.RowKey.MetricId.Source;

/** Lays the forks of matched measurements beside each other, metric by metric, and by block where there are blocks. */
final class Pairing {
    private final boolean paired;
    private final SeriesNames names;
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<Integer> blocks = new TreeSet<>();
    private final Set<Series> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Integer> dropped = new LinkedHashMap<>();
    private final Set<String> unknownForks = new LinkedHashSet<>();
    private final List<String> onlyBaseMetrics = new ArrayList<>();
    private final List<String> onlyHeadMetrics = new ArrayList<>();
    private final List<String> otherUnits = new ArrayList<>();
    private final List<String> valueless = new ArrayList<>();

    private Pairing(boolean paired, SeriesNames names) {
        this.paired = paired;
        this.names = names;
    }

    /**
     * Lays out what was matched.
     *
     * @param matching what belongs together
     * @param paired whether forks of one block belong together
     * @param names what benchmarks are called
     * @return drafts of rows, in the order of the pairs, the metrics of one together
     */
    static Pairing of(Matching matching, boolean paired, SeriesNames names) {
        Pairing pairing = new Pairing(paired, names);
        matching.pairs().forEach(pair -> pairing.add(pair.base(), pair.head()));
        return pairing;
    }

    List<Draft> drafts() {
        return drafts;
    }

    /** How many blocks of the common schedule have a pair. */
    int blocks() {
        return blocks.size();
    }

    /** Metrics that are in units that do not turn into each other. */
    List<String> otherUnits() {
        return otherUnits;
    }

    /** Whether the machine's drift can move what was measured: it moves no count. */
    boolean drifts() {
        return drafts.isEmpty() || drafts.stream().anyMatch(draft -> draft.kind() == Kind.SCORE && !draft.counted());
    }

    /** What was left out, and why. */
    List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (!dropped.isEmpty()) {
            warnings.add(new Warning.NotFinite(Collections.unmodifiableMap(dropped)));
        }
        warn(warnings, Warning.Unmatched.OTHER_UNITS, otherUnits);
        warn(warnings, Warning.Unmatched.ONLY_BASE, onlyBaseMetrics);
        warn(warnings, Warning.Unmatched.ONLY_HEAD, onlyHeadMetrics);
        warn(warnings, Warning.Unmatched.NO_VALUE, valueless);
        if (!unknownForks.isEmpty()) {
            warnings.add(new Warning.UnknownForks(List.copyOf(unknownForks)));
        }
        return warnings;
    }

    private static void warn(List<Warning> warnings, Warning.Unmatched why, List<String> metrics) {
        if (!metrics.isEmpty()) {
            warnings.add(new Warning.Metrics(why, List.copyOf(metrics)));
        }
    }

    private void add(Series base, Series head) {
        for (Series series : List.of(base, head)) {
            if (seen.add(series) && series.dropped() > 0) {
                dropped.merge(names.tag(series), series.dropped(), Integer::sum);
            }
        }
        if (base.unmatched() || head.unmatched()) {
            unknownForks.add(names.tag(head));
        }
        base.metrics().forEach((metric, values) -> {
            double[] other = head.metrics().get(metric);
            if (other != null) {
                draft(base, head, metric, values, other);
            }
        });
        alone(base, head, onlyBaseMetrics);
        alone(head, base, onlyHeadMetrics);
    }

    /** What only one side has; histograms of unknown forks are said elsewhere. */
    private void alone(Series has, Series lacks, List<String> metrics) {
        has.metrics().keySet().stream()
                .filter(metric -> !lacks.metrics().containsKey(metric))
                .filter(metric -> !(lacks.unmatched() && metric.source() == Source.PERCENTILE))
                .forEach(metric -> metrics.add(names.tag(has) + " " + metric.label()));
    }

    private void draft(Series base, Series head, MetricId metric, double[] baseValues, double[] headAsMeasured) {
        String unit = Objects.requireNonNull(base.units().get(metric));
        String headUnit = Objects.requireNonNull(head.units().get(metric));
        double factor = Units.factor(headUnit, unit);
        if (Double.isNaN(factor)) {
            otherUnits.add(names.tag(head) + " " + metric.label() + " in " + unit + " and in " + headUnit);
            return;
        }
        double[] headValues = factor == 1
                ? headAsMeasured
                : Arrays.stream(headAsMeasured).map(v -> v * factor).toArray();
        ForkValues baseForks = forks(base, baseValues);
        ForkValues headForks = forks(head, headValues);
        double[] baseFinite = baseForks.values();
        double[] headFinite = headForks.values();
        Kind kind =
                switch (metric.source()) {
                    case SCORE -> Kind.SCORE;
                    case PERCENTILE -> Kind.PERCENTILE;
                    case SECONDARY ->
                        Units.counted(unit) && Draft.exact(baseFinite) && Draft.exact(headFinite)
                                ? Kind.EXACT
                                : Kind.VARYING;
                };
        if (kind != Kind.SCORE && (baseFinite.length == 0 || headFinite.length == 0)) {
            valueless.add(names.tag(head) + " " + metric.label());
            return;
        }
        boolean positive = Arrays.stream(baseFinite).allMatch(v -> v > 0)
                && Arrays.stream(headFinite).allMatch(v -> v > 0);
        Scale scale = positive ? Scale.RATIO : Scale.DIFFERENCE;
        List<Integer> machines = new ArrayList<>();
        List<double[]> pairs = paired && base.places() != null && head.places() != null
                ? pairs(base.places(), baseValues, head.places(), headValues, scale, machines)
                : null;
        drafts.add(new Draft(base, head, metric, unit, kind, baseForks, headForks, pairs, machines, scale));
    }

    private static ForkValues forks(Series series, double[] values) {
        int[] finite = IntStream.range(0, values.length)
                .filter(i -> Double.isFinite(values[i]))
                .toArray();
        List<Series.Place> places = series.places() == null
                ? List.of()
                : Arrays.stream(finite).mapToObj(series.places()::get).toList();
        boolean heard = places.stream().allMatch(place -> place.disturbed() != null);
        boolean[] disturbed = new boolean[heard ? places.size() : 0];
        for (int i = 0; i < disturbed.length; i++) {
            disturbed[i] = Boolean.TRUE.equals(places.get(i).disturbed());
        }
        return new ForkValues(
                Arrays.stream(finite).mapToDouble(i -> values[i]).toArray(),
                places.stream().mapToInt(Series.Place::order).toArray(),
                series.failed() + values.length - finite.length,
                disturbed,
                places.stream().mapToInt(Series.Place::machine).toArray());
    }

    /**
     * The paired differences by block. Inside a block the forks of each side are taken in the order in which they ran,
     * the first with the first: in a mirrored block these are its halves. A block is of one machine.
     *
     * @param machines is told the machine of each block
     */
    private List<double[]> pairs(
            List<Series.Place> basePlaces,
            double[] base,
            List<Series.Place> headPlaces,
            double[] head,
            Scale scale,
            List<Integer> machines) {
        Map<Integer, List<Double>> byBlockBase = byBlock(basePlaces, base);
        Map<Integer, List<Double>> byBlockHead = byBlock(headPlaces, head);
        List<double[]> pairs = new ArrayList<>();
        byBlockBase.forEach((block, values) -> {
            List<Double> others = byBlockHead.getOrDefault(block, List.of());
            int count = Math.min(values.size(), others.size());
            if (count > 0) {
                double[] differences = new double[count];
                for (int i = 0; i < count; i++) {
                    differences[i] = scale == Scale.RATIO
                            ? StrictMath.log(others.get(i) / values.get(i))
                            : others.get(i) - values.get(i);
                }
                pairs.add(differences);
                machines.add(basePlaces.stream()
                        .filter(place -> place.block() == block)
                        .findFirst()
                        .orElseThrow()
                        .machine());
                blocks.add(block);
            }
        });
        return pairs;
    }

    private static Map<Integer, List<Double>> byBlock(List<Series.Place> places, double[] values) {
        Map<Integer, List<Double>> blocks = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                blocks.computeIfAbsent(places.get(i).block(), block -> new ArrayList<>())
                        .add(values[i]);
            }
        }
        return blocks;
    }
}
