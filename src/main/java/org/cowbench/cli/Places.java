package org.cowbench.cli;

import java.nio.file.Path;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Writable;
import org.jspecify.annotations.Nullable;

/** Looks at the places that a measuring command will write to before it judges, builds or measures anything. */
final class Places {
    private Places() {}

    /**
     * Insists that results and plots can be written when they are there.
     *
     * @param results directory of all results
     * @param plots directory of all plots, null for none
     */
    static void demand(Path results, @Nullable Path plots) {
        Writable.demandTemporary(System.getenv());
        Writable.demand(results, "make it writable or choose another place with --results DIR");
        if (plots != null) {
            Writable.demand(plots, "make it writable or choose another place with --plots DIR");
        }
    }

    /**
     * Insists that no run has a label, too.
     *
     * @param results directory of all results
     * @param plots directory of all plots, null for none
     */
    static void demand(Path results, String label, @Nullable Path plots) {
        demand(results, plots);
        ResultWriter.demandFree(results, label);
    }
}
