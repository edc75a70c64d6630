package org.cowbench.compare;

import java.util.Collection;
import java.util.stream.Collectors;

/** Some of many names, for a line that people read. */
public final class Names {
    private Names() {}

    /**
     * The first names, and how many others there are.
     *
     * @param names all of them
     * @param most how many are spelled out
     * @return such as {@code a, b, c and 4 more}
     */
    public static String first(Collection<String> names, int most) {
        return names.stream().limit(most).collect(Collectors.joining(", "))
                + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }
}
