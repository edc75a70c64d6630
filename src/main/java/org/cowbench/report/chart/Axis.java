package org.cowbench.report.chart;

/**
 * A scale with its label.
 *
 * @param label what is measured and in which unit; empty for rows of names
 * @param scale the mapping
 * @param grid whether lines run from its ticks through the panel; not where every mark carries its number
 */
public record Axis(String label, Scale scale, boolean grid) {

    /**
     * An axis with grid lines.
     *
     * @param label what is measured and in which unit; empty for rows of names
     * @param scale the mapping
     */
    public Axis(String label, Scale scale) {
        this(label, scale, true);
    }
}
