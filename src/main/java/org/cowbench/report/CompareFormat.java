package org.cowbench.report;

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
