package org.cowbench.check;

import org.cowbench.machine.Outcome;

/** Which decision the violating move took. */
public enum Cause {
    /** do_wp_page made a page writable where it was. */
    WP_REUSE("do_wp_page reuses"),
    /** do_swap_page mapped a page writable. */
    SWAP_IN_REUSE("do_swap_page maps writable"),
    /** do_wp_page copied. */
    WP_COPY("do_wp_page copies"),
    /** A new zero-filled page, in place of nothing or of the zero page. */
    NEW_PAGE("a fault maps a new page"),
    /** Another decision: fork, reclaim, a reference. */
    OTHER("another decision");

    private final String text;

    Cause(String text) {
        this.text = text;
    }

    /**
     * The decision in words.
     *
     * @return such as {@code do_wp_page reuses}
     */
    public String text() {
        return text;
    }

    static Cause of(int outcome) {
        return (outcome & Outcome.WP_REUSE) != 0
                ? WP_REUSE
                : (outcome & Outcome.MAPPED_WRITABLE) != 0
                        ? SWAP_IN_REUSE
                        : (outcome & Outcome.WP_COPY) != 0
                                ? WP_COPY
                                : (outcome & Outcome.ZERO_FILL) != 0 ? NEW_PAGE : OTHER;
    }
}
