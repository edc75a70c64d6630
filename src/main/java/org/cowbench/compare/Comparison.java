package org.cowbench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.result.Tag;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Two sides compared: everything that the text, the page and the JSON of a comparison show.
 *
 * @param rule the levels and the bound, fixed before
 * @param base what is compared with
 * @param head what is compared
 * @param design whether the forks of the two sides were interleaved
 * @param blocks number of blocks of the common schedule; 0 when there was none
 * @param control what the comparison of the base with itself showed
 * @param environment facts that differ between the sides, the machine first
 * @param warnings what a reader should know
 * @param rowParam name of the parameter whose value names a row, where rows of one benchmark stand together
 * @param judged all rows, in the order of the base's file; those of one benchmark and parameter set follow each other
 * @param rows those that are shown, in the order in which they are; see {@link CompareView}
 * @param view how they were chosen
 * @param shifts how the percentiles of each benchmark moved, where both sides recorded histograms
 * @param curves the distributions of a few benchmarks, fork by fork: of those that were called, then of the largest
 *     changes
 * @param onlyBase tags of benchmarks that only the base has
 * @param onlyHead tags of benchmarks that only the head has
 * @param identicalCounters how many exact counters are the same on both sides; they are among the rows
 * @param options what was asked for, the gate among it
 */
