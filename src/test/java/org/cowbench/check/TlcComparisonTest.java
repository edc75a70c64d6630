package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The figures that TLC finds for a model written on its own in TLA+, see {@code src/test/tla/compare.sh}: the same
 * states, transitions, depth and verdict.
 */
class TlcComparisonTest {
    private static final Set<Move> MOVES =
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.FORK, Move.EXIT, Move.DISCARD);

    /**
     * TLC generates the initial state as well, counts levels from 1, and a trace of n states has n - 1 moves; 0 stands
     * for no trace.
     */
    @ParameterizedTest
    @CsvSource({
        "V5_9, 2, 2700, 259, 10, 0",
        "WILCOX, 2, 3340, 319, 12, 6",
        "V5_9, 3, 75099, 4856, 16, 0",
        "WILCOX, 3, 103862, 6694, 18, 6"
    })
    void findsWhatTlcFinds(Policy policy, int processes, long generated, long distinct, int levels, int trace) {
        // Not symmetric: the TLA+ model keeps the names of processes.
        Scope scope = new Scope(processes, 1, 0, 0, Scope.UNBOUNDED, MOVES, false);
        try (Explorer explorer = new Explorer(
                policy.id(), policy.rule(), scope, 1, 64L << 20, (states, transitions, queue, depth) -> {})) {
            CheckResult result = explorer.explore();
            assertThat(result.complete()).isTrue();
            assertThat(result.states()).isEqualTo(distinct);
            assertThat(result.transitions()).isEqualTo(generated - 1);
            assertThat(result.depth()).isEqualTo(levels - 1);
            int moves = result.verdicts().get(Property.ISOLATION) instanceof Verdict.Unsafe unsafe
                    ? unsafe.violations().getFirst().moves()
                    : -1;
            assertThat(moves).isEqualTo(trace - 1);
        }
    }
}
