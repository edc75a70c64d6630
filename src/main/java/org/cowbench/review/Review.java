package org.cowbench.review;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Gate;

/**
 * A review, judged: values that printers show.
 *
 * @param plan what was reviewed
 * @param parts what was found out
 * @param safety what no kernel may show, relative to the base; empty where the check is not complete
 * @param cost the measurements compared; empty where there are none
 * @param missing the parts that are not complete
 */
public record Review(
        ReviewPlan plan, Parts parts, Optional<Safety> safety, Optional<Comparison> cost, Set<ReviewPart> missing) {

    /**
     * What no kernel may show, relative to the base. A case may stand in two of them, by other scripts.
     *
     * @param introduces what the head shows in a script in which the base does not
     * @param removes the other way round
     * @param keeps what both show in the same script
     * @param unknown what one shows in a script that the other cannot run
     */
    public record Safety(List<Case> introduces, List<Case> removes, List<Case> keeps, List<Case> unknown) {

        /**
         * Whether nothing was found on either kernel.
         *
         * @return whether it was
         */
        public boolean clean() {
            return introduces.isEmpty() && removes.isEmpty() && keeps.isEmpty() && unknown.isEmpty();
        }
    }

    /**
     * A case with the shortest of its scripts.
     *
     * @param shown the finding
     * @param scripts how many minimal scripts show it in this way
     * @param kept whether both kernels show the case by another script
     */
    public record Case(CheckPart.Finding shown, int scripts, boolean kept) {}

    /** What a review comes to. */
    public enum Verdict {
        /** Everything was looked at, and the head adds nothing that no kernel may show. */
        NOTHING_ADDED,
        /** The head adds something, or the gate of costs failed. */
        ADDS,
        /** Something could not be judged, and what could adds nothing. */
        NOT_JUDGED
    }

    /**
     * The verdict.
     *
     * @return what was found outranks what could not be judged
     */
    public Verdict verdict() {
        boolean adds = safety.filter(found -> !found.introduces().isEmpty()).isPresent()
                || parts.ended().isPresent()
                || parts.litmus()
                        .filter(litmus -> litmus.scripts().stream().anyMatch(LitmusPart.Outcome::worse))
                        .isPresent()
                || parts.cow()
                        .filter(cow -> !cow.worse().isEmpty()
                                || cow.baseIncomplete().isEmpty()
                                        && !cow.headIncomplete().isEmpty())
                        .isPresent()
                || parts.check()
                        .filter(check ->
                                !check.base().boot().containsAll(check.head().boot())
                                        || !check.head().ended().isEmpty()
                                                && check.base().ended().isEmpty())
                        .isPresent()
                || cost.filter(compared -> Gate.of(compared).state() == Gate.State.FAILED)
                        .isPresent();
        boolean open = !missing.isEmpty()
                || parts.check()
                        .filter(check -> !check.head().ended().isEmpty()
                                || !check.base().ended().isEmpty())
                        .isPresent()
                || parts.diff().filter(diff -> !diff.ended().isEmpty()).isPresent()
                || cost.filter(compared ->
                                !compared.valid() || Gate.of(compared).state() == Gate.State.NOT_JUDGED)
                        .isPresent();
        return adds ? Verdict.ADDS : open ? Verdict.NOT_JUDGED : Verdict.NOTHING_ADDED;
    }
}
