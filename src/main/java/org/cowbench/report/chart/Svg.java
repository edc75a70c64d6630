package org.cowbench.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * An SVG document under construction. Coordinates are pixels from the top left corner; text is kept as text.
 *
 * <p>Ids inside start with the document's own id, so several documents can be put into one HTML page.
 */
public final class Svg {

    /** Where the text of a line starts, is centred or ends. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /**
     * The box that a text needs at most.
     *
     * @param text what is written
     * @param left left edge in pixels
     * @param top upper edge in pixels
     * @param right right edge in pixels
     * @param bottom lower edge in pixels
     */
    public record TextBox(String text, double left, double top, double right, double bottom) {

        /**
         * Says whether two texts would be drawn over each other.
         *
         * @param other another box of the same document
         * @return true when the boxes share an area
         */
        public boolean overlaps(TextBox other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    /** Font size in pixels of every text that does not say otherwise. */
    static final double FONT_SIZE = 11;

    private static final double ASCENT = 0.78;
    private static final double DESCENT = 0.22;

    private final String id;
    private final double width;
    private final double height;
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder tips = new StringBuilder();
    private final List<TextBox> boxes = new ArrayList<>();

    /**
     * Starts a document with a white background.
     *
     * @param id XML id, unique in a page: letters, digits, hyphens
     * @param width in pixels
     * @param height in pixels
     * @param title what a screen reader calls the picture
     * @param description what it shows, in a sentence or a few
     */
    Svg(String id, double width, double height, String title, String description) {
        this.id = id;
        this.width = width;
        this.height = height;
        String w = Numbers.coordinate(width);
        String h = Numbers.coordinate(height);
        head.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(w)
                .append("\" height=\"")
                .append(h)
                .append("\" viewBox=\"0 0 ")
                .append(w)
                .append(' ')
                .append(h)
                .append("\" role=\"img\" aria-labelledby=\"")
                .append(id)
                .append("-title ")
                .append(id)
                .append("-desc\" font-family=\"DejaVu Sans,Verdana,Arial,Helvetica,sans-serif\" font-size=\"")
                .append(Numbers.coordinate(FONT_SIZE))
                .append("\" fill=\"")
                .append(Ink.TEXT)
                .append("\">\n");
        head.append("<title id=\"")
                .append(id)
                .append("-title\">")
                .append(escape(title))
                .append("</title>\n");
        head.append("<desc id=\"")
                .append(id)
                .append("-desc\">")
                .append(escape(description))
                .append("</desc>\n");
        rectangle(0, 0, width, height, "fill=\"" + Ink.PAPER + "\"");
    }

    /**
     * The id that prefixes every id inside.
     *
     * @return the id given at construction
     */
    public String id() {
        return id;
    }

    /**
     * The width of the canvas.
     *
     * @return pixels
     */
    public double width() {
        return width;
    }

    /**
     * The height of the canvas.
     *
     * @return pixels
     */
    public double height() {
        return height;
    }

    /**
     * The boxes of all texts so far, for layout and for tests that labels do not collide.
     *
     * @return boxes in the order of writing
     */
    public List<TextBox> textBoxes() {
        return List.copyOf(boxes);
    }

    void rectangle(double x, double y, double w, double h, String attributes) {
        body.append("<rect x=\"")
                .append(Numbers.coordinate(x))
                .append("\" y=\"")
                .append(Numbers.coordinate(y))
                .append("\" width=\"")
                .append(Numbers.coordinate(w))
                .append("\" height=\"")
                .append(Numbers.coordinate(h))
                .append('"')
                .append(spaced(attributes))
                .append("/>\n");
    }

    /** Path data with presentation attributes. */
    void path(String data, String attributes) {
        if (!data.isEmpty()) {
            body.append("<path d=\"")
                    .append(data)
                    .append('"')
                    .append(spaced(attributes))
                    .append("/>\n");
        }
    }

    /** A text that browsers show where the pointer is inside a rectangle that is not drawn; a later one lies on top. */
    void tip(double x, double y, double w, double h, String text) {
        tips.append("<path d=\"M")
                .append(Numbers.coordinate(x))
                .append(' ')
                .append(Numbers.coordinate(y))
                .append('h')
                .append(Numbers.coordinate(w))
                .append('v')
                .append(Numbers.coordinate(h))
                .append('h')
                .append(Numbers.coordinate(-w))
                .append("z\"><title>")
                .append(escape(text))
                .append("</title></path>\n");
    }

    /** A line of text on a baseline, shortened to a width; what was left out is shown under the pointer. */
    void shortened(
            double x,
            double y,
            String text,
            Anchor anchor,
            double size,
            boolean bold,
            String attributes,
            double width) {
        String shown = TextWidth.shorten(text, size, bold, width);
        if (shown.equals(text)) {
            text(x, y, text, anchor, size, bold, attributes);
        } else {
            body.append("<g><title>").append(escape(text)).append("</title>\n");
            text(x, y, shown, anchor, size, bold, attributes);
            body.append("</g>\n");
        }
    }

    /** A line of text on a baseline. Empty text draws nothing. */
    void text(double x, double y, String text, Anchor anchor, double size, boolean bold, String attributes) {
        if (text.isEmpty()) {
            return;
        }
        double length = TextWidth.of(text, size, bold);
        double left = x - length * shift(anchor);
        boxes.add(new TextBox(text, left, y - size * ASCENT, left + length, y + size * DESCENT));
        append(Numbers.coordinate(x), Numbers.coordinate(y), text, anchor, size, bold, attributes);
    }

    /** Text centred on a point and turned to read upwards. */
    void textUpwards(double x, double y, String text, double size) {
        if (text.isEmpty()) {
            return;
        }
        double length = TextWidth.of(text, size, false);
        boxes.add(new TextBox(text, x - size * ASCENT, y - length / 2, x + size * DESCENT, y + length / 2));
        append(
                "0",
                "0",
                text,
                Anchor.MIDDLE,
                size,
                false,
                "transform=\"translate(" + Numbers.coordinate(x) + " " + Numbers.coordinate(y) + ") rotate(-90)\"");
    }

    private void append(String x, String y, String text, Anchor anchor, double size, boolean bold, String attributes) {
        body.append("<text x=\"").append(x).append("\" y=\"").append(y).append('"');
        if (anchor != Anchor.START) {
            body.append(" text-anchor=\"")
                    .append(anchor == Anchor.MIDDLE ? "middle" : "end")
                    .append('"');
        }
        if (size != FONT_SIZE) {
            body.append(" font-size=\"").append(Numbers.coordinate(size)).append('"');
        }
        if (bold) {
            body.append(" font-weight=\"bold\"");
        }
        body.append(spaced(attributes)).append('>').append(escape(text)).append("</text>\n");
    }

    private static double shift(Anchor anchor) {
        return switch (anchor) {
            case START -> 0;
            case MIDDLE -> 0.5;
            case END -> 1;
        };
    }

    private static String spaced(String attributes) {
        return attributes.isEmpty() ? "" : " " + attributes;
    }

    /** Escapes markup and replaces what XML 1.0 forbids even escaped. */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                    boolean allowed =
                            c == '\n' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
                    escaped.appendCodePoint(allowed ? c : 0xFFFD);
                }
            }
        });
        return escaped.toString();
    }

    /**
     * The whole document, coloured for white paper.
     *
     * @return SVG text, ending in a newline; encode it as UTF-8
     */
    @Override
    public String toString() {
        return Ink.onPaper(inPage());
    }

    /**
     * The document for a page whose style sheet begins with the {@linkplain Ink#declarations() colours}.
     *
     * @return SVG text, ending in a newline
     */
    public String inPage() {
        String invisible = tips.isEmpty() ? "" : "<g fill=\"none\" pointer-events=\"all\">\n" + tips + "</g>\n";
        return head + body.toString() + invisible + "</svg>\n";
    }
}
