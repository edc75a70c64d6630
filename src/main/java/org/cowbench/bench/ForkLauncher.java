package org.cowbench.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;

/** Executes one fork. */
@FunctionalInterface
public interface ForkLauncher {

    /**
     * What came out of a fork.
     *
     * @param result JMH's result with exactly one fork in it, null when the fork failed
     * @param error why it failed, in one line; null when it did not
     * @param chatter everything JMH and the fork printed, the oldest dropped when it is very long
     */
    record Outcome(@Nullable RunResult result, @Nullable String error, String chatter) {}

    /**
     * Executes one fork and waits for it.
     *
     * @param cell what to measure
     * @return its outcome
     * @throws BenchException when no fork can be executed at all
     */
    Outcome launch(Cell cell);

    /**
     * Executes one fork in which cells take turns, and waits for it.
     *
     * @param cells cells of one benchmark that {@link Cell#takesTurns()}, which differ in the policy alone
     * @return the outcome of each, in their order
     * @throws BenchException when no fork can be executed at all
     */
    default List<Outcome> turns(List<Cell> cells) {
        throw new UnsupportedOperationException(this + " knows no turns");
    }

    /**
     * How it launches forks.
     *
     * @return what another process needs to launch them alike
     */
    default Map<String, String> settings() {
        return Map.of();
    }
}
