package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.policy.Property.BOOKKEEPING;
import static org.cowbench.policy.Property.ISOLATION;
import static org.cowbench.policy.Property.PIN_COHERENCE;
import static org.cowbench.policy.Property.SECRECY;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cowbench.arena.Batches;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Explorer;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does the checker find faults? Each is planted in a policy or in the bookkeeping, in a scope in which the checker
 * proves the policy without the fault safe. Longer than other files, as it is one list: a fault is a few lines, and the
 * table at the end is of all.
 */
@Tag("slow")
class MutationTest {
    private static final Set<Move> MEMORY = EnumSet.of(
            Move.WRITE, Move.READ, Move.PAGEOUT, Move.RECLAIM, Move.DRAIN, Move.FORK, Move.EXIT, Move.DISCARD);
    private static final int BOUND = 12;

    /** Two processes, one page, no references. */
    private static final Scope PLAIN = scope(0, 0, Set.of());

    private static final Scope PROTECTED = scope(0, 0, Set.of(Move.PROTECT));
    private static final Scope PIPE = scope(1, 0, Set.of(Move.SPLICE, Move.PEEK));
    private static final Scope PIN = scope(1, 0, Set.of(Move.PIN, Move.DMA, Move.UNPIN));
    private static final Scope READ_PIN = scope(1, 0, Set.of(Move.PINRO, Move.UNPIN));
    private static final Scope STALLING = scope(0, 1, Set.of(Move.STALL));

    /** What the table at the end says: fault, property, moves of the shortest witness. */
    private static final Map<String, String> TABLE = new TreeMap<>();

    private static final Map<String, CheckResult> UNMUTATED = new HashMap<>();

    private static Scope scope(int references, int environment, Set<Move> more) {
        Set<Move> moves = EnumSet.copyOf(MEMORY);
        moves.addAll(more);
        return new Scope(2, 1, references, environment, Scope.UNBOUNDED, moves, true);
    }

    /** Makes the bookkeeping of a machine. */
    @FunctionalInterface
    private interface Bookkeeping {
        Mm create(PageArena arena, ReusePolicy policy);
    }

    private record Fault(
            String name,
            Policy base,
            Property property,
            Scope scope,
            Function<ReusePolicy, ReusePolicy> policy,
            Bookkeeping bookkeeping) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mm sound(PageArena arena, ReusePolicy policy) {
        return new Mm(arena, policy, MachineOptions.LITMUS);
    }

    private static Fault policy(
            String name, Policy base, Property property, Scope scope, Function<ReusePolicy, ReusePolicy> change) {
        return new Fault(name, base, property, scope, change, MutationTest::sound);
    }

    private static Fault machine(String name, Policy base, Property property, Scope scope, Bookkeeping change) {
        return new Fault(name, base, property, scope, Function.identity(), change);
    }

    private static Fault lru(String name, Policy base, Property property, Scope scope, Function<Mm, Lru> change) {
        return machine(
                name,
                base,
                property,
                scope,
                (arena, policy) -> new Mm(
                        arena, policy, MachineOptions.LITMUS, change, Swap::new, PageIo::new, Rmap::new, Task::new));
    }

    private static Fault swap(String name, Policy base, Property property, Scope scope, Function<Mm, Swap> change) {
        return machine(
                name,
                base,
                property,
                scope,
                (arena, policy) -> new Mm(
                        arena, policy, MachineOptions.LITMUS, Lru::new, change, PageIo::new, Rmap::new, Task::new));
    }

    private static Fault io(String name, Policy base, Property property, Scope scope, Function<Mm, PageIo> change) {
        return machine(
                name,
                base,
                property,
                scope,
                (arena, policy) -> new Mm(
                        arena, policy, MachineOptions.LITMUS, Lru::new, Swap::new, change, Rmap::new, Task::new));
    }

    private static Fault rmap(String name, Policy base, Property property, Scope scope, Function<Mm, Rmap> change) {
        return machine(
                name,
                base,
                property,
                scope,
                (arena, policy) -> new Mm(
                        arena, policy, MachineOptions.LITMUS, Lru::new, Swap::new, PageIo::new, change, Task::new));
    }

    private static Fault task(
            String name, Policy base, Property property, Scope scope, BiFunction<Mm, Integer, Task> change) {
        return machine(
                name,
                base,
                property,
                scope,
                (arena, policy) -> new Mm(
                        arena, policy, MachineOptions.LITMUS, Lru::new, Swap::new, PageIo::new, Rmap::new, change));
    }

