package org.cowbench.compare;

/**
 * What is asked of a comparison beside its levels. All of it is fixed before the data are seen.
 *
 * @param failOver slowdown in per cent beyond which the gate fails; NaN without a gate
 * @param strict whether an inconclusive gated row fails the gate too
 * @param unpaired whether times of separate runs are gated all the same, at the error rate that {@link Gate} states
 * @param filter which benchmarks are compared; the correction of p is for those
 * @param heads how many heads are compared with one base at once: the level is shared among them
 */
public record CompareOptions(double failOver, boolean strict, boolean unpaired, RowFilter filter, int heads) {
    /** Everything is compared, and nothing gated. */
    public static final CompareOptions NONE = gate(Double.NaN, false);

    /**
     * Compares everything, with a gate.
     *
     * @param failOver gate in per cent, NaN for none
     * @param strict whether inconclusive rows fail the gate
     * @return options
     */
    public static CompareOptions gate(double failOver, boolean strict) {
        return new CompareOptions(failOver, strict, false, RowFilter.ALL, 1);
    }

    /**
     * Whether there is a gate.
     *
     * @return true with a number of per cent
     */
    public boolean gated() {
        return !Double.isNaN(failOver);
    }
}
