package org.cowbench.check;

import java.util.List;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Step;
import org.cowbench.policy.Property;

/** The cases that made reuse of anonymous pages famous, by which a violation is named. */
public enum KnownCase {
    /** Matthew Wilcox's alternative, and why it was not taken. */
    SWAP_ENTRY("counterexample of 13 January 2022 (seed.litmus)",
            "do_wp_page reuses a page of the swap cache while another process still has a swap entry for it; "
                    + "that process then faults in what was written."),
    /** Any other page that is written although others see it. */
    MISSED_COW("missed COW", "a page that another process still sees is made writable in place."),
    /** The case that the rest are named after. */
    CVE("CVE-2020-29374",
            "do_wp_page takes the last mapping of a page for its last user and reuses it, but a reference that another "
                    + "process took still looks at it."),
    /** The same, with the reference older than the fork. */
    CVE_BEFORE_FORK("CVE-2020-29374 with the reference taken before the fork",
            "nothing is shared yet when the reference is taken, so nothing is unshared for it; after the fork "
                    + "do_wp_page takes the last mapping of the page for its last user and reuses it."),
    /** David Hildenbrand's answer to Liang Zhang's patch. */
    CVE_SWAP_CACHE("CVE-2020-29374 through the swap cache (14 January 2022)",
            "for a page of the swap cache do_wp_page counts mappings and swap entries, not references: it reuses the "
                    + "page, but a reference that another process took still looks at it."),
    /** What v5.9 left open. */
    CVE_DO_SWAP_PAGE("CVE-2020-29374 in do_swap_page (open from v5.9 to v5.17)",
            "do_swap_page finds no mapping and one swap entry and maps the page writable, but a reference that another "
                    + "process took still looks at it."),
    /** FOLL_PIN and fork before 70e806e4e645. */
    FORKED_PIN("pin lost by fork (fixed in v5.9 by 70e806e4e645)",
            "fork shares a pinned page like any other: who writes first gets a copy, and memory and pin part."),
    /** A read-only pin of a shared page. */
    SHARED_PIN("stale pin of a shared page (fixed in v5.19 by unsharing)",
            "a page that others see is pinned as it is; the next write copies it, and the pin keeps showing the old "
                    + "page."),
    /** A read-only pin of memory that was never written. */
    ZERO_PIN("stale pin of the zero page (fixed in v6.2 by 84209e87c696)",
            "memory that was never written is the zero page, and a read-only pin takes it as it is; the first write "
                    + "maps a new page, and the pin keeps showing zeroes."),
    /** The reference count of the pin itself forces the copy. */
    WRONG_COW("wrong COW: stale pin, lost DMA (fixed in v5.19)",
            "the pin's own reference, or the swap cache's, makes do_wp_page copy: memory moves to a new page, the pin "
                    + "stays on the old one."),
    /** The checker's own find; real kernels confirm it. */
    CLEAN_DMA("lost device write (since v6.11, c18160dba5ff; dma-clean.litmus)",
            "a read fault maps an exclusive swapped page writable but clean; a pin taken then marks nothing dirty, so "
                    + "after it reclaim drops the page with what the device wrote, and the old copy comes back."),
    /** A decision taken for a reference instead of an access. */
    REFERENCE_FAULT("the fault of a reference decides wrongly",
            "the fault that a pin or a pipe takes on its way reuses or copies a page by the same rule as an access; the "
                    + "harm shows later, without another fault."),
    /** Counts. */
    COUNTS("broken bookkeeping", "counts do not add up any more, something was lost, or a lock was left behind."),
    /** None of these. */
    UNNAMED("no famous case", "see the steps.");

    private final String title;
    private final String why;

    KnownCase(String title, String why) {
        this.title = title;
        this.why = why;
    }

    /**
     * The name.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    /**
     * Why it happens.
     *
     * @return a sentence
     */
    public String why() {
        return why;
    }

