package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cowbench.machine.FolioRun.A;
import static org.cowbench.machine.FolioRun.B;
import static org.cowbench.machine.FolioRun.C;

import java.util.List;
import java.util.function.Function;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Test;

/**
 * Rules for large folios that lack one test each, and the shortest sequence that goes wrong by it: what the machine shows
 * where the test is missing, and does not where it is there.
 */
class LargeMutationTest {

    /** do_wp_page of v6.15 with another test behind the exclusive mark. */
    private interface Rule {
        boolean reuse(KernelOps k, int folio, int page);
    }

    private static ReusePolicy rule(Rule rule) {
        return new DelegatingPolicy(Policy.V6_15.rule()) {
            @Override
            public Decision onLargeWriteFault(KernelOps k, int page) {
                return k.pageAnonExclusive(page) || rule.reuse(k, k.folioOf(page), page)
                        ? Decision.REUSE
                        : Decision.COPY;
            }
        };
    }

    /** Mappings that the owner slot of who runs counts, where the other slot is free; else 0. */
    static int soleOwner(KernelOps k, int folio) {
        Task task = (Task) k;
        int first = task.frames.get(folio, FolioRecord.OWNER0);
        int second = task.frames.get(folio, FolioRecord.OWNER1);
        int owner = first == 0 ? second : second == 0 ? first : 0;
        return Owners.process(owner) == task.process ? Owners.mappings(owner) : 0;
    }

    private static void shows(
            ReusePolicy planted, int order, Function<FolioRun, Long> sequence, long right, long wrong) {
        for (boolean pmd : new boolean[] {false, true}) {
            try (FolioRun sound = new FolioRun(Policy.V6_15, order, pmd);
                    FolioRun run = new FolioRun(planted, order, pmd, MachineOptions.LITMUS)) {
                assertThat(sequence.apply(sound)).isEqualTo(right);
                assertThat(sequence.apply(run)).isEqualTo(wrong);
            }
        }
    }

