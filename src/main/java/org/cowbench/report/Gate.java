package org.cowbench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.report.Comparison.Kind;
import org.cowbench.report.Comparison.Row;
import org.cowbench.stats.Verdict;

/**
 * What a comparison's gate says. It passes only what it has judged: where a score that both sides have could not be
 * judged at all, the gate says so and has not passed, unless another row fails it.
 *
 * @param state the outcome
 * @param failures rows called slower by more than the limit, or exact costs that grew by more, and when strict the
 *     inconclusive gated rows; empty where the session is invalid
 * @param unpaired scores of separate runs, whose times were not gated
 * @param single scores without an interval, as those of one fork
 * @param open rows that passed although a slowdown beyond the limit is not excluded
 * @param text the outcome in one sentence, without a full stop; empty without a gate
 */
public record Gate(
        State state, List<Row> failures, List<Row> unpaired, List<Row> single, List<Row> open, String text) {
    /**
     * How often times of separate runs fail a gate without a difference; {@code UnpairedRatesTest} measures it and
     * holds these words. They have no per cent sign, for help texts would want it twice.
     */
    public static final String UNPAIRED_RATE = "a program against itself failed a gate of 3 per cent in 11 of 100"
            + " comparisons, one of 5 per cent in 1 of 100 (10 forks a side, one machine, within an hour)";

    private static final int MOST_NAMED = 10;

    /** Outcomes. */
    public enum State {
        /** There is no gate. */
        NONE,
        /** Every score was judged, and no row fails. */
        PASSED,
        /** A row fails. */
        FAILED,
        /** No row fails, and a score could not be judged. */
        NOT_JUDGED
    }

    /**
     * Judges by all rows of a comparison, shown or not.
     *
     * @param c the comparison
     * @return what its gate says
     */
    public static Gate of(Comparison c) {
        CompareOptions options = c.options();
        if (!options.gated()) {
            return new Gate(State.NONE, List.of(), List.of(), List.of(), List.of(), "");
        }
        List<Row> scores = c.judged().stream().filter(row -> row.kind() == Kind.SCORE).toList();
        List<Row> failures = c.valid() ? c.judged().stream().filter(row -> fails(row, options)).toList() : List.of();
        List<Row> single = scores.stream().filter(Row::single).toList();
        List<Row> unpaired = scores.stream().filter(row -> !row.gated() && !row.single()).toList();
        List<Row> open = c.judged().stream()
                .filter(row -> row.gated() && row.verdict() == Verdict.INCONCLUSIVE)
                .filter(row -> !(row.worstPercent() <= options.failOver())).toList();
        boolean numbers = scores.stream().anyMatch(row -> row.gated() && !row.noisy());
        boolean missing = options.strict() && !c.onlyBase().isEmpty();
        State state = !failures.isEmpty() ? State.FAILED
                : !c.valid() || !numbers || missing || !single.isEmpty() || !unpaired.isEmpty() ? State.NOT_JUDGED
                : State.PASSED;
        List<String> why = why(c, scores, unpaired, single, missing);
        String text = "gate (slower by more than " + CompareNumbers.percent(options.failOver() / 100) + "): "
                + switch (state) {
                    case FAILED -> "FAILED: " + named(failures) + said("; not judged: ", why);
                    case NOT_JUDGED -> "not judged" + (c.valid() ? said(": ", why) : ", the session is invalid");
                    default -> "passed" + open(open) + gone(c);
                }
                + (options.unpaired() && scores.stream().anyMatch(row -> row.gated() && row.drifts())
                        ? "; times of separate runs are gated: " + UNPAIRED_RATE : "");
        return new Gate(state, failures, unpaired, single, open, text);
    }

    private static boolean fails(Row row, CompareOptions options) {
        return row.gated() && switch (row.verdict()) {
            // From zero, any growth is beyond all percentages.
            case SLOWER -> !(row.worsePercent() <= options.failOver());
            case MORE -> !(row.percent() <= options.failOver());
            case INCONCLUSIVE -> options.strict();
            default -> false;
        };
    }

    private static List<String> why(
            Comparison c, List<Row> scores, List<Row> unpaired, List<Row> single, boolean missing) {
        List<String> why = new ArrayList<>();
        if (scores.isEmpty()) {
            why.add("no score is in both");
        }
        if (!unpaired.isEmpty()) {
            why.add(count(unpaired.size(), scores.size()) + " of runs that were not interleaved: measure with ab, or"
                    + " gate" + (unpaired.size() == 1 ? " it" : " them") + " all the same with --unpaired");
        }
        if (!single.isEmpty()) {
            why.add(count(single.size(), scores.size()) + " without an interval, for it takes two forks a side: -f 5"
                    + " (or leave such benchmarks out with --bench): " + named(single));
        }
        if (!scores.isEmpty() && scores.stream().allMatch(Row::noisy)) {
            why.add("every score is too noisy");
        }
        if (missing) {
            why.add("only in the base: " + listed(c.onlyBase()));
        }
        return why;
    }

    private static String count(int some, int all) {
        return some + " of " + all + (all == 1 ? " score" : " scores") + (some == 1 ? " is" : " are");
    }

    private static String open(List<Row> open) {
        return open.isEmpty() ? ""
                : "; " + open.size() + (open.size() == 1 ? " row is" : " rows are") + " too uncertain to exclude that";
    }

    private static String gone(Comparison c) {
        int gone = c.onlyBase().size();
        return gone == 0 ? "" : "; " + gone + (gone == 1 ? " benchmark is" : " benchmarks are")
                + " only in the base and not judged";
    }

    private static String said(String before, List<String> parts) {
        return parts.isEmpty() ? "" : before + String.join("; ", parts);
    }

    private static String named(List<Row> rows) {
        return listed(rows.stream().map(row -> row.tag() + (row.kind() == Kind.SCORE ? "" : " " + row.metric()))
                .toList());
    }

    private static String listed(List<String> names) {
        return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
    }
}
