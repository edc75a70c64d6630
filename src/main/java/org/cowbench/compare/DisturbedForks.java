package org.cowbench.compare;

import org.cowbench.noise.Noise;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.RunInfo;

/**
 * How many forks something disturbed that makes their times lie.
 *
 * @param disturbed those
 * @param heard how many were listened to
 */
public record DisturbedForks(int disturbed, int heard) {

    /**
     * Counts the forks of a run.
     *
     * @param info what is known about the run
     * @return both numbers
     */
    public static DisturbedForks of(RunInfo info) {
        return new DisturbedForks(
                (int) info.forks().stream().filter(DisturbedForks::disturbed).count(),
                (int) info.forks().stream().filter(DisturbedForks::heard).count());
    }

    static boolean disturbed(ForkInfo fork) {
        return Noise.disturbed(fork.noise());
    }

    static boolean heard(ForkInfo fork) {
        return fork.noise() != null;
    }

    /**
     * Whether so many were disturbed that nothing is said by their times.
     *
     * @return whether it is more than half of those that were listened to
     */
    public boolean most() {
        return 2 * disturbed > heard;
    }
}
