package org.cowbench.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do.
 *
 * @param label name of its result directory
 * @param results directory of all results
 * @param suite name of the suite, or {@code custom}
 * @param cells what is measured, in the order in which the result lists it
 * @param effort how much is measured
 * @param turns whether policies that can share a fork do, taking turns
 * @param seed seed of the schedule
 * @param revision the sources that are measured
 * @param command command line, recorded
 * @param facts what the run knows beside the machine, recorded with the environment
 * @param notes lines recorded as warnings from the start, such as that a quick suite is no claim
 * @param shard the share of the blocks that is executed, null for all
 */
public record RunPlan(
        String label,
        Path results,
        String suite,
        List<Cell> cells,
        Effort effort,
        boolean turns,
        long seed,
        Revision revision,
        List<String> command,
        Map<String, String> facts,
        List<String> notes,
        @Nullable Shard shard) {}