public record Comparison(
        Rule rule,
        Side base,
        Side head,
        Design design,
        int blocks,
        Control control,
        List<Difference> environment,
        List<Warning> warnings,
        String rowParam,
        List<Row> judged,
        List<Row> rows,
        CompareView view,
        List<Shift> shifts,
        List<Curves> curves,
        List<String> onlyBase,
        List<String> onlyHead,
        int identicalCounters,
        CompareOptions options) {

    /** How the forks of the two sides lie to each other in time. */
    public enum Design {
        /** Interleaved in the blocks of one schedule, so that drift cancels. */
        PAIRED,
        /** Separate runs: whatever changed between them is part of the difference. */
        UNPAIRED
    }

    /** What a row's values are. */
    public enum Kind {
        /** The benchmark's own score. */
        SCORE,
        /** A percentile of the batches of a fork. */
        PERCENTILE,
        /** A counter of events or bytes that is the same in every fork of a side, of two or more: compared as it is. */
        EXACT,
        /** A metric that varies from fork to fork: compared as a score is, but never gated. */
        VARYING
    }

    /** What is repeated, so that its number is that of an interval. */
    public enum Replicate {
        /** A fork of either side, which knows no partner. */
        FORK,
        /** Two forks of one block, where blocks are too few. */
        PAIR,
        /** A block of the schedule. */
        BLOCK;

        /**
         * The word that reports print.
         *
         * @return the name in lower case
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The scale of a row's change. */
    public enum Scale {
        /** head / base. */
        RATIO,
        /** head - base, in the row's unit, because a side may be zero. */
        DIFFERENCE
    }

    /**
     * One side.
     *
     * @param label label of its run
     * @param commit full id of its commit, empty when unknown
     * @param dirty whether its sources differed from the commit
     * @param suite name of its suite, empty when unknown
     * @param started UTC, ISO 8601, empty when unknown
     * @param kernel release of the kernel that was measured, else of the one it ran on; empty when unknown
     * @param seed seed of the order in which its forks ran; 0 when unknown
     * @param what what was measured of that run, such as {@code policy=v5.9}; empty when all of it
     * @param policy the policy, where one is what was measured of it
     * @param forks how many forks of the run were listened to
     * @param disturbed how many of them something disturbed
     * @param environment facts about machine, kernel, JVM and JMH's settings by dotted name; what is unknown is absent
     */
    public record Side(
            String label,
            String commit,
            boolean dirty,
            String suite,
            String started,
            String kernel,
            long seed,
            String what,
            Optional<Policy> policy,
            int forks,
            int disturbed,
            SortedMap<String, String> environment) {

        /**
         * Whether nobody should decide by this side's times.
         *
         * @return whether most of its forks were disturbed
         */
        public boolean mostlyDisturbed() {
            return new DisturbedForks(disturbed, forks).most();
        }
    }

    /**
     * A fact that differs.
     *
     * @param key dotted name of the fact
     * @param base its value in the base, empty when absent
     * @param head its value in the head, empty when absent
     * @param machine whether it tells another machine, and not only another setting
     */
    public record Difference(String key, String base, String head, boolean machine) {}

    /**
     * The base compared with a second copy of itself among the same blocks.
     *
     * @param state what it showed
     * @param rows how many rows of it have an interval; others, such as those that are too noisy, can show no bias
     * @param largest largest relative difference that an interval of it still allows; NaN when unknown
     * @param biased tags of the rows in which it was called faster or slower
     */
    public record Control(State state, int rows, double largest, List<String> biased) {

        /** What a control showed. */
        public enum State {
            /** There was none. */
            NONE,
            /** No row was called faster or slower. */
            CLEAN,
            /** A row was: the session is not to be believed. */
            BIASED
        }

        /**
         * The control of a comparison that has none.
         *
         * @return a control without rows
         */
        public static Control none() {
            return new Control(State.NONE, 0, Double.NaN, List.of());
        }
    }

    /**
     * One metric of one benchmark with one set of parameters.
     *
     * @param key what identifies the row
     * @param benchmark {@code Class.method}, and as much more as tells it from the others of both sides
     * @param params parameters, a policy of this project's by its id
     * @param metric {@code score}, a percentile such as {@code p99.9}, or the name of a secondary metric
     * @param unit unit of base and head
     * @param lowerIsBetter whether less is an improvement; for counters that are no cost in themselves it is not read
     * @param kind what the values are
     * @param design whether this row is paired; a row of a paired comparison is not when its forks cannot be told apart
     * @param gated whether the row can fail the gate
     * @param base value of the base: median of its forks when paired, their arithmetic mean otherwise
     * @param head value of the head, likewise
     * @param scale scale of change
     * @param change estimate and interval at the rule's confidence; NaN where the row is too noisy to give a number
     * @param strict interval at the confidence that sameness asks for
     * @param check estimate and interval by the second method, on the scale of change
     * @param test which test gave p
     * @param replicate what the effect counts
     * @param units how many of them
     * @param p two-sided p value; NaN when there is none
     * @param adjusted p corrected: Holm's among scores, Benjamini and Hochberg's among the other rows
     * @param superiority probability that a fork of the head exceeds one of the base; NaN when unknown
     * @param detectable smallest relative effect that would have been called with a power of 80 %; NaN when unknown
     * @param needed number of blocks, or of forks a side where unpaired, that would decide; -1 when unknown, more than
     *     {@link org.cowbench.stats.Power#MOST_BLOCKS} when hopeless
     * @param baseForks forks of the base
     * @param headForks forks of the head
     * @param verdict the row's verdict
     * @param remark why the verdict is not what the numbers suggest, or what else to know
     * @param within of a score with one fork on each side, how their iterations lie to each other; null otherwise
     * @param breaks which of isolation and secrecy the policy breaks that the row is of, so that it is marked: no winner
     */
    public record Row(
            RowKey key,
            String benchmark,
            Map<String, String> params,
            String metric,
            String unit,
            boolean lowerIsBetter,
            Kind kind,
            Design design,
            boolean gated,
            double base,
            double head,
            Scale scale,
            Interval change,
            Interval strict,
            Interval check,
            Effect.Test test,
            Replicate replicate,
            int units,
            double p,
            double adjusted,
            double superiority,
            double detectable,
            int needed,
            ForkValues baseForks,
            ForkValues headForks,
            Verdict verdict,
            Optional<Remark> remark,
            @Nullable WithinFork within,
            Set<Property> breaks) {

        /**
         * The row's benchmark with its parameters.
         *
         * @return the tag, see {@link Tag}
         */
        public String tag() {
            return Tag.unique(benchmark, params);
        }

        /**
         * Whether the row is of this project's model of a policy.
         *
         * @return false for any other benchmark, whatever its parameters are called
         */
        public boolean modelled() {
            return MeasuredPolicy.has(key.measurement());
        }

        /**
         * Whether the row is too noisy to give a number, so that its change is withheld.
         *
         * @return true where the remark says why
         */
        public boolean noisy() {
            return remark.filter(Remark.TooNoisy.class::isInstance).isPresent();
        }

        /**
         * Whether there is no interval, because a side has one fork or none, or a session one block.
         *
         * @return true when the scatter of the change is unknown
         */
        public boolean single() {
            return test == Effect.Test.NONE && kind != Kind.EXACT && !noisy();
        }

        /**
         * Whether drift of the machine is part of the change: counts do not drift, times of separate runs do.
         *
         * @return true for a time of an unpaired row
         */
        public boolean drifts() {
            return design == Design.UNPAIRED && !Units.counted(unit);
        }

        /**
         * The change in per cent.
         *
         * @return 100 (ratio - 1), or of the difference to the size of the base; NaN where the base is zero
         */
        public double percent() {
            return percent(change.estimate());
        }

        private double percent(double changed) {
            if (scale == Scale.RATIO) {
                return (changed - 1) * 100;
            }
            return base == 0 ? changed == 0 ? 0 : Double.NaN : changed / Math.abs(base) * 100;
        }

        /**
         * The change in per cent as a cost: positive where the head is worse.
         *
         * @return per cent; a rate is first turned into the time of a unit of work; NaN when unknown
         */
        public double worsePercent() {
            return worsePercent(change.estimate());
        }

        /**
         * The largest cost that the interval leaves possible.
         *
         * @return as {@link #worsePercent()}, of the interval's worse end
         */
        public double worstPercent() {
            return worsePercent(lowerIsBetter ? change.high() : change.low());
        }

        private double worsePercent(double changed) {
            return lowerIsBetter
                    ? percent(changed)
                    : scale == Scale.RATIO ? (1 / changed - 1) * 100 : -percent(changed);
        }
    }

    /**
     * The iterations inside the only fork of either side. They say nothing of how forks differ, so no verdict and no
     * gate rests on them.
     *
     * @param base iterations of the base's fork
     * @param head iterations of the head's
     * @param higher share of their pairs in which the head's iteration is the higher, ties counted half
     */
    public record WithinFork(int base, int head, double higher) {}

    /**
     * The forks of one side of a row.
     *
     * @param values one finite value a fork that delivered one, in the row's unit, in the order of execution
     * @param orders place in the executed schedule of each value; empty when unknown
     * @param failed forks that were executed and delivered nothing, or no finite value of this metric
     * @param disturbed whether other load was seen around each; empty when nobody listened
     * @param machines which machine each ran on, from 0; empty when unknown
     */
    public record ForkValues(double[] values, int[] orders, int failed, boolean[] disturbed, int[] machines) {

        /**
         * How many forks delivered a value.
         *
         * @return their number
         */
        public int count() {
            return values.length;
        }

        /**
         * How many of those were disturbed.
         *
         * @return their number
         */
        public int countDisturbed() {
            return (int) IntStream.range(0, disturbed.length)
                    .filter(i -> disturbed[i])
                    .count();
        }

        /**
         * How many of those were disturbed, of how many.
         *
         * @return both numbers
         */
        DisturbedForks disturbedForks() {
            return new DisturbedForks(countDisturbed(), count());
        }
    }

    /**
     * How the percentiles of one benchmark moved.
     *
     * @param tag the benchmark with its parameters
     * @param fractions the percentiles as fractions, ascending
     * @param ratios head / base at each, with bounds that hold for all of them together; NaN bounds with few blocks
     */
    public record Shift(String tag, double[] fractions, Interval[] ratios) {}

    /**
     * The distributions of one benchmark on both sides.
     *
     * @param tag the benchmark with its parameters
     * @param fractions ascending, from 0
     * @param base {@code [fork][fraction]}; NaN where too few values lie beyond
     * @param head likewise
     * @param unit unit of the values: {@code ns/op}, or what a kernel was measured in
     */
    public record Curves(String tag, double[] fractions, double[][] base, double[][] head, String unit) {}

    /**
     * Rows that are read together: one benchmark with all parameters but the {@link #rowParam}.
     *
     * @param benchmark {@code Class.method}
     * @param params the parameters they share
     * @param rows at least one, in order
     */
    public record Group(String benchmark, Map<String, String> params, List<Row> rows) {}

    /**
     * The rows in groups.
     *
     * @return groups in the order of their first rows
     */
    public List<Group> groups() {
        Map<List<Object>, Group> groups = new LinkedHashMap<>();
        String unit = "";
        int run = 0;
        List<Object> before = List.of();
        for (Row row : rows) {
            Map<String, String> others = new LinkedHashMap<>(row.params);
            others.remove(rowParam);
            // A benchmark in two modes has two scores, in two units.
            unit = row.kind == Kind.SCORE ? row.unit : unit;
            List<Object> key = List.of(row.key.measurement().without(rowParam), unit);
            // In another order than the file's, a group is what stands together: its rows must not move.
            run += view.order() == CompareView.Order.FILE || key.equals(before) ? 0 : 1;
            before = key;
            groups.computeIfAbsent(List.of(key, run), k -> new Group(row.benchmark, others, new ArrayList<>()))
                    .rows
                    .add(row);
        }
        return List.copyOf(groups.values());
    }

    /**
     * Whether the comparison may be believed at all.
     *
     * @return false when the control is biased
     */
    public boolean valid() {
        return control.state() != Control.State.BIASED;
    }

    /**
     * Whether the machine's drift is part of a difference here.
     *
     * @return true where times of runs that were not interleaved are compared
     */
    public boolean drifts() {
        return design == Design.UNPAIRED
                && (judged.isEmpty() || judged.stream().anyMatch(row -> row.kind == Kind.SCORE && row.drifts()));
    }

    /**
     * Tells whether more blocks could change no score's verdict for a better one.
     *
     * @return true where no score is inconclusive and the control shows no bias
     */
    public boolean decided() {
        return valid()
                && judged.stream().noneMatch(row -> row.kind == Kind.SCORE && row.verdict == Verdict.INCONCLUSIVE);
    }

    /**
     * The planned interim analyses (looks) of a session, which ends at the first that decides every score.
     *
     * @return numbers of blocks, ascending; empty where the number of blocks was fixed, or the runs are of no one session
     */
    public List<Integer> looks() {
        return design == Design.UNPAIRED ? List.of() : Session.looks(base.environment);
    }

    /**
     * The interim analysis (look) at which the session ended.
     *
     * @return from 1; 0 where there are no {@link #looks}
     */
    public int look() {
        return looks().isEmpty() ? 0 : Integer.parseInt(base.environment.get(Session.LOOK));
    }
}
