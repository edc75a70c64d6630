package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folios of four pages where memory is short, and areas of several. */
class LargeMemoryTest {
    private static final int A = 0;
    private static final int B = 1;

    private static Machine machine(Policy policy, int frames, boolean pmd, MachineOptions options) {
        return new Machine(
                PageArena.allocate(
                        new ArenaSpec(frames, 64, 2, 16, 1, 1, policy.rule().lruBatch(), Long.BYTES, 2, pmd)),
                policy.rule(),
                options);
    }

    private static void write(Machine machine, int page, long word) {
        assertThat(Outcome.failed(machine.write(A, page, word))).isFalse();
        machine.validate();
    }

    private static int order(Machine machine, int page) {
        return Math.max(
                machine.arena()
                        .frames()
                        .get(machine.arena().frames().folioOf(machine.frameOf(A, page)), FolioRecord.ORDER),
                0);
    }

    /** What has to go out for the new folio may be what is put together. */
    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"V5_19", "V6_11", "V6_15", "V7_3"})
    void collapseLosesNothingThatItsOwnFolioPushesOut(Policy policy) {
        Machine machine =
                machine(policy, 12, true, new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, true, true));
        for (int page = 0; page < 8; page++) {
            write(machine, page, page + 1);
        }
        // Base pages, one of which is swapped out; no other block of four is free.
        machine.pageout(A, 0, 0);
        int outcome = machine.collapse(A, 0);
        machine.validate();
        assertThat(outcome).isIn(0, Outcome.INVALID, Outcome.NO_MEMORY);
        for (int page = 0; page < 8; page++) {
            assertThat(Outcome.failed(machine.read(A, page))).isFalse();
            assertThat(machine.task(A).value()).as("page %d", page).isEqualTo(page + 1);
        }
        machine.validate();
    }

    /** A folio that cannot be used after all is free again. */
    @Test
    void collapseThatDoesNotComeToPassLeavesNothing() {
        Machine machine = machine(Policy.V7_3, 64, true, MachineOptions.LITMUS);
        write(machine, 0, 1);
        write(machine, 1, 1);
        // Page 0 becomes a page of its own, to which somebody has a reference when it goes out.
        machine.pageout(A, 0, 0);
        machine.read(A, 0);
        machine.splice(A, 0, 0);
        machine.pageout(A, 0, 0);
        machine.drain(A);
        assertThat(Pte.isSwap(machine.arena().tables().entry(A, 0)))
                .as("page 0 is out, in the swap cache")
                .isTrue();
        long free = free(machine);
        assertThat(machine.collapse(A, 0)).isEqualTo(Outcome.BUSY);
        machine.validate();
        assertThat(free(machine)).isEqualTo(free);
    }

    private static long free(Machine machine) {
        return machine.arena().control(Control.FREE_COUNT);
    }

    /** The fault that brings a folio may have to copy a page of it. */
    @Test
    void aFolioIsNotReadWhereItLeavesNoFrameForTheCopy() {
        Machine machine = machine(
                Policy.V7_0, 12, false, new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, false, true));
        write(machine, 0, 1);
        write(machine, 4, 1);
        write(machine, 12, 1);
        write(machine, 13, 1);
        machine.pageout(A, 0, 3);
        machine.fork(A, B);
        write(machine, 14, 1);
        assertThat(free(machine)).isEqualTo(4);
        write(machine, 0, 2);
        assertThat(order(machine, 0)).isZero();
        assertThat(Outcome.failed(machine.read(B, 0))).isFalse();
        assertThat(machine.task(B).value()).isOne();
        machine.validate();
    }

    /** An area that is read-only already does not end where the range does. */
    @Test
    void aPmdEntryIsNotSplitWhereNoAreaEnds() {
        Machine machine = machine(Policy.V7_3, 64, true, MachineOptions.LITMUS);
        write(machine, 0, 1);
        write(machine, 4, 1);
        machine.protect(A, 4, 7, false);
        machine.protect(A, 0, 5, false);
        assertThat(machine.counter(Counter.SPLIT_PMD)).isZero();
        machine.protect(A, 5, 5, true);
        assertThat(machine.counter(Counter.SPLIT_PMD)).isOne();
        machine.dontFork(A, 0, 3, true);
        machine.dontFork(A, 2, 3, true);
        assertThat(machine.counter(Counter.SPLIT_PMD)).isOne();
        machine.validate();
    }

    /** In the swap cache too, where others have the page in swap. */
    @Test
    void aSplitMapsThePageOfZeroesInPlaceOfPagesOfZeroes() {
        Machine machine = machine(Policy.V7_3, 64, false, MachineOptions.LITMUS);
        write(machine, 0, 1);
        machine.pageout(A, 0, 3);
        machine.fork(A, B);
        write(machine, 0, 2);
        assertThat(order(machine, 1)).isEqualTo(2);
        machine.pageout(A, 1, 1);
        machine.validate();
        assertThat(machine.frameOf(A, 1)).isEqualTo(PageArena.ZERO_FRAME);
        assertThat(Outcome.failed(machine.read(B, 1))).isFalse();
        assertThat(machine.task(B).value()).isZero();
    }

    /** Of a folio that loses its mappings one by one in one operation nothing was held for nothing. */
    @Test
    void whatIsHeldForNothingIsCountedAtTheEndOfAnOperation() {
        Machine machine = machine(Policy.V7_3, 64, false, MachineOptions.LITMUS);
        write(machine, 0, 1);
        machine.discard(A, 0, 3);
        assertThat(machine.counter(Counter.BYTES_HELD)).isZero();
        // In the swap cache it is not for nothing; out of it, it is.
        write(machine, 0, 1);
        machine.pageout(A, 0, 3);
        machine.discard(A, 1, 3);
        assertThat(machine.counter(Counter.BYTES_HELD)).isZero();
        write(machine, 0, 2);
        assertThat(order(machine, 0)).isEqualTo(2);
        assertThat(machine.arena().frames().has(machine.frameOf(A, 0), FolioRecord.SWAPCACHE))
                .isFalse();
        assertThat(machine.counter(Counter.BYTES_HELD)).isEqualTo(3L * Long.BYTES);
    }
}
