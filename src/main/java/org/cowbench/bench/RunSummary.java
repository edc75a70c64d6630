package org.cowbench.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param directory where its results are, null when no fork was executed and so nothing was kept
 * @param planned forks planned
 * @param finished forks that delivered
 * @param failed forks that died or threw
 * @param problem why the run is not whole although nobody interrupted it, in one line with the remedy; null when it is
 */
public record RunSummary(
        @Nullable Path directory,
        int planned,
        int finished,
        int failed,
        @Nullable String problem) {

    /**
     * Tells whether every planned fork was executed.
     *
     * @return false when the run was interrupted or had to stop
     */
    public boolean complete() {
        return finished + failed == planned;
    }
}
