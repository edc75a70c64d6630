package org.cowbench.check;

/**
 * How a search ended.
 *
 * @param kind why
 * @param text what stopped it and how far it came, or the empty string at the fixpoint
 */
public record Ending(Kind kind, String text) {
    /** Every reachable state was continued. */
    public static final Ending FIXPOINT = new Ending(Kind.FIXPOINT, "");

    /** Why a search ends. */
    public enum Kind {
        /** Every reachable state was continued. */
        FIXPOINT,
        /** The scope's bound on the depth was reached. */
        DEPTH,
        /** The memory, the bound on it or the numbers of states were used up. */
        MEMORY,
        /** Somebody asked it to stop. */
        INTERRUPTED,
        /** Its checkpoint cannot be written. */
        CHECKPOINT
    }

    /**
     * Whether less was searched than the scope says.
     *
     * @return whether it stopped before its fixpoint and before its depth
     */
    public boolean early() {
        return kind != Kind.FIXPOINT && kind != Kind.DEPTH;
    }
}
