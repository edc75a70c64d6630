package org.cowbench.report.chart;

import java.util.ArrayList;
import java.util.List;

/** A plotting area with two scales. Marks are placed in data coordinates; what lies outside sticks to the edge. */
public final class Panel {

    static final double TICK_SIZE = 10;

    /** Least distance in pixels between two tick labels on a line. */
    private static final double LABEL_GAP = 5;

    /** More are not tried to find labels that fit beside each other. */
    private static final int MOST_TICKS = 40;

    /** How far a label may reach over the panel's edge, in pixels. */
    static final double OVERHANG = 9;

    /** Room in pixels for the name of a row; a longer one is shortened. */
    private static final double MOST_LABEL = 260;

    /** Room in pixels for the name of a row above it. */
    static final double NAME_ROOM = 13;

    /** How far below the middle of its row a mark lies that has its name above it, in pixels. */
    private static final double BELOW_NAME = 5;

    /** Half of the side of what the pointer must find, in pixels. */
    private static final double REACH = 5;

    private final Svg svg;
    private final double left;
    private final double top;
    private final double width;
    private final double height;
    private final boolean inside;
    private final Axis xAxis;
    private final Axis yAxis;
    private final Scale xScale;
    private final Scale yScale;

    /**
     * Places a panel.
     *
     * @param inside whether the names of rows stand in the panel, above what is drawn of them
     */
    Panel(Svg svg, double left, double top, double width, double height, boolean inside, Axis xAxis, Axis yAxis) {
        this.svg = svg;
        this.inside = inside;
        this.left = left;
        this.top = top;
        this.width = width;
        this.height = height;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.xScale = xAxis.scale();
        this.yScale = yAxis.scale();
    }

    private double x(double value) {
        return left + width * xScale.at(value);
    }

    private double y(double value) {
        return y(yScale.at(value), inside ? BELOW_NAME : 0);
    }

    private double y(double position, double shift) {
        return top + height * (1 - position) + shift;
    }

    /**
     * A line through points.
     *
     * @param style colour and dash
     * @param xs horizontal values
     * @param ys vertical values, as many
     */
    public void curve(Style style, double[] xs, double[] ys) {
        svg.path(Polyline.path(pixelsX(xs), pixelsY(ys)), style.stroke(1.5));
    }

    /**
     * An outline over a tinted area which reaches down to the lower edge.
     *
     * @param style colour and dash
     * @param xs horizontal values
     * @param ys vertical values, as many
     */
    public void area(Style style, double[] xs, double[] ys) {
        if (xs.length == 0) {
            return;
        }
        double[] px = pixelsX(xs);
        String line = Polyline.path(px, pixelsY(ys));
        String bottom = Numbers.coordinate(top + height);
        svg.path(
                line + "V" + bottom + "H" + Numbers.coordinate(px[0]) + "z",
                "fill=\"" + style.colour() + "\" fill-opacity=\".22\"");
        svg.path(line, style.stroke(1.5));
    }

