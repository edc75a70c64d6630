package org.cowbench.compare;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
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
 * @param obstacles why scores could not be judged, in the order in which it is said
 */
public record Gate(
        State state,
        List<Row> failures,
        List<Row> unpaired,
        List<Row> single,
        List<Row> open,
        Set<Obstacle> obstacles) {
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

    /** Why scores could not be judged. */
    public enum Obstacle {
        /** No score is in both. */
        NO_SCORE,
        /** Scores are of runs that were not interleaved. */
        NOT_INTERLEAVED,
        /** Scores have no interval. */
        NO_INTERVAL,
        /** Every score is too noisy for a number. */
        TOO_NOISY,
        /** What only the base has must be judged too. */
        MISSING
    }

    /**
     * Judges by all rows of a comparison, shown or not.
     *
     * @return what its gate says
     */
    public static Gate of(Comparison c) {
        CompareOptions options = c.options();
        if (!options.gated()) {
            return new Gate(State.NONE, List.of(), List.of(), List.of(), List.of(), Set.of());
        }
        List<Row> scores =
                c.judged().stream().filter(row -> row.kind() == Kind.SCORE).toList();
        List<Row> failures = c.valid()
                ? c.judged().stream().filter(row -> fails(row, options)).toList()
                : List.of();
        List<Row> single = scores.stream().filter(Row::single).toList();
        List<Row> unpaired =
                scores.stream().filter(row -> !row.gated() && !row.single()).toList();
        List<Row> open = c.judged().stream()
                .filter(row -> row.gated() && row.verdict() == Verdict.INCONCLUSIVE)
                .filter(row -> !(row.worstPercent() <= options.failOver()))
                .toList();
        boolean numbers = scores.stream().anyMatch(row -> row.gated() && !row.noisy());
        boolean missing = options.strict() && !c.onlyBase().isEmpty();
        State state = !failures.isEmpty()
                ? State.FAILED
                : !c.valid() || !numbers || missing || !single.isEmpty() || !unpaired.isEmpty()
                        ? State.NOT_JUDGED
                        : State.PASSED;
        return new Gate(state, failures, unpaired, single, open, obstacles(scores, unpaired, single, missing));
    }

    private static boolean fails(Row row, CompareOptions options) {
        return row.gated()
                && switch (row.verdict()) {
                    // From zero, any growth is beyond all percentages.
                    case SLOWER -> !(row.worsePercent() <= options.failOver());
                    case MORE -> !(row.percent() <= options.failOver());
                    case INCONCLUSIVE -> options.strict();
                    default -> false;
                };
    }

    private static Set<Obstacle> obstacles(List<Row> scores, List<Row> unpaired, List<Row> single, boolean missing) {
        Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
        if (scores.isEmpty()) {
            obstacles.add(Obstacle.NO_SCORE);
        } else if (scores.stream().allMatch(Row::noisy)) {
            obstacles.add(Obstacle.TOO_NOISY);
        }
        if (!unpaired.isEmpty()) {
            obstacles.add(Obstacle.NOT_INTERLEAVED);
        }
        if (!single.isEmpty()) {
            obstacles.add(Obstacle.NO_INTERVAL);
        }
        if (missing) {
            obstacles.add(Obstacle.MISSING);
        }
        return Collections.unmodifiableSet(obstacles);
    }
}