    /**
     * Finds the case that a violation is.
     *
     * @param violation the violation
     * @return the case
     */
    public static KnownCase of(Violation violation) {
        boolean swapped = has(violation, Op.PAGEOUT) || has(violation, Op.RECLAIM);
        return switch (violation.property()) {
            case ISOLATION -> switch (violation.cause()) {
                case WP_REUSE -> swapped ? SWAP_ENTRY : MISSED_COW;
                case SWAP_IN_REUSE -> MISSED_COW;
                default -> byReference(violation);
            };
            case SECRECY -> secrecy(violation, swapped);
            case PIN_COHERENCE -> pinCoherence(violation, swapped);
            case BOOKKEEPING -> COUNTS;
        };
    }

    private static KnownCase secrecy(Violation violation, boolean swapped) {
        // As long as its owner still maps or may fault the page, it is the mapping that was missed, not the reference.
        boolean parted = violation.did().stream().anyMatch(did -> did.endsWith("copy"))
                || has(violation, Op.DISCARD) || has(violation, Op.EXIT);
        return switch (violation.cause()) {
            case WP_REUSE -> !parted ? MISSED_COW : swapped ? CVE_SWAP_CACHE
                    : takenBeforeFork(violation) ? CVE_BEFORE_FORK : CVE;
            case SWAP_IN_REUSE -> parted ? CVE_DO_SWAP_PAGE : MISSED_COW;
            default -> forkedPin(violation) ? FORKED_PIN : byReference(violation);
        };
    }

    /** A writable pin is older than the fork. */
    private static boolean forkedPin(Violation violation) {
        for (Step step : violation.script().steps()) {
            if (step.op() == Op.FORK || step.op() == Op.PIN) {
                return step.op() == Op.PIN && has(violation, Op.FORK);
            }
        }
        return false;
    }

    private static KnownCase pinCoherence(Violation violation, boolean swapped) {
        Op last = lastMove(violation);
        if (has(violation, Op.DMA) && (last == Op.PAGEOUT || last == Op.RECLAIM)) {
            return CLEAN_DMA;
        }
        if (forkedPin(violation)) {
            return FORKED_PIN;
        }
        if (referenceFault(violation, List.of("copy"))) {
            return REFERENCE_FAULT;
        }
        if (violation.cause() == Cause.WP_REUSE || violation.cause() == Cause.SWAP_IN_REUSE) {
            return MISSED_COW;
        }
        if (violation.cause() == Cause.NEW_PAGE) {
            return ZERO_PIN;
        }
        if (violation.cause() == Cause.WP_COPY && (last == Op.WRITE || last == Op.READ)) {
            return has(violation, Op.FORK) && !swapped ? SHARED_PIN : WRONG_COW;
        }
        return byReference(violation);
    }

    private static KnownCase byReference(Violation violation) {
        return referenceFault(violation, List.of("copy", "reuse", "mapped writable")) ? REFERENCE_FAULT : UNNAMED;
    }

    /** Whether the fault that a reference took on its way did one of some things. */
    private static boolean referenceFault(Violation violation, List<String> things) {
        List<Step> steps = violation.script().steps();
        for (int step = 0; step < Math.min(steps.size(), violation.did().size()); step++) {
            Op op = steps.get(step).op();
            String did = violation.did().get(step);
            if ((op == Op.PIN || op == Op.PINRO || op == Op.SPLICE) && things.stream().anyMatch(did::endsWith)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(Violation violation, Op op) {
        return violation.script().steps().stream().anyMatch(step -> step.op() == op);
    }

    private static boolean takenBeforeFork(Violation violation) {
        for (Step step : violation.script().steps()) {
            if (step.op() == Op.FORK) {
                return false;
            }
            if (step.op() == Op.SPLICE || step.op() == Op.PIN || step.op() == Op.PINRO) {
                return true;
            }
        }
        return false;
    }

    /** The operation of the last move before the look, null if there is none. */
    private static Op lastMove(Violation violation) {
        List<Step> steps = violation.script().steps();
        return steps.size() < 2 ? null : steps.get(steps.size() - 2).op();
    }
}
