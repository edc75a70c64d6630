package org.cowbench.result;

/**
 * The situations that are measured on this machine's own kernel, by the names that its results have always had for them.
 * {@link #PRIVATE} stands against the hidden sharer there: it is not {@link Situation#PRIVATE}, whose pages were never
 * swapped out.
 */
public enum HostSituation {
    /** Nothing was done to the pages. */
    PRESENT(Situation.PRESENT, "never paged out, the control"),
    /** Paged out and read back. */
    PRIVATE(Situation.SWAPCACHE, "nobody else has them"),
    /** Paged out, then this process forked, then read back. */
    HIDDEN_SHARER(Situation.HIDDEN_SHARER, "a forked child has them in swap");

    private final Situation situation;
    private final String words;

    HostSituation(Situation situation, String words) {
        this.situation = situation;
        this.words = words;
    }

    /**
     * What it is everywhere else.
     *
     * @return the situation
     */
    public Situation situation() {
        return situation;
    }

    /**
     * What people read.
     *
     * @return a few words about the pages
     */
    public String words() {
        return words;
    }
}
