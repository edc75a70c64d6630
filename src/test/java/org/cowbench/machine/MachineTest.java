package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.Batches;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine where scripts cannot go: writeback that goes on, a second CPU, options, memory pressure. */
class MachineTest {
    private static final MachineOptions EXPLICIT =
            new MachineOptions(MachineOptions.EXPLICIT, false, false, 1, false, true);
    private static final MachineOptions STABLE =
            new MachineOptions(MachineOptions.EXPLICIT, false, true, 1, false, true);

    private static Machine machine(Policy policy, MachineOptions options, int cpus) {
        return new Machine(
                PageArena.allocate(ArenaSpec.roomy(2, 4, cpus, 2, policy.rule().lruBatch(), 64)),
                policy.rule(),
                options);
    }

    /** Writes and swaps page 0 out; writeback goes on, the batches are drained. */
    private static Machine swappedOut(Policy policy, MachineOptions options, int cpus) {
        Machine machine = machine(policy, options, cpus);
        machine.write(0, 0, 1);
        machine.pageout(0, 0);
        // MADV_PAGEOUT of nothing drains this CPU's batches and leaves writeback alone.
        machine.discard(0, 3);
        return machine;
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void aPageOfZeroesNeedsNoDeviceFromLinux612On(Policy policy) {
        boolean shortcut =
                EnumSet.of(Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3).contains(policy);
        for (long word = 0; word < 2; word++) {
            Machine machine = machine(policy, MachineOptions.LITMUS, 1);
            machine.write(0, 0, word);
            machine.pageout(0, 0);
            machine.validate();
            boolean atOnce = shortcut && word == 0;
            assertThat(machine.counter(Counter.SWAP_WRITES)).isEqualTo(atOnce ? 0 : 1);
            assertThat(machine.read(0, 0) & (Outcome.MAJOR | Outcome.MINOR))
                    .isEqualTo(atOnce ? Outcome.MAJOR : Outcome.MINOR);
            assertThat(machine.task(0).value()).isEqualTo(word);
            machine.validate();
        }
    }

    /** A kernel may forbid the page of zeroes: then a reference to memory never written is one to memory. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void withoutAPageOfZeroesAReadBringsInAPage(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS.withoutZeroPage(), 1);
        assertThat(machine.read(0, 0)).isEqualTo(Outcome.MINOR | Outcome.ZERO_FILL);
        int frame = machine.frameOf(0, 0);
        assertThat(machine.write(0, 0, 1)).isZero();
        assertThat(machine.frameOf(0, 0)).isEqualTo(frame);
        machine.protect(0, 1, false);
        machine.read(0, 1);
        assertThat(machine.arena().tables().pte(0, 1) & (Pte.DIRTY | Pte.WRITABLE))
                .isZero();
        machine.validate();
        Machine usual = machine(policy, MachineOptions.LITMUS, 1);
        assertThat(usual.read(0, 0)).isEqualTo(Outcome.MINOR | Outcome.ZERO_PAGE);
        assertThat(usual.frameOf(0, 0)).isEqualTo(PageArena.ZERO_FRAME);
    }

    /** It takes the page as it is where the entry is writable, and marks the page, not the entry. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void aDirectReadLeavesNothingBehindButWhatTheDeviceWrote(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS, 1);
        assertThat(machine.directRead(0, 0, 7)).isEqualTo(Outcome.MINOR | Outcome.ZERO_FILL);
        int frame = machine.frameOf(0, 0);
        machine.arena().tables().pte(0, 0, machine.arena().tables().pte(0, 0) & ~(Pte.DIRTY | Pte.ACCESSED));
        assertThat(machine.directRead(0, 0, 8)).isZero();
        assertThat(machine.frameOf(0, 0)).isEqualTo(frame);
        assertThat(machine.arena().tables().pte(0, 0) & (Pte.DIRTY | Pte.ACCESSED))
                .isZero();
        assertThat(machine.arena().frames().has(frame, FolioRecord.DIRTY)).isTrue();
        assertThat(machine.task(0).folioRefCount(frame))
                .as("the mapping's, and no batch's")
                .isOne();
        assertThat(machine.task(0).hasPinned()).isFalse();
        assertThat(machine.content(0, 0)).isEqualTo(8);
        machine.validate();
        machine.protect(0, 0, false);
        assertThat(machine.directRead(0, 0, 9)).isEqualTo(Outcome.SEGV);
        assertThat(machine.content(0, 0)).isEqualTo(8);
    }

    /** What a device wrote by a direct read outlives reclaim, also where the entry never became dirty. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void reclaimKeepsWhatADirectReadBrought(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS, 1);
        machine.write(0, 0, 1);
        machine.reclaim(0, 0);
        machine.read(0, 0);
        machine.directRead(0, 0, 2);
        machine.reclaim(0, 0);
        assertThat(machine.frameOf(0, 0)).isEqualTo(PageArena.NIL);
        machine.read(0, 0);
        assertThat(machine.task(0).value()).isEqualTo(2);
        machine.validate();
    }

    /** mprotect is of the area, which fork copies: whatever the page is, and before any fault of the child. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void whatTheParentMadeReadOnlyTheChildMayNotWrite(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS, 1);
        machine.write(0, 0, 1);
        machine.protect(0, 0, false);
        machine.protect(0, 1, false);
        machine.write(0, 2, 1);
        machine.pageout(0, 2);
        machine.protect(0, 2, false);
        machine.fork(0, 1);
        machine.protect(0, 0, true);
        for (int page = 0; page < 3; page++) {
            assertThat(machine.write(1, page, 2)).as("page %d", page).isEqualTo(Outcome.SEGV);
            assertThat(machine.pin(1, page, 0)).as("page %d", page).isEqualTo(Outcome.SEGV);
        }
        assertThat(machine.write(1, 3, 2) & Outcome.SEGV).isZero();
    }

    /** Numbers are used again; what a process did and held is not the next one's. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void aProcessInheritsNothingFromTheLastOneOfItsNumber(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS, 1);
        machine.write(0, 0, 1);
        machine.fork(0, 1);
        machine.pin(1, 1, 0);
        machine.splice(1, 0, 1);
        machine.protect(1, 3, false);
        int frame = machine.arena().references().frame(1);
        assertThat(machine.task(1).hasPinned()).isTrue();
        machine.exit(1);
        assertThat(machine.task(1).hasPinned()).isFalse();
        machine.fork(0, 1);
        assertThat(machine.task(1).hasPinned()).isFalse();
        // The pipe was filled by a process that has gone: to the new one it is somebody else's, as to all.
        machine.discard(0, 0);
        assertThat(machine.arena().references().owner(1)).isEqualTo(PageArena.NIL);
        assertThat(machine.task(1).seenByOthers(frame)).isTrue();
        assertThat(machine.write(1, 3, 2) & Outcome.SEGV).isZero();
    }

    private static String writeAfterRead(Machine machine) {
        assertThat(machine.read(0, 0) & (Outcome.MAJOR | Outcome.MINOR)).isEqualTo(Outcome.MINOR);
        int frame = Pte.frame(machine.arena().tables().pte(0, 0));
        int outcome = machine.write(0, 0, 2);
        machine.validate();
        boolean same = frame == Pte.frame(machine.arena().tables().pte(0, 0));
        assertThat((outcome & Outcome.WP_COPY) == 0).isEqualTo(same);
        return (outcome & Outcome.WP_COPY) != 0 ? "copy" : (outcome & Outcome.WP_REUSE) != 0 ? "reuse" : "quiet";
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void privatePageUnderWriteback(Policy policy) {
        String expected =
                switch (policy) {
                    case V5_9, LINUS, V5_18, ALWAYS_COPY -> "copy";
                    case V6_11, V6_15, V7_0, V7_3, ORACLE -> "quiet";
                    default -> "reuse";
                };
        assertThat(writeAfterRead(swappedOut(policy, EXPLICIT, 1))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void privatePageUnderWritebackToAStableDevice(Policy policy) {
        // Only the alternative without a writeback test, and the unsafe bound, change a page in flight.
        String expected = policy == Policy.WILCOX || policy == Policy.ALWAYS_REUSE ? "reuse" : "copy";
        assertThat(writeAfterRead(swappedOut(policy, STABLE, 1))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void privatePageInAnotherCpusBatch(Policy policy) {
        Machine machine = machine(policy, MachineOptions.LITMUS, 2);
        machine.write(0, 0, 1);
        machine.pageout(0, 0);
        // The page waits in CPU 0's batch; the process moves on.
        machine.task(0).runOn(1);
        String expected =
                switch (policy) {
                    case V5_7, V5_8, LIANG, V5_19, ALWAYS_REUSE -> "reuse";
                    case V6_11, V6_15, V7_0, V7_3, ORACLE -> "quiet";
                    default -> "copy";
                };
        assertThat(writeAfterRead(machine)).isEqualTo(expected);
    }

    @Test
    void endOfWritebackPutsAPageOnTheListIntoTheRotateBatch() {
        // It ends with the second operation, after what that drains.
        Machine machine = swappedOut(Policy.WILCOX, new MachineOptions(2, false, false, 1, false, true), 1);
        PageArena arena = machine.arena();
        assertThat(arena.batches().count(0, Batches.BATCH_ROTATE)).isEqualTo(1);
        machine.validate();
        // Its reference is one too many for page_count == 1 + PageSwapCache.
        assertThat(writeAfterRead(machine)).isEqualTo("copy");
    }

    /** Whether the page it is on is untouched, the zero page, out already or there: a page in a batch is in none after it. */
    @Test
    void pressureDrainsWhateverItIsOn() {
        for (int pressed = 0; pressed < 4; pressed++) {
            Machine machine = machine(Policy.V5_9, MachineOptions.LITMUS, 1);
            machine.read(0, 1);
            machine.write(0, 2, 7);
            machine.reclaim(0, 2);
            machine.write(0, 3, 1);
            machine.protect(0, 3, false);
            machine.protect(0, 3, true);
            machine.reclaim(0, pressed);
            assertThat(machine.write(0, 3, 2) & (Outcome.WP_REUSE | Outcome.WP_COPY | Outcome.SWAPIN_DEVICE))
                    .as("pressed on page %d", pressed)
                    .isEqualTo(pressed == 3 ? Outcome.SWAPIN_DEVICE : Outcome.WP_REUSE);
            machine.validate();
        }
    }

    @Test
    void aStalledDeviceEndsNoWritebackWhoeverWaitsForIt() {
        Machine machine = machine(Policy.V5_19, MachineOptions.LITMUS, 1);
        PageArena arena = machine.arena();
        machine.write(0, 0, 1);
        int frame = machine.frameOf(0, 0);
        machine.adversaryStall(true);
        machine.pageout(0, 0);
        assertThat(arena.frames().has(frame, FolioRecord.WRITEBACK)).isTrue();
        assertThat(arena.frames().has(frame, FolioRecord.LRU)).as("in a batch").isFalse();
        machine.drain(0);
        assertThat(arena.frames().has(frame, FolioRecord.LRU)).as("drained").isTrue();
        machine.reclaim(0, 0);
        machine.read(0, 0);
        assertThat(arena.frames().has(frame, FolioRecord.WRITEBACK)).isTrue();
        assertThat(arena.frames().has(frame, FolioRecord.SWAPCACHE))
                .as("reclaim gives up")
                .isTrue();
        machine.validate();
        machine.adversaryStall(false);
        assertThat(arena.frames().has(frame, FolioRecord.WRITEBACK)).isFalse();
        machine.validate();
    }

    private static int lastWrite(boolean planted, boolean written) {
        PageArena arena = PageArena.allocate(
                ArenaSpec.roomy(1, 1, 1, 0, Policy.V5_18.rule().lruBatch(), Long.BYTES));
        Mm mm = new Mm(
                arena,
                Policy.V5_18.rule(),
                MachineOptions.LITMUS,
                Lru::new,
                each -> new Swap(each) {
                    @Override
                    boolean tryFree(int frame) {
                        if (!planted || !frames.has(frame, FolioRecord.SWAPCACHE) || swapped(frame)) {
                            return super.tryFree(frame);
                        }
                        deleteFromCache(frame);
                        return true;
                    }
                },
                PageIo::new,
                Rmap::new,
                Task::new);
        Machine machine = new Machine(mm);
        machine.write(0, 0, 1);
        if (written) {
            machine.pageout(0, 0);
        } else {
            machine.writeout(0, 0);
        }
        machine.read(0, 0);
        return machine.write(0, 0, 2) & (Outcome.WP_COPY | Outcome.WP_REUSE);
    }

    /** A planted try_to_free_swap that ignores writeback: no script shows it in which the device has always written. */
    @Test
    void onlyAPageThatIsNotWrittenShowsWhatIgnoresWriteback() {
        assertThat(lastWrite(false, true)).isEqualTo(Outcome.WP_REUSE);
        assertThat(lastWrite(true, true)).isEqualTo(Outcome.WP_REUSE);
        assertThat(lastWrite(false, false)).isEqualTo(Outcome.WP_COPY);
        assertThat(lastWrite(true, false)).isEqualTo(Outcome.WP_REUSE);
    }

    @Test
    void aDeviceThatAnswersAtOnceBypassesTheSwapCacheUpToV6_15() {
        MachineOptions zram = new MachineOptions(MachineOptions.AT_ONCE, true, true, 8, false, true);
        Set<Policy> cached = EnumSet.noneOf(Policy.class);
        for (Policy policy : Policy.shipped()) {
            Machine machine = machine(policy, zram, 1);
            machine.write(0, 0, 1);
            machine.pageout(0, 0);
            machine.drain(0);
            int frame = machine.arena()
                    .slots()
                    .cached(Pte.slot(machine.arena().tables().pte(0, 0)));
            assertThat(frame)
                    .as("%s: written at once, so freed at once", policy)
                    .isEqualTo(PageArena.NIL);
            machine.fork(0, 1);
            machine.exit(1);
            assertThat(machine.read(0, 0) & Outcome.MAJOR).isNotZero();
            machine.validate();
            frame = Pte.frame(machine.arena().tables().pte(0, 0));
            // v7.0 reads through the cache and then frees it, so neither is in it afterwards.
            assertThat(machine.arena().frames().has(frame, FolioRecord.SWAPCACHE))
                    .as(policy.id())
                    .isFalse();
            if (!policy.rule().bypassesSwapCache()) {
                cached.add(policy);
            }
        }
        assertThat(cached).containsExactly(Policy.V7_0, Policy.V7_3);
    }

    @Test
    void fullSwapFreesTheSwapCacheOnSwapIn() {
        ArenaSpec spec = new ArenaSpec(32, 3, 1, 4, 1, 0, 15, 64);
        Machine machine = new Machine(PageArena.allocate(spec), Policy.V5_9.rule(), EXPLICIT);
        for (int page = 0; page < 2; page++) {
            machine.write(0, page, 1);
            machine.pageout(0, page);
        }
        machine.drain(0);
        machine.read(0, 0);
        // Two of three slots are more than half: the page leaves the swap cache and v5.9 may reuse it.
        assertThat(machine.arena().frames().has(machine.frameOf(0, 0), FolioRecord.SWAPCACHE))
                .isFalse();
        machine.drain(0);
        assertThat(machine.write(0, 0, 2) & Outcome.WP_REUSE).isNotZero();
        machine.validate();
    }

    @Test
    void readaheadBringsNeighboursAndDrains() {
        MachineOptions ahead = new MachineOptions(MachineOptions.AT_ONCE, false, false, 8, false, true);
        for (Policy policy : new Policy[] {Policy.V5_9, Policy.V7_3}) {
            Machine machine = machine(policy, ahead, 1);
            for (int page = 0; page < 4; page++) {
                machine.write(0, page, page + 1);
                machine.reclaim(0, page);
            }
            long reads = machine.counter(Counter.SWAP_READS);
            assertThat(machine.read(0, 0) & Outcome.MAJOR).isNotZero();
            assertThat(machine.counter(Counter.SWAP_READS) - reads).isEqualTo(4);
            int frame = Pte.frame(machine.arena().tables().pte(0, 0));
            assertThat(machine.arena().frames().has(frame, FolioRecord.LRU)).isEqualTo(policy == Policy.V5_9);
            assertThat(machine.read(0, 3))
                    .isEqualTo(Outcome.MINOR
                            | Outcome.SWAPIN_CACHE
                            | (policy == Policy.V7_3 ? Outcome.MAPPED_WRITABLE : 0));
            assertThat(machine.task(0).value()).isEqualTo(4);
            machine.validate();
        }
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void pressureNeverLosesData(Policy policy) {
        int pages = 200;
        ArenaSpec spec = new ArenaSpec(160, 1000, 2, pages, 1, 0, policy.rule().lruBatch(), 64);
        Machine machine = new Machine(
                PageArena.allocate(spec), policy.rule(), new MachineOptions(7, false, false, 8, true, true));
        long[] expected = new long[pages];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 1; i < 20_000; i++) {
            int page = random.nextInt(pages);
            if (random.nextBoolean()) {
                assertThat(Outcome.failed(machine.write(0, page, i))).isFalse();
                expected[page] = i;
            } else {
                assertThat(Outcome.failed(machine.read(0, page))).isFalse();
                assertThat(machine.task(0).value()).isEqualTo(expected[page]);
            }
            if (i % 100 == 0) {
                machine.validate();
            }
            if (i == 10_000 && policy != Policy.ALWAYS_REUSE && policy != Policy.WILCOX) {
                assertThat(machine.fork(0, 1)).isZero();
                machine.validate();
                machine.exit(1);
            }
        }
        assertThat(machine.counter(Counter.SWAP_WRITES)).isPositive();
        assertThat(machine.counter(Counter.SWAP_READS)).isPositive();
        assertThat(machine.counter(Counter.PEAK_FRAMES)).isLessThan(160);
        if (policy == Policy.ORACLE || policy == Policy.ALWAYS_REUSE) {
            assertThat(machine.counter(Counter.NEEDLESS_COPIES)).isZero();
        }
        if (policy == Policy.V5_9) {
            assertThat(machine.counter(Counter.NEEDLESS_COPIES))
                    .isPositive()
                    .isLessThanOrEqualTo(machine.counter(Counter.WP_COPIES));
        }
    }

    @Test
    void memoryThatCannotBeFreedIsSaid() {
        ArenaSpec spec = new ArenaSpec(40, 2, 1, 64, 1, 0, 15, 64);
        Machine machine = new Machine(
                PageArena.allocate(spec), Policy.V5_9.rule(), new MachineOptions(0, false, false, 1, true, true));
        int outcome = 0;
        for (int page = 0; page < 64 && !Outcome.failed(outcome); page++) {
            outcome = machine.write(0, page, 1);
        }
        assertThat(outcome).isEqualTo(Outcome.NO_MEMORY);
        machine.validate();
    }

    private static boolean sameState(Machine one, Machine other) {
        try (Arena memory = Arena.ofConfined()) {
            return state(one, memory).mismatch(state(other, memory)) == -1;
        }
    }

    private static MemorySegment state(Machine machine, Arena memory) {
        MemorySegment state = memory.allocate(machine.arena().stateBytes());
        machine.arena().save(state, 0, state.byteSize());
        return state;
    }

    @Test
    void snapshotAndRestoreAreBulk() {
        Machine machine = machine(Policy.V5_9, MachineOptions.LITMUS, 1);
        Machine other = machine(Policy.V5_9, MachineOptions.LITMUS, 1);
        assertThat(sameState(machine, other)).isTrue();
        machine.write(0, 0, 1);
        machine.pageout(0, 0);
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment snapshot = memory.allocate(machine.arena().stateBytes());
            machine.arena().save(snapshot, 0, snapshot.byteSize());
            machine.fork(0, 1);
            machine.write(1, 0, 2);
            assertThat(sameState(machine, other)).isFalse();
            other.arena().restore(snapshot, 0, snapshot.byteSize());
            machine.arena().restore(snapshot, 0, snapshot.byteSize());
            assertThat(sameState(machine, other)).isTrue();
            machine.validate();
            machine.read(0, 0);
            assertThat(machine.task(0).value()).isEqualTo(1);
        }
    }

