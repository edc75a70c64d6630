package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What large folios cost is what each era's rule says of them, in every pass. */
class FoliosTest {
    private static final int PASSES = 2;

    private static final Map<String, Function<FolioKind, Folios.FolioSet>> ROWS = Map.of(
            "writeAfterExit", kind -> with(new Folios.AfterExit(), kind),
            "writeSwapIn", kind -> sized(new Folios.SwappedOut(), kind),
            "writeHalf", kind -> sized(new Folios.HalfLeft(), kind),
            "writeLast", kind -> sized(new Folios.OneLeft(), kind),
            "fork", kind -> whole(new Folios.Forked(), kind),
            "exit", kind -> whole(new Folios.Exited(), kind));

    private static Folios.FolioSet with(Folios.AfterExit set, FolioKind kind) {
        set.folio = kind;
        return set;
    }

    private static Folios.FolioSet sized(Folios.Sizes set, FolioKind kind) {
        set.folio = kind;
        return set;
    }

    private static Folios.FolioSet whole(Folios.Whole set, FolioKind kind) {
        set.folio = kind;
        return set;
    }

    private static Folios.FolioSet row(String name, FolioKind kind, Policy policy) {
        Folios.FolioSet set = ROWS.get(name).apply(kind);
        set.policy = policy;
        set.build();
        return set;
    }

    private static long[] counters(Machine machine) {
        return new long[] {
            machine.counter(Counter.WP_COPIES),
            machine.counter(Counter.WP_REUSES),
            machine.counter(Counter.MINOR_FAULTS) + machine.counter(Counter.MAJOR_FAULTS)
        };
    }

    /** Copies, reuses and faults a folio. Rows 1 to 4, 6, 7 and 22 of the scenarios that {@code LargeFolioTest} has by era. */
    @ParameterizedTest
    @CsvSource({
        // A PMD entry is answered for at once, by every era.
        "writeAfterExit, MIB_2,     V5_9,  0,   1,   1",
        "writeAfterExit, MIB_2,     V5_19, 0,   1,   1",
        "writeAfterExit, MIB_2,     V6_11, 0,   1,   1",
        "writeAfterExit, MIB_2,     V7_3,  0,   1,   1",
        // Its entries one by one: down to the last page, never, always.
        "writeAfterExit, MIB_2_PTE, V5_9,  511, 1,   512",
        "writeAfterExit, MIB_2_PTE, V5_19, 511, 1,   512",
        "writeAfterExit, MIB_2_PTE, V6_11, 512, 0,   512",
        "writeAfterExit, MIB_2_PTE, V6_15, 0,   512, 512",
        "writeAfterExit, KIB_64,    V6_11, 16,  0,   16",
        "writeAfterExit, KIB_64,    V6_15, 0,   16,  16",
        "writeAfterExit, KIB_64,    V7_0,  0,   16,  16",
        // One fault for the folio up to v6.19, one a page from v7.0 on.
        "writeSwapIn,    KIB_64,    V6_11, 0,   0,   1",
        "writeSwapIn,    KIB_64,    V6_15, 0,   0,   1",
        "writeSwapIn,    KIB_64,    V7_0,  0,   16,  16",
        "writeSwapIn,    KIB_64,    V7_3,  0,   16,  16",
        "writeSwapIn,    MIB_2,     V6_15, 0,   0,   1",
        "writeSwapIn,    MIB_2,     V7_0,  0,   512, 512",
        "writeHalf,      KIB_64,    V6_11, 8,   0,   8",
        "writeHalf,      KIB_64,    V6_15, 0,   8,   8",
        "writeHalf,      MIB_2,     V5_19, 255, 1,   256",
        "writeHalf,      MIB_2,     V7_3,  0,   256, 256",
        // The last page: the folio is given back for it from v6.9 or so on.
        "writeLast,      MIB_2,     V5_9,  0,   1,   1",
        "writeLast,      MIB_2,     V5_19, 0,   1,   1",
        "writeLast,      MIB_2,     V6_11, 1,   0,   1",
        "writeLast,      KIB_64,    V6_15, 1,   0,   1",
        "fork,           MIB_2,     V6_15, 0,   0,   0",
        "exit,           KIB_64,    V6_15, 0,   0,   0"
    })
    void countersOfAFolio(String name, FolioKind kind, Policy policy, long copies, long reuses, long faults) {
        Folios.FolioSet set = row(name, kind, policy);
        try {
            set.machine().validate();
            long[] before = counters(set.machine());
            long folios = 0;
            for (int run = 0; run < PASSES * set.folios() / set.operations(); run++) {
                set.rewind();
                set.run();
                folios += set.operations();
            }
            set.machine().validate();
            long[] after = counters(set.machine());
            assertThat(new long[] {after[0] - before[0], after[1] - before[1], after[2] - before[2]})
                    .containsExactly(copies * folios, reuses * folios, faults * folios);
        } finally {
            set.close();
        }
    }

