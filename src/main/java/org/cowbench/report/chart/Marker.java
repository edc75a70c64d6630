package org.cowbench.report.chart;

/** Shapes of data points, distinguishable without colour. */
public enum Marker {
    /** A filled disc. */
    DISC(-32, 0, "a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z", true),
    /** A hollow square. */
    SQUARE(-29, -29, "h5.8v5.8h-5.8z", false),
    /** A filled triangle standing on its base. */
    TRIANGLE_FILLED(0, -38, "l3.7 6.5h-7.4z", true),
    /** A hollow diamond. */
    DIAMOND(0, -40, "l4 4l-4 4l-4-4z", false),
    /** A filled triangle standing on its tip. */
    NABLA_FILLED(0, 38, "l3.7-6.5h-7.4z", true),
    /** A hollow circle. */
    CIRCLE(-32, 0, "a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z", false),
    /** A filled square. */
    SQUARE_FILLED(-29, -29, "h5.8v5.8h-5.8z", true),
    /** A hollow triangle standing on its base. */
    TRIANGLE(0, -38, "l3.7 6.5h-7.4z", false),
    /** A filled diamond. */
    DIAMOND_FILLED(0, -40, "l4 4l-4 4l-4-4z", true),
    /** A hollow triangle standing on its tip. */
    NABLA(0, 38, "l3.7-6.5h-7.4z", false),
    /** An upright cross. */
    PLUS(-36, 0, "h7.2m-3.6-3.6v7.2", false),
    /** A diagonal cross. */
    CROSS(-30, -30, "l6 6m-6 0l6-6", false);

    private final int dx;
    private final int dy;
    private final String outline;
    private final boolean filled;

    /** The outline starts at (dx, dy) tenths of a pixel from the point and goes on in relative path commands. */
    Marker(int dx, int dy, String outline, boolean filled) {
        this.dx = dx;
        this.dy = dy;
        this.outline = outline;
        this.filled = filled;
    }

    /** SVG path data of this shape around a point in pixels. */
    String at(double x, double y) {
        return "M" + Numbers.tenths(Math.round(x * 10) + dx) + " " + Numbers.tenths(Math.round(y * 10) + dy) + outline;
    }

    /** Presentation attributes of this shape in a colour. */
    String paint(Ink colour) {
        return "fill=\"" + (filled ? colour : Ink.PAPER) + "\" stroke=\"" + colour + "\" stroke-width=\"1.3\"";
    }
}
