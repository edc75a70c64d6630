package org.cowbench.report.chart;

/**
 * How one series looks, three times over: colour, dash pattern, marker.
 *
 * @param colour one of the palette
 * @param dash SVG dash array in pixels; empty for a solid line
 * @param marker shape of its points
 */
public record Style(Ink colour, String dash, Marker marker) {

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
                Ink.SERIES.get(index % Ink.SERIES.size()),
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
