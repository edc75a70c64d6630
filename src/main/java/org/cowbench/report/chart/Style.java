package org.cowbench.report.chart;

/**
 * How one series looks, three times over: colour, dash pattern, marker.
 *
 * @param colour {@code #rrggbb}
 * @param dash SVG dash array in pixels; empty for a solid line
 * @param marker shape of its points
 */
public record Style(String colour, String dash, Marker marker) {

    /**
     * Okabe and Ito's colours, which survive every common colour blindness, without their yellow, too faint on white, and
     * with a darker green. Their order makes neighbours differ in lightness, which a grey copy keeps.
     */
    private static final String[] COLOURS = {
        "#56B4E9", "#0072B2", "#E69F00", "#000000", "#CC79A7", "#005C45", "#D55E00"
    };

    private static final String[] DASHES = {"7 3", "2 2", "", "8 2 2 2", "12 2 2 2 2 2"};

    /**
     * The style of the n-th series. Neighbours differ in all three properties, and since 7 colours and 5 dash patterns
     * have no common divisor, the first 35 series differ in colour or pattern, as 60 do in pattern or marker.
     *
     * @param index 0 or more; constant for a series across all charts
     * @return its style
     */
    public static Style of(int index) {
        return new Style(
                COLOURS[index % COLOURS.length],
                DASHES[index % DASHES.length],
                Marker.values()[index % Marker.values().length]);
    }

    /**
     * The same series with another marker, for charts in which the shape says something else.
     *
     * @param other the shape to use
     * @return a style with this colour and dash
     */
    public Style with(Marker other) {
        return new Style(colour, dash, other);
    }

    /** Presentation attributes of a line of this style. */
    String stroke(double width) {
        return "fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"" + Numbers.coordinate(width) + "\""
                + (dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"");
    }
}
