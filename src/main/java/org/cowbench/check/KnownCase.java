package org.cowbench.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Step;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;

/** The cases that made reuse of anonymous pages famous, by which a violation is named. */
public enum KnownCase {
    /** Matthew Wilcox's alternative, and why it was not taken. */
    SWAP_ENTRY(
            Property.ISOLATION,
            "counterexample of 13 January 2022 (seed.litmus)",
            "do_wp_page reuses a page of the swap cache while another process still has a swap entry for it; "
                    + "that process then faults in what was written."),
    /** Any other page that is written although others see it. */
    MISSED_COW(Property.ISOLATION, "missed COW", "a page that another process still sees is made writable in place."),
    /** The case that the rest are named after. */
    CVE(
            Property.SECRECY,
            "CVE-2020-29374",
            "do_wp_page takes the last mapping of a page for its last user and reuses it, but a reference that another "
                    + "process took still looks at it."),
    /** The same, with the reference older than the fork. */
    CVE_BEFORE_FORK(
            Property.SECRECY,
            "CVE-2020-29374 with the reference taken before the fork",
            "nothing is shared yet when the reference is taken, so nothing is unshared for it; after the fork "
                    + "do_wp_page takes the last mapping of the page for its last user and reuses it."),
    /** David Hildenbrand's answer to Liang Zhang's patch. */
    CVE_SWAP_CACHE(
            Property.SECRECY,
            "CVE-2020-29374 through the swap cache (14 January 2022)",
            "for a page of the swap cache do_wp_page counts mappings and swap entries, not references: it reuses the "
                    + "page, but a reference that another process took still looks at it."),
    /** What v5.9 left open. */
    CVE_DO_SWAP_PAGE(
            Property.SECRECY,
            "CVE-2020-29374 in do_swap_page (left open until v5.18)",
            "do_swap_page finds no mapping and one swap entry and maps the page writable, but a reference that another "
                    + "process took still looks at it."),
    /** The same left open, of a large folio. */
    CVE_PMD(
            Property.SECRECY,
            "CVE-2020-29374 under a PMD entry (left open until v5.18, 3bff7e3f1f16)",
            "do_huge_pmd_wp_page counts mappings and not references: it reuses the whole folio that its PMD entry is "
                    + "the last to map, but a reference that another process took still looks at it."),
    /** FOLL_PIN and fork before 70e806e4e645. */
    FORKED_PIN(
            Property.PIN_COHERENCE,
            "pin lost by fork (fixed in v5.9 by 70e806e4e645)",
            "fork shares a pinned page like any other: who writes first gets a copy, and memory and pin part."),
    /** A read-only pin of a shared page. */
    SHARED_PIN(
            Property.PIN_COHERENCE,
            "stale pin of a shared page (fixed in v5.19 by unsharing)",
            "a page that others see is pinned as it is; the next write copies it, and the pin keeps showing the old "
                    + "page."),
    /** A read-only pin of memory that was never written. */
    ZERO_PIN(
            Property.PIN_COHERENCE,
            "stale pin of the zero page (fixed in v6.2 by 84209e87c696)",
            "memory that was never written is the zero page, and a read-only pin takes it as it is; the first write "
                    + "maps a new page, and the pin keeps showing zeroes."),
    /** The reference count of the pin itself forces the copy. */
    WRONG_COW(
            Property.PIN_COHERENCE,
            "wrong COW: stale pin, lost DMA (fixed in v5.19)",
            "the pin's own reference, or the swap cache's, makes do_wp_page copy: memory moves to a new page, the pin "
                    + "stays on the old one."),
    /** The checker's own find; real kernels confirm it. */
    CLEAN_DMA(
            Property.PIN_COHERENCE,
            "lost device write (since v6.11, c18160dba5ff; dma-clean.litmus)",
            "a read fault maps an exclusive swapped page writable but clean; a pin taken then marks nothing dirty, so "
                    + "after it reclaim drops the page with what the device wrote, and the old copy comes back."),
    /** Counts. */
    COUNTS(
            Property.BOOKKEEPING,
            "broken bookkeeping",
            "counts do not add up any more, something was lost, or a lock was left behind."),
    /** None of these. */
    UNNAMED(Property.ISOLATION, "no famous case", "see the steps.");

