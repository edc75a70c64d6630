package org.cowbench.stats;

import java.util.Locale;

/** What a comparison says of one row. */
public enum Verdict {
    /** Shown to be better by more than the bound. */
    FASTER,
    /** Shown to be worse by more than the bound. */
    SLOWER,
    /** Shown to differ by less than the bound. */
    SAME,
    /** Neither is shown; more blocks may decide. */
    INCONCLUSIVE,
    /** A count that is not a cost in itself, shown to have grown. */
    MORE,
    /** A count that is not a cost in itself, shown to have shrunk. */
    FEWER;

    /**
     * The word that reports print.
     *
     * @return the name in lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
