package org.cowbench.report.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Style;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;

/** The plots of a comparison, and what they share. */
final class ComparePlots {
    static final Style BASE = new Style(Ink.BLUE, "", Marker.DISC);
    static final Style HEAD = new Style(Ink.VERMILLION, "5 2", Marker.TRIANGLE_FILLED);

    private ComparePlots() {}

    /**
     * Draws a comparison.
     *
     * @param comparison what to draw
     * @return one picture a kind of plot that it has data for: forest plots by unit, percentile curves, percentile
     *     shift, distribution of forks, forks in the order in which they ran
     */
    static List<Figure> of(Comparison comparison) {
        List<Figure> pictures = new ArrayList<>(ForestPlot.draw(comparison));
        CurvesPlot.draw(comparison).ifPresent(pictures::add);
        ShiftPlot.draw(comparison).ifPresent(pictures::add);
        EcdfPlot.draw(comparison).ifPresent(pictures::add);
        ForkSequencePlot.draw(comparison).ifPresent(pictures::add);
        return pictures;
    }

    /** A row's title in a picture. */
    static String title(Row row) {
        return (row.benchmark() + " "
                        + Wording.params(row.key().measurement(), !row.breaks().isEmpty()))
                .strip();
    }

    /** The same from a row's tag. */
    static String title(Comparison comparison, String tag) {
        return comparison.rows().stream()
                .filter(row -> row.tag().equals(tag))
                .findFirst()
                .map(ComparePlots::title)
                .orElse(tag);
    }

    /** What is under the pointer: all that the table says. */
    static String tip(Row row) {
        String interval = CompareNumbers.interval(row);
        String change = row.noisy()
                ? CompareWording.note(row)
                : CompareNumbers.change(row) + (interval.isEmpty() ? "" : " " + interval) + " "
                        + row.verdict().word();
        return title(row) + ": " + change + "; base " + CompareNumbers.base(row) + ", head " + CompareNumbers.head(row)
                + " " + row.unit()
                + (Double.isNaN(row.adjusted()) || row.noisy() ? "" : "; p " + CompareNumbers.p(row.adjusted()));
    }

    /** What every picture of a comparison says of itself where it stands alone. */
    static String origin(Comparison comparison) {
        return Stream.of(CompareWording.disturbed(comparison), CompareWording.marked(comparison))
                        .filter(text -> !text.isEmpty())
                        .map(text -> text + ". ")
                        .collect(Collectors.joining())
                + "Base: " + CompareText.side(comparison.base()) + ". Head: " + CompareText.side(comparison.head())
                + ". "
                + Wording.capital(CompareText.design(comparison)) + ".";
    }

    /** How many of all scores a picture shows; empty when all. */
    static String omitted(Comparison comparison, int shown) {
        long all = comparison.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .count();
        return all > shown
                ? "Shown are " + shown + " of " + all + " rows: those that were called, then the largest changes."
                : "";
    }
}
