package org.cowbench.published;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a machine did: exact counts.
 *
 * @param operations what it did that for: requests, accesses, pages or rounds, at least 1
 * @param counts how many of each; what is absent was not done
 */
public record Account(long operations, Map<Price, Long> counts) {

    /** Checks and copies. */
    public Account {
        if (operations < 1) {
            throw new IllegalArgumentException("operations must be at least 1, not " + operations);
        }
        Map<Price, Long> done = new EnumMap<>(Price.class);
        counts.forEach((price, count) -> {
            if (count < 0) {
                throw new IllegalArgumentException(price + " was done " + count + " times");
            }
            if (count > 0) {
                done.put(price, count);
            }
        });
        counts = Map.copyOf(done);
    }

    /**
     * How often something was done.
     *
     * @return the exact number
     */
    public long count(Price price) {
        return counts.getOrDefault(price, 0L);
    }

    /**
     * How often something was done for one operation.
     *
     * @return the mean
     */
    public double each(Price price) {
        return (double) count(price) / operations;
    }

    /**
     * What one operation takes by a profile, if nothing overlaps: modelled, not measured.
     *
     * @return nanoseconds
     */
    public double nanos(Profile profile) {
        double sum = 0;
        for (Price price : Price.values()) {
            sum += each(price) * profile.nanos(price);
        }
        return sum;
    }

    /**
     * Operations a second by a profile: modelled, not measured.
     *
     * @return the rate
     */
    public double perSecond(Profile profile) {
        return 1e9 / nanos(profile);
    }
}
