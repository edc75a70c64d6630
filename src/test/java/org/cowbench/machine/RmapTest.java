package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reclaim finds all that map a page, and looks at nobody else's entries. */
class RmapTest {
    private static final Policy POLICY = Policy.V7_3;

    /** Entries that the reverse map has looked at. */
    private int looked;

    private Machine machine(ArenaSpec spec, Policy policy, MachineOptions options) {
        return new Machine(new Mm(
                PageArena.allocate(spec),
                policy.rule(),
                options,
                Lru::new,
                Swap::new,
                PageIo::new,
                mm -> new Rmap(mm) {
                    @Override
                    long look(int process, int index) {
                        looked++;
                        return super.look(process, index);
                    }
                },
                Task::new));
    }

    /** Many processes, one page that the first has written and that all those have which are forked from it. */
    private Machine shared(int processes, int sharers) {
        Machine machine = machine(
                ArenaSpec.roomy(processes, 1, 1, 0, POLICY.rule().lruBatch(), 64), POLICY, MachineOptions.LITMUS);
        machine.write(0, 0, 7);
        for (int child = 1; child < sharers; child++) {
            machine.fork(0, child);
        }
        return machine;
    }

    private void isOut(Machine machine, int process) {
        assertThat(Pte.isSwap(machine.arena().tables().pte(process, 0)))
                .as("process %d", process)
                .isTrue();
    }

    /** Each has a page of its own, all at the same index. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64})
    void aPageOfOneProcessIsOneEntry(int processes) {
        Machine machine = shared(processes, 1);
        for (int child = 1; child < processes; child++) {
            machine.fork(0, child);
            machine.write(child, 0, child);
        }
        for (int process : new int[] {processes - 1, processes / 2, 0}) {
            looked = 0;
            machine.reclaim(process, 0);
            assertThat(looked).as("of process %d", process).isEqualTo(1);
            isOut(machine, process);
            machine.validate();
            machine.read(process, 0);
            machine.pageout(process, 0);
            assertThat(looked).as("again").isEqualTo(2);
            isOut(machine, process);
            machine.validate();
            machine.read(process, 0);
        }
        machine.arena().close();
    }

    @ParameterizedTest
    @CsvSource({"64, 1", "64, 2", "64, 64", "8, 5"})
    void aSharedPageIsAnEntryASharer(int processes, int sharers) {
        Machine machine = shared(processes, sharers);
        machine.validate();
        looked = 0;
        machine.reclaim(sharers - 1, 0);
        assertThat(looked).isEqualTo(sharers);
        for (int process = 0; process < sharers; process++) {
            isOut(machine, process);
        }
        machine.validate();
        for (int process = 0; process < sharers; process++) {
            machine.read(process, 0);
            assertThat(machine.task(process).value()).isEqualTo(7);
        }
        machine.validate();
        machine.arena().close();
    }

    /** The first to map it and the last have gone, and others have given it back or copied it. */
    @Test
    void whoMapsItNoLongerIsNotLookedAt() {
        Machine machine = shared(64, 16);
        machine.exit(0);
        machine.exit(15);
        machine.discard(1, 0);
        machine.write(2, 0, 8);
        machine.validate();
        looked = 0;
        machine.reclaim(7, 0);
        assertThat(looked).isEqualTo(12);
        isOut(machine, 14);
        assertThat(Pte.isPresent(machine.arena().tables().pte(2, 0))).isTrue();
        machine.validate();
        machine.arena().close();
    }

    /** A bit is of more than one process: the others that it is of are looked at, in order, and no more. */
    @Test
    void moreProcessesThanBits() {
        Machine machine = shared(200, 1);
        for (int child = 1; child < 200; child++) {
            machine.fork(0, child);
        }
        machine.validate();
        IntStream.range(0, 199).filter(process -> process != 69).forEach(machine::exit);
        machine.validate();
        looked = 0;
        machine.reclaim(199, 0);
        isOut(machine, 69);
        isOut(machine, 199);
        assertThat(looked)
                .as("who maps it may be any of 200 until it is nobody")
                .isLessThanOrEqualTo(200);
        machine.validate();
        machine.write(199, 0, 8);
        looked = 0;
        machine.reclaim(199, 0);
        assertThat(looked).as("7, 71, 135 and 199").isEqualTo(4);
        machine.validate();
        machine.arena().close();
    }

    /** What reclaim looks at for a fault is the same for one process and for 64 of which each has a part. */
    @Test
    void pressureLooksAtNoMoreForMoreProcesses() {
        assertThat(lookedUnderPressure(64)).isEqualTo(lookedUnderPressure(1)).isPositive();
    }

    private int lookedUnderPressure(int processes) {
        int all = 1024;
        int pages = all / processes;
        ArenaSpec spec = new ArenaSpec(
                512, 2 * all, processes, pages, 1, 0, POLICY.rule().lruBatch(), 64);
        Machine machine =
                machine(spec, POLICY, new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, true, false));
        for (int process = 1; process < processes; process++) {
            machine.fork(0, process);
        }
        looked = 0;
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 8 * all; i++) {
            int page = random.nextInt(all);
            assertThat(Outcome.failed(machine.write(page / pages, page % pages, i)))
                    .isFalse();
        }
        assertThat(machine.counter(Counter.SWAP_WRITES)).isGreaterThan(all);
        machine.validate();
        machine.arena().close();
        return looked;
    }

    /** Whatever is done, in whatever era: the validator compares the sets with the page tables. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void theSetsAreThoseOfThePageTables(Policy policy) {
        int processes = 8;
        int pages = 4;
        Machine machine = machine(
                ArenaSpec.roomy(processes, pages, 1, 0, policy.rule().lruBatch(), 64), policy, MachineOptions.LITMUS);
        PageTables tables = machine.arena().tables();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 3000; i++) {
            int process = random.nextInt(processes);
            int page = random.nextInt(pages);
            if (!tables.alive(process)) {
                int parent = IntStream.range(0, processes)
                        .filter(tables::alive)
                        .findFirst()
                        .orElseThrow();
                machine.fork(parent, process);
            } else {
                switch (random.nextInt(8)) {
                    case 0, 1 -> machine.write(process, page, i);
                    case 2 -> machine.read(process, page);
                    case 3 -> machine.pageout(process, page);
                    case 4 -> machine.reclaim(process, page);
                    case 5 -> machine.discard(process, page);
                    case 6 -> machine.drain(process);
                    default -> {
                        if (IntStream.range(0, processes).filter(tables::alive).count() > 1) {
                            machine.exit(process);
                        }
                    }
                }
            }
            machine.validate();
        }
        machine.arena().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 3, 5})
    void anotherSetIsWrong(long wrong) {
        Machine machine = shared(4, 1);
        machine.arena().frames().mappers(machine.frameOf(0, 0), wrong);
        assertThatThrownBy(machine::validate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("processes 1 map it, its record says " + wrong);
        machine.arena().close();
    }
}
