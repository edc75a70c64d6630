package org.cowbench.report.compare;

import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison;

/** Writes comparisons in one format. */
interface CompareWriter {

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @param all whether rows that show nothing are wanted, by a format that leaves them out
     * @return the text, ending in a newline
     */
    String write(Comparison comparison, boolean all);

    /**
     * Writes the comparisons of several heads with one base.
     *
     * @param comparisons one a head
     * @param all as of {@link #write}
     * @return one after the other, unless the format has one form for all
     */
    default String several(List<Comparison> comparisons, boolean all) {
        return comparisons.stream().map(each -> write(each, all)).collect(Collectors.joining("\n"));
    }
}
