package org.cowbench.report;

import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison;

/** How a comparison is written. */
public enum CompareFormat {
    /** For mails: ASCII, at most 72 columns; other letters are escaped. */
    TEXT,
    /** For pull requests. */
    MARKDOWN,
    /** Everything, unrounded, after a published schema. */
    JSON,
    /** One line a row, unrounded. */
    CSV,
    /** One page that needs nothing else. */
    HTML,
    /** As the kernel test robot writes. */
    LKP,
    /** As mmtests writes. */
    MMTESTS,
    /** Go's benchmark format with both sides, for the user's own benchstat. */
    BENCHSTAT;

    /**
     * Writes the comparisons of several heads with one base.
     *
     * @param comparisons one a head
     * @param all as of {@link #write(Comparison, boolean)}
     * @return of one comparison what that writes; else JSON as an array, CSV as one table whose rows begin with the
     *     label of the head, and other formats one after the other
     */
    public String write(List<Comparison> comparisons, boolean all) {
        if (comparisons.size() == 1) {
            return write(comparisons.getFirst(), all);
        }
        return switch (this) {
            case JSON -> CompareJson.of(comparisons);
            case CSV -> CompareFormats.csv(comparisons);
            default -> comparisons.stream().map(each -> write(each, all)).collect(Collectors.joining("\n"));
        };
    }

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @param all whether text and Markdown show rows that show nothing; the other formats always do
     * @return the text, ending in a newline
     */
    public String write(Comparison comparison, boolean all) {
        return switch (this) {
            case TEXT -> CompareText.of(comparison, all);
            case MARKDOWN -> CompareFormats.markdown(comparison, all);
            case JSON -> CompareJson.of(comparison);
            case CSV -> CompareFormats.csv(comparison);
            case HTML -> HtmlReport.of(comparison);
            case LKP -> CompareFormats.lkp(comparison);
            case MMTESTS -> CompareFormats.mmtests(comparison);
            case BENCHSTAT -> CompareFormats.benchstat(comparison);
        };
    }
}
