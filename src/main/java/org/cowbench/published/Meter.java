package org.cowbench.published;

import java.util.EnumMap;
import java.util.Map;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;

/** Counts what a machine of base pages does between starts and stops. */
final class Meter {
    private final Machine machine;
    private final long[] before = new long[Counter.values().length];
    private final long[] sum = new long[Counter.values().length];

    Meter(Machine machine) {
        this.machine = machine;
    }

    void start() {
        for (Counter counter : Counter.values()) {
            before[counter.ordinal()] = machine.counter(counter);
        }
    }

    void stop() {
        for (Counter counter : Counter.values()) {
            sum[counter.ordinal()] += machine.counter(counter) - before[counter.ordinal()];
        }
    }

    private long counted(Counter counter) {
        return sum[counter.ordinal()];
    }

    /** The account for so many operations, which are priced themselves where {@code more} says as what. */
    Account account(long operations, Map<Price, Long> more) {
        Map<Price, Long> counts = new EnumMap<>(Price.class);
        for (Price price : Price.values()) {
            Counter counter = price.counter();
            if (counter != null) {
                counts.put(price, counted(counter));
            }
        }
        // A frame is taken to be read into, copied into or, what is left, filled with zeroes.
        counts.put(
                Price.ZERO,
                counted(Counter.FRAMES_ALLOCATED) - counted(Counter.WP_COPIES) - counted(Counter.SWAP_READS));
        counts.putAll(more);
        return new Account(operations, counts);
    }
}
