package org.cowbench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of a process are like before they are accessed, in the order in which tables and pictures show it. The
 * process wrote each of its pages once; then the {@link #steps} follow, which any process can do.
 *
 * <p>One list for the model, this machine's kernel and guests. Each goes through the same steps in code of its own, for
 * there is nothing that they could share: the model by operations of its machine ({@code bench.Prepared}), this machine
 * by system calls of the JVM ({@code kernel.HostFault}), a guest by those of the probe's processes ({@code probe.c}). A
 * step that one cannot do it refuses. A guest measures the read, where there is one, as well as the write after it.
 *
 * <p>Whether that write faults at all is the policy's business: from v6.11 a read of an exclusive swapped page maps it
 * writable, and up to v5.8 a pin may have resolved the fault already.
 */
public enum Situation {
    /** Private, read back while still in the swap cache, LRU batches drained. */
    SWAPCACHE("private page in the swap cache", Step.PAGEOUT, Step.READ),
    /**
     * As {@link #SWAPCACHE}, but an LRU batch still holds a reference to each page, as it does when a page is written
     * right after it was read back.
     */
    BATCHED("private, swap cache, LRU batch reference", Step.PAGEOUT, Step.READ),
    /** In the swap cache, mapped here only, but a forked process still names its swap slot. */
    HIDDEN_SHARER("another process holds the swap entry", Step.PAGEOUT, Step.FORK, Step.READ),
    /** Mapped here and in a forked process. */
    FORK_SHARED("shared with a forked child", Step.FORK),
    /** As {@link #PRIVATE}, then pinned for reading for a long time. */
    PINNED("private page with a FOLL_PIN reference", Step.FORK, Step.EXIT, Step.PINRO),
    /** Private and not in the swap cache; write-protected by a fork(2) whose child has gone. */
    PRIVATE("private page, not in the swap cache", Step.FORK, Step.EXIT),
    /** Present and writable: no fault is due. */
    PRESENT("private page, never swapped out"),
    /** Private, in the swap cache and not read back. */
    SWAPPED("private page, swapped out", Step.PAGEOUT),
    /** In the swap cache, mapped nowhere; this and a forked process name its swap slot. */
    SWAP_SHARED("swapped out and shared with a forked child", Step.PAGEOUT, Step.FORK),
    /** As {@link #SWAP_SHARED}, but the forked process has gone. */
    SHARER_GONE("swapped out, the other process gone", Step.PAGEOUT, Step.FORK, Step.EXIT),
    /** Of a large folio: as {@link #PRIVATE}, but the second half of its pages was given back before. */
    HALF_LEFT("half of a folio, the rest given back", Step.DISCARD_HALF, Step.FORK, Step.EXIT),
    /** Of a large folio: as {@link #PRIVATE}, but all of its pages except the first were given back before. */
    ONE_LEFT("the last mapped page of a folio", Step.DISCARD_REST, Step.FORK, Step.EXIT);

    /** Name of the parameter that carries the situation, in benchmarks and in results. */
    public static final String PARAM = "situation";

    /** What is done to all pages; LRU batches are drained before and after each. Named after the words of scripts. */
    public enum Step {
        /** They are paged out, and stay in the swap cache. */
        PAGEOUT,
        /** The process forks; the child touches nothing. */
        FORK,
        /** The child exits. */
        EXIT,
        /** They are read. */
        READ,
        /** They are pinned for reading, for a long time. */
        PINRO,
        /** Of each large folio the second half is discarded. */
        DISCARD_HALF,
        /** Of each large folio all pages but the first are discarded. */
        DISCARD_REST;

        /**
         * The step as the probe is asked for it.
         *
         * @return its word
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final String words;
    private final List<Step> steps;

    Situation(String words, Step... steps) {
        this.words = words;
        this.steps = List.of(steps);
    }

    /**
     * Finds a situation by the name that results have for it.
     *
     * @param name the constant's name
     * @return empty where this version knows none
     */
    public static Optional<Situation> of(@Nullable String name) {
        return Arrays.stream(values())
                .filter(situation -> situation.name().equals(name))
                .findFirst();
    }

    /**
     * What people read.
     *
     * @return a few words
     */
    public String words() {
        return words;
    }

    /**
     * What brings it about, after every page was written once.
     *
     * @return the steps in order
     */
    public List<Step> steps() {
        return steps;
    }

    /**
     * Which pages of a folio are left to be accessed.
     *
     * @param pages pages of the folio
     * @return how many, from its first on
     */
    public int left(int pages) {
        return steps.contains(Step.DISCARD_REST) ? 1 : steps.contains(Step.DISCARD_HALF) ? pages / 2 : pages;
    }

    /**
     * Whether the steps are done page by page, each on a CPU of its own on which it is then written, and nothing is
     * drained: otherwise the first fault that drains its CPU's batch would drain the pages of those after it.
     *
     * @return true of {@link #BATCHED}
     */
    public boolean batched() {
        return this == BATCHED;
    }
}
