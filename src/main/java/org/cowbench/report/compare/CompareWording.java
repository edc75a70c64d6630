package org.cowbench.report.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.CompareView;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.DeclaredVerdict;
import org.cowbench.compare.Gate;
import org.cowbench.compare.GeometricMean;
import org.cowbench.compare.Names;
import org.cowbench.compare.Remark;
import org.cowbench.compare.Units;
import org.cowbench.compare.VerdictCounts;
import org.cowbench.compare.Warning;
import org.cowbench.policy.Policy;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;
import org.cowbench.result.Tag;
import org.cowbench.stats.Power;
import org.cowbench.stats.Verdict;

/** The sentences of a comparison, made once from what its judge says in types. */
public final class CompareWording {
    /**
     * How often times of separate runs fail a gate without a difference; {@code UnpairedRatesTest} measures it and
     * holds these words. They have no per cent sign, for help texts would want it twice.
     */
    public static final String UNPAIRED_RATE = "a program against itself failed a gate of 3 per cent in 11 of 100"
            + " comparisons, one of 5 per cent in 1 of 100 (10 forks a side, one machine, within an hour)";

    /** What is said of a row that gives no number, and begins its note. */
    static final String TOO_NOISY = "too noisy";

    private static final int FEW_NAMED = 3;
    private static final int MOST_NAMED = 10;

    private CompareWording() {}

    // Sides and runs

    /** Whether what was measured of a side is one policy, and that has the mark. */
    static boolean marked(Comparison.Side side) {
        return side.policy()
                .filter(policy ->
                        !DeclaredVerdict.breaks(policy, side.environment()).isEmpty())
                .isPresent();
    }

    /** Explains the mark and says who has it; empty where nobody has. */
    static String marked(Comparison comparison) {
        Set<String> ids = comparison.judged().stream()
                .filter(row -> !row.breaks().isEmpty())
                .map(row -> row.params().get(Policy.PARAM))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        boolean base = marked(comparison.base());
        return ids.isEmpty() && !base
                ? ""
                : Wording.MARKED + ": "
                        + (base ? comparison.base().policy().get().id() + (ids.isEmpty() ? "" : ", ") : "")
                        + String.join(", ", ids);
    }

    /** How many forks of a comparison's runs were disturbed, and what to do; empty where none was. */
    static String disturbed(Comparison comparison) {
        Comparison.Side base = comparison.base();
        Comparison.Side head = comparison.head();
        boolean one = base.label().equals(head.label());
        String counts = Stream.of(
                        disturbed("", base, one), disturbed("base ", base, !one), disturbed("head ", head, !one))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        boolean most = Stream.of(base, head).anyMatch(Comparison.Side::mostlyDisturbed);
        return counts.isEmpty()
                ? ""
                : Wording.DISTURBED
                        + counts
                        + (most
                                ? ". Do not decide by these times: stop what else runs here (see ./run-bench.sh"
                                        + " doctor) and measure again"
                                : "");
    }

    private static String disturbed(String name, Comparison.Side side, boolean wanted) {
        return !wanted || side.disturbed() == 0 ? "" : name + side.disturbed() + " of " + side.forks() + " forks";
    }

    /** What one value of the histograms of a benchmark is, by the unit of its percentiles. */
    static String values(String unit) {
        return Units.counted(unit) ? "single pages" : "batch means";
    }

    // Rows

    /** What the row's benchmark was measured with, a policy that breaks isolation or secrecy with its mark. */
    static Map<String, String> shownParams(Row row) {
        return Wording.marked(row.params(), !row.breaks().isEmpty());
    }

    /** What a row of scores is called inside its group: the value that names it; {@code score} where it has none. */
    static String name(Comparison comparison, Row row) {
        return Tag.escaped(shownParams(row).getOrDefault(comparison.rowParam(), row.metric()), Tag.LINE_BREAKS);
    }

