package org.cowbench.review;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.cowbench.result.ResultDirectory;

/**
 * What a review has found out, part by part; a part that is not complete is empty.
 *
 * @param identify which known policy each kernel follows
 * @param diff what the head does otherwise
 * @param litmus how the shipped scripts end
 * @param check what no kernel may show
 * @param base measurements of the base
 * @param head measurements of the head
 * @param cow how the kernel's own selftest ends
 * @param ended why a kernel could not be asked to the end; empty where it could
 */
public record Parts(
        Optional<IdentifyPart> identify,
        Optional<DiffPart> diff,
        Optional<LitmusPart> litmus,
        Optional<CheckPart> check,
        Optional<ResultDirectory> base,
        Optional<ResultDirectory> head,
        Optional<CowPart> cow,
        Optional<String> ended) {

    /**
     * The parts that are complete.
     *
     * @return them
     */
    public Set<ReviewPart> present() {
        Set<ReviewPart> present = EnumSet.noneOf(ReviewPart.class);
        add(present, ReviewPart.IDENTIFY, identify);
        add(present, ReviewPart.DIFF, diff);
        add(present, ReviewPart.LITMUS, litmus);
        add(present, ReviewPart.CHECK, check);
        add(present, ReviewPart.BENCH, base.isPresent() && head.isPresent() ? base : Optional.empty());
        add(present, ReviewPart.COW, cow);
        return present;
    }

    private static void add(Set<ReviewPart> present, ReviewPart part, Optional<?> value) {
        if (value.isPresent()) {
            present.add(part);
        }
    }
}