    /** A policy whose write-protect fault takes the lock and then asks a rule. */
    private static Function<ReusePolicy, ReusePolicy> reuseIf(Rule rule) {
        return base -> new DelegatingPolicy(base) {
            @Override
            public Decision onWriteFault(KernelOps k, int page) {
                int folio = k.folioOf(page);
                if (!k.folioTrylock(folio)) {
                    return Decision.COPY;
                }
                boolean reuse = rule.reuse(k, folio, page);
                k.folioUnlock(folio);
                return reuse ? Decision.REUSE : Decision.COPY;
            }
        };
    }

    private interface Rule {
        boolean reuse(KernelOps k, int folio, int page);
    }

    static Stream<Fault> faultyPolicies() {
        return Stream.of(
                policy(
                        "do_wp_page: the swap count is not asked",
                        Policy.V5_9,
                        ISOLATION,
                        PLAIN,
                        reuseIf((k, folio, page) -> k.folioRefCount(folio) == (k.folioTestSwapcache(folio) ? 2 : 1))),
                policy(
                        "do_wp_page: no recheck of the reference count after freeing swap",
                        Policy.V5_18,
                        ISOLATION,
                        PLAIN,
                        reuseIf((k, folio, page) -> {
                            k.folioFreeSwap(folio);
                            return true;
                        })),
                policy(
                        "do_wp_page: the map count is not asked",
                        Policy.V5_7,
                        ISOLATION,
                        PLAIN,
                        reuseIf((k, folio, page) -> !k.folioTestSwapcache(folio) || k.pageSwapcount(page) == 0)),
                policy(
                        "do_wp_page: the swap cache is left whatever the swap count",
                        Policy.V5_18,
                        ISOLATION,
                        PIPE,
                        reuseIf((k, folio, page) -> {
                            if (k.folioTestSwapcache(folio)) {
                                k.deleteFromSwapCache(folio);
                            }
                            return k.folioRefCount(folio) == 1;
                        })),
                policy(
                        "do_wp_page: a page that is reused stays locked",
                        Policy.V5_9,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public Decision onWriteFault(KernelOps k, int page) {
                                Decision decision = super.onWriteFault(k, page);
                                if (decision == Decision.REUSE) {
                                    k.folioTrylock(k.folioOf(page));
                                }
                                return decision;
                            }
                        }),
                policy(
                        "do_wp_page: waits for a lock that nobody holds",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public Decision onWriteFault(KernelOps k, int page) {
                                return Decision.WAIT;
                            }
                        }),
                policy(
                        "do_wp_page: references are not counted",
                        Policy.V5_19,
                        SECRECY,
                        PIPE,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public Decision onWriteFault(KernelOps k, int page) {
                                boolean reuse = k.pageMapcount(page) == 1
                                        && !(k.folioTestSwapcache(k.folioOf(page)) && k.pageSwapcount(page) > 0);
                                if (reuse) {
                                    k.setPageAnonExclusive(page);
                                }
                                return reuse ? Decision.REUSE : Decision.COPY;
                            }
                        }),
                policy(
                        "do_swap_page: a write fault maps writable unasked",
                        Policy.V5_9,
                        ISOLATION,
                        PLAIN,
                        swapIn((k, fault, sound) ->
                                (fault & ReusePolicy.FAULT_WRITE) != 0 ? ReusePolicy.MAP_WRITABLE : sound)),
                policy(
                        "do_swap_page: a read fault maps writable unasked",
                        Policy.V5_9,
                        ISOLATION,
                        PLAIN,
                        swapIn((k, fault, sound) -> ReusePolicy.MAP_WRITABLE)),
                policy(
                        "do_swap_page: the entry's exclusive bit is taken for granted",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        swapIn((k, fault, sound) -> sound | ReusePolicy.MAP_EXCLUSIVE)),
                policy(
                        "fork: the page's exclusive bit is not cleared",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public boolean forkCopies(KernelOps k, int page) {
                                return k.hasPinned() && k.folioMaybeDmaPinned(k.folioOf(page));
                            }
                        }),
                policy(
                        "fork: the swap entry's exclusive bit is not cleared",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public boolean forkKeepsEntryExclusive() {
                                return true;
                            }
                        }),
                policy(
                        "fork: a pinned page is shared",
                        Policy.V5_19,
                        PIN_COHERENCE,
                        PIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public boolean forkCopies(KernelOps k, int page) {
                                k.clearPageAnonExclusive(page);
                                return false;
                            }
                        }),
                policy("unmap: pins are ignored", Policy.V5_19, PIN_COHERENCE, PIN, base -> new DelegatingPolicy(base) {
                    @Override
                    public boolean keepsPinnedOutOfSwap() {
                        return false;
                    }

                    @Override
                    public int onUnmap(KernelOps k, int page) {
                        boolean exclusive = k.pageAnonExclusive(page);
                        k.clearPageAnonExclusive(page);
                        return exclusive ? UNMAP_EXCLUSIVE : UNMAP_SHARED;
                    }
                }),
                policy(
                        "unmap: the page keeps its exclusive bit",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public int onUnmap(KernelOps k, int page) {
                                return k.pageAnonExclusive(page) ? UNMAP_EXCLUSIVE : UNMAP_SHARED;
                            }
                        }),
                policy(
                        "unmap: every swap entry is made exclusive",
                        Policy.V5_19,
                        BOOKKEEPING,
                        PLAIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public int onUnmap(KernelOps k, int page) {
                                k.clearPageAnonExclusive(page);
                                return UNMAP_EXCLUSIVE;
                            }
                        }),
                policy(
                        "GUP: a read-only pin does not unshare",
                        Policy.V6_11,
                        PIN_COHERENCE,
                        READ_PIN,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
                                return GupNeed.NOTHING;
                            }
                        }),
                policy(
                        "mprotect: every page is made writable at once",
                        Policy.V5_19,
                        ISOLATION,
                        PROTECTED,
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
                                return true;
                            }
                        }));
    }

    /** What a swap-in answers in place of the sound answer, which has had its effects on the counts. */
    private interface SwapIn {
        int map(KernelOps k, int fault, int sound);
    }

    private static Function<ReusePolicy, ReusePolicy> swapIn(SwapIn change) {
        return base -> new DelegatingPolicy(base) {
            @Override
            public int onSwapIn(KernelOps k, int page, int slot, int fault) {
                return change.map(k, fault, super.onSwapIn(k, page, slot, fault));
            }
        };
    }

    static Stream<Fault> faultyMachines() {
        return Stream.of(
                lru("wp_page_copy: a forgotten put", Policy.V5_9, BOOKKEEPING, PLAIN, mm -> new Lru(mm) {
                    @Override
                    void put(int frame, int references) {
                        super.put(frame, references == 2 ? 1 : references);
                    }
                }),
                lru("zero page: a reference to it is counted", Policy.V5_9, BOOKKEEPING, PIPE, mm -> new Lru(mm) {
                    @Override
                    void get(int frame, int references) {
                        mm.arena.frames().addRef(frame, references);
                    }
                }),
                lru(
                        "zero page: a reference to it is taken for a mapping",
                        Policy.V5_9,
                        BOOKKEEPING,
                        PIPE,
                        mm -> new Lru(mm) {
                            @Override
                            void get(int frame, int references) {
                                super.get(frame, references);
                                if (frame == PageArena.ZERO_FRAME) {
                                    mm.arena.frames().addMap(frame, 1);
                                }
                            }
                        }),
                swap("swap cache: a put too many", Policy.V5_18, BOOKKEEPING, PLAIN, mm -> new Swap(mm) {
                    @Override
                    void removeFromCache(int frame) {
                        super.removeFromCache(frame);
                        mm.lru.put(frame, 1);
                    }
                }),
                swap("swap cache: holds no reference", Policy.V5_18, BOOKKEEPING, PLAIN, mm -> new Swap(mm) {
                    @Override
                    void addToCache(int frame, int slot) {
                        super.addToCache(frame, slot);
                        mm.arena.frames().addRef(frame, -1);
                    }
                }),
                lru("LRU batch: drained, but its reference stays", Policy.V5_18, BOOKKEEPING, PLAIN, mm -> new Lru(mm) {
                    @Override
                    void drainCpu(int cpu) {
                        Batches batches = mm.arena.batches();
                        for (int entry = 0; entry < batches.count(cpu, Batches.BATCH_ADD); entry++) {
                            mm.arena.frames().addRef(batches.entry(cpu, Batches.BATCH_ADD, entry), 1);
                        }
                        super.drainCpu(cpu);
                    }
                }),
                lru(
                        "LRU: a page taken off its list keeps the flag",
                        Policy.V5_18,
                        BOOKKEEPING,
                        PLAIN,
                        mm -> new Lru(mm) {
                            @Override
                            void remove(int frame) {
                                super.remove(frame);
                                mm.arena.frames().setFlags(frame, FolioRecord.LRU);
                            }
                        }),
                rmap(
                        "rmap: a mapping that has gone stays counted",
                        Policy.V5_18,
                        BOOKKEEPING,
                        PLAIN,
                        mm -> new Rmap(mm) {
                            @Override
                            void remove(int process, int frame) {
                                // The fault.
                            }
                        }),
                task(
                        "unlock_page: forgotten",
                        Policy.V5_18,
                        BOOKKEEPING,
                        PLAIN,
                        (mm, process) -> new Task(mm, process) {
                            @Override
                            public void folioUnlock(int folio) {
                                // The fault.
                            }
                        }),
                swap("swap_free: forgotten", Policy.V5_18, BOOKKEEPING, PLAIN, mm -> new Swap(mm) {
                    @Override
                    void free(int slot) {
                        // The fault.
                    }
                }),
                swap("swap_duplicate: forgotten", Policy.V5_18, BOOKKEEPING, PLAIN, mm -> new Swap(mm) {
                    @Override
                    void duplicate(int slot) {
                        // The fault.
                    }
                }),
                swap(
                        "swap_free: the slot is freed while its page is cached",
                        Policy.V5_18,
                        BOOKKEEPING,
                        PLAIN,
                        mm -> new Swap(mm) {
                            @Override
                            void free(int slot) {
                                int frame = mm.arena.slots().cached(slot);
                                mm.arena.slots().cached(slot, PageArena.NIL);
                                super.free(slot);
                                mm.arena.slots().cached(slot, frame);
                            }
                        }),
                swap("swap count: always 0", Policy.V5_7, ISOLATION, PLAIN, mm -> new Swap(mm) {
                    @Override
                    int count(int frame) {
                        return 0;
                    }
                }),
                swap(
                        "try_to_free_swap: the swap count is not asked",
                        Policy.V5_18,
                        ISOLATION,
                        PIPE,
                        mm -> new Swap(mm) {
                            @Override
                            boolean tryFree(int frame) {
                                if (!mm.arena.frames().has(frame, FolioRecord.SWAPCACHE)
                                        || mm.arena.frames().has(frame, FolioRecord.WRITEBACK)) {
                                    return false;
                                }
                                deleteFromCache(frame);
                                return true;
                            }
                        }),
                swap("try_to_free_swap: writeback is ignored", Policy.V5_18, BOOKKEEPING, STALLING, mm -> new Swap(mm) {
                    @Override
                    boolean tryFree(int frame) {
                        if (!mm.arena.frames().has(frame, FolioRecord.SWAPCACHE) || count(frame) != 0) {
                            return false;
                        }
                        deleteFromCache(frame);
                        return true;
                    }
                }),
                swap(
                        "free_swap_cache: of a page that entries still name",
                        Policy.V5_18,
                        ISOLATION,
                        PIPE,
                        mm -> new Swap(mm) {
                            @Override
                            void freeCache(int frame) {
                                if (mm.arena.frames().has(frame, FolioRecord.SWAPCACHE)
                                        && mm.arena.frames().get(frame, PageRecord.MAP) == 0) {
                                    deleteFromCache(frame);
                                }
                            }
                        }),
                rmap("unmap: the entry's dirty bit is lost", Policy.V5_19, ISOLATION, PLAIN, mm -> new Rmap(mm) {
                    @Override
                    void remove(int process, int frame) {
                        super.remove(process, frame);
                        if (mm.arena.frames().has(frame, FolioRecord.SWAPCACHE)) {
                            mm.arena.frames().clearFlags(frame, FolioRecord.DIRTY);
                        }
                    }
                }),
                io(
                        "swap_writepage: the page does not reach the device",
                        Policy.V5_18,
                        ISOLATION,
                        PLAIN,
                        mm -> new PageIo(mm) {
                            @Override
                            void write(Task task, int frame, int slot) {
                                long device = mm.arena.slots().load(slot);
                                super.write(task, frame, slot);
                                mm.arena.slots().store(slot, device);
                            }
                        }),
                task(
                        "page_maybe_dma_pinned: never",
                        Policy.V5_19,
                        PIN_COHERENCE,
                        PIN,
                        (mm, process) -> new Task(mm, process) {
                            @Override
                            public boolean folioMaybeDmaPinned(int folio) {
                                return false;
                            }
                        }),
                task(
                        "ClearPageAnonExclusive: does nothing",
                        Policy.V6_11,
                        BOOKKEEPING,
                        PLAIN,
                        (mm, process) -> new Task(mm, process) {
                            @Override
                            public void clearPageAnonExclusive(int page) {
                                // The fault.
                            }
                        }));
    }

    /** How two pages differ: two processes, few moves. */
    private static Scope pages(int pages, boolean symmetry) {
        return new Scope(
                2, pages, 0, 0, Scope.UNBOUNDED, EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.FORK), symmetry);
    }

    /** Faults that no path shows in a scope that lacks something, each with that scope. */
    static Stream<Arguments> faultsOfASituation() {
        Set<Move> staying = EnumSet.copyOf(PIPE.moves());
        staying.remove(Move.EXIT);
        return Stream.of(
                Arguments.of(
                        task(
                                "GUP: a reference whose taker has gone is not minded",
                                Policy.ORACLE,
                                SECRECY,
                                PIPE,
                                (mm, process) -> new Task(mm, process) {
                                    @Override
                                    public boolean seenByOthers(int page) {
                                        return super.seenByOthers(page)
                                                && (mm.arena.references().owner(0) != PageArena.NIL
                                                        || pageMapcount(page)
                                                                        + (folioTestSwapcache(folioOf(page))
                                                                                ? pageSwapcount(page)
                                                                                : 0)
                                                                > 1);
                                    }
                                }),
                        new Scope(2, 1, 1, 0, Scope.UNBOUNDED, staying, true)),
                Arguments.of(
                        swap(
                                "swap count: that of another page in the swap cache",
                                Policy.V5_7,
                                ISOLATION,
                                pages(2, true),
                                mm -> new Swap(mm) {
                                    @Override
                                    int count(int frame) {
                                        Frames frames = mm.arena.frames();
                                        for (int other = 1;
                                                other < mm.arena.spec().frames();
                                                other++) {
                                            if (frames.has(other, FolioRecord.SWAPCACHE)
                                                    && frames.get(other, PageRecord.INDEX)
                                                            != frames.get(frame, PageRecord.INDEX)) {
                                                return super.count(other);
                                            }
                                        }
                                        return super.count(frame);
                                    }
                                }),
                        pages(1, true)),
                // Not symmetric: renaming pages would hide what one of them alone shows.
                Arguments.of(
                        swap(
                                "swap count: not asked but of the first page",
                                Policy.V5_7,
                                ISOLATION,
                                pages(2, false),
                                mm -> new Swap(mm) {
                                    @Override
                                    int count(int frame) {
                                        return mm.arena.frames().get(frame, PageRecord.INDEX) > 0
                                                ? 0
                                                : super.count(frame);
                                    }
                                }),
                        pages(1, false)));
    }

    @ParameterizedTest
    @MethodSource("faultsOfASituation")
    void thatOnlyASituationShows(Fault fault, Scope without) {
        assertFound(fault);
        CheckResult result = explore(fault.name(), fault.base().rule(), fault.bookkeeping(), without);
        assertThat(result.verdicts().get(fault.property())).isInstanceOf(Verdict.Safe.class);
    }

    private static Scope only(Move move) {
        return scope(0, 1, Set.of(move));
    }

    /** Faults that no path shows but with one move of the environment. */
    static Stream<Fault> faultsOfTheEnvironment() {
        return Stream.of(
                policy(
                        "do_wp_page: a passing reference is taken for the fault's own",
                        Policy.V5_18,
                        ISOLATION,
                        only(Move.GET),
                        reuseIf((k, folio, page) -> {
                            k.lruAddDrain();
                            k.folioFreeSwap(folio);
                            return k.folioRefCount(folio) == 1
                                    || k.folioRefCount(folio)
                                            > k.pageMapcount(page) + (k.folioTestSwapcache(folio) ? 1 : 0);
                        })),
                policy(
                        "do_wp_page: off the LRU after a drain is taken for new",
                        Policy.V5_18,
                        ISOLATION,
                        only(Move.MIGRATE),
                        reuseIf((k, folio, page) -> {
                            k.lruAddDrain();
                            k.folioFreeSwap(folio);
                            return k.folioRefCount(folio) == 1 || !k.folioTestLru(folio);
                        })),
                policy(
                        "do_swap_page: full swap, the count is dropped twice",
                        Policy.V5_18,
                        BOOKKEEPING,
                        only(Move.FILL),
                        base -> new DelegatingPolicy(base) {
                            @Override
                            public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
                                super.onSwapInMapped(k, page, slot, fault, mapped);
                                if (k.swapFull()) {
                                    k.swapFree(slot);
                                }
                            }
                        }));
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheEnvironment")
    void thatOnlyTheEnvironmentShows(Fault fault) {
        assertFound(fault);
        CheckResult without =
                explore(fault.name(), fault.policy().apply(fault.base().rule()), fault.bookkeeping(), PLAIN);
        assertThat(without.verdicts().get(fault.property())).isInstanceOf(Verdict.Safe.class);
    }

    @ParameterizedTest
    @MethodSource("faultyPolicies")
    void inAPolicy(Fault fault) {
        assertFound(fault);
    }

    @ParameterizedTest
    @MethodSource("faultyMachines")
    void inTheMachine(Fault fault) {
        assertFound(fault);
    }

    private static void assertFound(Fault fault) {
        CheckResult sound = UNMUTATED.computeIfAbsent(
                fault.base() + " " + fault.scope(),
                key -> explore(fault.base().id(), fault.base().rule(), MutationTest::sound, fault.scope()));
        assertThat(sound.verdicts().get(fault.property()))
                .as("%s without the fault", fault.base().id())
                .isInstanceOf(Verdict.Safe.class);

        Scope scope = new Scope(
                fault.scope().processes(),
                fault.scope().pages(),
                fault.scope().references(),
                fault.scope().environment(),
                BOUND,
                fault.scope().moves(),
                fault.scope().symmetry());
        CheckResult result =
                explore(fault.name(), fault.policy().apply(fault.base().rule()), fault.bookkeeping(), scope);
        assertThat(result.verdicts().get(fault.property()))
                .as("%s with the fault", fault.base().id())
                .isInstanceOf(Verdict.Unsafe.class);
        List<Violation> violations = ((Verdict.Unsafe) result.verdicts().get(fault.property())).violations();
        Violation shortest = violations.getFirst();
        TABLE.put(
                fault.name(),
                String.format(
                        Locale.ROOT,
                        "%-6s %-13s %2d",
                        fault.base().id(),
                        fault.property().id(),
                        shortest.moves()));
        if (shortest.scriptShowsIt()) {
            // The path, and the look that shows it.
            assertThat(shortest.script().steps()).hasSize(shortest.moves() + 1);
        }
    }

    private static CheckResult explore(String name, ReusePolicy policy, Bookkeeping bookkeeping, Scope scope) {
        try (Explorer explorer = new Explorer(
                name,
                arena -> new Machine(bookkeeping.create(arena, policy)),
                policy.lruBatch(),
                scope,
                2,
                256L << 20,
                (states, transitions, queue, depth) -> {})) {
            return explorer.explore();
        }
    }

    /** Only a cost, so no property finds it: faults that copy although nobody else could see the page. */
    @Test
    void aBatchThatIsNeverDrainedCostsCopies() {
        Scope alone = new Scope(1, 1, 0, 0, Scope.UNBOUNDED, MEMORY, true);
        ReusePolicy policy = Policy.V5_18.rule();
        CheckResult sound = explore("v5.18", policy, MutationTest::sound, alone);
        CheckResult faulty = explore(
                "never drained",
                policy,
                (arena, rule) -> new Mm(
                        arena,
                        rule,
                        MachineOptions.LITMUS,
                        Lru::new,
                        Swap::new,
                        PageIo::new,
                        Rmap::new,
                        (mm, process) -> new Task(mm, process) {
                            @Override
                            public void lruAddDrain() {
                                // The fault: do_wp_page and do_swap_page ask for it in vain.
                            }
                        }),
                alone);
        assertThat(sound.complete() && faulty.complete()).isTrue();
        assertThat(sound.needless()).isZero();
        assertThat(faulty.needless()).isPositive();
        assertThat(faulty.unsafe()).isFalse();
        TABLE.put(
                "LRU batch: never drained",
                String.format(
                        Locale.ROOT,
                        "%-6s %-13s %2d",
                        "v5.18",
                        "needless-copy",
                        faulty.needlessCopies().example().steps().size()));
    }

    @AfterAll
    static void print() {
        List<String> lines = new ArrayList<>();
        TABLE.forEach((name, found) -> lines.add(String.format(Locale.ROOT, "%-66s %s", name, found)));
        System.out.printf(
                "%-66s %-6s %-13s moves%n%s%n",
                "planted fault", "in", "found on", String.join(System.lineSeparator(), lines));
    }
}
