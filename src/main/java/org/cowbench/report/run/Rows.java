package org.cowbench.report.run;

import java.util.Comparator;
import java.util.List;
import org.cowbench.policy.Policy;

/** The order of rows. */
final class Rows {

    /** The enum's order; what this version does not know comes last, by name. */
    static final Comparator<RunView.Row> BY_POLICY = Comparator.comparingInt(
                    (RunView.Row row) -> row.policy().map(Policy::ordinal).orElse(Integer.MAX_VALUE))
            .thenComparing(RunView.Row::name);

    private Rows() {}

    /** The names of all rows of some blocks, each once, in their order. */
    static List<String> names(List<RunView.Block> blocks) {
        return blocks.stream()
                .flatMap(block -> block.rows().stream())
                .sorted(BY_POLICY)
                .map(RunView.Row::name)
                .distinct()
                .toList();
    }
}
