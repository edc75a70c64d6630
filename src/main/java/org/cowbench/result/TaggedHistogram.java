package org.cowbench.result;

import java.time.Instant;
import org.HdrHistogram.Histogram;

/**
 * One line of {@code histograms.hlog}: the values of one fork.
 *
 * @param tag benchmark and parameters, see {@link Tag}
 * @param start when the fork started
 * @param seconds how long it ran
 * @param histogram values in picoseconds per operation, each the mean of a batch
 */
public record TaggedHistogram(String tag, Instant start, double seconds, Histogram histogram) {
    /** What a file of such lines says of them. */
    public static final String COMMENT =
            "units: picoseconds per operation; each value is the mean of a batch of operations; one line a fork";
}
