package org.cowbench.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody meant. */
final class Nearest {
    private Nearest() {}

    /**
     * Finds the name nearest to a word, by the number of letters to insert, delete, replace or swap with their
     * neighbour.
     *
     * @param word what was typed
     * @param names what there is
     * @return the nearest; empty when none is near enough that a slip of the finger would explain it
     */
    static Optional<String> to(String word, Collection<String> names) {
        String typed = bare(word);
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(typed, bare(name))))
                .filter(name -> distance(typed, bare(name))
                        <= Math.max(1, Math.max(typed.length(), bare(name).length()) / 3));
    }

    /** Without dashes in front: who types "help" means "--help". */
    private static String bare(String name) {
        return name.replaceFirst("^-+", "");
    }

    /** Optimal string alignment distance. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
