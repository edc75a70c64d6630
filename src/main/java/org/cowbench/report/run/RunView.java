package org.cowbench.report.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.cowbench.check.Relative;
import org.cowbench.compare.DisturbedForks;
import org.cowbench.compare.Units;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.Wording;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Measurement;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Letters;

/** A run arranged for reading: blocks of policies, with everything derived that tables and plots show. */
public final class RunView {

    private static final double HALF = 0.5;

    /** Level of every interval. */
    static final double CONFIDENCE = 0.95;

    /** Modes that the unit tells: a time per operation, operations per time. */
    private static final Set<String> TOLD = Set.of("avgt", "thrpt");

    /** What a block measures. */
    public enum Kind {
        /** Cost of one operation, such as a write fault, per policy. */
        COST,
        /** Steady state under memory pressure per policy, with swap traffic. */
        CHURN,
        /** What no policy influences: floors, accesses on real kernels, other projects' benchmarks. */
        PRIMITIVE
    }

    /**
     * A benchmark in one mode with all parameters but the policy fixed.
     *
     * @param benchmark {@code Class.method}, and as much more as tells it from others of the run
     * @param key what was measured, without the policy
     * @param kind what it measures
     * @param rows one a policy, in the order of {@link Policy}, all in one unit; of a primitive a single row
     * @param letters of each row, as {@link Letters} gives them: rows that share one cannot be told apart. Empty texts
     *     where that is not known, or where most forks were disturbed
     */
    public record Block(String benchmark, MeasurementKey key, Kind kind, List<Row> rows, List<String> letters) {

        /**
         * Says whether rows are ranked.
         *
         * @return whether there are letters
         */
        public boolean ranked() {
            return letters.stream().anyMatch(text -> !text.isEmpty());
        }

        /**
         * Says whether two rows cannot be told apart.
         *
         * @param a one row of this block
         * @param b another
         * @return whether they share a letter
         */
        public boolean alike(Row a, Row b) {
            String other = letters.get(rows.indexOf(b));
            return letters.get(rows.indexOf(a)).chars().anyMatch(letter -> other.indexOf(letter) >= 0);
        }

        /**
         * Whether reuses are told apart from what does not fault.
         *
         * @return whether it is the cost of an operation, and a row has counted them
         */
        boolean reuses() {
            return kind == Kind.COST && counts(KnownMetric.REUSES);
        }

        /**
         * What the processor counted.
         *
         * @return those of {@link KnownMetric#EVENTS} that a row has
         */
        List<KnownMetric> events() {
            return KnownMetric.EVENTS.stream().filter(this::counts).toList();
        }

        private boolean counts(KnownMetric metric) {
            return rows.stream().anyMatch(row -> row.counts(metric));
        }

        /**
         * The mode.
         *
         * @return JMH's short name of it, such as {@code avgt}
         */
        public String mode() {
            return key.mode();
        }

        /**
         * The parameters but the policy.
         *
         * @return in JMH's order
         */
        public Map<String, String> params() {
            return key.params();
        }

        /**
         * The parameters as text.
         *
         * @return as {@link Wording#params}; empty when there are none
         */
        public String situation() {
            return Wording.params(key);
        }

        /**
         * What tells the block from others of its benchmark.
         *
         * @return the {@link #situation()}, and the mode where the unit does not tell it
         */
        public String variant() {
            return (situation() + (TOLD.contains(mode()) ? "" : " (" + mode() + ")")).strip();
        }

        /**
         * What the block is called among those of its picture.
         *
         * @return the {@link #situation()}; where there is none, the method
         */
        public String panel() {
            return alone() ? benchmark.substring(benchmark.lastIndexOf('.') + 1) : situation();
        }

        /** Whether nothing but the policy varies, so that methods of a class are what is looked at side by side. */
        private boolean alone() {
            return kind == Kind.COST && params().isEmpty() && benchmark.indexOf('.') > 0;
        }

        /** What one picture shows: a benchmark in all situations, or the methods of a class that have none. */
        private String picture() {
            return alone() ? benchmark.substring(0, benchmark.lastIndexOf('.')) : benchmark;
        }

        /**
         * What the block is called.
         *
         * @return the benchmark and its {@link #variant()}
         */
        public String title() {
            return (benchmark + " " + variant()).strip();
        }

        /**
         * The unit of the costs of all rows.
         *
         * @return JMH's unit, such as {@code ns/op}
         */
        public String unit() {
            return rows.getFirst().unit;
        }

        /**
         * The row of a policy.
         *
         * @param policy which
         * @return the row, empty when it was not measured
         */
        public Optional<Row> row(Policy policy) {
            return rows.stream()
                    .filter(row -> row.policy.filter(policy::equals).isPresent())
                    .findFirst();
        }
    }

