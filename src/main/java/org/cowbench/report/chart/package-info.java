/**
 * Charts as hand-written SVG: a small scene of scales, panels and figures, which knows nothing of policies or results.
 *
 * <p>Why by hand: some charts wanted here (intervals on a ratio, shift plots, percentile curves on a 1/(1-p) axis) are
 * in no pure-Java library, reports carry several charts inline, and a picture that is text can be compared, searched,
 * read aloud and kept in version control. So text stays {@code <text>}, coordinates have one decimal, nothing depends
 * on the default locale, on installed fonts, on a hash order or on the time, and the same data give the same bytes.
 *
 * <p>The layers, lowest first:
 * <ul>
 *   <li>{@link org.cowbench.report.chart.Svg}: a document; writes shapes and text in pixels and remembers the box of
 *       every text, so that a test can prove that no two labels overlap and none leaves the canvas.
 *       {@link org.cowbench.report.chart.TextWidth} gives the widths from a table, since there may be no font to ask.
 *   <li>{@link org.cowbench.report.chart.Scale}: value to position in 0..1 and the ticks: linear, logarithmic,
 *       percentile, rows. A new kind of scale is one more record there; an {@link org.cowbench.report.chart.Axis} is a
 *       scale with its label and the names of its ticks, which the plot gives it.
 *   <li>{@link org.cowbench.report.chart.Panel}: a rectangle with two scales; marks are placed in data coordinates.
 *   <li>{@link org.cowbench.report.chart.Figure}: title, notes, legend, and panels in a grid. All layout is here, so a
 *       new chart is one class which only says which panels it has and what to paint in each; drawn whole for a file, or
 *       in parts for a page.
 *   <li>{@link org.cowbench.report.chart.Png}: draws the finished SVG text into pixels; a chart is never written twice.
 * </ul>
 *
 * <p>All colours are named by {@link org.cowbench.report.chart.Ink}; a picture holds references, so that a page shows
 * it in light or dark. Series are told apart three times over, by colour (each of a lightness of its own), dash
 * pattern and marker shape ({@link org.cowbench.report.chart.Style}), so a greyscale print still reads. Numbers stand
 * under the pointer in areas that are not drawn ({@code title} elements: no script), larger than the marks they tell of,
 * since nobody hits a mark of six pixels; names that do not fit are shortened in the middle and whole there. The background
 * is painted, not assumed: a dark viewer shows the light chart of a file.
 */
@NullMarked
package org.cowbench.report.chart;

import org.jspecify.annotations.NullMarked;
