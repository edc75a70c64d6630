package org.cowbench.noise;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts the forks of a run that were disturbed, and by what. */
public final class Disturbances {
    private final Map<String, Integer> byCause = new TreeMap<>();
    private int forks;
    private int disturbed;

    /** Starts at none. */
    public Disturbances() {}

    /**
     * Counts a fork.
     *
     * @param noise what went on around it
     */
    public void add(Noise noise) {
        forks++;
        disturbed += noise.disturbances().isEmpty() ? 0 : 1;
        noise.disturbances().forEach(cause -> byCause.merge(cause, 1, Integer::sum));
    }

    /**
     * Tells whether a line is such a warning: a run that goes on counts anew.
     *
     * @return whether it is
     */
    public static boolean isWarning(String line) {
        return line.matches("[0-9]+ of [0-9]+ forks disturbed: .*");
    }

    /**
     * Says in one line how many forks were disturbed and by what.
     *
     * @return the warning; empty when none was
     */
    public Optional<String> warning() {
        return disturbed == 0
                ? Optional.empty()
                : Optional.of(disturbed + " of " + forks + " forks disturbed: "
                        + byCause.entrySet().stream()
                                .map(cause -> cause.getKey() + " (" + cause.getValue() + ")")
                                .collect(Collectors.joining(", ")));
    }
}
