package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.DeclaredVerdict;
import org.cowbench.compare.DisturbedForks;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Style;
import org.cowbench.report.run.RunView.Block;
import org.cowbench.report.run.RunView.Kind;
import org.cowbench.report.run.RunView.Row;
import org.cowbench.report.text.Wording;
import org.cowbench.result.FolioKind;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Letters;
import org.jspecify.annotations.Nullable;

/** Arranges the measurements of one run into blocks, with everything derived that tables and plots show. */
final class BlockBuilder {
    private final RunInfo info;
    private final Map<String, Histogram> histograms;

    /** The histograms are by {@linkplain org.cowbench.result.Tag tag}, as {@link Row#histogram()}. */
    BlockBuilder(RunInfo info, Map<String, Histogram> histograms) {
        this.info = info;
        this.histograms = histograms;
    }

    /** Blocks by benchmark name, then by parameters in their usual order. */
    List<Block> blocks(List<Measurement> measurements) {
        Map<BlockKey, List<Measurement>> grouped = new TreeMap<>();
        for (Measurement measurement : measurements) {
            grouped.computeIfAbsent(BlockKey.of(measurement), key -> new ArrayList<>())
                    .add(measurement);
        }
        List<Block> blocks = new ArrayList<>();
        grouped.forEach((key, members) -> blocks.add(block(key, members)));
        return blocks;
    }

    private Block block(BlockKey key, List<Measurement> members) {
        Optional<Measurement> base = members.stream()
                .filter(m -> policy(m).filter(Policy.BASE::equals).isPresent())
                .findFirst();
        List<Measurement> ordered = members.stream()
                .sorted(Comparator.comparingInt(BlockBuilder::rank).thenComparing(BlockBuilder::name))
                .toList();
        List<Row> rows = new ArrayList<>();
        int unknown = 0;
        for (Measurement measurement : ordered) {
            int style = policy(measurement).map(Policy::ordinal).orElse(Policy.values().length + unknown);
            unknown += policy(measurement).isPresent() ? 0 : 1;
            rows.add(row(shown(measurement, members), measurement, base, Style.of(style)));
        }
        boolean churn =
                KnownBenchmark.of(key.measured()).filter(KnownBenchmark::churn).isPresent();
        Kind kind = !key.policy() ? Kind.PRIMITIVE : churn ? Kind.CHURN : Kind.COST;
        return new Block(key.benchmark(), key.measured(), kind, List.copyOf(rows), letters(kind, ordered, rows));
    }

    private List<String> letters(Kind kind, List<Measurement> measured, List<Row> rows) {
        if (kind == Kind.PRIMITIVE || DisturbedForks.of(info).most()) {
            return Collections.nCopies(rows.size(), "");
        }
        List<Map<Integer, Double>> values = measured.stream().map(this::byBlock).toList();
        Set<Integer> shared = new TreeSet<>(values.getFirst().keySet());
        values.forEach(row -> shared.retainAll(row.keySet()));
        return Letters.of(
                values.stream()
                        .map(row -> shared.stream().mapToDouble(row::get).toArray())
                        .toArray(double[][]::new),
                rows.stream().map(row -> kind == Kind.CHURN ? pass(row) : null).toList());
    }

    /** What a pass of a stream did, which is the same in every fork: policies with equal counters did the same work. */
    private static @Nullable List<Double> pass(Row row) {
        List<Double> counters = ChurnCounter.ALL.stream()
                .filter(counter -> row.counts(counter.metric()))
                .map(counter -> counter.of(row))
                .toList();
        return counters.isEmpty() ? null : counters;
    }

    private static Optional<Policy> policy(Measurement measurement) {
        return MeasuredPolicy.of(measurement.key());
    }

    private static int rank(Measurement measurement) {
        return policy(measurement).map(Policy::ordinal).orElse(Integer.MAX_VALUE);
    }

    private static String name(Measurement measurement) {
        return MeasuredPolicy.has(measurement.key())
                ? MeasuredPolicy.displayed(measurement.key()).getOrDefault(Policy.PARAM, measurement.benchmark())
                : measurement.benchmark();
    }