    @Test
    void validateFindsWhatIsWrong() {
        Machine machine = machine(Policy.V5_9, MachineOptions.LITMUS, 1);
        machine.write(0, 0, 1);
        machine.validate();
        int frame = Pte.frame(machine.arena().tables().pte(0, 0));
        machine.arena().frames().addRef(frame, 1);
        assertThatThrownBy(machine::validate).hasMessage("frame " + frame + ": refcount 3, its parts are 2");
        machine.arena().frames().addRef(frame, -1);
        machine.arena().frames().addMap(frame, 1);
        assertThatThrownBy(machine::validate).hasMessage("frame " + frame + ": mapcount 2, mapped 1 times");
        machine.arena().frames().addMap(frame, -1);
        machine.arena().tables().pte(0, 0, Pte.NONE);
        assertThatThrownBy(machine::validate).hasMessageContaining("refcount 2, its parts are 1");
    }

    @Test
    void mappedArenasAreAlignedAndZeroed() {
        ArenaSpec spec = new ArenaSpec(1024, 16, 1, 16, 1, 0, 15, 4096);
        for (boolean huge : new boolean[] {false, true}) {
            try (PageArena arena = PageArena.map(spec, huge)) {
                Machine machine = new Machine(arena, Policy.V5_9.rule(), MachineOptions.LITMUS);
                machine.write(0, 3, 5);
                machine.read(0, 3);
                assertThat(machine.task(0).value()).isEqualTo(5);
            }
        }
        assertThat(PageArena.anonHugePagesKib()).isNotNegative();
    }
}
