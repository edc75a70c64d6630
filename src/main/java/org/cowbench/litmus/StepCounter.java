package org.cowbench.litmus;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a step did that its entries do not show; a script asks for it by a line {@code count}. The word is the name in lower
 * case, and the probe has the same ones in the same order.
 */
public enum StepCounter {
    /**
     * Copies that write faults of the step made, of the zero page too ({@code wp_page_copy}): also those of a write
     * that brings the page back from swap, which entry and frame do not tell from a reuse.
     */
    COPIES(true, "copies made by a write's faults"),
    /** Times the step drained this CPU's LRU batches ({@code lru_add_drain}). */
    DRAINS(true, "drains of this CPU's LRU batches"),
    /** Flushes of the process's translations that the step asked for ({@code flush_tlb_mm_range}). */
    TLB(true, "flushes of translations"),
    /** Pages in the swap cache after the step that were not there before the script. */
    SWAPCACHE(false, "pages in the swap cache, after the step"),
    /** Swap slots in use after the step that were not before the script, by an entry or the swap cache. */
    SLOTS(false, "swap slots in use, after the step");

    /** All words. */
    static final String WORDS = Stream.of(values()).map(StepCounter::toString).collect(Collectors.joining(", "));

    private final boolean ofAccesses;
    private final String help;

    StepCounter(boolean ofAccesses, String help) {
        this.ofAccesses = ofAccesses;
        this.help = help;
    }

    /**
     * Those that are calls of functions of the kernel.
     *
     * @return the counters of reads and writes
     */
    public static Set<StepCounter> calls() {
        return Collections.unmodifiableSet(Stream.of(values())
                .filter(counter -> counter.ofAccesses)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(StepCounter.class))));
    }

    /**
     * The counter that a word names.
     *
     * @param word the word
     * @return the counter, empty when there is none
     */
    static Optional<StepCounter> of(String word) {
        return Stream.of(values())
                .filter(counter -> counter.toString().equals(word))
                .findFirst();
    }

    /**
     * Whether a step has such a number. Calls are counted of reads and writes: what else the kernel calls within other
     * operations, as it forks or unmaps, is not the model's to know.
     *
     * @param op the step's operation
     * @return whether it has
     */
    boolean of(Op op) {
        return !ofAccesses || op == Op.READ || op == Op.WRITE;
    }

    /**
     * What it counts, for a help text.
     *
     * @return at most 50 characters
     */
    public String help() {
        return help;
    }

    /** The word. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
