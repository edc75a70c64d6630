package org.cowbench.check;

import java.util.Map;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Property;
import org.jspecify.annotations.Nullable;

/**
 * What exploring one scope under one policy found.
 *
 * @param policy the policy's id
 * @param scope what was explored
 * @param verdicts a verdict a property
 * @param states distinct states, up to renaming
 * @param transitions moves made
 * @param depth moves of the longest path that was needed to reach every state
 * @param ending how the search ended
 * @param needlessCopies distinct reachable faults that copy although nobody else could see the page
 * @param heldForNothing distinct reachable faults whose copy leaves the page copied from to nobody, while other pages
 *     keep its folio, so that its memory is held for nothing
 * @param mostHeld most pages that are held for nothing in any state, by whatever move
 * @param outOfFrames moves that were not made because no frame was free; 0 where the arena is large enough for all
 *     states that the search continued, of which one stands for all that differ in frames that nobody can reach
 * @param bytes what the states and fingerprints took, in memory
 * @param seconds how long it took, with what led to the checkpoint that it went on from
 */
public record CheckResult(
        String policy,
        Scope scope,
        Map<Property, Verdict> verdicts,
        long states,
        long transitions,
        int depth,
        Ending ending,
        Cost needlessCopies,
        Cost heldForNothing,
        int mostHeld,
        long outOfFrames,
        long bytes,
        double seconds) {

    /**
     * What a policy costs that harms nobody.
     *
     * @param count how many reachable moves cost it
     * @param example a shortest script that ends in one, or null
     */
    public record Cost(long count, @Nullable Script example) {
        /** What costs nothing. */
        public static final Cost NONE = new Cost(0, null);
    }

    /**
     * Faults that copy although nobody else could see the page.
     *
     * @return how many are reachable
     */
    public long needless() {
        return needlessCopies.count();
    }

    /**
     * Whether the fixpoint was reached.
     *
     * @return whether it was
     */
    public boolean complete() {
        return ending.kind() == Ending.Kind.FIXPOINT;
    }

    /**
     * What stopped the search before its fixpoint.
     *
     * @return a few words, or the empty string
     */
    public String stopped() {
        return ending.text();
    }

    /**
     * The probability that two different states shared a fingerprint, so that one was not continued: at most the number
     * of pairs times 2^-64.
     *
     * @return the bound
     */
    public double collisionProbability() {
        return (double) states * states / 2 * 0x1p-64;
    }

    /**
     * Whether any property is violated.
     *
     * @return whether one is
     */
    public boolean unsafe() {
        return verdicts.values().stream().anyMatch(verdict -> verdict instanceof Verdict.Unsafe);
    }
}