    @Test
    void withoutTheSharedBitAChildSeesItsParentsWrite() {
        shows(
                rule((k, folio, page) -> k.folioLargeMapcount(folio) == k.folioRefCount(folio)),
                2,
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.write(A, 0, 2);
                    return run.read(B, 0);
                },
                1,
                2);
    }

    @Test
    void withoutTheReferencesAPipeSeesIt() {
        shows(
                rule((k, folio, page) -> k.folioLargeMapcount(folio) > 1 && !k.folioMaybeMappedShared(folio)),
                2,
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.splice(B, 0);
                    run.discardAll(B);
                    run.write(A, 0, 2);
                    return run.peek(B);
                },
                1,
                2);
    }

    /** The large twin of Wilcox's alternative. */
    @Test
    void takingTheSwapCacheForNobodysAChildWhosePagesAreSwappedSeesIt() {
        shows(
                rule((k, folio, page) -> !k.folioMaybeMappedShared(folio)
                        && k.folioLargeMapcount(folio)
                                == k.folioRefCount(folio) - (k.folioTestSwapcache(folio) ? k.folioNrPages(folio) : 0)),
                2,
                run -> {
                    run.pageoutAll(A);
                    run.fork(B);
                    run.read(A, 0);
                    run.write(A, 0, 2);
                    return run.read(B, 0);
                },
                1,
                2);
    }

    @Test
    void takingTheFirstPageForAllAChildThatDroppedItSeesTheOthers() {
        shows(
                rule((k, folio, page) -> k.pageMapcount(folio) == 1),
                2,
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.discard(B, 0, 0);
                    run.write(A, 1, 2);
                    return run.read(B, 1);
                },
                1,
                2);
    }

    /** A process in no slot is not counted: the only owner, with a mapping a page, is not alone. */
    @Test
    void trustingTheOwnersCountAloneTheThirdProcessSeesIt() {
        shows(
                rule((k, folio, page) -> soleOwner(k, folio) == k.folioNrPages(folio)),
                2,
                run -> {
                    run.split(A);
                    run.fork(B);
                    run.fork(C);
                    run.exit(B);
                    run.write(A, 0, 2);
                    return run.read(C, 0);
                },
                1,
                2);
    }

    @Test
    void clearingTheMarkOfTheFirstPageAloneAtForkTheChildSeesTheOthers() {
        ReusePolicy planted = new DelegatingPolicy(Policy.V6_15.rule()) {
            @Override
            public boolean forkCopies(KernelOps k, int page) {
                boolean exclusive = k.pageAnonExclusive(page);
                boolean copies = super.forkCopies(k, page);
                if (exclusive && !copies && page != k.folioOf(page)) {
                    k.setPageAnonExclusive(page);
                }
                return copies;
            }
        };
        try (FolioRun run = new FolioRun(planted, 2, false, MachineOptions.LITMUS)) {
            // Two mappings of a page that is exclusive: the bookkeeping says it before any value does.
            assertThatThrownBy(() -> run.fork(B)).hasMessageContaining("is exclusive but has 2 users");
            run.machine.write(A, 1, 2);
            run.machine.read(B, 1);
            assertThat(run.machine.task(B).value()).isEqualTo(2);
        }
    }

    /** A pin of a large folio counts 1 and is the folio's: no page of it has the count that says so of a base page. */
    @Test
    void lookingForPinsInThePagesReferenceCountTheDeviceLosesItsPage() {
        ReusePolicy planted = new DelegatingPolicy(Policy.V6_15.rule()) {
            @Override
            public boolean forkCopies(KernelOps k, int page) {
                if (k.folioRefCount(page) >= FolioRecord.PIN_BIAS) {
                    return true;
                }
                k.clearPageAnonExclusive(page);
                return false;
            }
        };
        shows(
                planted,
                2,
                run -> {
                    run.pin(A, 3, 3);
                    run.fork(B);
                    run.write(A, 3, 2);
                    run.dma(A, 0, 3);
                    return run.read(A, 3);
                },
                3,
                2);
    }

    /** The child shares all but the first pages, whose mark says that all may be written. */
    @Test
    void makingARangeWritableByItsFirstPagesMarkTheChildSeesIt() {
        ReusePolicy planted = new DelegatingPolicy(Policy.V6_15.rule()) {
            @Override
            public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
                return k.pageAnonExclusive(k.folioOf(page));
            }
        };
        shows(
                planted,
                2,
                run -> {
                    run.keep(A, 0, 1);
                    run.fork(B);
                    run.machine.protect(A, 0, 3, false);
                    run.machine.protect(A, 0, 3, true);
                    run.write(A, 2, 2);
                    return run.read(B, 2);
                },
                1,
                2);
    }

    private static Mm parts(PageArena arena, Function<Mm, Huge> huge, Function<Mm, LargeSwapIn> swapIn) {
        return new Mm(
                arena,
                Policy.V6_15.rule(),
                MachineOptions.LITMUS,
                LargeLru::new,
                LargeSwap::new,
                PageIo::new,
                LargeRmap::new,
                LargeTask::new,
                huge,
                swapIn);
    }

    @Test
    void mappingAFolioByOneEntrysMarkTheChildSeesTheOtherPages() {
        Function<PageArena, Mm> planted = arena -> parts(arena, Huge::new, mm -> new LargeSwapIn(mm) {
            @Override
            boolean alike(int process, int page, int index, long pte) {
                return true;
            }
        });
        for (Function<PageArena, Mm> parts :
                List.of(planted, (Function<PageArena, Mm>) arena -> parts(arena, Huge::new, LargeSwapIn::new))) {
            try (FolioRun run = new FolioRun(Policy.V6_15.rule(), 2, false, parts)) {
                run.pageoutAll(A);
                run.keep(A, 2, 3);
                run.fork(B);
                run.machine.read(A, 2);
                run.machine.write(A, 1, 2);
                run.machine.read(B, 1);
                assertThat(run.machine.task(B).value()).isEqualTo(parts == planted ? 2 : 1);
            }
        }
    }

    @Test
    void splittingAFolioWithOneReferenceMoreItIsLost() {
        Function<PageArena, Mm> planted = arena -> parts(
                arena,
                mm -> new Huge(mm) {
                    @Override
                    boolean canSplit(int folio, int callers) {
                        return true;
                    }
                },
                LargeSwapIn::new);
        try (FolioRun run = new FolioRun(Policy.V6_15.rule(), 2, false, planted)) {
            run.splice(A, 2);
            run.machine.pageout(A, 0, 1);
            assertThatThrownBy(run.machine::validate).hasMessageContaining("refcount");
        }
    }

    /** What the validator says of the fields that only large folios have. */
    @Test
    void theBookkeepingOfFoliosIsProved() {
        try (FolioRun run = new FolioRun(Policy.V6_15, 2, true)) {
            run.fork(B);
            run.split(B);
            int folio = run.frame(A, 0);
            check(run, folio, FolioRecord.LMAP, "large mapcount");
            check(run, folio, FolioRecord.EMAP, "entire mapcount");
            check(run, folio, FolioRecord.PINS, "pin count");
            check(run, folio, FolioRecord.OWNER1, "owns");
            check(run, folio + 1, FolioRecord.PAGES_MAPPED, "number of pages mapped");
            run.machine.arena().frames().clearFlags(folio, FolioRecord.MAYBE_SHARED);
            assertThatThrownBy(run.machine::validate).hasMessageContaining("one process has all 5 mappings");
        }
    }

    private static void check(FolioRun run, int frame, int field, String message) {
        int value = run.machine.arena().frames().get(frame, field);
        run.machine.arena().frames().set(frame, field, value + 1);
        assertThatThrownBy(run.machine::validate).hasMessageContaining(message);
        run.machine.arena().frames().set(frame, field, value);
        run.machine.validate();
    }
}
