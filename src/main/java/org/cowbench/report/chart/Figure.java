package org.cowbench.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Title, notes, legend and panels in a grid, laid out top down. All sizes are pixels. Panels fill the grid row by row;
 * where all panels of a row share the vertical scale, only the first is labelled.
 */
public final class Figure {

    private static final double MARGIN = 14;
    private static final double TITLE_SIZE = 15;
    private static final double LINE = 15;
    private static final double PANEL_TITLE = 18;
    private static final double CAPTION = 12;
    private static final double TICKS = 17;
    private static final double AXIS_LABEL = 14;
    private static final double COLUMN_GAP = 26;
    private static final double ROW_GAP = 10;
    private static final double SAMPLE = 30;
    private static final double LEGEND_LINE = 16;

    private record Entry(String name, Style style, boolean line, boolean marker) {}

    private record Cell(String title, String caption, Axis x, Axis y, Consumer<Panel> painter) {}

    private final String id;
    private final String title;
    private final String description;
    private final List<String> notes = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private int columns = 1;
    private double panelWidth = 300;
    private double panelHeight = 200;

    /**
     * Starts a figure.
     *
     * @param id XML id and usual file name: letters, digits, hyphens
     * @param title headline
     * @param description what the figure shows, for readers who cannot see it
     */
    public Figure(String id, String title, String description) {
        this.id = id;
        this.title = title;
        this.description = description;
    }

    /**
     * Adds a note under the title; long notes are wrapped.
     *
     * @param text a sentence or a few
     * @return this figure
     */
    public Figure note(String text) {
        notes.add(text);
        return this;
    }

    /**
     * Sets the grid.
     *
     * @param count columns, at least 1
     * @param width of a plotting area
     * @param height of a plotting area
     * @return this figure
     */
    public Figure grid(int count, double width, double height) {
        columns = count;
        panelWidth = width;
        panelHeight = height;
        return this;
    }

    /**
     * Adds a legend entry; the legend stands to the right of all panels.
     *
     * @param name what the series is called
     * @param style how it looks
     * @param line whether its line is shown
     * @param marker whether its marker is shown
     * @return this figure
     */
    public Figure legend(String name, Style style, boolean line, boolean marker) {
        entries.add(new Entry(name, style, line, marker));
        return this;
    }

    /**
     * Adds a panel.
     *
     * @param heading its title, in bold
     * @param caption a line under the title; may be empty
     * @param x horizontal axis
     * @param y vertical axis
     * @param painter draws the marks
     * @return this figure
     */
    public Figure panel(String heading, String caption, Axis x, Axis y, Consumer<Panel> painter) {
        cells.add(new Cell(heading, caption, x, y, painter));
        return this;
    }

    /**
     * Draws everything.
     *
     * @return the finished document
     * @throws IllegalStateException if the figure has no panel
     */
    public Svg draw() {
        if (cells.isEmpty()) {
            throw new IllegalStateException("figure " + id + " has no panel");
        }
        int used = Math.min(columns, cells.size());
        double[] lefts = new double[used];
        double x = MARGIN;
        for (int column = 0; column < used; column++) {
            lefts[column] = x + leftOf(column) + (column == 0 ? 0 : COLUMN_GAP);
            x = lefts[column] + panelWidth;
        }
        double legendLeft = x + COLUMN_GAP;
        double width = entries.isEmpty() ? x + COLUMN_GAP : legendLeft + legendWidth() + MARGIN;
        width = Math.max(width, 2 * MARGIN + TextWidth.of(title, TITLE_SIZE, true));

        double textWidth = width - 2 * MARGIN;
        List<String> lines = notes.stream().flatMap(note -> wrap(note, textWidth).stream()).toList();
        double head = MARGIN + TITLE_SIZE + lines.size() * LINE + 12;
        int rows = (cells.size() + columns - 1) / columns;
        double panelTitle = PANEL_TITLE + (cells.stream().allMatch(cell -> cell.caption.isEmpty()) ? 0 : CAPTION);
        double rowHeight = panelTitle + panelHeight + TICKS + AXIS_LABEL + ROW_GAP;
        double height = head + Math.max(rows * rowHeight, panelTitle + entries.size() * LEGEND_LINE) + MARGIN - ROW_GAP;

        Svg svg = new Svg(id, Math.ceil(width), Math.ceil(height), title, description);
        svg.text(MARGIN, MARGIN + TITLE_SIZE * 0.8, title, Svg.Anchor.START, TITLE_SIZE, true, "");
        for (int i = 0; i < lines.size(); i++) {
            svg.text(MARGIN, MARGIN + TITLE_SIZE + (i + 1) * LINE - 1, lines.get(i), Svg.Anchor.START, Svg.FONT_SIZE,
                    false, "fill=\"#444\"");
        }
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            double left = lefts[i % columns];
            double top = head + i / columns * rowHeight + panelTitle;
            svg.text(left, top - panelTitle + 12, cell.title, Svg.Anchor.START, Svg.FONT_SIZE, true, "");
            svg.text(left, top - 6, cell.caption, Svg.Anchor.START, Panel.TICK_SIZE, false, "fill=\"#444\"");
            Panel panel = new Panel(svg, left, top, panelWidth, panelHeight, cell.x, cell.y);
            boolean labelY = i % columns == 0 || !shared(i);
            panel.frame(labelY);
            svg.text(left + panelWidth / 2, top + panelHeight + TICKS + 10, cell.x.label(), Svg.Anchor.MIDDLE,
                    Panel.TICK_SIZE, false, "");
            if (labelY) {
                double labels = Panel.labelWidth(cell.y.scale(), panelHeight);
                svg.textUpwards(left - labels - 11, top + panelHeight / 2, cell.y.label(), Panel.TICK_SIZE);
            }
            cell.painter.accept(panel);
        }
        for (int i = 0; i < entries.size(); i++) {
            drawEntry(svg, entries.get(i), legendLeft, head + panelTitle + i * LEGEND_LINE + 6);
        }
        return svg;
    }

    private void drawEntry(Svg svg, Entry entry, double left, double y) {
        if (entry.line) {
            svg.path("M" + Numbers.coordinate(left) + " " + Numbers.coordinate(y) + "h" + Numbers.coordinate(SAMPLE),
                    entry.style.stroke(1.5), "");
        }
        if (entry.marker) {
            svg.path(entry.style.marker().at(left + SAMPLE / 2, y), entry.style.marker().paint(entry.style.colour()),
                    "");
        }
        svg.text(left + SAMPLE + 6, y + 4, entry.name, Svg.Anchor.START, Svg.FONT_SIZE, false, "");
    }

    private double legendWidth() {
        return SAMPLE + 6 + entries.stream()
                .mapToDouble(entry -> TextWidth.of(entry.name, Svg.FONT_SIZE, false))
                .max()
                .orElse(0);
    }

    /** Whether a panel has the vertical axis of the first panel in its row. */
    private boolean shared(int index) {
        return cells.get(index - index % columns).y.equals(cells.get(index).y);
    }

    /** Room for vertical tick labels and axis label left of a column. */
    private double leftOf(int column) {
        double room = 0;
        for (int i = column; i < cells.size(); i += columns) {
            if (column == 0 || !shared(i)) {
                Axis axis = cells.get(i).y;
                double labels = Panel.labelWidth(axis.scale(), panelHeight) + 7;
                room = Math.max(room, labels + (axis.label().isEmpty() ? 0 : AXIS_LABEL + 2));
            }
        }
        return room;
    }


    static List<String> wrap(String text, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && TextWidth.of(longer, Svg.FONT_SIZE, false) > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
