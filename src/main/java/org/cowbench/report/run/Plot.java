package org.cowbench.report.run;

import java.util.List;
import org.cowbench.report.chart.Figure;

/** A kind of plot. One class each; {@link Plots} lists them. */
@FunctionalInterface
interface Plot {

    /**
     * Draws this kind of plot for a run.
     *
     * @param run what was measured
     * @return the pictures, each named by its {@linkplain Figure#id() id}; none when the run has not what it shows
     */
    List<Figure> draw(RunView run);
}
