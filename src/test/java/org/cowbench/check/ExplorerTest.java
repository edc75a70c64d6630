package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found does not depend on how it is searched. */
class ExplorerTest {
    private static final Set<Move> FEW =
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.FORK, Move.SPLICE, Move.PIN, Move.DMA);
    private static final long MEMORY = 1L << 28;

    private static CheckResult explore(Policy policy, Scope scope, int threads, long memory) {
        try (Explorer explorer = new Explorer(
                policy.id(), policy.rule(), scope, threads, memory, (states, transitions, queue, depth) -> {})) {
            return explorer.explore();
        }
    }

    private static Scope scope(boolean symmetry) {
        return new Scope(2, 1, 1, 0, 7, FEW, symmetry);
    }

    /** Property, decision and length of all that is violated. */
    private static Map<Property, List<String>> summary(CheckResult result) {
        return result.verdicts().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() instanceof Verdict.Unsafe unsafe
                                ? unsafe.violations().stream()
                                        .map(each -> each.cause() + " " + each.pin() + " " + each.moves())
                                        .sorted()
                                        .toList()
                                : List.of(entry.getValue().word())));
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void threadsDoNotMatter(Policy policy) {
        CheckResult one = explore(policy, scope(true), 1, MEMORY);
        CheckResult two = explore(policy, scope(true), 2, MEMORY);
        assertThat(two.verdicts()).isEqualTo(one.verdicts());
        assertThat(two.states()).isEqualTo(one.states());
        assertThat(two.transitions()).isEqualTo(one.transitions());
        assertThat(two.needless()).isEqualTo(one.needless());
        assertThat(two.needlessCopies().example())
                .isEqualTo(one.needlessCopies().example());
        assertThat(one.states()).isGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void symmetryDoesNotMatter(Policy policy) {
        CheckResult with = explore(policy, scope(true), 2, MEMORY);
        CheckResult without = explore(policy, scope(false), 2, MEMORY);
        assertThat(summary(without)).isEqualTo(summary(with));
        assertThat(without.states()).isGreaterThan(with.states());
    }

    @Tag("slow")
    @Test
    void aMemoryBoundStopsWithAMessage() {
        CheckResult result = explore(Policy.ORACLE, Scope.fixpoint(), 2, 1L << 20);
        assertThat(result.complete()).isFalse();
        assertThat(result.stopped())
                .contains("the memory bound of 1 MiB was reached")
                .contains("--memory");
        assertThat(result.verdicts().values())
                .allSatisfy(verdict -> assertThat(verdict.word()).isEqualTo("within " + result.depth()));
        assertThat(result.depth()).isPositive();
    }

    @Test
    @Tag("slow")
    void twiceTheMemoryGoesFurther() {
        long before = 0;
        Scope large = new Scope(2, 1, 2, 0, Scope.UNBOUNDED, EnumSet.allOf(Move.class), true);
        for (long memory = 1L << 20; memory <= 1L << 21; memory *= 2) {
            CheckResult result = explore(Policy.ORACLE, large, 2, memory);
            assertThat(result.complete()).isFalse();
            // A table of 8 bytes an entry, three quarters full, and 8 bytes a state: 18.7, and what is not full yet.
            assertThat(result.states()).isBetween(memory / 23, memory / 18);
            assertThat(result.states()).isGreaterThan(2 * before * 9 / 10);
            assertThat(result.bytes()).isBetween(memory * 3 / 4, memory);
            assertThat(result.stopped()).containsPattern("with " + result.states() + " states of (19|2[0-2]) bytes");
            before = result.states();
        }
    }

    @Test
    void aJvmWithoutMemoryStopsASearchWithAMessage() {
        List<CheckResult> results = new ArrayList<>();
        try (Explorer explorer = new Explorer(
                "full", Policy.ORACLE.rule(), scope(true), 2, MEMORY, (states, transitions, queue, depth) -> {
                    if (depth == 3) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                })) {
            results.add(explorer.explore());
        }
        ReusePolicy greedy = new DelegatingPolicy(Policy.ORACLE.rule()) {
            @Override
            public boolean forkCopies(KernelOps k, int page) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        try (Explorer explorer =
                new Explorer("greedy", greedy, scope(true), 2, MEMORY, (states, transitions, queue, depth) -> {})) {
            results.add(explorer.explore());
        }
        assertThat(results).allSatisfy(result -> {
            assertThat(result.stopped()).contains("this JVM ran out of memory", "Java heap space", "--memory");
            assertThat(result.verdicts().get(Property.ISOLATION).word()).isEqualTo("within " + result.depth());
        });
        assertThat(results.getFirst().depth()).isEqualTo(3);
        assertThat(results.getLast().depth()).isEqualTo(1);
    }

    @Test
    void theCollisionProbabilityIsThatOfPairs() {
        CheckResult result = explore(Policy.ORACLE, scope(true), 1, MEMORY);
        assertThat(result.collisionProbability())
                .isEqualTo((double) result.states() * result.states() / 2 / Math.pow(2, 64))
                .isLessThan(1e-9);
    }
}
