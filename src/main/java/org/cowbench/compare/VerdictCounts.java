package org.cowbench.compare;

import java.util.EnumMap;
import java.util.Map;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Verdict;

/**
 * How many rows got which verdict, whether they are shown or not.
 *
 * @param scores by verdict, those that no score has left out
 * @param others likewise, of percentiles, counters and other metrics
 * @param noisy how many of the inconclusive scores are too noisy to give a number
 * @param single how many of the inconclusive scores have no interval, as those of one fork
 */
public record VerdictCounts(Map<Verdict, Integer> scores, Map<Verdict, Integer> others, int noisy, int single) {

    /**
     * Counts.
     *
     * @param comparison any comparison
     * @return the counts of all its rows
     */
    public static VerdictCounts of(Comparison comparison) {
        Map<Verdict, Integer> scores = new EnumMap<>(Verdict.class);
        Map<Verdict, Integer> others = new EnumMap<>(Verdict.class);
        int noisy = 0;
        int single = 0;
        for (Row row : comparison.judged()) {
            (row.kind() == Kind.SCORE ? scores : others).merge(row.verdict(), 1, Integer::sum);
            if (row.kind() == Kind.SCORE && row.verdict() == Verdict.INCONCLUSIVE) {
                noisy += row.noisy() ? 1 : 0;
                single += !row.noisy() && row.test() == Effect.Test.NONE ? 1 : 0;
            }
        }
        return new VerdictCounts(scores, others, noisy, single);
    }
}
