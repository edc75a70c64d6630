package org.cowbench.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every colour of pictures and pages, by what it is for. Nothing else of the program names a colour: a picture holds
 * references, which a file resolves for white paper, and a page for light or dark, as its reader's screen is set.
 *
 * <p>The series are near Okabe and Ito's hues, which survive every common colour blindness, without their yellow, too
 * faint on white; but each has a lightness of its own, and neighbours in the order differ most, so that a grey copy
 * tells them apart. What is dark on white is light in the dark.
 */
public enum Ink {
    /** Behind everything. */
    PAPER("#fff", "#17181a"),
    /** Text. */
    TEXT("#222", "#e6e6e8"),
    /** Text that may be overlooked. */
    SOFT("#555", "#b0b0b5"),
    /** Rules of tables. */
    RULE("#d9d9de", "#3a3b3f"),
    /** Behind the heads of tables, and what must be seen first. */
    HEAD("#f4f4f6", "#222327"),
    /** Links. */
    LINK("#0057a8", "#7cc0ff"),
    /** Grids of panels. */
    GRID("#e6e6e6", "#33343a"),
    /** Frames of panels. */
    FRAME("#999", "#6d6e74"),
    /** Faster, and less of a cost. */
    BETTER("#0a5a8f", "#6cbcf2"),
    /** Slower, and more of a cost. */
    WORSE("#b04400", "#ff9d5c"),
    /** As before. */
    SAME("#00694d", "#4fd0a5"),
    /** Undecided. */
    OPEN("#66666b", "#a5a5aa"),
    /** A series. */
    SKY("#3a98d4", "#6fbff5"),
    /** A series. */
    GREEN("#006349", "#2f9a6c"),
    /** A series. */
    VERMILLION("#cd5a00", "#ff7f3f"),
    /** A series. */
    BLACK("#000000", "#f2f2f2"),
    /** A series. */
    ORANGE("#e19700", "#ffd06b"),
    /** A series. */
    BLUE("#12358f", "#6c86ff"),
    /** A series. */
    PURPLE("#a3478a", "#e6a3d6");

    /** Series in the order in which they are given to lines: neighbours differ most in lightness. */
    static final List<Ink> SERIES = List.of(SKY, GREEN, VERMILLION, BLACK, ORANGE, BLUE, PURPLE);

    private final String light;
    private final String dark;

    Ink(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /**
     * The colour on white paper.
     *
     * @return {@code #rgb} or {@code #rrggbb}
     */
    public String light() {
        return light;
    }

    /**
     * The colour on a dark screen.
     *
     * @return {@code #rrggbb}
     */
    public String dark() {
        return dark;
    }

    /** The reference that stands in pictures and style sheets. */
    @Override
    public String toString() {
        return "var(" + variable() + ")";
    }

    /**
     * Attributes of text that stays legible over what was drawn before.
     *
     * @param width of the rim and what the letters hide of it, in pixels
     * @return presentation attributes
     */
    String rim(double width) {
        return "stroke=\"" + this + "\" stroke-width=\"" + Numbers.coordinate(width)
                + "\" stroke-linejoin=\"round\" paint-order=\"stroke\"";
    }

    /**
     * The declarations that a style sheet begins with.
     *
     * @return CSS for light, dark and print
     */
    public static String declarations() {
        return ":root{color-scheme:light dark;" + all(false) + "}\n@media screen and (prefers-color-scheme:dark){:root{"
                + all(true) + "}}\n";
    }

    /** Writes the colours for white paper in the place of references in attributes; text cannot hold such quotes. */
    static String onPaper(String svg) {
        String resolved = svg;
        for (Ink ink : values()) {
            resolved = resolved.replace("\"" + ink + "\"", "\"" + ink.light + "\"");
        }
        return resolved;
    }

    private static String all(boolean dark) {
        return Arrays.stream(values())
                .map(ink -> ink.variable() + ":" + (dark ? ink.dark : ink.light))
                .collect(Collectors.joining(";"));
    }

    private String variable() {
        return "--" + name().toLowerCase(Locale.ROOT);
    }
}
