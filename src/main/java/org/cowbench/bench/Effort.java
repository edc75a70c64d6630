package org.cowbench.bench;

/**
 * How much a run measures.
 *
 * @param least blocks that are executed as long as there is time; a block is one fork of everything
 * @param most blocks at most
 * @param seconds time from the start after which no fork begins that would not be over in time; infinite for none. The
 *     first block is finished whatever it takes, so that no row is missing
 */
public record Effort(int least, int most, double seconds) {

    private static final int UNBOUNDED = 1_000;

    /**
     * So many forks of everything, however long it takes.
     *
     * @param forks how many, at least one
     * @return the effort
     */
    public static Effort forks(int forks) {
        return new Effort(forks, forks, Double.POSITIVE_INFINITY);
    }

    /**
     * As much as fits into a time: blocks of everything first, then what is known least.
     *
     * @param least blocks of everything before single benchmarks get more
     * @param seconds the time
     * @return the effort
     */
    public static Effort budget(int least, double seconds) {
        return new Effort(least, UNBOUNDED, seconds);
    }

    /**
     * Says whether the time is what ends the run.
     *
     * @return false when a number of forks does
     */
    public boolean timed() {
        return seconds < Double.POSITIVE_INFINITY;
    }
}
