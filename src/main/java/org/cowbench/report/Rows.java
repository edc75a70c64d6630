package org.cowbench.report;

import java.util.Comparator;
import org.cowbench.policy.Policy;

/** The order of rows. */
final class Rows {

    /** The enum's order; what this version does not know comes last, by name. */
    static final Comparator<RunView.Row> BY_POLICY = Comparator.comparingInt(
                    (RunView.Row row) -> row.policy().map(Policy::ordinal).orElse(Integer.MAX_VALUE))
            .thenComparing(RunView.Row::name);

    private Rows() {}
}