    /** What a group is called, such as {@code Parse.run size=10}. */
    static String title(Comparison.Group group) {
        boolean marked = !group.rows().getFirst().breaks().isEmpty();
        return (group.benchmark() + " " + Tag.list(Wording.marked(group.params(), marked), " ")).stripTrailing();
    }

    /** The remarks beside a row's numbers: the note, and for an inconclusive row what would decide it. */
    static String said(Row row) {
        return Stream.of(note(row), row.verdict() == Verdict.INCONCLUSIVE ? outlook(row) : "")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Why the verdict is not what the numbers suggest, or what else to know; empty when there is nothing. */
    static String note(Row row) {
        return row.remark()
                .map(remark -> switch (remark) {
                    case Remark.TooNoisy noisy ->
                        TOO_NOISY + ": "
                                + switch (noisy) {
                                    case Remark.FarOff far -> far.forks() + " forks of a side are far off its median";
                                    case Remark.Disturbed disturbed ->
                                        disturbed.forks().disturbed() + " of "
                                                + disturbed.forks().heard()
                                                + " forks of a side were disturbed by other load";
                                    case Remark.Unbounded unbounded ->
                                        "the forks vary so much that no interval is bounded";
                                    case Remark.Hopeless hopeless ->
                                        "the interval of even " + Power.MOST_BLOCKS + " " + counted(row.design())
                                                + " would be wider than the bound";
                                };
                    case Remark.BiasedControl biased -> "the control is biased";
                    case Remark.NoValue none -> "no finite value on one side";
                    case Remark.EqualCounts equal ->
                        "equal counts of one " + row.replicate().word();
                    case Remark.NoInterval none ->
                        "one " + row.replicate().word() + ": no interval"
                                + (row.kind() == Kind.SCORE ? advice(row) : "");
                    case Remark.OtherWay other ->
                        "the sides' medians differ the other way: the change is that of "
                                + row.replicate().word() + "s";
                })
                .orElse("");
    }

    /** Stands for a change that is not given. */
    static String unknown(Row row) {
        return row.noisy() ? TOO_NOISY : "n/a";
    }

    /** What to do about a score without an interval, and what its only forks show inside. */
    private static String advice(Row row) {
        Comparison.WithinFork within = row.within();
        return (row.design() == Design.PAIRED ? "; 2 blocks or more give one" : "; 2 forks or more give one: -f 5")
                + (within == null
                        ? ""
                        : ". Inside these two forks alone: head higher in "
                                + CompareNumbers.percent(within.higher()) + " of the pairs of " + within.base()
                                + " and "
                                + within.head() + " iterations; how far another fork would be off, that cannot say");
    }

    /** Which effect an inconclusive row would have shown, and how many blocks would decide it; empty when unknown. */
    static String outlook(Row row) {
        if (row.needed() < 0) {
            return "";
        }
        String seen = Double.isNaN(row.detectable())
                ? ""
                : row.detectable() > 1
                        ? "too few " + counted(row.design()) + " to see anything; "
                        : "would have seen " + CompareNumbers.percent(row.detectable()) + "; ";
        String needed = row.needed() > Power.MOST_BLOCKS ? "more than " + Power.MOST_BLOCKS : "about " + row.needed();
        return seen + needed + " " + counted(row.design()) + (row.needed() == 1 ? " decides" : " decide");
    }

    private static String counted(Design design) {
        return design == Design.PAIRED ? "blocks" : "forks a side";
    }

    // What surrounds the rows

    /** What a reader should know, one line each. */
    static List<String> warnings(Comparison comparison) {
        return comparison.warnings().stream().map(CompareWording::warning).toList();
    }

    private static String warning(Warning warning) {
        return switch (warning) {
            case Warning.SeparateRuns separate ->
                "unpaired: drift not controlled; the runs were not interleaved, so"
                        + " whatever changed between them is part of every difference. For a claim: ab REV1 REV2";
            case Warning.UnknownOrder unknown ->
                "unpaired: drift not controlled; the file does not say in which order forks ran";
            case Warning.NoControl none ->
                "no control: the base was not measured twice, so a bias of the session would not be seen";
            case Warning.UnreadableControl unreadable -> "the control cannot be read: " + unreadable.why();
            case Warning.Incomplete run -> "the " + word(run.of()) + " is not complete: its run was interrupted";
            case Warning.LocalChanges run ->
                "the " + word(run.of()) + " was measured with local changes on top of its commit";
            case Warning.FailedForks failed ->
                failed.failed() + " of " + failed.forks() + " forks of the " + word(failed.of()) + " failed";
            case Warning.Own own -> word(own.of()) + ": " + own.text();
            case Warning.NotFinite dropped ->
                dropped.iterations().values().stream().mapToInt(each -> each).sum()
                        + " iterations were NaN or infinite and are left out: "
                        + few(dropped.iterations().entrySet().stream()
                                .map(of -> of.getValue() + " of " + of.getKey())
                                .toList());
            case Warning.Metrics metrics ->
                "metrics that "
                        + switch (metrics.why()) {
                            case OTHER_UNITS -> "are in units that do not turn into each other and are not compared";
                            case ONLY_BASE -> "are only in the base";
                            case ONLY_HEAD -> "are only in the head";
                            case NO_VALUE -> "have no finite value on a side and are not compared";
                        }
                        + ", " + metrics.metrics().size() + ": " + few(metrics.metrics());
            case Warning.UnknownForks unknown ->
                "percentiles are not compared where the histograms do not say which fork each is of: "
                        + few(unknown.tags());
            case Warning.Only only -> "only in the " + word(only.of()) + ": " + few(only.tags());
            case Warning.Renamed renamed ->
                "parameter '" + renamed.base() + "' is called '" + renamed.head()
                        + "' in the head; matched by its values: " + few(renamed.benchmarks());
            case Warning.Untold untold ->
                "one side does not tell the mode or the threads of " + few(untold.benchmarks()) + "; matched without";
        };
    }

    private static String word(Warning.Of of) {
        return of.name().toLowerCase(Locale.ROOT);
    }

    private static String few(List<String> names) {
        return Names.first(names, FEW_NAMED);
    }

    /** Says what is shown, empty when it is everything as it came. */
    static String view(Comparison c) {
        CompareView view = c.view();
        return view.equals(CompareView.WHOLE)
                ? ""
                : "shown: "
                        + (view.changed()
                                ? c.rows().size() + " of " + c.judged().size()
                                        + " rows, those that changed with their scores"
                                : "all rows")
                        + (view.order() == CompareView.Order.FILE ? "" : ", in order of " + view.order());
    }

    /** One line, such as {@code scores: 2 slower, 5 same, 1 inconclusive; other rows: 3 more}. */
    static String counts(VerdictCounts counts) {
        String because = Stream.of(count(counts.noisy(), TOO_NOISY), count(counts.single(), "without an interval"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return "scores: " + (counts.scores().isEmpty() ? "none" : listed(counts.scores()))
                + (because.isEmpty() ? "" : " (" + because + ")")
                + (counts.others().isEmpty() ? "" : "; other rows: " + listed(counts.others()));
    }

    private static String count(int count, String what) {
        return count == 0 ? "" : count + " " + what;
    }

    private static String listed(Map<Verdict, Integer> counts) {
        return words(counts).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** By the word that reports print; what people look for first comes first. */
    static Map<String, Integer> words(Map<Verdict, Integer> counts) {
        Map<String, Integer> words = new LinkedHashMap<>();
        for (Verdict verdict : List.of(
                Verdict.SLOWER, Verdict.FASTER, Verdict.MORE, Verdict.FEWER, Verdict.SAME, Verdict.INCONCLUSIVE)) {
            if (counts.containsKey(verdict)) {
                words.put(verdict.word(), counts.get(verdict));
            }
        }
        return words;
    }

    /** The geometric means that say more than their one row does, a line each. */
    static List<String> means(Comparison comparison) {
        return GeometricMean.of(comparison).stream()
                .filter(mean -> mean.rows() > 1)
                .map(mean -> mean(mean, comparison.rule().confidence()))
                .toList();
    }

    private static String mean(GeometricMean mean, double confidence) {
        return "geometric mean of " + mean.rows() + " ratios (" + mean.what() + ", "
                + (mean.lowerIsBetter() ? "lower" : "higher") + " is better): "
                + CompareNumbers.ratio(mean.ratio().estimate())
                + (mean.ratio().bounded()
                        ? ", " + CompareNumbers.confidence(confidence) + " % interval "
                                + CompareNumbers.bounds(mean.ratio())
                        : "; no interval, " + mean.single() + (mean.single() == 1 ? " row has" : " rows have")
                                + " none")
                + (mean.left() == 0 ? "" : "; " + mean.left() + " without a ratio left out");
    }

    // The gate

    /** What a comparison's gate says in one sentence, without a full stop; empty without a gate. */
    static String gate(Comparison c, Gate gate) {
        if (gate.state() == Gate.State.NONE) {
            return "";
        }
        List<Row> scores =
                c.judged().stream().filter(row -> row.kind() == Kind.SCORE).toList();
        List<String> why = gate.obstacles().stream()
                .map(each -> obstacle(each, c, gate, scores.size()))
                .toList();
        return "gate (slower by more than " + CompareNumbers.percent(c.options().failOver() / 100) + "): "
                + switch (gate.state()) {
                    case FAILED -> "FAILED: " + named(gate.failures()) + said("; not judged: ", why);
                    case NOT_JUDGED -> "not judged" + (c.valid() ? said(": ", why) : ", the session is invalid");
                    default -> "passed" + open(gate.open()) + gone(c);
                }
                + (c.options().unpaired() && scores.stream().anyMatch(row -> row.gated() && row.drifts())
                        ? "; times of separate runs are gated: " + UNPAIRED_RATE
                        : "");
    }

    private static String obstacle(Gate.Obstacle obstacle, Comparison c, Gate gate, int scores) {
        int unpaired = gate.unpaired().size();
        return switch (obstacle) {
            case NO_SCORE -> "no score is in both";
            case NOT_INTERLEAVED ->
                count(unpaired, scores) + " of runs that were not interleaved: measure with ab, or gate"
                        + (unpaired == 1 ? " it" : " them") + " all the same with --unpaired";
            case NO_INTERVAL ->
                count(gate.single().size(), scores)
                        + " without an interval, for it takes two forks a side: -f 5"
                        + " (or leave such benchmarks out with --bench): " + named(gate.single());
            case TOO_NOISY -> "every score is too noisy";
            case MISSING -> "only in the base: " + Names.first(c.onlyBase(), MOST_NAMED);
        };
    }

    private static String count(int some, int all) {
        return some + " of " + all + (all == 1 ? " score" : " scores") + (some == 1 ? " is" : " are");
    }

    private static String open(List<Row> open) {
        return open.isEmpty()
                ? ""
                : "; " + open.size() + (open.size() == 1 ? " row is" : " rows are") + " too uncertain to exclude that";
    }

    private static String gone(Comparison c) {
        int gone = c.onlyBase().size();
        return gone == 0
                ? ""
                : "; " + gone + (gone == 1 ? " benchmark is" : " benchmarks are") + " only in the base and not judged";
    }

    private static String said(String before, List<String> parts) {
        return parts.isEmpty() ? "" : before + String.join("; ", parts);
    }

    private static String named(List<Row> rows) {
        List<String> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.tag() + (row.kind() == Kind.SCORE ? "" : " " + row.metric())));
        return Names.first(names, MOST_NAMED);
    }
}