    /**
     * Markers of one style.
     *
     * @param style colour and shape
     * @param xs horizontal values
     * @param ys vertical values, as many
     */
    public void markers(Style style, double[] xs, double[] ys) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            data.append(style.marker().at(x(xs[i]), y(ys[i])));
        }
        svg.path(data.toString(), style.marker().paint(style.colour()));
    }

    /**
     * A horizontal stretch with end caps, such as an interval. An end that lies beyond the scale becomes an arrow.
     *
     * @param style colour; always drawn solid, because short dashes would look like two intervals
     * @param low left value
     * @param high right value
     * @param y vertical value
     */
    public void span(Style style, double low, double high, double y) {
        String left = Numbers.coordinate(x(low));
        String right = Numbers.coordinate(x(high));
        String start = xScale.at(low) > 0 ? point(left, y, -3) + "v6" : point(left, y, 0) + "m4-3l-4 3l4 3";
        String end = xScale.at(high) < 1 ? point(right, y, -3) + "v6" : point(right, y, 0) + "m-4-3l4 3l-4 3";
        String data = start + point(left, y, 0) + "H" + right + end;
        svg.path(data, "fill=\"none\" stroke=\"" + style.colour() + "\" stroke-width=\"1.5\"");
    }

    private String point(String x, double y, double offset) {
        return "M" + x + " " + Numbers.coordinate(y(y) + offset);
    }

    /**
     * Short upright strokes, such as the single values behind an interval.
     *
     * @param style colour
     * @param xs horizontal values
     * @param y vertical value
     */
    public void strokes(Style style, double[] xs, double y) {
        StringBuilder data = new StringBuilder();
        for (double value : xs) {
            data.append('M')
                    .append(Numbers.coordinate(x(value)))
                    .append(' ')
                    .append(Numbers.coordinate(y(y) - 4))
                    .append("v8");
        }
        svg.path(data.toString(), "stroke=\"" + style.colour() + "\" stroke-width=\".8\" stroke-opacity=\".6\"");
    }

    /**
     * A bar from the left edge.
     *
     * @param style colour
     * @param value where it ends
     * @param row vertical value of its middle
     * @param thickness in pixels
     */
    public void bar(Style style, double value, double row, double thickness) {
        svg.rectangle(
                left,
                y(row) - thickness / 2,
                x(value) - left,
                thickness,
                "fill=\"" + style.colour() + "\" fill-opacity=\".75\"");
    }

    /**
     * Text under the pointer wherever it is in a row of a panel with a scale of {@linkplain Scale.Rows rows}.
     *
     * @param row number of the row
     * @param tip the text
     */
    public void rowTip(double row, String tip) {
        double upper = y(yScale.at(row - 0.5), 0);
        svg.tip(left, upper, width, y(yScale.at(row + 0.5), 0) - upper, tip);
    }

    /**
     * Text under the pointer wherever it is between two horizontal values.
     *
     * @param from left value
     * @param to right value
     * @param tip the text
     */
    public void columnTip(double from, double to, String tip) {
        svg.tip(x(from), top, x(to) - x(from), height, tip);
    }

    /**
     * Text under the pointer near a point.
     *
     * @param x horizontal value
     * @param y vertical value
     * @param tip the text
     */
    public void pointTip(double x, double y, String tip) {
        svg.tip(x(x) - REACH, y(y) - REACH, 2 * REACH, 2 * REACH, tip);
    }

    /**
     * A thin upright line over the whole height.
     *
     * @param x horizontal value
     */
    public void upright(double x) {
        svg.path(
                "M" + Numbers.coordinate(x(x)) + " " + Numbers.coordinate(top) + "v" + Numbers.coordinate(height),
                "fill=\"none\" stroke=\"" + Ink.SOFT + "\" stroke-dasharray=\"4 3\"");
    }

    /**
     * A thin level line over the whole width.
     *
     * @param y vertical value
     */
    public void across(double y) {
        svg.path(
                "M" + Numbers.coordinate(left) + " " + Numbers.coordinate(y(y)) + "h" + Numbers.coordinate(width),
                "fill=\"none\" stroke=\"" + Ink.SOFT + "\"");
    }

    /**
     * Small text to the right of a point, with a rim of paper where a line passes behind it.
     *
     * @param x horizontal value of the point
     * @param y vertical value of the point
     * @param text one line
     */
    public void note(double x, double y, String text) {
        svg.text(x(x) + 3, y(y) + 3, text, Svg.Anchor.START, 9, false, Ink.PAPER.rim(3));
    }

    /**
     * A key in the upper right corner, for a panel whose series are its own.
     *
     * @param names one a series, top down
     * @param styles colour and dash, as many
     */
    public void corner(List<String> names, List<Style> styles) {
        double right = left + width - 6;
        for (int i = 0; i < names.size(); i++) {
            double at = top + 13 + i * 14;
            double start = right - TextWidth.of(names.get(i), TICK_SIZE, false);
            svg.path(
                    "M" + Numbers.coordinate(start - 26) + " " + Numbers.coordinate(at - 3.5) + "h22",
                    styles.get(i).stroke(2));
            svg.text(start, at, names.get(i), Svg.Anchor.START, TICK_SIZE, false, "");
        }
    }

    private double[] pixelsX(double[] values) {
        double[] pixels = new double[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = x(values[i]);
        }
        return pixels;
    }

    private double[] pixelsY(double[] values) {
        double[] pixels = new double[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = y(values[i]);
        }
        return pixels;
    }

    /** Grid, frame and horizontal tick labels; vertical tick labels only on request. */
    void frame(boolean labelY) {
        List<Scale.Tick> xTicks = enough(Math.max(2, (int) (width / 60)));
        List<Scale.Tick> yTicks = yScale.ticks(Math.max(2, (int) (height / 40)));
        StringBuilder grid = new StringBuilder();
        for (Scale.Tick tick : xAxis.grid() ? xTicks : List.<Scale.Tick>of()) {
            grid.append('M')
                    .append(Numbers.coordinate(left + width * tick.at()))
                    .append(' ')
                    .append(Numbers.coordinate(top))
                    .append('v')
                    .append(Numbers.coordinate(height));
        }
        for (Scale.Tick tick : yAxis.grid() ? yTicks : List.<Scale.Tick>of()) {
            grid.append('M')
                    .append(Numbers.coordinate(left))
                    .append(' ')
                    .append(Numbers.coordinate(y(tick.at(), inside ? BELOW_NAME : 0)))
                    .append('h')
                    .append(Numbers.coordinate(width));
        }
        svg.path(grid.toString(), "fill=\"none\" stroke=\"" + Ink.GRID + "\"");
        svg.rectangle(left, top, width, height, "fill=\"none\" stroke=\"" + Ink.FRAME + "\"");
        for (Scale.Tick tick : spaced(xTicks)) {
            svg.text(labelCentre(tick), top + height + 13, tick.label(), Svg.Anchor.MIDDLE, TICK_SIZE, false, "");
        }
        for (Scale.Tick tick : labelY && !inside ? yTicks : List.<Scale.Tick>of()) {
            svg.shortened(left - 5, y(tick.at(), 3.5), tick.label(), Svg.Anchor.END, TICK_SIZE, false, "", MOST_LABEL);
        }
    }

    /** Writes the names of rows over what is drawn of them, where they stand inside. */
    void names() {
        for (Scale.Tick tick : inside ? yScale.ticks(0) : List.<Scale.Tick>of()) {
            svg.shortened(
                    left + 4,
                    y(tick.at(), BELOW_NAME - 9),
                    tick.label(),
                    Svg.Anchor.START,
                    TICK_SIZE,
                    false,
                    "stroke=\"" + Ink.PAPER + "\" stroke-width=\"3\" paint-order=\"stroke\"",
                    width - 8);
        }
    }

    /** Horizontal ticks so dense that at least three of the labels fit beside each other. */
    private List<Scale.Tick> enough(int wanted) {
        for (int more = wanted; more <= MOST_TICKS; more++) {
            List<Scale.Tick> ticks = xScale.ticks(more);
            if (spaced(ticks).size() >= Scale.LEAST_TICKS) {
                return ticks;
            }
        }
        return xScale.ticks(wanted);
    }

    /** The labels that fit beside each other, the most important ones first. */
    private List<Scale.Tick> spaced(List<Scale.Tick> ticks) {
        List<Scale.Tick> placed = new ArrayList<>();
        for (int rank = 0; rank <= 2; rank++) {
            for (Scale.Tick tick : ticks) {
                if (tick.rank() == rank
                        && !tick.label().isEmpty()
                        && placed.stream().allMatch(other -> apart(tick, other))) {
                    placed.add(tick);
                }
            }
        }
        return placed;
    }

    private boolean apart(Scale.Tick a, Scale.Tick b) {
        double room = (TextWidth.of(a.label(), TICK_SIZE, false) + TextWidth.of(b.label(), TICK_SIZE, false)) / 2;
        return Math.abs(labelCentre(a) - labelCentre(b)) >= room + LABEL_GAP;
    }

    /** A label stands under its tick, but reaches no farther towards the neighbouring panel than is free there. */
    private double labelCentre(Scale.Tick tick) {
        double half = TextWidth.of(tick.label(), TICK_SIZE, false) / 2;
        double centre = left + width * tick.at();
        double lowest = left - OVERHANG + half;
        double highest = left + width + OVERHANG - half;
        return lowest < highest ? Math.clamp(centre, lowest, highest) : centre;
    }

    /** Width in pixels of the widest vertical tick label. */
    static double labelWidth(Scale scale, double height) {
        return scale.ticks(Math.max(2, (int) (height / 40))).stream()
                .mapToDouble(tick -> Math.min(MOST_LABEL, TextWidth.of(tick.label(), TICK_SIZE, false)))
                .max()
                .orElse(0);
    }
}
