package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.OWNER0;
import static org.cowbench.arena.FolioRecord.OWNER1;
import static org.cowbench.arena.FolioRecord.PIN_BIAS;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cowbench.arena.PageArena;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Explorer;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does the checker find rules for large folios that lack a test? Each is planted in v6.15, which the same scope does not
 * find at fault, and is found with the shortest script, of as many moves as are said here.
 */
@Tag("slow")
class LargePlantedTest {
    private static final Set<Move> BASIC = EnumSet.of(
            Move.WRITE, Move.READ, Move.FORK, Move.EXIT, Move.DISCARD, Move.PAGEOUT, Move.KEEP, Move.PROTECT);

    /** do_wp_page of v6.15 with another test behind the exclusive mark. */
    private interface Rule {
        boolean reuse(KernelOps k, int folio, int page);
    }

    /** Makes the parts of a machine. */
    private interface Parts {
        Mm create(PageArena arena, ReusePolicy policy);
    }

    private record Fault(
            String name, Property property, int moves, int processes, Set<Move> more, ReusePolicy policy, Parts parts) {
        @Override
        public String toString() {
            return name;
        }

        boolean ofPolicy() {
            return policy != Policy.V6_15.rule();
        }

        Scope scope(int folio) {
            Set<Move> all = EnumSet.copyOf(BASIC);
            all.addAll(more);
            // In a folio that a PMD entry maps a page table may have to come first.
            return Scope.folio(folio, processes, more.isEmpty() ? 0 : 1, moves + (folio == Scope.THP ? 1 : 0), all);
        }
    }

    private static Fault policy(
            String name, Property property, int moves, int processes, Set<Move> more, ReusePolicy policy) {
        return new Fault(name, property, moves, processes, more, policy, LargePlantedTest::sound);
    }

    private static Fault rule(String name, Property property, int moves, int processes, Set<Move> more, Rule rule) {
        return policy(name, property, moves, processes, more, new DelegatingPolicy(Policy.V6_15.rule()) {
            @Override
            public Decision onLargeWriteFault(KernelOps k, int page) {
                return k.pageAnonExclusive(page) || rule.reuse(k, k.folioOf(page), page)
                        ? Decision.REUSE
                        : Decision.COPY;
            }
        });
    }

    private static Fault machine(
            String name,
            Property property,
            int moves,
            Set<Move> more,
            Function<Mm, Rmap> rmap,
            Function<Mm, Huge> huge,
            Function<Mm, LargeSwapIn> swapIn) {
        return new Fault(
                name,
                property,
                moves,
                2,
                more,
                Policy.V6_15.rule(),
                (arena, policy) -> new Mm(
                        arena,
                        policy,
                        MachineOptions.LITMUS,
                        LargeLru::new,
                        LargeSwap::new,
                        PageIo::new,
                        rmap,
                        LargeTask::new,
                        huge,
                        swapIn));
    }

    private static Mm sound(PageArena arena, ReusePolicy policy) {
        return new Mm(arena, policy, MachineOptions.LITMUS);
    }

