package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownMetric;
import org.cowbench.workload.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                assertThat(machine.counter(Counter.SWAP_READS))
                        .as("%s swaps", stream)
                        .isGreaterThan(reads);
                assertThat(machine.counter(Counter.PEAK_FRAMES))
                        .isBetween(machine.arena().spec().frames() / 2L, (long)
                                machine.arena().spec().frames());
                if (policy == Policy.ORACLE) {
                    assertThat(machine.counter(Counter.NEEDLESS_COPIES))
                            .as("%s", stream)
                            .isEqualTo(needless);
                }
                if (policy == Policy.V5_9) {
                    assertThat(machine.counter(Counter.WP_COPIES))
                            .as("%s copies", stream)
                            .isGreaterThan(copies);
                }
            } finally {
                churn.close();
            }
        }
    }

    /** In folios it is as steady, and tells what they hold for nothing: whole pages, never more than there is memory. */
    @ParameterizedTest
    @CsvSource({"V5_9, MIB_2", "V6_11, KIB_64", "V6_15, KIB_64", "V7_3, MIB_2", "ORACLE, KIB_64"})
    void foliosHoldMemoryForNothing(Policy policy, FolioKind folio) {
        LargeChurn churn = new LargeChurn();
        churn.policy = policy;
        churn.stream = Streams.REDIS;
        churn.folio = folio;
        churn.build();
        try {
            Machine machine = churn.machine();
            long reads = machine.counter(Counter.SWAP_READS);
            for (int i = 0; i < 32; i++) {
                churn.run();
            }
            machine.validate();
            assertThat(machine.counter(Counter.SWAP_READS)).isGreaterThan(reads);
            assertThat(machine.arena().spec().pages() % folio.pages()).isZero();
            double held =
                    ForkProbe.sources().get(KnownMetric.BYTES_HELD).value().getAsDouble();
            assertThat(held % 4096).isZero();
            assertThat(held).isBetween(0.0, 4096.0 * machine.arena().spec().frames());
        } finally {
            churn.close();
            ForkProbe.reset();
        }
    }
}