    private final Property property;
    private final String title;
    private final String why;

    KnownCase(Property property, String title, String why) {
        this.property = property;
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
     * The name without where it is told or when it ended.
     *
     * @return a few words, for a column
     */
    public String label() {
        int bracket = title.indexOf(" (");
        return bracket < 0 ? title : title.substring(0, bracket);
    }

    /**
     * The property it is known to violate; a violation says its own, which may be another.
     *
     * @return the property; of {@link #UNNAMED}, which may be anything, the worst
     */
    public Property property() {
        return property;
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
     * The cases that {@code check} finds of a policy in its default scopes; a test holds them.
     *
     * @return them in the order of this enum; empty of a safe policy, and of a rule of the user's own
     */
    public static Set<KnownCase> of(Policy policy) {
        return switch (policy) {
            case V5_7 -> EnumSet.of(CVE, CVE_BEFORE_FORK, CVE_DO_SWAP_PAGE, FORKED_PIN, ZERO_PIN);
            case V5_8 -> EnumSet.of(CVE_BEFORE_FORK, CVE_DO_SWAP_PAGE, FORKED_PIN);
            case V5_9, LINUS -> EnumSet.of(CVE_DO_SWAP_PAGE, ZERO_PIN, WRONG_COW);
            case LIANG -> EnumSet.of(CVE_SWAP_CACHE, CVE_DO_SWAP_PAGE, SHARED_PIN, ZERO_PIN, WRONG_COW);
            case WILCOX -> EnumSet.of(SWAP_ENTRY, CVE_DO_SWAP_PAGE, ZERO_PIN, WRONG_COW);
            case V5_18, ALWAYS_COPY -> EnumSet.of(ZERO_PIN, WRONG_COW);
            case V5_19 -> EnumSet.of(ZERO_PIN);
            case V6_11, V6_15, V7_0, V7_3 -> EnumSet.of(CLEAN_DMA);
            case ALWAYS_REUSE -> EnumSet.of(MISSED_COW, ZERO_PIN);
            default -> EnumSet.noneOf(KnownCase.class);
        };
    }

    /**
     * Finds the case that a violation is: by the decision that did the harm, which need not be the last move's, as the
     * fault may have been taken by a pin or a pipe on its way.
     *
     * @return the case
     */
    public static KnownCase of(Violation violation) {
        boolean swapped = has(violation, Op.PAGEOUT) || has(violation, Op.RECLAIM);
        return switch (violation.property()) {
            case ISOLATION ->
                switch (harm(violation)) {
                    case WP_REUSE -> swapped ? SWAP_ENTRY : MISSED_COW;
                    case SWAP_IN_REUSE -> MISSED_COW;
                    default -> UNNAMED;
                };
            case SECRECY -> secrecy(violation, swapped);
            case PIN_COHERENCE -> pinCoherence(violation, swapped);
            case BOOKKEEPING -> COUNTS;
        };
    }

    /**
     * The cases that a search found.
     *
     * @param judgement what it found
     * @return them in the order of this enum
     */
    public static Set<KnownCase> of(Judgement judgement) {
        Set<KnownCase> cases = EnumSet.noneOf(KnownCase.class);
        judgement.violations().forEach(violation -> cases.add(of(violation)));
        return cases;
    }

    private static KnownCase secrecy(Violation violation, boolean swapped) {
        int looks = taken(violation, violation.script().steps().getLast());
        // As long as its owner still maps or may fault the page, it is the mapping that was missed, not the reference.
        boolean parted = parted(violation, looks);
        return switch (harm(violation)) {
            case WP_REUSE ->
                !parted
                        ? swapped ? SWAP_ENTRY : MISSED_COW
                        : writesFolio(decision(violation))
                                ? CVE_PMD
                                : swapped ? CVE_SWAP_CACHE : forkedLater(violation, looks) ? CVE_BEFORE_FORK : CVE;
            case SWAP_IN_REUSE -> parted ? CVE_DO_SWAP_PAGE : MISSED_COW;
            default -> {
                Step last = lastMove(violation);
                yield last.op() == Op.DMA && forkedLater(violation, taken(violation, last)) ? FORKED_PIN : UNNAMED;
            }
        };
    }

    private static KnownCase pinCoherence(Violation violation, boolean swapped) {
        List<Step> steps = violation.script().steps();
        Op last = lastMove(violation).op();
        if (has(violation, Op.DMA) && (last == Op.PAGEOUT || last == Op.RECLAIM)) {
            return CLEAN_DMA;
        }
        Step shows = steps.getLast().op() == Op.PEEK
                ? steps.getLast()
                : steps.stream()
                        .filter(step -> step.op() == Op.DMA)
                        .reduce((first, later) -> later)
                        .orElseThrow();
        int pin = taken(violation, shows);
        if (violation.did().get(pin) instanceof StepOutcome.Access access && access.mapsZeroPage()) {
            return ZERO_PIN;
        }
        if (forkedLater(violation, pin)) {
            return FORKED_PIN;
        }
        return switch (decided(violation, steps.get(pin)).cause()) {
            case WP_REUSE, SWAP_IN_REUSE -> MISSED_COW;
            case WP_COPY -> has(violation, Op.FORK) && !swapped ? SHARED_PIN : WRONG_COW;
            default -> UNNAMED;
        };
    }

    /** How the process that stored last, or whose device did, had got to the page that it stored to. */
    private static Cause harm(Violation violation) {
        Op last = lastMove(violation).op();
        return last == Op.WRITE || last == Op.DMA ? decision(violation).cause() : violation.cause();
    }

    private static StepOutcome decision(Violation violation) {
        Step last = lastMove(violation);
        return decided(
                violation, last.op() == Op.DMA ? violation.script().steps().get(taken(violation, last)) : last);
    }

    /** What decided last about the page of a step for its process, since a fork shared it. */
    private static StepOutcome decided(Violation violation, Step of) {
        List<Step> steps = violation.script().steps();
        for (int at = steps.size() - 2; at >= 0; at--) {
            Step step = steps.get(at);
            StepOutcome did = violation.did().get(at);
            if (step.process().equals(of.process())
                    && did.cause() != Cause.OTHER
                    && (step.meets(of) || writesFolio(did))) {
                return did;
            }
            if (forks(step, of.process())) {
                break;
            }
        }
        return StepOutcome.Plain.NOTHING;
    }

    /** Whether a step made more pages writable than the one that it wrote: under a PMD entry all of the folio. */
    private static boolean writesFolio(StepOutcome did) {
        return did instanceof StepOutcome.Access access && access.writesFolio();
    }

    /** The step that took the reference of a step. */
    private static int taken(Violation violation, Step of) {
        List<Step> steps = violation.script().steps();
        int at = steps.lastIndexOf(of);
        while (!steps.get(at).op().takesReference() || !steps.get(at).target().equals(of.target())) {
            at--;
        }
        return at;
    }

    /** Whether the process that took a reference has forked since. */
    private static boolean forkedLater(Violation violation, int taken) {
        List<Step> steps = violation.script().steps();
        return steps.stream()
                .skip(taken)
                .anyMatch(step -> forks(step, steps.get(taken).process()));
    }

    /** Whether the process that took a reference maps another page since, or none. */
    private static boolean parted(Violation violation, int taken) {
        List<Step> steps = violation.script().steps();
        for (int at = taken + 1; at < steps.size() - 1; at++) {
            Op op = steps.get(at).op();
            if (steps.get(at).process().equals(steps.get(taken).process())
                    && (op == Op.DISCARD
                            || op == Op.EXIT
                            || violation.did().get(at).cause() == Cause.WP_COPY)) {
                return true;
            }
        }
        return false;
    }

    private static boolean forks(Step step, String process) {
        return step.op() == Op.FORK
                && (step.process().equals(process) || step.target().equals(process));
    }

    private static boolean has(Violation violation, Op op) {
        return violation.script().steps().stream().anyMatch(step -> step.op() == op);
    }

    /** The last move before the read or peek that shows it. */
    private static Step lastMove(Violation violation) {
        List<Step> steps = violation.script().steps();
        return steps.get(steps.size() - 2);
    }
}
