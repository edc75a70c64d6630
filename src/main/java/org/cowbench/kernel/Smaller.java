package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Shrinker;

/**
 * Makes scripts smaller that a kernel is asked, with an end: where it crashes each try is a boot, and there may be hundreds;
 * where it hangs each takes all of the patience that one has.
 */
final class Smaller {
    /** How long a script is made smaller. What answers without a boot is done long before. */
    static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So long a try may be silent even where less time is left: a script takes a moment, on a busy machine a few seconds. */
    static final Duration LEAST_SILENCE = Duration.ofSeconds(30);

    private Smaller() {}

    /**
     * What a script shows, if it is what a smaller one must show too.
     *
     * @param <R> what it shows
     */
    @FunctionalInterface
    interface Question<R> {
        /**
         * Asks a kernel, or two.
         *
         * @param candidate the script
         * @param silence how long a kernel may be silent; one that is silent for longer has shown nothing
         * @return what it shows; empty when that is another thing
         */
        Optional<R> ask(Script candidate, Duration silence);
    }

    /**
     * The outcome.
     *
     * @param <R> what a script shows
     * @param script a minimal script, or as small a one as was found in time
     * @param shown what it showed
     * @param cut whether time was up before all smaller ones had been tried
     */
    record Outcome<R>(Script script, R shown, boolean cut) {}

    /**
     * Shrinks a script as {@link Shrinker} does, and takes what it has when the time is up.
     *
     * @param <R> what a script shows
     * @param script a script that shows something
     * @param question whether a script shows it
     * @param time how long to begin tries; the last may take {@link #LEAST_SILENCE} longer
     * @param clock nanoseconds
     * @return the smallest script that was found
     * @throws IllegalArgumentException if the script does not show it again
     */
    static <R> Outcome<R> of(Script script, Question<R> question, Duration time, LongSupplier clock) {
        long began = clock.getAsLong();
        List<R> shown = new ArrayList<>();
        boolean[] cut = new boolean[1];
        Script smallest = Shrinker.shrink(script, candidate -> {
            Duration left = time.minusNanos(clock.getAsLong() - began);
            if (!left.isPositive()) {
                cut[0] = true;
                return false;
            }
            Optional<R> answer = question.ask(candidate, left.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : left);
            answer.ifPresent(shown::add);
            return answer.isPresent();
        });
        // The last that was accepted is the smallest.
        return new Outcome<>(smallest, shown.getLast(), cut[0]);
    }

    /** The same for {@link #PATIENCE}, by this machine's clock. */
    static <R> Outcome<R> of(Script script, Question<R> question) {
        return of(script, question, PATIENCE, System::nanoTime);
    }
}
