package org.cowbench.report.chart;

/**
 * Widths of text without a font. The table holds the advances of DejaVu Sans, which is also the first font the SVG asks
 * for; Verdana is as wide and the usual fallbacks (Arial, Helvetica) are narrower, so a layout that fits here fits
 * there.
 */
final class TextWidth {

    /** Advance of the characters 32 to 126 in thousandths of the font size. */
    private static final int[] REGULAR = {
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
        636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656,
        557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613,
        635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818,
        592, 592, 525, 636, 337, 636, 838
    };

    /** The bold face is at most this much wider, averaged over any word. */
    private static final double BOLD = 1.2;

    /** Every character outside the table: as wide as its widest likely member. */
    private static final int OTHER = 838;

    private static final String ELLIPSIS = "\u2026";

    private TextWidth() {}

    /**
     * The width of a line of text.
     *
     * @param text one line
     * @param size font size in pixels
     * @param bold whether the bold face is meant
     * @return an upper estimate in pixels
     */
    static double of(String text, double size, boolean bold) {
        int thousandths = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            thousandths += c >= 32 && c < 127 ? REGULAR[c - 32] : OTHER;
        }
        return thousandths * size / 1000 * (bold ? BOLD : 1);
    }

    /**
     * A text that fits: whole, or with its middle left out, since names tell apart by both ends.
     *
     * @param text one line
     * @param size font size in pixels
     * @param bold whether the bold face is meant
     * @param width room in pixels
     * @return the text, or its beginning and end around an ellipsis
     */
    static String shorten(String text, double size, boolean bold, double width) {
        if (of(text, size, bold) <= width) {
            return text;
        }
        for (int kept = text.length() - 1; kept > 0; kept--) {
            String shorter = text.substring(0, kept / 2).stripTrailing()
                    + ELLIPSIS
                    + text.substring(text.length() - (kept - kept / 2)).stripLeading();
            if (of(shorter, size, bold) <= width) {
                return shorter;
            }
        }
        return ELLIPSIS;
    }
}