    private static Stream<Fault> faults() {
        Set<Move> pipe = EnumSet.of(Move.SPLICE, Move.PEEK);
        Set<Move> pin = EnumSet.of(Move.PIN);
        Set<Move> none = EnumSet.noneOf(Move.class);
        return Stream.of(
                rule(
                        "do_wp_page: no shared bit",
                        Property.ISOLATION,
                        3,
                        2,
                        none,
                        (k, folio, page) -> k.folioLargeMapcount(folio) == k.folioRefCount(folio)),
                rule(
                        "do_wp_page: no reference count",
                        Property.SECRECY,
                        5,
                        2,
                        pipe,
                        (k, folio, page) -> k.folioLargeMapcount(folio) > 1 && !k.folioMaybeMappedShared(folio)),
                // The large twin of Wilcox's alternative.
                rule(
                        "do_wp_page: N less for the swap cache",
                        Property.ISOLATION,
                        4,
                        2,
                        none,
                        (k, folio, page) -> !k.folioMaybeMappedShared(folio)
                                && k.folioLargeMapcount(folio)
                                        == k.folioRefCount(folio)
                                                - (k.folioTestSwapcache(folio) ? k.folioNrPages(folio) : 0)),
                rule(
                        "do_wp_page: map count of the page",
                        Property.SECRECY,
                        5,
                        2,
                        pipe,
                        (k, folio, page) -> k.pageMapcount(page) == 1),
                rule(
                        "do_wp_page: map count of the first page",
                        Property.ISOLATION,
                        4,
                        2,
                        none,
                        (k, folio, page) -> k.pageMapcount(folio) == 1),
                rule(
                        "do_wp_page: exclusive mark of the first page",
                        Property.ISOLATION,
                        4,
                        2,
                        none,
                        (k, folio, page) -> k.pageAnonExclusive(folio)),
                rule(
                        "do_wp_page: the owner's slot has N, not all",
                        Property.ISOLATION,
                        4,
                        3,
                        none,
                        (k, folio, page) -> LargeMutationTest.soleOwner(k, folio) == k.folioNrPages(folio)),
                policy(
                        "fork: mark of the first page alone cleared",
                        Property.BOOKKEEPING,
                        2,
                        2,
                        none,
                        new DelegatingPolicy(Policy.V6_15.rule()) {
                            @Override
                            public boolean forkCopies(KernelOps k, int page) {
                                boolean exclusive = k.pageAnonExclusive(page);
                                boolean copies = super.forkCopies(k, page);
                                if (exclusive && !copies && page != k.folioOf(page)) {
                                    k.setPageAnonExclusive(page);
                                }
                                return copies;
                            }
                        }),
                policy(
                        "fork: pins by the reference count of the page",
                        Property.PIN_COHERENCE,
                        3,
                        2,
                        pin,
                        new DelegatingPolicy(Policy.V6_15.rule()) {
                            @Override
                            public boolean forkCopies(KernelOps k, int page) {
                                if (k.folioRefCount(page) >= PIN_BIAS) {
                                    return true;
                                }
                                k.clearPageAnonExclusive(page);
                                return false;
                            }
                        }),
                policy(
                        "mprotect: by the mark of the first page",
                        Property.ISOLATION,
                        6,
                        2,
                        none,
                        new DelegatingPolicy(Policy.V6_15.rule()) {
                            @Override
                            public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
                                return k.pageAnonExclusive(k.folioOf(page));
                            }
                        }),
                // The mark is wrong at once, before a second process could see a write of it.
                machine(
                        "do_swap_page: all pages by one entry's mark",
                        Property.BOOKKEEPING,
                        4,
                        none,
                        LargeRmap::new,
                        Huge::new,
                        mm -> new LargeSwapIn(mm) {
                            @Override
                            boolean alike(int process, int page, int index, long pte) {
                                return true;
                            }
                        }),
                machine(
                        "split: with one reference more",
                        Property.BOOKKEEPING,
                        3,
                        pipe,
                        LargeRmap::new,
                        mm -> new Huge(mm) {
                            @Override
                            boolean canSplit(int folio, int callers) {
                                return true;
                            }
                        },
                        LargeSwapIn::new),
                machine(
                        "rmap: an owner's slot is kept when it has gone",
                        Property.BOOKKEEPING,
                        3,
                        none,
                        mm -> new LargeRmap(mm) {
                            @Override
                            void removePages(int process, int page, int count) {
                                int folio = frames.folioOf(page);
                                int slot = Owners.process(frames.get(folio, OWNER0)) == process ? OWNER0 : OWNER1;
                                int owner = frames.get(folio, slot);
                                super.removePages(process, page, count);
                                if (frames.get(folio, slot) == 0 && frames.get(folio, LMAP) > 0) {
                                    frames.set(folio, slot, owner);
                                }
                            }
                        },
                        Huge::new,
                        LargeSwapIn::new));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isFoundWithTheShortestScript(Fault fault) {
        Scope scope = fault.scope(Scope.MTHP);
        CheckResult sound = explore(Policy.V6_15.rule(), LargePlantedTest::sound, scope);
        assertThat(sound.unsafe()).as("v6.15 in %s", scope.title()).isFalse();
        assertThat(sound.outOfFrames()).isZero();

        Violation shortest = shortest(explore(fault.policy(), fault.parts(), scope), fault.property());
        assertThat(shortest.moves()).as(shortest.script().text()).isEqualTo(fault.moves());
        assertThat(shortest.shortest()).isTrue();
        assertThat(shortest.script().text()).startsWith("folio 16\n");
        // A script shows no counts, and litmus has the machine as it is.
        if (shortest.scriptShowsIt() && fault.ofPolicy()) {
            assertRuns(shortest, fault.policy());
        }
    }

    /** The same where a PMD entry maps the folio: its script is one of 2 MiB, with 512 pages. */
    @ParameterizedTest
    @MethodSource("faults")
    void isFoundWhereAPmdEntryMapsTheFolio(Fault fault) {
        Violation shortest = shortest(explore(fault.policy(), fault.parts(), fault.scope(Scope.THP)), fault.property());
        assertThat(shortest.moves()).isLessThanOrEqualTo(fault.moves() + 1);
        assertThat(shortest.script().text()).startsWith("folio 2048\n");
    }

    private static void assertRuns(Violation violation, ReusePolicy policy) {
        List<StepResult> wrong = ModelRun.run(violation.script(), policy);
        List<StepResult> right = ModelRun.run(violation.script(), Policy.V6_15.rule());
        long expected = violation.script().steps().getLast().expected().orElseThrow();
        assertThat(wrong).allMatch(step -> step.error() == null);
        assertThat(wrong.getLast().value()).isNotEqualTo(OptionalLong.of(expected));
        assertThat(right).allMatch(step -> step.error() == null);
        if (violation.property() != Property.PIN_COHERENCE) {
            assertThat(right.getLast().value()).hasValue(expected);
        }
    }

    private static Violation shortest(CheckResult result, Property property) {
        assertThat(result.verdicts().get(property)).isInstanceOf(Verdict.Unsafe.class);
        return ((Verdict.Unsafe) result.verdicts().get(property)).violations().getFirst();
    }

    private static CheckResult explore(ReusePolicy policy, Parts parts, Scope scope) {
        try (Explorer explorer = new Explorer(
                "planted",
                arena -> new Machine(parts.create(arena, policy)),
                policy.lruBatch(),
                scope,
                2,
                512L << 20,
                (states, transitions, queue, depth) -> {})) {
            return explorer.explore();
        }
    }
}
