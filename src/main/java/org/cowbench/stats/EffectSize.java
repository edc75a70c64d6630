package org.cowbench.stats;

/** Sizes of effects that need no model of the values. */
public final class EffectSize {

    private EffectSize() {}

    /**
     * Vargha's and Delaney's A: the probability that a value of one side exceeds one of the other, ties counted half.
     *
     * @param head values of one side
     * @param base values of the other
     * @return a probability in 0..1, 0.5 where neither side tends to be larger; NaN when a side is empty
     */
    public static double superiority(double[] head, double[] base) {
        double wins = 0;
        for (double h : head) {
            for (double b : base) {
                wins += h > b ? 1 : h == b ? 0.5 : 0;
            }
        }
        return wins / ((double) head.length * base.length);
    }
}
