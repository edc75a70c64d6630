package org.cowbench.report.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.check.Judgement;
import org.cowbench.check.Relative;

/**
 * All that a report of the checker shows.
 *
 * @param head what was judged by which build
 * @param judgements one a policy
 * @param relatives by policy what it is relative to one base, the same for all; empty where that is not known
 * @param againstBase whether it is asked what a policy adds to the base, not whether it is safe
 */
public record CheckFindings(
        CheckHead head, List<Judgement> judgements, Map<String, Relative> relatives, boolean againstBase) {

    /** Copies the collections. */
    public CheckFindings {
        judgements = List.copyOf(judgements);
        relatives = Map.copyOf(relatives);
    }

    /**
     * Findings without a base.
     *
     * @param head what was judged by which build
     * @param judgements one a policy
     */
    public CheckFindings(CheckHead head, List<Judgement> judgements) {
        this(head, judgements, Map.of(), false);
    }

    /**
     * What a policy is relative to the base.
     *
     * @param judgement of the policy
     * @return it, or empty where it is not known
     */
    public Optional<Relative> relative(Judgement judgement) {
        return Optional.ofNullable(relatives.get(judgement.policy()));
    }

    /**
     * The base.
     *
     * @return its policy's id, or empty where nothing is known relative to one
     */
    Optional<String> base() {
        return relatives.values().stream().findAny().map(Relative::base);
    }

    /**
     * Whether a policy is found wanting in what was asked.
     *
     * @param judgement of the policy
     * @return whether it violates a property; where a base was asked for, whether it adds to what that violates
     */
    public boolean fails(Judgement judgement) {
        return againstBase ? relative(judgement).orElseThrow().worse() : judgement.unsafe();
    }

    /**
     * Whether what was asked of a policy has been judged.
     *
     * @param judgement of the policy
     * @return whether no search stopped early, and no property is judged to a depth only
     */
    public boolean settled(Judgement judgement) {
        return judgement.settled() && relative(judgement).map(Relative::settled).orElse(true);
    }
}
