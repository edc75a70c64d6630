package org.cowbench.result;

/**
 * What a run says of itself that has fewer forks than a claim needs: a warning of {@code run.json}, known by how it
 * begins, which is part of that file's format.
 */
public final class FewForks {
    /** What such a run is. */
    public static final String LOOK = "a look, not a claim";

    private FewForks() {}

    /**
     * The warning.
     *
     * @param forks how many forks there are, in words
     * @return a line
     */
    public static String warning(String forks) {
        return LOOK + ": " + forks;
    }

    /**
     * Whether a warning says that forks are few.
     *
     * @param warning a warning of a run
     * @return whether it is one that {@link #warning} made
     */
    public static boolean isSaid(String warning) {
        return warning.startsWith(LOOK);
    }
}
