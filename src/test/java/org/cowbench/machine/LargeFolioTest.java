package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.machine.FolioRun.A;
import static org.cowbench.machine.FolioRun.B;
import static org.cowbench.machine.FolioRun.C;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.cowbench.arena.PageArena;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/**
 * What six kernels do with large folios, as measured on them or derived from their sources: one line a scenario, the
 * outcomes in the order 5.10, 6.1, 6.12, 6.18, 7.2, 7.3. Writes are {@code c}opied, {@code r}eused after a fault, or
 * {@code f}ree of faults. In folios of 4 and of 512 pages where a PMD entry may map them, of 4 and 16 where not.
 * Longer than other files, as it is one table: a test a row.
 */
class LargeFolioTest {
    private static final List<Policy> KERNELS =
            List.of(Policy.V5_9, Policy.V5_19, Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3);
    private static final String NONE = "n/a";

    private static void thp(Function<FolioRun, String> scenario, String... expected) {
        check(2, true, scenario, expected);
        check(9, true, scenario, expected);
    }

    private static void mthp(Function<FolioRun, String> scenario, String... expected) {
        check(2, false, scenario, expected);
        check(4, false, scenario, expected);
    }

    private static void check(int order, boolean pmd, Function<FolioRun, String> scenario, String... expected) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < KERNELS.size(); i++) {
            if (expected[i].equals(NONE)) {
                found.add(NONE);
                continue;
            }
            try (FolioRun run = new FolioRun(KERNELS.get(i), order, pmd)) {
                found.add(scenario.apply(run));
            }
        }
        assertThat(found).as("order %d, pmd %s", order, pmd).containsExactly(expected);
    }

    private static String forkExit(FolioRun run) {
        run.fork(B);
        run.exit(B);
        return run.write(A, 0, 2);
    }

    @Test
    void row1AChildThatHasGoneLeavesAPmdMappingReusable() {
        thp(LargeFolioTest::forkExit, "r", "r", "r", "r", "r", "r");
    }

    @Test
    void row2AndScript1ASoleOwnerOfPageTableEntriesCopiesBefore615() {
        thp(
                run -> {
                    run.split(A);
                    return forkExit(run);
                },
                "c",
                "c",
                "c",
                "r",
                "r",
                "r");
    }

    @Test
    void row3SoDoesOneOfASmallerFolio() {
        mthp(LargeFolioTest::forkExit, NONE, NONE, "c", "r", "r", "r");
    }

    @Test
    void row4AFolioThatWasCopiedInPartIsCopiedToTheLastPageBefore615() {
        thp(
                run -> {
                    run.fork(B);
                    String first = run.write(A, 0, 1, 2);
                    run.exit(B);
                    String rest = run.write(A, 2, run.size - 1, 3);
                    assertThat(rest.substring(0, rest.length() - 1)).containsPattern("^(c+|r+)$");
                    return first + rest.charAt(0) + rest.charAt(rest.length() - 1);
                },
                "cccr",
                "cccr",
                "cccc",
                "ccrr",
                "ccrr",
                "ccrr");
    }

    @Test
    void row5APageThatTheOtherHasDroppedIsCopied() {
        thp(
                run -> {
                    run.fork(B);
                    run.discard(B, 0, run.size / 2 - 1);
                    return run.write(A, 1, 2);
                },
                "c",
                "c",
                "c",
                "c",
                "c",
                "c");
    }

    private static String lastPages(FolioRun run, int left) {
        run.discard(A, left, run.size - 1);
        run.fork(B);
        run.exit(B);
        return run.write(A, 0, left - 1, 2);
    }

    @Test
    void row6AndScript2TheLastPageIsReusedBefore612AndCopiedSince() {
        thp(run -> lastPages(run, 1), "r", "r", "c", "c", "c", "c");
    }

    @Test
    void row7OfTwoPagesLeft() {
        thp(run -> lastPages(run, 2), "cr", "cr", "cc", "rr", "rr", "rr");
    }

    @Test
    void row8AndScript3TheThirdProcessIsInNoOwnerSlotAndCopiesAlone() {
        thp(
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.fork(C);
                    run.exit(B);
                    run.discardAll(A);
                    return run.write(C, 0, 2);
                },
                "c",
                "c",
                "c",
                "c",
                "c",
                "c");
    }

    @Test
    void row9WhereTheThirdGoesFirstTheOwnerIsKnownAgain() {
        thp(
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.fork(C);
                    run.exit(C);
                    run.exit(B);
                    return run.write(A, 0, 2);
                },
                "c",
                "c",
                "c",
                "r",
                "r",
                "r");
    }

    private static String pipe(FolioRun run) {
        run.fork(B);
        run.splice(B, 0);
        run.discardAll(B);
        return run.write(A, 0, 2) + (run.peek(B) == 1 ? "" : " leak");
    }

    @Test
    void row10AndScript4TheSecurityHoleIsOpenForPmdMappingsIn510() {
        thp(LargeFolioTest::pipe, "r leak", "c", "c", "c", "c", "c");
    }

    @Test
    void row11NotWherePageTablesMapTheFolio() {
        thp(
                run -> {
                    run.split(A);
                    return pipe(run);
                },
                "c",
                "c",
                "c",
                "c",
                "c",
                "c");
        mthp(LargeFolioTest::pipe, NONE, NONE, "c", "c", "c", "c");
    }

    @Test
    void row12ItIsOpenIn510InTheSwapCacheToo() {
        thp(
                run -> {
                    run.pageoutAll(A);
                    return pipe(run);
                },
                "r leak",
                "c",
                "c",
                "c",
                "c",
                "c");
    }

    @Test
    void row13APageOfTheSwapCacheThatTheOtherHasSwappedOutIsCopied() {
        Function<FolioRun, String> seed = run -> {
            run.pageoutAll(A);
            run.fork(B);
            run.read(A, 0);
            String write = run.write(A, 0, 2);
            return write + run.read(B, 0);
        };
        thp(seed, "c1", "c1", "c1", "c1", "c1", "c1");
        mthp(seed, NONE, NONE, "c1", "c1", "c1", "c1");
    }

    /** In 5.10 and 6.1 a tail of a folio in the swap cache is taken for a page of KSM's and copied at the swap fault. */
    @Test
    void row14OneSwapFaultMapsAllOfAFolioSince612() {
        Function<FolioRun, String> own = run -> {
            int folio = run.frame(A, 0);
            run.pageoutAll(A);
            run.read(A, 0);
            boolean stays = run.frame(A, 0) == folio;
            String writes = run.write(A, 0, 2) + run.write(A, 1, 2);
            return writes + (stays && run.frame(A, 1) == folio + 1 ? "" : ", fresh");
        };
        thp(own, "cr, fresh", "rr, fresh", "ff", "ff", "ff", "ff");
        mthp(own, NONE, NONE, "ff", "ff", "ff", "ff");
    }

    private static String dma(FolioRun run, boolean written) {
        int at = run.size - 1;
        run.pageoutAll(A);
        run.read(A, 0);
        if (written) {
            run.write(A, 1, 5);
        }
        run.pin(A, 0, at);
        run.dma(A, at, 2);
        run.unpin();
        run.pageoutAll(A);
        return run.read(A, at) == 2 ? "ok" : "lost";
    }

    @Test
    void row15AndScript8ADeviceWriteToANeighbourIsLost() {
        thp(run -> dma(run, false), "ok", "ok", "lost", "lost", "lost", "lost");
        mthp(run -> dma(run, false), NONE, NONE, "lost", "lost", "lost", "lost");
    }

    @Test
    void row16NotWhereTheProcessorHasWrittenAnyPage() {
        thp(run -> dma(run, true), "ok", "ok", "ok", "ok", "ok", "ok");
        mthp(run -> dma(run, true), NONE, NONE, "ok", "ok", "ok", "ok");
    }

    @Test
    void row17NorOnADeviceThatAnswersAtOnce() {
        MachineOptions zram = new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, false, true);
        for (Policy policy : KERNELS.subList(2, KERNELS.size())) {
            for (boolean pmd : new boolean[] {true, false}) {
                try (FolioRun run = new FolioRun(policy.rule(), 2, pmd, zram)) {
                    assertThat(dma(run, false)).as(policy.id()).isEqualTo("ok");
                }
            }
        }
    }

    @Test
    void row18AndScript7OnePinnedPageMakesForkCopyAll() {
        Function<FolioRun, String> pinned = run -> {
            int folio = run.frame(A, 0);
            run.pin(A, 1, 1);
            run.fork(B);
            String write = run.write(A, 1, 2);
            assertThat(run.read(B, 1)).isEqualTo(1);
            write += run.write(B, 2, 3) + run.read(A, 2);
            int copies = 0;
            for (int page = 0; page < run.size; page++) {
                assertThat(run.frame(A, page)).isEqualTo(folio + page);
                copies += run.order(B, page) == 0 ? 1 : 0;
            }
            return write + (copies == run.size ? "" : " not copied");
        };
        thp(pinned, "ff1", "ff1", "ff1", "ff1", "ff1", "ff1");
        mthp(pinned, NONE, NONE, "ff1", "ff1", "ff1", "ff1");
    }

    @Test
    void row19AReferenceToOnePageIsInTheWayOfAnother() {
        Function<FolioRun, String> inherited = run -> {
            run.split(A);
            run.fork(B);
            run.splice(B, 2);
            run.exit(B);
            return run.write(A, 1, 2);
        };
        thp(inherited, "c", "c", "c", "c", "c", "c");
        mthp(inherited, NONE, NONE, "c", "c", "c", "c");
    }

    @Test
    void row20AndScript6OnePageReusedMakesTheOthersBeCopied() {
        check(
                4,
                false,
                run -> {
                    run.fork(B);
                    run.exit(B);
                    String writes = run.write(A, 3, 2);
                    run.pageoutAll(A);
                    run.read(A, 0);
                    return writes + run.write(A, 3, 4) + run.write(A, 4, 4) + run.write(A, 5, 15, 4);
                },
                NONE,
                NONE,
                "crrrrrrrrrrrrr",
                "rrcccccccccccc",
                "rrcccccccccccc",
                "rrcccccccccccc");
    }

    @Test
    void row21EntriesOfAFolioThatAreNotAlikeAreMappedOneByOne() {
        check(
                4,
                false,
                run -> {
                    run.pageoutAll(A);
                    run.keep(A, 8, 15);
                    run.fork(B);
                    run.read(A, 9);
                    int mapped = run.present(A);
                    run.write(A, 3, 2);
                    return mapped + " mapped, " + run.read(B, 3);
                },
                NONE,
                NONE,
                "1 mapped, 1",
                "1 mapped, 1",
                "1 mapped, 1",
                "1 mapped, 1");
    }

    @Test
    void row22SinceSevenASwappedOutFolioOfAParentFaultsForEachPage() {
        mthp(
                run -> {
                    run.pageoutAll(A);
                    run.fork(B);
                    run.exit(B);
                    return run.write(A, 2, 2)
                            + run.write(A, 3, 2)
                            + run.write(A, 0, 2)
                            + (run.present(A) == run.size ? " all" : "");
                },
                NONE,
                NONE,
                "rff all",
                "rff all",
                "rrr all",
                "rrr all");
    }

    @Test
    void row23AReferenceKeepsAllOfAFolioInMemory() {
        Function<FolioRun, String> spliced = run -> {
            run.splice(A, 1);
            run.pageoutAll(A);
            return run.present(A) == run.size ? "stays" : "goes";
        };
        thp(spliced, "stays", "stays", "stays", "stays", "stays", "stays");
        mthp(spliced, NONE, NONE, "stays", "stays", "stays", "stays");
    }

    @Test
    void row24WhatIsPartlyMappedIsSplitBeforeItGoesOut() {
        Function<FolioRun, String> half = run -> {
            run.discard(A, 0, run.size / 2 - 1);
            assertThat(run.counted(Counter.BYTES_HELD)).isEqualTo(run.size / 2 * 8L);
            run.pageoutAll(A);
            assertThat(run.present(A)).isZero();
            assertThat(run.counted(Counter.SWPOUT_LARGE)).isZero();
            return run.counted(Counter.SPLIT_FOLIO) + " split";
        };
        thp(half, "1 split", "1 split", "1 split", "1 split", "1 split", "1 split");
        mthp(half, NONE, NONE, "1 split", "1 split", "1 split", "1 split");
    }

    @Test
    void script5WholeSwapIn() {
        Function<FolioRun, String> script = run -> {
            run.pageoutAll(A);
            run.read(A, 3);
            return run.write(A, 3, 2) + run.write(A, run.size > 4 ? 4 : 2, 2) + " " + run.present(A);
        };
        check(4, false, script, NONE, NONE, "ff 16", "ff 16", "ff 16", "ff 16");
        check(9, true, script, "cr 2", "rr 2", "ff 512", "ff 512", "ff 512", "ff 512");
    }

    @Test
    void aFolioGoesOutWholeOnlyIfTheDeviceHasARunOfSlots() {
        for (Policy policy : KERNELS) {
            for (boolean largeSwap : new boolean[] {true, false}) {
                MachineOptions options =
                        new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, true, largeSwap, true);
                try (FolioRun run = new FolioRun(policy.rule(), 2, true, options)) {
                    run.pageoutAll(A);
                    assertThat(run.present(A)).isZero();
                    assertThat(run.counted(Counter.SWPOUT_LARGE)).isEqualTo(largeSwap ? 1 : 0);
                    assertThat(run.counted(Counter.SWPOUT_FALLBACK)).isEqualTo(largeSwap ? 0 : 1);
                    assertThat(run.counted(Counter.SPLIT_FOLIO)).isEqualTo(largeSwap ? 0 : 1);
                    assertThat(run.counted(Counter.SPLIT_PMD)).isEqualTo(1);
                    assertThat(run.read(A, 1)).isEqualTo(1);
                }
            }
        }
    }

    /** 5.10 has no such advice; up to 6.12 a page must be writable, which after a fork none is. */
    @Test
    void collapseGivesTheCallerAFolioOfItsOwn() {
        thp(
                run -> {
                    run.split(A);
                    run.fork(B);
                    int outcome = run.collapse(A);
                    if (outcome != 0) {
                        return outcome == Outcome.INVALID ? "refused" : "busy";
                    }
                    String writes = run.write(A, 0, 2);
                    run.exit(A);
                    return (run.frame(B, 0) == PageArena.NIL ? "gone " : "")
                            + writes
                            + run.write(B, 0, 3)
                            + run.read(B, 1);
                },
                "refused",
                "refused",
                "refused",
                "fr1",
                "fr1",
                "fr1");
    }

    /**
     * Read in 6.12 and 7.2; 6.18, 7.2 and 7.3 refuse, 6.1 does it. One page is written first, as older ones need a writable
     * one.
     */
    @Test
    void collapseWaitsForADeviceIfItsReadsDo() {
        thp(
                run -> {
                    run.reclaim(A);
                    run.write(A, 1, 2);
                    int outcome = run.collapse(A);
                    return outcome == 0
                            ? "done"
                            : outcome == Outcome.BUSY ? "busy" + run.counted(Counter.SWAP_READS) : "no";
                },
                "no",
                "done",
                "busy2",
                "busy2",
                "busy2",
                "busy2");
    }

    /** Seen on 6.1, where mprotect makes only dirty pages writable again. */
    @Test
    void aFolioThatIsSplitLeavesEntriesDirty() {
        List<StepResult> steps = ModelRun.run(
                ScriptParser.parse(
                        "x.litmus", "folio 2048\nA write 1-256 1\nA pageout 27\nA read 27\nA split\nA write 0 0"),
                Policy.V5_19.rule());
        assertThat(steps.getLast().minor()).isZero();
    }

    @Test
    void collapseNeedsThatNobodyElseHoldsAReference() {
        thp(
                run -> {
                    run.split(A);
                    run.splice(A, 1);
                    return run.collapse(A) == Outcome.BUSY ? "busy" : "no";
                },
                "no",
                "busy",
                "busy",
                "busy",
                "busy",
                "busy");
    }

    /** A smaller folio is untouched by mprotect of a page; a larger one changes its mapping and nothing else. */
    @Test
    void splittingThePmdKeepsTheFolio() {
        thp(
                run -> {
                    int folio = run.frame(A, 0);
                    run.split(A);
                    assertThat(run.huge(A)).isFalse();
                    assertThat(run.frame(A, 1)).isEqualTo(folio + 1);
                    assertThat(run.order(A, 1)).isPositive();
                    return run.write(A, 1, 2) + run.write(A, 0, 2) + run.counted(Counter.SPLIT_PMD);
                },
                "fc1",
                "fr1",
                "ff1",
                "ff1",
                "ff1",
                "ff1");
    }

    /** Found by running scripts on kernels: it is in none of the facts' rows. */
    @Test
    void since612ASplitDropsPagesOfZeroes() {
        Function<FolioRun, String> zeroes = run -> {
            int last = run.size - 1;
            run.write(A, last, 0);
            run.fork(B);
            run.exit(B);
            run.machine.pageout(A, 0, 0);
            run.machine.validate();
            boolean zero = run.frame(A, last) == PageArena.ZERO_FRAME;
            return run.counted(Counter.SPLIT_FOLIO)
                    + (zero ? " zero " : " kept ")
                    + run.write(A, 1, 2)
                    + run.read(A, last);
        };
        thp(zeroes, "1 kept r0", "1 kept r0", "1 zero r0", "1 zero r0", "1 zero r0", "1 zero r0");
        mthp(zeroes, NONE, NONE, "1 zero r0", "1 zero r0", "1 zero r0", "1 zero r0");
    }

    @Test
    void aReadOfUntouchedMemoryBringsAHugeFolio() {
        thp(
                run -> {
                    run.discardAll(A);
                    return run.read(A, 1) + (run.huge(A) ? "huge" : "") + run.write(A, 0, 2);
                },
                "0hugef",
                "0hugef",
                "0hugef",
                "0hugef",
                "0hugef",
                "0hugef");
        mthp(
                run -> {
                    run.discardAll(A);
                    return run.read(A, 1) + (run.frame(A, 1) == PageArena.ZERO_FRAME ? "zero" : "") + run.order(A, 1);
                },
                NONE,
                NONE,
                "0zero0",
                "0zero0",
                "0zero0",
                "0zero0");
    }

    @Test
    void aPageTableThatWasEmptiedKeepsHugeFoliosOutBefore614() {
        thp(
                run -> {
                    run.split(A);
                    run.discardAll(A);
                    run.write(A, 0, 2);
                    return run.huge(A) ? "huge" : "base";
                },
                "base",
                "base",
                "base",
                "huge",
                "huge",
                "huge");
    }

    /** Half of a folio elsewhere is still the folio: since 6.15 its owner goes on writing it, before it copied. */
    @Test
    void movingAPartKeepsTheFolio() {
        thp(
                run -> {
                    run.machine.move(A, run.size / 2, run.size - 1);
                    run.machine.validate();
                    run.fork(B);
                    run.exit(B);
                    return run.write(A, 0, 2) + run.write(A, run.size - 1, 2);
                },
                "cc",
                "cc",
                "cc",
                "rr",
                "rr",
                "rr");
    }

    @Test
    void aChildHasNothingOfWhatWasKeptFromIt() {
        mthp(
                run -> {
                    run.keep(A, 0, 1);
                    run.fork(B);
                    boolean segv = run.machine.read(B, 0) == Outcome.SEGV && run.machine.write(B, 1, 3) == Outcome.SEGV;
                    run.machine.dontFork(A, 0, 1, false);
                    run.fork(C);
                    return (segv ? "segv " : "") + run.read(B, 2) + run.read(C, 0);
                },
                NONE,
                NONE,
                "segv 11",
                "segv 11",
                "segv 11",
                "segv 11");
    }
}
