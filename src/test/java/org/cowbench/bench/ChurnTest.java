package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
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
                Machine machine = churn.machine();
                long reads = machine.counter(Counter.SWAP_READS);
                long copies = machine.counter(Counter.WP_COPIES);
                long needless = machine.counter(Counter.NEEDLESS_COPIES);
                for (int i = 0; i < 32; i++) {
                    churn.run();
                }
                churn.machine().validate();
                assertThat(machine.counter(Counter.SWAP_READS)).as("%s swaps", stream).isGreaterThan(reads);
                assertThat(machine.counter(Counter.PEAK_FRAMES)).isBetween(
                        machine.arena().spec().frames() / 2L, (long) machine.arena().spec().frames());
                if (policy == Policy.ORACLE) {
                    assertThat(machine.counter(Counter.NEEDLESS_COPIES)).as("%s", stream).isEqualTo(needless);
                }
                if (policy == Policy.V5_9) {
                    assertThat(machine.counter(Counter.WP_COPIES)).as("%s copies", stream).isGreaterThan(copies);
                }
            } finally {
                churn.close();
            }
        }
    }
}