    /**
     * A policy in a block.
     *
     * @param name the policy's id; the benchmark's name where there is no policy
     * @param policy the policy, when it is one this version knows
     * @param style how it looks in every plot
     * @param unit unit of the cost, such as {@code ns/op}
     * @param forkValues one value a fork that delivered
     * @param failed how many forks delivered nothing
     * @param cost geometric mean of the fork values, with interval
     * @param ratio cost relative to {@link Policy#BASE}, with interval; NaN without a base
     * @param paired whether the ratio compares forks of the same block of the schedule
     * @param counters secondary metrics per operation by name
     * @param histogram thousandths of {@link #histogramUnit()} per operation, each value a mean of a batch; empty when
     *     none was recorded
     * @param verdict what the checker says of the policy, in a word or two; {@code unknown} where it says nothing
     * @param relative what the policy would change in the kernel that the run is held against; empty where it is not known
     * @param marked whether the policy breaks isolation or secrecy; its name then ends in {@link Wording#MARK}
     */
    public record Row(
            String name,
            Optional<Policy> policy,
            Style style,
            String unit,
            double[] forkValues,
            int failed,
            Interval cost,
            Interval ratio,
            boolean paired,
            Map<String, Double> counters,
            Optional<Histogram> histogram,
            String verdict,
            Optional<Relative> relative,
            boolean marked) {

        /**
         * A counter per operation.
         *
         * @param metric which
         * @return its mean over forks, NaN when it was not recorded
         */
        public double perOperation(KnownMetric metric) {
            return counters.getOrDefault(metric.id(), Double.NaN);
        }

        /**
         * Whether a counter was recorded.
         *
         * @param metric which
         * @return whether it has a value
         */
        boolean counts(KnownMetric metric) {
            return Double.isFinite(perOperation(metric));
        }

        /**
         * The unit in which the histogram's values are thousandths.
         *
         * @return {@code ns} where the cost is a time, otherwise the unit of the cost without {@code /op}
         */
        public String histogramUnit() {
            return Double.isNaN(Units.factor(unit, "ns/op")) ? Units.perOperation(unit) : "ns";
        }

        /**
         * Says by the exact counters whether the policy copies here.
         *
         * @param kind what the row's block measures
         * @return for the cost of a fault, whether it makes more than half a copy; for churn, where most accesses do
         *     not fault, whether it copies more often than it reuses
         */
        public boolean copies(Kind kind) {
            return perOperation(KnownMetric.COPIES) > (kind == Kind.CHURN ? perOperation(KnownMetric.REUSES) : HALF);
        }
    }

    private final RunInfo info;
    private final List<Block> blocks;

    private RunView(RunInfo info, List<Block> blocks) {
        this.info = info;
        this.blocks = blocks;
    }

    /**
     * Arranges a result.
     *
     * @param result what was read
     * @return the view
     * @throws org.cowbench.result.ResultException if the histogram log cannot be read
     */
    public static RunView of(ResultDirectory result) {
        return of(result.info(), result.measurements(), result.histograms());
    }

    /**
     * Arranges a run given by its parts.
     *
     * @param info what is known about the run
     * @param measurements in any order
     * @param histograms by {@linkplain Tag tag}, as {@link Row#histogram()}
     * @return the view
     */
    static RunView of(RunInfo info, List<Measurement> measurements, Map<String, Histogram> histograms) {
        return new RunView(info, new BlockBuilder(info, histograms).blocks(measurements));
    }

    /**
     * What is known about the run.
     *
     * @return the content of run.json
     */
    public RunInfo info() {
        return info;
    }

    /**
     * All blocks.
     *
     * @return blocks by benchmark name, then by parameters in their usual order
     */
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /**
     * All blocks of a kind.
     *
     * @param kind which
     * @return blocks by benchmark name, then by parameters in their usual order
     */
    public List<Block> blocks(Kind kind) {
        return blocks.stream().filter(block -> block.kind == kind).toList();
    }

    /**
     * The blocks of a kind as pictures show them together.
     *
     * @param kind which
     * @return benchmark name to its blocks, in order; of benchmarks without a situation, the class's name to all of them
     */
    public Map<String, List<Block>> byBenchmark(Kind kind) {
        Map<String, List<Block>> map = new LinkedHashMap<>();
        blocks(kind).forEach(block -> map.computeIfAbsent(block.picture(), name -> new ArrayList<>())
                .add(block));
        return map;
    }

    /**
     * The number of forks that measurements rest on.
     *
     * @param blocks whose
     * @return least and greatest number of delivered forks over all rows; 0 and 0 without any row
     */
    public static int[] forkRange(List<Block> blocks) {
        int[] counts = blocks.stream()
                .flatMap(block -> block.rows.stream())
                .mapToInt(row -> row.forkValues.length)
                .sorted()
                .toArray();
        return counts.length == 0 ? new int[] {0, 0} : new int[] {counts[0], counts[counts.length - 1]};
    }

    /**
     * Counts the forks around which something went on that makes numbers lie.
     *
     * @return how many
     */
    public long disturbed() {
        return DisturbedForks.of(info).disturbed();
    }

    /**
     * Says whether so many forks were disturbed that policies may not be ranked by their times.
     *
     * @return whether it is more than half of those that were listened to
     */
    public boolean mostlyDisturbed() {
        return DisturbedForks.of(info).most();
    }
}
