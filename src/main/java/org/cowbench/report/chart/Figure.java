package org.cowbench.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Title, notes, legend and panels in a grid, laid out top down. All sizes are pixels. Panels fill the grid row by row;
 * where all panels of a row share the vertical scale, only the first is labelled.
 *
 * <p>A figure is drawn whole, for a file that stands alone, or in {@linkplain #parts() parts}, for a page that writes
 * title and notes as text and lets the panels flow to the width of the screen.
 */
public final class Figure {

    private static final double MARGIN = 14;
    private static final double TITLE_SIZE = 15;
    private static final double LINE = 15;
    private static final double PANEL_TITLE = 18;
    private static final double UNTITLED = 6;
    private static final double CAPTION = 12;
    private static final double TICKS = 17;
    private static final double AXIS_LABEL = 14;
    private static final double COLUMN_GAP = 26;
    private static final double ROW_GAP = 10;
    private static final double SAMPLE = 30;
    private static final double LEGEND_LINE = 16;
    /** A title makes a picture as wide as itself, but no wider than this. */
    private static final double MOST_TITLE = 800;
    /** In a part, names of rows that are wider than this stand above what they name. */
    private static final double MOST_BESIDE = 100;
    /** Room for the name of a series; a longer one is shortened. */
    private static final double MOST_ENTRY = 280;
    /** Width of a legend beside its panels' parts: it fits a phone. */
    private static final double KEY_WIDTH = 360;

    private record Entry(String name, Style style, boolean line, boolean marker) {}

    private record Cell(
            String title, String caption, Axis x, Axis y, double height, boolean inside, Consumer<Panel> painter) {

        /** The cell for a narrow screen: long names of rows stand above what they name instead of beside it. */
        Cell narrow() {
            boolean rows = y.scale() instanceof Scale.Rows && Panel.labelWidth(y.scale(), height) > MOST_BESIDE;
            double higher = rows ? y.scale().ticks(0).size() * Panel.NAME_ROOM : 0;
            return rows ? new Cell(title, caption, x, y, height + higher, true, painter) : this;
        }

        double labels() {
            return inside ? 0 : Panel.labelWidth(y.scale(), height);
        }
    }

    private final String id;
    private final String title;
    private final String description;
    private final List<String> notes = new ArrayList<>();
    private String origin = "";
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
     * Sets what a picture must say of itself where it stands alone; a page says it once for all its pictures.
     *
     * @param text a sentence or a few
     * @return this figure
     */
    public Figure origin(String text) {
        origin = text;
        return this;
    }

    /**
     * Sets the grid.
     *
     * @param count columns, at least 1
     * @param width of a plotting area
     * @param height of the plotting areas added from now on
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
     * @param heading its title, in bold; shortened where it is wider than the panel
     * @param caption a line under the title; may be empty
     * @param x horizontal axis
     * @param y vertical axis
     * @param painter draws the marks
     * @return this figure
     */
    public Figure panel(String heading, String caption, Axis x, Axis y, Consumer<Panel> painter) {
        cells.add(new Cell(heading, caption, x, y, panelHeight, false, painter));
        return this;
    }

    /**
     * The id of the whole picture.
     *
     * @return XML id and usual file name
     */
    public String id() {
        return id;
    }

    /**
     * The headline.
     *
     * @return the title
     */
    public String title() {
        return title;
    }

    /**
     * What the figure shows, for readers who cannot see it.
     *
     * @return the description
     */
    public String description() {
        return description;
    }

    /**
     * The notes, without the {@linkplain #origin origin}.
     *
     * @return notes in order
     */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * Draws everything into one picture.
     *
     * @return the finished document
     * @throws IllegalStateException if the figure has no panel
     */
    public Svg draw() {
        if (cells.isEmpty()) {
            throw new IllegalStateException("figure " + id + " has no panel");
        }
        Grid grid = new Grid(cells, columns);
        double legendLeft = grid.right + COLUMN_GAP;
        double width = entries.isEmpty() ? grid.right + COLUMN_GAP : legendLeft + entryWidth() + MARGIN;
        width = Math.max(width, 2 * MARGIN + Math.min(MOST_TITLE, TextWidth.of(title, TITLE_SIZE, true)));

        double textWidth = width - 2 * MARGIN;
        List<String> lines = Stream.concat(notes.stream(), Stream.of(origin))
                .filter(note -> !note.isEmpty())
                .flatMap(note -> wrap(note, textWidth).stream())
                .toList();
        double head = MARGIN + TITLE_SIZE + lines.size() * LINE + 12;
        double height = head + Math.max(grid.height, grid.titles + entries.size() * LEGEND_LINE) + MARGIN;

        Svg svg = new Svg(id, Math.ceil(width), Math.ceil(height), title, description);
        svg.shortened(MARGIN, MARGIN + TITLE_SIZE * 0.8, title, Svg.Anchor.START, TITLE_SIZE, true, "", textWidth);
        for (int i = 0; i < lines.size(); i++) {
            svg.text(
                    MARGIN,
                    MARGIN + TITLE_SIZE + (i + 1) * LINE - 1,
                    lines.get(i),
                    Svg.Anchor.START,
                    Svg.FONT_SIZE,
                    false,
                    "fill=\"" + Ink.SOFT + "\"");
        }
        grid.draw(svg, head);
        for (int i = 0; i < entries.size(); i++) {
            drawEntry(svg, entries.get(i), legendLeft, head + grid.titles + i * LEGEND_LINE + 6);
        }
        return svg;
    }

    /**
     * Draws every panel into a picture of its own, with its axes and nothing else.
     *
     * @return one document a panel, their ids numbered from 1
     */
    public List<Svg> parts() {
        List<Svg> parts = new ArrayList<>();
        for (Cell cell : cells) {
            Grid grid = new Grid(List.of(cell.narrow()), 1);
            Svg svg = new Svg(
                    id + "-" + (parts.size() + 1),
                    Math.ceil(grid.right + MARGIN),
                    Math.ceil(grid.height + 4),
                    cell.title.isEmpty() ? title : cell.title,
                    cell.caption);
            grid.draw(svg, 2);
            parts.add(svg);
        }
        return parts;
    }

    /**
     * Draws the legend alone.
     *
     * @return a picture that fits a phone; empty where the figure has no legend
     */
    public Optional<Svg> key() {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        double entryWidth = entryWidth() + 14;
        int perLine = (int) Math.clamp(KEY_WIDTH / entryWidth, 1, entries.size());
        int lines = (entries.size() + perLine - 1) / perLine;
        Svg svg = new Svg(id + "-key", Math.ceil(perLine * entryWidth), lines * LEGEND_LINE + 6, "Legend", "");
        for (int i = 0; i < entries.size(); i++) {
            drawEntry(svg, entries.get(i), i % perLine * entryWidth + 2, Math.floorDiv(i, perLine) * LEGEND_LINE + 11);
        }
        return Optional.of(svg);
    }

    /** Where panels stand, relative to the upper edge of the first row. */
    private final class Grid {
        final List<Cell> shown;
        final double[] lefts;
        final double[] tops;
        final double titles;
        final double right;
        final double height;

        Grid(List<Cell> shown, int columns) {
            this.shown = shown;
            lefts = new double[Math.min(columns, shown.size())];
            double x = MARGIN;
            for (int column = 0; column < lefts.length; column++) {
                lefts[column] = x + roomLeftOf(column) + (column == 0 ? 0 : COLUMN_GAP);
                x = lefts[column] + panelWidth;
            }
            right = x;
            titles = (shown.stream().allMatch(cell -> cell.title.isEmpty()) ? UNTITLED : PANEL_TITLE)
                    + (shown.stream().allMatch(cell -> cell.caption.isEmpty()) ? 0 : CAPTION);
            tops = new double[(shown.size() + lefts.length - 1) / lefts.length];
            double y = 0;
            for (int row = 0; row < tops.length; row++) {
                tops[row] = y + titles;
                y = tops[row]
                        + TICKS
                        + AXIS_LABEL
                        + ROW_GAP
                        + shown.stream()
                                .skip((long) row * lefts.length)
                                .limit(lefts.length)
                                .mapToDouble(Cell::height)
                                .max()
                                .orElse(0);
            }
            height = y - ROW_GAP;
        }

        void draw(Svg svg, double head) {
            for (int i = 0; i < shown.size(); i++) {
                Cell cell = shown.get(i);
                double left = lefts[i % lefts.length];
                double top = head + tops[i / lefts.length];
                double bottom = top + cell.height;
                svg.shortened(
                        left,
                        top - titles + 12,
                        cell.title,
                        Svg.Anchor.START,
                        Svg.FONT_SIZE,
                        true,
                        "",
                        panelWidth + Panel.OVERHANG);
                svg.shortened(
                        left,
                        top - 6,
                        cell.caption,
                        Svg.Anchor.START,
                        Panel.TICK_SIZE,
                        false,
                        "fill=\"" + Ink.SOFT + "\"",
                        panelWidth + Panel.OVERHANG);
                Panel panel = new Panel(svg, left, top, panelWidth, cell.height, cell.inside, cell.x, cell.y);
                boolean labelY = i % lefts.length == 0 || !shared(i);
                panel.frame(labelY);
                svg.shortened(
                        left + panelWidth / 2,
                        bottom + TICKS + 10,
                        cell.x.label(),
                        Svg.Anchor.MIDDLE,
                        Panel.TICK_SIZE,
                        false,
                        "",
                        panelWidth + 2 * Panel.OVERHANG);
                if (labelY) {
                    svg.textUpwards(left - cell.labels() - 11, top + cell.height / 2, cell.y.label(), Panel.TICK_SIZE);
                }
                cell.painter.accept(panel);
                panel.names();
            }
        }

        /** Whether a panel has the vertical axis of the first panel in its row. */
        private boolean shared(int index) {
            return shown.get(index - index % lefts.length).y.equals(shown.get(index).y);
        }

        /** Room for vertical tick labels and axis label left of a column. */
        private double roomLeftOf(int column) {
            double room = 0;
            for (int i = column; i < shown.size(); i += lefts.length) {
                if (column == 0 || !shared(i)) {
                    double label = shown.get(i).y.label().isEmpty() ? 0 : AXIS_LABEL + 2;
                    room = Math.max(room, shown.get(i).labels() + 7 + label);
                }
            }
            return room;
        }
    }

    private void drawEntry(Svg svg, Entry entry, double left, double y) {
        if (entry.line) {
            svg.path(
                    "M" + Numbers.coordinate(left) + " " + Numbers.coordinate(y) + "h" + Numbers.coordinate(SAMPLE),
                    entry.style.stroke(1.5));
        }
        if (entry.marker) {
            svg.path(
                    entry.style.marker().at(left + SAMPLE / 2, y),
                    entry.style.marker().paint(entry.style.colour()));
        }
        svg.shortened(left + SAMPLE + 6, y + 4, entry.name, Svg.Anchor.START, Svg.FONT_SIZE, false, "", MOST_ENTRY);
    }

    private double entryWidth() {
        return SAMPLE
                + 6
                + entries.stream()
                        .mapToDouble(entry -> Math.min(MOST_ENTRY, TextWidth.of(entry.name, Svg.FONT_SIZE, false)))
                        .max()
                        .orElse(0);
    }

    static List<String> wrap(String text, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String whole : text.split(" ")) {
            // A name may be longer than a line; what it is can be read in the table.
            String word = TextWidth.shorten(whole, Svg.FONT_SIZE, false, width);
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