    /** Every cell that there is can be built and put back, and no pass differs from the one before. */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(FolioKind.class)
    void everyCellRunsAndEveryPassIsTheSame(FolioKind kind) {
        for (Cell cell : cells()) {
            String method = cell.name().substring(cell.name().indexOf('.') + 1);
            if (!cell.name().startsWith("Folios.")
                    || !cell.params().get(FolioKind.PARAM).equals(kind.name())) {
                continue;
            }
            Folios.FolioSet set = row(method, kind, Policy.valueOf(cell.params().get(Policy.PARAM)));
            try {
                List<String> passes = new ArrayList<>();
                for (int pass = 0; pass < PASSES; pass++) {
                    long[] before = counters(set.machine());
                    for (int done = 0; done < set.folios(); done += set.operations()) {
                        set.rewind();
                        set.run();
                    }
                    set.machine().validate();
                    long[] after = counters(set.machine());
                    for (int i = 0; i < after.length; i++) {
                        after[i] -= before[i];
                    }
                    passes.add(Arrays.toString(after));
                }
                assertThat(passes).as(cell.tag()).containsOnly(passes.getFirst());
            } finally {
                set.close();
            }
        }
    }

    private static List<Cell> cells() {
        return Catalog.cells().stream()
                .filter(cell -> cell.params().containsKey(FolioKind.PARAM))
                .toList();
    }

    /** A size that an era lacks is no row of it, and is not measured as something else. */
    @Test
    void aSizeThatAnEraLacksIsNoRow() {
        assertThat(cells())
                .extracting(Cell::tag)
                .contains(
                        "Folios.fork;folio=MIB_2;policy=v5.9",
                        "Folios.fork;folio=KIB_64;policy=v6.11",
                        "LargeChurn.run;folio=KIB_64;policy=oracle;stream=REDIS")
                .doesNotContain(
                        "Folios.fork;folio=KIB_64;policy=v5.9",
                        "Folios.fork;folio=KIB_64;policy=v5.19",
                        "LargeChurn.run;folio=KIB_64;policy=v5.9;stream=REDIS",
                        "Folios.writeSwapIn;folio=MIB_2_PTE;policy=v7.3");
        assertThatThrownBy(() -> row("fork", FolioKind.KIB_64, Policy.V5_19))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("page 0 is in no folio of 16 pages: the kernels of this policy have none");
        String rule = "Folios.fork;folio=KIB_64;policy=rule";
        assertThat(Catalog.withRule(Policy.V5_9)).extracting(Cell::tag).doesNotContain(rule);
        assertThat(Catalog.withRule(Policy.V6_15)).extracting(Cell::tag).contains(rule);
    }

    /** v6.15 is v6.11 for base pages, so there one stands for both; for folios they differ. */
    @Test
    void policiesThatAreOneForBasePagesAreTwoForFolios() {
        assertThat(Suite.distinct(cells())).isEqualTo(cells());
        assertThat(cells()).allMatch(Cell::takesTurns);
        assertThat(Suite.FOLIOS.select(Catalog.cells())).isEqualTo(cells());
        assertThat(Suite.FULL.select(cells())).isEmpty();
        assertThat(Suite.QUICK.select(cells())).isEmpty();
    }
}
