package org.cowbench.report;

import java.util.List;
import org.cowbench.report.chart.Svg;

/** A kind of plot. One class each; {@link Plots} lists them. */
@FunctionalInterface
interface Plot {

    /**
     * Draws this kind of plot for a run.
     *
     * @param run what was measured
     * @return the pictures, each named by its {@linkplain Svg#id() id}; none when the run has not what it shows
     */
    List<Svg> draw(RunView run);
}
