package org.cowbench.kernel;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Shrinker;

/** Makes scripts smaller that a kernel is asked, with an end: where it crashes each try is a boot, and there may be hundreds. */
final class Smaller {
    /** How long a script is made smaller. What answers without a boot is done long before. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private Smaller() {}

    /**
     * Shrinks a script as {@link Shrinker} does, and takes what it has when the time is up.
     *
     * @param script a script that shows something
     * @param shows whether a script shows it
     * @param time how long to try
     * @param clock nanoseconds
     * @return a minimal script that shows it, or as small a one as was found in time
     * @throws IllegalArgumentException if the script does not show it again
     */
    static Script of(Script script, Predicate<Script> shows, Duration time, LongSupplier clock) {
        long began = clock.getAsLong();
        return Shrinker.shrink(
                script, candidate -> clock.getAsLong() - began < time.toNanos() && shows.test(candidate));
    }

    /** The same for {@link #PATIENCE}, by this machine's clock. */
    static Script of(Script script, Predicate<Script> shows) {
        return of(script, shows, PATIENCE, System::nanoTime);
    }
}
