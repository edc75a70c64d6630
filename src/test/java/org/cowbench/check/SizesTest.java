package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.cowbench.golden.Golden;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How many states and transitions a search has, to the last one. A state that is taken for another, a move that does more
 * or less, a flag that outlives what it was of: hardly a fault in the machine, a policy or the checker leaves all of these
 * figures as they are, even where it changes no verdict.
 */
@Tag("slow")
class SizesTest {

    private static Scope scope(int pages, int references, int environment, int depth) {
        return new Scope(2, pages, references, environment, depth, EnumSet.allOf(Move.class), true);
    }

    /** The fixpoint, and where what it does not hold is: more references, the environment, more pages. */
    private static final List<Scope> SCOPES =
            List.of(Scope.fixpoint(), scope(1, 2, 0, 7), scope(1, 1, 1, 6), scope(2, 1, 0, 6));

    @Test
    void everySearchHasTheSizeOfItsGoldenFile() throws IOException {
        StringBuilder table = new StringBuilder("Of each search: states, transitions, depth, needless copies.\n");
        for (Scope scope : SCOPES) {
            table.append('\n').append(scope.title()).append('\n');
            for (Policy policy : Policy.shipped()) {
                try (Explorer explorer = new Explorer(
                        policy.id(), policy.rule(), scope, 2, 1L << 28, (states, transitions, queue, depth) -> {})) {
                    CheckResult result = explorer.explore();
                    assertThat(result.complete()).isEqualTo(scope.depth() == Scope.UNBOUNDED);
                    assertThat(result.outOfFrames()).isZero();
                    table.append(String.format(
                            Locale.ROOT,
                            "%-13s %8d %9d %3d %6d%n",
                            policy.id(),
                            result.states(),
                            result.transitions(),
                            result.depth(),
                            result.needless()));
                }
            }
        }
        Golden.check("check-sizes.txt", table.toString());
    }
}
