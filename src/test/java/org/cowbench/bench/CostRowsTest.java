package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.Pte;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Read faults, pairs, write swap-ins, forks and exits do what their names say, in every pass. */
class CostRowsTest {
    private static final int PASSES = 3;
    private static final Map<String, Supplier<PageSet>> ROWS = Map.of(
            "swapInRead",
            Faults.Reads::new,
            "readThenWrite",
            Faults.Pairs::new,
            "writeSwapIn",
            Faults.Writes::new,
            "forkPresent",
            Processes.ForkOfPresent::new,
            "forkSwapped",
            Processes.ForkOfSwapped::new,
            "exitPresent",
            Processes.ExitOfPresent::new,
            "exitSwapped",
            Processes.ExitOfSwapped::new);

    private static PageSet row(String name, Policy policy) {
        PageSet set = ROWS.get(name).get();
        set.policy = policy;
        set.build();
        return set;
    }

    /** Copies, reuses and faults of one operation: what the commits of each era say of it. */
    @ParameterizedTest
    @CsvSource({
        "swapInRead,    V5_9,  0, 0, 1", "swapInRead,    V5_18, 0, 0, 1", "swapInRead,    V6_11, 0, 0, 1",
        "readThenWrite, V5_9,  1, 0, 2", "readThenWrite, V5_18, 0, 1, 2", "readThenWrite, V6_11, 0, 0, 1",
        "writeSwapIn,   V5_9,  0, 0, 1", "writeSwapIn,   V5_18, 0, 0, 1", "writeSwapIn,   V6_11, 0, 0, 1",
        "forkPresent,   V5_9,  0, 0, 0", "forkPresent,   V5_18, 0, 0, 0", "forkPresent,   V6_11, 0, 0, 0",
        "forkSwapped,   V5_9,  0, 0, 0", "forkSwapped,   V5_18, 0, 0, 0", "forkSwapped,   V6_11, 0, 0, 0",
        "exitPresent,   V5_9,  0, 0, 0", "exitPresent,   V5_18, 0, 0, 0", "exitPresent,   V6_11, 0, 0, 0",
        "exitSwapped,   V5_9,  0, 0, 0", "exitSwapped,   V5_18, 0, 0, 0", "exitSwapped,   V6_11, 0, 0, 0"
    })
    void countersOfAnOperation(String name, Policy policy, long copies, long reuses, long faults) {
        PageSet set = row(name, policy);
        try {
            Machine machine = set.machine();
            long[] before = counters(machine);
            for (int pass = 0; pass < PASSES; pass++) {
                set.rewind();
                set.run();
                set.machine().validate();
            }
            long[] after = counters(machine);
            long operations = (long) PASSES * set.operations();
            assertThat(new long[] {after[0] - before[0], after[1] - before[1], after[2] - before[2]})
                    .containsExactly(copies * operations, reuses * operations, faults * operations);
        } finally {
            set.close();
        }
    }

    private static long[] counters(Machine machine) {
        return new long[] {
            machine.counter(Counter.WP_COPIES),
            machine.counter(Counter.WP_REUSES),
            machine.counter(Counter.MINOR_FAULTS) + machine.counter(Counter.MAJOR_FAULTS)
        };
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void everyRowRunsUnderEveryPolicyAndEveryPassIsTheSame(Policy policy) {
        for (String name : ROWS.keySet()) {
            PageSet set = row(name, policy);
            try {
                set.machine().validate();
                long[] last = null;
                long[] before = counters(set.machine());
                for (int pass = 0; pass < PASSES; pass++) {
                    set.rewind();
                    set.run();
                    set.machine().validate();
                    long[] now = counters(set.machine());
                    long[] grown = {now[0] - before[0], now[1] - before[1], now[2] - before[2]};
                    assertThat(last == null ? grown : last)
                            .as("%s %s pass %d", name, policy, pass)
                            .isEqualTo(grown);
                    last = grown;
                    before = now;
                }
            } finally {
                set.close();
            }
        }
    }

    /** The pages are in the state in which kernel bench finds its own. */
    @Test
    void pagesAreSwappedOutAndCached() {
        for (String name : List.of("swapInRead", "readThenWrite", "writeSwapIn", "forkSwapped")) {
            PageSet set = row(name, Policy.V6_11);
            try {
                PageArena arena = set.machine().arena();
                for (int page = 0; page < set.pages(); page++) {
                    long pte = arena.tables().pte(0, page);
                    assertThat(Pte.isSwap(pte)).as("swapped out").isTrue();
                    int frame = arena.slots().cached(Pte.slot(pte));
                    assertThat(frame).as("in the swap cache").isNotEqualTo(PageArena.NIL);
                    assertThat(arena.frames().get(frame, FolioRecord.REF))
                            .as("no batch holds it")
                            .isOne();
                    assertThat(arena.slots().count(Pte.slot(pte)))
                            .as("the other user has gone")
                            .isOne();
                    assertThat((pte & Pte.EXCLUSIVE) != 0)
                            .as("fork made it not exclusive")
                            .isEqualTo(!name.equals("writeSwapIn"));
                }
            } finally {
                set.close();
            }
        }
    }

    /** What a fork does it does to every page, and an exit takes it back from every page. */
    @Test
    void aForkIsPaidPerPageAndAnExitToo() {
        for (String state : List.of("Present", "Swapped")) {
            PageSet fork = row("fork" + state, Policy.V5_19);
            PageSet exit = row("exit" + state, Policy.V5_19);
            try {
                assertThat(users(fork, 0)).as("before the fork").containsOnly(1).hasSize(fork.operations());
                fork.rewind();
                fork.run();
                assertThat(users(fork, 0)).as("after the fork").containsOnly(2).hasSize(fork.operations());
                assertThat(users(fork, 1)).as("the child's").containsOnly(2).hasSize(fork.operations());
                assertThat(users(exit, 0)).as("before the exit").containsOnly(2).hasSize(exit.operations());
                exit.rewind();
                exit.run();
                assertThat(users(exit, 0)).as("after the exit").containsOnly(1).hasSize(exit.operations());
                for (int page = 0; page < exit.pages(); page++) {
                    assertThat(exit.machine().arena().tables().pte(1, page)).isEqualTo(Pte.NONE);
                }
            } finally {
                fork.close();
                exit.close();
            }
        }
    }

    private static List<Integer> users(PageSet set, int process) {
        PageArena arena = set.machine().arena();
        return java.util.stream.IntStream.range(0, set.pages())
                .mapToObj(page -> {
                    long pte = arena.tables().pte(process, page);
                    return Pte.isPresent(pte)
                            ? arena.frames().get(Pte.frame(pte), PageRecord.MAP)
                            : arena.slots().count(Pte.slot(pte));
                })
                .toList();
    }

    /** Each shares a fork among policies, and belongs to the full suite alone. */
    @Test
    void rowsTakeTurnsInTheFullSuite() {
        List<Cell> all = Catalog.cells().stream()
                .filter(cell -> !cell.params().containsKey(FolioKind.PARAM))
                .toList();
        for (String name : ROWS.keySet()) {
            List<Cell> cells = all.stream()
                    .filter(cell -> cell.name().endsWith("." + name))
                    .toList();
            assertThat(cells).as(name).hasSize(Policy.shipped().size()).allMatch(Cell::takesTurns);
            assertThat(Suite.FULL.select(cells)).isEqualTo(cells);
            assertThat(Suite.QUICK.select(cells)).isEmpty();
        }
    }
}
