package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a script is depends on the script, not on what a machine saw before. */
class FrontierTest {
    private static final int LENGTH = 5;
    private static final Scope SCOPE = new Scope(
            2,
            1,
            0,
            0,
            Scope.UNBOUNDED,
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.DISCARD, Move.FORK, Move.EXIT),
            true);

    /** Scripts that a share counts, how often by their moves. */
    private static Map<String, Integer> run(@Nullable Shard shard, Predicate<int[]> seenToEnd) {
        Frontier frontier = new Frontier(1, "test", SCOPE, List.of(), LENGTH, shard);
        Map<String, Integer> counted = new TreeMap<>();
        while (!frontier.over()) {
            List<int[]> batch = List.copyOf(frontier.following(50));
            for (int[] moves : batch) {
                if (frontier.has(moves)) {
                    counted.merge(Arrays.toString(moves), 1, Integer::sum);
                }
                if (seenToEnd.test(moves)) {
                    frontier.end(moves);
                }
            }
            frontier.ran(batch.size());
            frontier.lengthenIfDone();
        }
        return counted;
    }

    private static Map<String, Integer> together(List<Map<String, Integer>> shares) {
        Map<String, Integer> all = new TreeMap<>();
        shares.forEach(share -> share.forEach((script, count) -> all.merge(script, count, Integer::sum)));
        return all;
    }

    /** How scripts begin that are longer. */
    private static String beginning(String script) {
        return script.substring(0, script.length() - 1) + ",";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyScriptIsOneShares(int shards) {
        Map<String, Integer> whole = run(null, moves -> false);
        List<Map<String, Integer>> shares = new ArrayList<>();
        for (int index = 1; index <= shards; index++) {
            shares.add(run(new Shard(index, shards), moves -> false));
        }
        assertThat(whole.size()).isGreaterThan(500);
        assertThat(together(shares)).isEqualTo(whole);
        assertThat(shares).allSatisfy(share -> assertThat(share.size())
                .as("about as much for each")
                .isBetween(whole.size() / shards / 3, whole.size() * 3 / shards));
    }

    /** What one machine alone saw fail moves no other script: no script is run twice, and none is lost but what follows. */
    @Test
    void whatOneMachineSawMovesNoScript() {
        Map<String, Integer> whole = run(null, moves -> false);
        String first = whole.keySet().stream()
                .filter(script -> script.chars().filter(c -> c == ',').count() == 1)
                .max(Comparator.comparingLong(script -> whole.keySet().stream()
                        .filter(each -> each.startsWith(beginning(script)))
                        .count()))
                .orElseThrow();
        List<Map<String, Integer>> shares = new ArrayList<>();
        for (int index = 1; index <= 3; index++) {
            boolean odd = index == 2;
            shares.add(run(
                    new Shard(index, 3), moves -> odd && Arrays.toString(moves).equals(first)));
        }
        Map<String, Integer> all = together(shares);
        assertThat(all.values()).containsOnly(1);
        List<String> lost = whole.keySet().stream()
                .filter(script -> !all.containsKey(script))
                .toList();
        assertThat(lost).isNotEmpty().allMatch(script -> script.startsWith(beginning(first)));
        assertThat(all.keySet())
                .as("other shares run theirs of what follows")
                .anyMatch(script -> script.startsWith(beginning(first)));
        assertThat(whole.keySet()).containsAll(all.keySet());
    }
}
