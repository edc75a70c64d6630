package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.arena.Counter;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.Policy;
import org.cowbench.workload.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Churn is steady and its books balance. */
@Tag("slow")
class ChurnTest {

    private static Churn churn(Policy policy, Streams stream) {
        Churn churn = new Churn();
        churn.policy = policy;
        churn.stream = stream;
        churn.build();
        return churn;
    }

    @ParameterizedTest
    @EnumSource(names = {"V5_7", "V5_9", "V5_19", "V7_3", "ORACLE"})
    void theBooksBalanceAndMemoryIsShort(Policy policy) {
        for (Streams stream : Streams.values()) {
            Churn churn = churn(policy, stream);
            try {
                PageArena arena = churn.machine().arena();
                long reads = arena.counter(Counter.SWAP_READS);
                long copies = arena.counter(Counter.WP_COPIES);
                long needless = arena.counter(Counter.NEEDLESS_COPIES);
                for (int i = 0; i < 32; i++) {
                    churn.run();
                }
                churn.machine().validate();
                assertThat(arena.counter(Counter.SWAP_READS)).as("%s swaps", stream).isGreaterThan(reads);
                assertThat(arena.counter(Counter.PEAK_FRAMES)).isBetween(
                        arena.spec().frames() / 2L, (long) arena.spec().frames());
                if (policy == Policy.ORACLE) {
                    assertThat(arena.counter(Counter.NEEDLESS_COPIES)).as("%s", stream).isEqualTo(needless);
                }
                if (policy == Policy.V5_9) {
                    assertThat(arena.counter(Counter.WP_COPIES)).as("%s copies", stream).isGreaterThan(copies);
                }
            } finally {
                churn.close();
            }
        }
    }
}
