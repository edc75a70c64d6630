package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.machine.FolioRun.A;
import static org.cowbench.machine.FolioRun.B;

import java.util.List;
import java.util.Map;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Control;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** Where the swap device answers at once: what goes out is free, and from v6.12 on a fault may read a folio whole. */
class ZramTest {
    private static final MachineOptions ZRAM = MachineOptions.LITMUS.synchronous(true);
    private static final List<Policy> READ_WHOLE = List.of(Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3);

    private static FolioRun run(Policy policy) {
        return new FolioRun(policy.rule(), 2, false, ZRAM);
    }

    @Test
    void oneFaultReadsAFolioThatWentOutWhole() {
        for (Policy policy : READ_WHOLE) {
            try (FolioRun run = run(policy)) {
                run.pageoutAll(A);
                assertThat(run.present(A)).isZero();
                assertThat(run.read(A, 1)).isEqualTo(1);
                assertThat(run.order(A, 1)).as(policy.id()).isEqualTo(2);
                assertThat(run.write(A, 0, 3, 2)).as(policy.id()).isEqualTo("ffff");
            }
        }
    }

    /** Up to v6.19 only past the swap cache, which a slot with two users is not read. */
    @Test
    void aFolioOfTwoProcessesIsReadWholeFromV70() {
        Map.of(Policy.V6_11, 0, Policy.V6_15, 0, Policy.V7_0, 2, Policy.V7_3, 2).forEach((policy, order) -> {
            try (FolioRun run = run(policy)) {
                run.pageoutAll(A);
                run.fork(B);
                assertThat(run.read(A, 1)).isEqualTo(1);
                assertThat(run.order(A, 1)).as(policy.id()).isEqualTo(order);
            }
        });
    }

    /** swap_zeromap_batch: slots of pages that went out one by one may hold pages of zeroes, which the device has not. */
    @Test
    void noFolioIsReadWhereSomeSlotsAreOfZeroes() {
        Map.of(1L, 2, 0L, 0).forEach((value, order) -> {
            for (Policy policy : READ_WHOLE) {
                try (FolioRun run = run(policy)) {
                    run.discard(A, 3, 3);
                    run.pageoutAll(A);
                    run.write(A, 3, value);
                    run.pageoutAll(A);
                    assertThat(run.read(A, 1)).isEqualTo(1);
                    assertThat(run.order(A, 1))
                            .as("%s, page 3 holds %d", policy.id(), value)
                            .isEqualTo(order);
                    assertThat(run.read(A, 3)).isEqualTo(value);
                }
            }
        });
    }

    private static int freeAfterPageout(MachineOptions options) {
        Policy policy = Policy.V6_11;
        try (PageArena arena =
                PageArena.allocate(ArenaSpec.roomy(1, 1, 1, 0, policy.rule().lruBatch(), Long.BYTES))) {
            Machine machine = new Machine(arena, policy.rule(), options);
            int before = (int) arena.control(Control.FREE_COUNT);
            machine.write(A, 0, 1);
            machine.pageout(A, 0, 0);
            machine.validate();
            return (int) arena.control(Control.FREE_COUNT) - before;
        }
    }

    /** What the device has taken is freed when the call returns, and takes no place in a batch. */
    @Test
    void whatGoesOutIsFreeAtOnce() {
        assertThat(freeAfterPageout(ZRAM)).isZero();
        assertThat(freeAfterPageout(MachineOptions.LITMUS)).isEqualTo(-1);
    }
}