    /**
     * A policy's name in tables and pictures: with those that are the same code and were therefore not measured again,
     * and with {@link Wording#MARK} behind it when it breaks isolation or secrecy, so that it is never taken for a winner.
     */
    private String shown(Measurement measurement, List<Measurement> block) {
        return policy(measurement)
                .map(policy -> {
                    Set<Policy> measured =
                            block.stream().flatMap(m -> policy(m).stream()).collect(Collectors.toSet());
                    // Of large folios every policy is measured: what is missing was not asked for, or has none.
                    boolean folios = measurement.params().containsKey(FolioKind.PARAM);
                    String ids = Stream.concat(
                                    Stream.of(policy),
                                    policy.alike().stream()
                                            .filter(other -> !folios && other != policy && !measured.contains(other)))
                            .sorted()
                            .map(Policy::id)
                            .collect(Collectors.joining(", "));
                    return marked(policy) ? ids + Wording.MARK : ids;
                })
                .orElse(name(measurement));
    }

    private boolean marked(Policy policy) {
        return !DeclaredVerdict.breaks(policy, info.environment()).isEmpty();
    }

    private Row row(String name, Measurement measurement, Optional<Measurement> base, Style style) {
        double[] forks = Forks.medians(measurement.raw());
        Map<Integer, Double> own = byBlock(measurement);
        Map<Integer, Double> bases = base.map(this::byBlock).orElse(Map.of());
        List<Integer> shared = own.keySet().stream().filter(bases::containsKey).toList();
        Interval ratio = Interval.point(Double.NaN, 0);
        if (!shared.isEmpty()) {
            ratio = Forks.pairedRatio(
                    shared.stream().mapToDouble(own::get).toArray(),
                    shared.stream().mapToDouble(bases::get).toArray(),
                    RunView.CONFIDENCE);
        } else if (base.isPresent()) {
            double[] baseForks = Forks.medians(base.get().raw());
            ratio = Interval.point(
                    Forks.geometric(forks, RunView.CONFIDENCE).estimate()
                            / Forks.geometric(baseForks, RunView.CONFIDENCE).estimate(),
                    Math.min(forks.length, baseForks.length));
        }
        Map<String, Double> counters = new LinkedHashMap<>();
        measurement.secondary().forEach((counter, metric) -> counters.put(counter, mean(metric)));
        int failed = (int) info.forks().stream()
                .filter(fork -> fork.error() != null && is(fork, measurement))
                .count();
        return new Row(
                name,
                policy(measurement),
                style,
                measurement.unit(),
                forks,
                failed,
                Forks.geometric(forks, RunView.CONFIDENCE),
                ratio,
                !shared.isEmpty(),
                counters,
                Optional.ofNullable(histograms.get(MeasuredPolicy.tag(measurement)))
                        .filter(h -> h.getTotalCount() > 0),
                policy(measurement)
                        .map(policy -> DeclaredVerdict.of(policy, info.environment()))
                        .orElse("unknown"),
                policy(measurement).flatMap(policy -> RunWording.relative(policy, info.environment())),
                policy(measurement).filter(this::marked).isPresent());
    }

    /** Counters are exact, so their mean over forks is taken as it is. */
    private static double mean(Metric metric) {
        return Forks.mean(
                Arrays.stream(metric.forkMeans()).filter(Double::isFinite).toArray());
    }

    /** Fork medians by the block of the schedule they ran in. */
    private Map<Integer, Double> byBlock(Measurement measurement) {
        Map<Integer, List<Double>> values = new TreeMap<>();
        for (ForkInfo fork : info.forks()) {
            if (fork.error() == null && fork.median() > 0 && is(fork, measurement)) {
                values.computeIfAbsent(fork.block(), block -> new ArrayList<>()).add(fork.median());
            }
        }
        Map<Integer, Double> medians = new TreeMap<>();
        values.forEach((block, list) -> medians.put(
                block,
                Forks.median(list.stream().mapToDouble(Double::doubleValue).toArray())));
        return medians;
    }

    private static boolean is(ForkInfo fork, Measurement measurement) {
        return fork.benchmark().equals(measurement.benchmark()) && fork.params().equals(measurement.params());
    }
}
