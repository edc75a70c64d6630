package org.cowbench.compare;

/** What else to know of a row beside its numbers, or why its verdict is not what they suggest. */
public sealed interface Remark {

    /** Why a row gives no number. */
    sealed interface TooNoisy extends Remark {}

    /**
     * Too many forks of a side are far off its median.
     *
     * @param forks how many, of the side that has more of them
     */
    record FarOff(int forks) implements TooNoisy {}

    /**
     * Most forks of a side were disturbed by other load.
     *
     * @param forks the forks of that side
     */
    record Disturbed(DisturbedForks forks) implements TooNoisy {}

    /** The forks vary so much that no interval is bounded. */
    record Unbounded() implements TooNoisy {}

    /** No number of blocks that anyone would measure would bring the interval within the bound. */
    record Hopeless() implements TooNoisy {}

    /** The control is biased, so nothing of the session is judged. */
    record BiasedControl() implements Remark {}

    /** A side has no finite value. */
    record NoValue() implements Remark {}

    /** Counts of a single fork or block agree to the last. */
    record EqualCounts() implements Remark {}

    /** A single fork or block gives no interval. */
    record NoInterval() implements Remark {}

    /** The sides' medians differ the other way than the paired change. */
    record OtherWay() implements Remark {}
}
