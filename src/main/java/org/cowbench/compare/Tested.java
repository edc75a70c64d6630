package org.cowbench.compare;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Replicate;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Multiplicity;
import org.cowbench.stats.Rule;
import org.cowbench.stats.SignedRank;
import org.cowbench.stats.Strata;

/**
 * The effect of a draft, tested as one of its family.
 *
 * @param effect estimate, intervals and test
 * @param replicate what the effect counts
 * @param adjusted p, corrected for the family
 * @param rowLevel level that its p has to reach
 */
record Tested(Effect effect, Replicate replicate, double adjusted, double rowLevel) {

    /** An effect before its family's correction. */
    private record Raw(Effect effect, Replicate replicate) {}

    /**
     * Tests all drafts but exact ones. Scores and the rest are families of their own, and so are paired and unpaired
     * rows.
     *
     * @param rule the levels and the bound
     * @return by the draft itself
     */
    static IdentityHashMap<Draft, Tested> of(List<Draft> drafts, Rule rule) {
        IdentityHashMap<Draft, Tested> tested = new IdentityHashMap<>();
        for (Design design : Design.values()) {
            for (boolean scores : new boolean[] {true, false}) {
                family(
                        drafts.stream()
                                .filter(draft -> draft.kind() != Kind.EXACT
                                        && draft.design() == design
                                        && (draft.kind() == Kind.SCORE) == scores)
                                .toList(),
                        scores,
                        rule,
                        tested);
            }
        }
        return tested;
    }

    private static void family(List<Draft> family, boolean scores, Rule rule, IdentityHashMap<Draft, Tested> tested) {
        long tests = family.stream().filter(Draft::testable).count();
        double level = rule.level() / Math.max(1, tests);
        List<Raw> raw =
                family.stream().map(draft -> measure(draft, level, rule)).toList();
        double[] p = raw.stream().mapToDouble(each -> each.effect.p()).toArray();
        double[] corrected = scores ? Multiplicity.holm(p) : Multiplicity.benjaminiHochberg(p);
        long called =
                Arrays.stream(corrected).filter(value -> value <= rule.level()).count();
        // Benjamini and Hochberg ask less of a row, the more of the others are called.
        double rowLevel = scores ? level : Math.min(rule.level(), level * (called + 1));
        for (int i = 0; i < corrected.length; i++) {
            tested.put(family.get(i), new Tested(raw.get(i).effect, raw.get(i).replicate, corrected[i], rowLevel));
        }
    }

    /** Chooses the unit: whole blocks where their number can reach the level, else the pairs inside them. */
    private static Raw measure(Draft draft, double level, Rule rule) {
        if (draft.pairsByBlock() == null) {
            return new Raw(
                    draft.ratio()
                            ? Effect.unpaired(draft.baseValues(), draft.headValues(), rule)
                            : Effect.difference(draft.baseValues(), draft.headValues(), rule),
                    Replicate.FORK);
        }
        double[] whole = draft.pairsByBlock().stream().mapToDouble(Forks::mean).toArray();
        double[] pairs =
                draft.pairsByBlock().stream().flatMapToDouble(Arrays::stream).toArray();
        int[] blocks = draft.machines().stream().mapToInt(machine -> machine).toArray();
        int[] ofPairs = IntStream.range(0, blocks.length)
                .flatMap(block -> IntStream.generate(() -> blocks[block])
                        .limit(draft.pairs().get(block).length))
                .toArray();
        boolean split = pairs.length > whole.length && SignedRank.smallestP(whole.length) > level;
        return new Raw(
                Effect.paired(split ? pairs : whole, Strata.of(split ? ofPairs : blocks), rule, level),
                split ? Replicate.PAIR : Replicate.BLOCK);
    }
}
