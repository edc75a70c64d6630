package org.cowbench.result;

/**
 * A run with too few JVM forks says so in a warning of {@code run.json}, which is known by its first words; these are
 * part of that file's format. Such a run is <em>a look</em>: its numbers show where to measure more, and nothing
 * follows from them. A <em>claim</em> needs enough forks for an interval, at least three of each row, or the blocks of
 * a whole session of {@code ab}.
 */
public final class FewForks {
    /** How the warning begins. */
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
