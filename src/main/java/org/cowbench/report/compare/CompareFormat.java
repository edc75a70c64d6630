package org.cowbench.report.compare;

import java.util.List;
import org.cowbench.compare.Comparison;

/** How a comparison is written. */
public enum CompareFormat {
    /** For mails: ASCII, at most 72 columns; other letters are escaped. */
    TEXT(CompareText::of),
    /** For pull requests. */
    MARKDOWN(new CompareMarkdown()),
    /** Everything, unrounded, after a published schema. */
    JSON(new CompareJson()),
    /** One line a row, unrounded. */
    CSV(new CompareCsv()),
    /** One page that needs nothing else. */
    HTML((comparison, all) -> HtmlComparison.of(comparison)),
    /** As the kernel test robot writes. */
    LKP(new CompareLkp()),
    /** As mmtests writes. */
    MMTESTS(new CompareMmtests()),
    /** Go's benchmark format with both sides, for the user's own benchstat. */
    BENCHSTAT(new CompareBenchstat());

    private final CompareWriter writer;

    CompareFormat(CompareWriter writer) {
        this.writer = writer;
    }

    /**
     * Writes the comparisons of several heads with one base.
     *
     * @param comparisons one a head
     * @param all as of {@link #write(Comparison, boolean)}
     * @return of one comparison what that writes; else JSON as an array, CSV as one table whose rows begin with the
     *     label of the head, and other formats one after the other
     */
    public String write(List<Comparison> comparisons, boolean all) {
        return comparisons.size() == 1 ? write(comparisons.getFirst(), all) : writer.several(comparisons, all);
    }

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @param all whether text and Markdown show rows that show nothing; the other formats always do
     * @return the text, ending in a newline
     */
    public String write(Comparison comparison, boolean all) {
        return writer.write(comparison, all);
    }
}
