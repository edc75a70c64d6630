package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.policy.Policy;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each situation is the one it claims to be, and every pass over it does the same. */
class WriteAfterReadTest {
    private static final Set<Policy> READ_MAPS_WRITABLE =
            EnumSet.of(Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3, Policy.ORACLE);
    private static final int PASSES = 3;

    /** Those that are measured: there is a write to a page that is present and write-protected. */
    static final Set<Situation> SITUATIONS = EnumSet.range(Situation.SWAPCACHE, Situation.PRIVATE);

    /** What the writes of one pass have to do under a policy. */
    private enum Expected {
        COPY,
        REUSE,
        NO_FAULT
    }

    private static Expected expected(Policy policy, Situation situation) {
        if (policy == Policy.ALWAYS_COPY) {
            return Expected.COPY;
        }
        if (policy == Policy.ALWAYS_REUSE) {
            return Expected.REUSE;
        }
        return switch (situation) {
            case SWAPCACHE ->
                READ_MAPS_WRITABLE.contains(policy)
                        ? Expected.NO_FAULT
                        : policy == Policy.V5_9 ? Expected.COPY : Expected.REUSE;
            case BATCHED ->
                READ_MAPS_WRITABLE.contains(policy)
                        ? Expected.NO_FAULT
                        : switch (policy) {
                            // The batch's reference is counted and never drained; Liang drains, Wilcox and Linus do
                            // not.
                            case V5_9, WILCOX, LINUS -> Expected.COPY;
                            default -> Expected.REUSE;
                        };
            case HIDDEN_SHARER -> policy == Policy.WILCOX ? Expected.REUSE : Expected.COPY;
            case FORK_SHARED -> Expected.COPY;
            case PINNED ->
                switch (policy) {
                    // Counts references of any kind: the pin parts from the page. v5.8 resolved the fault when pinning.
                    case V5_9, LIANG, WILCOX, LINUS, V5_18 -> Expected.COPY;
                    case V5_8 -> Expected.NO_FAULT;
                    default -> Expected.REUSE;
                };
            case PRIVATE -> Expected.REUSE;
            default -> throw new IllegalArgumentException(situation + " is not measured");
        };
    }

    private static WriteAfterRead.Pages pages(Policy policy, Situation situation) {
        WriteAfterRead.Pages pages = new WriteAfterRead.SmallSet();
        pages.policy = policy;
        pages.situation = situation;
        pages.build();
        return pages;
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void everyPolicyDoesWhatItsRuleSays(Policy policy) {
        for (Situation situation : SITUATIONS) {
            WriteAfterRead.Pages pages = pages(policy, situation);
            try {
                pages.machine().validate();
                Machine machine = pages.machine();
                long copies = machine.counter(Counter.WP_COPIES);
                long reuses = machine.counter(Counter.WP_REUSES);
                for (int pass = 0; pass < PASSES; pass++) {
                    pages.rewind();
                    pages.write(WriteAfterRead.L2_PAGES);
                    pages.machine().validate();
                }
                int all = PASSES * WriteAfterRead.L2_PAGES;
                Expected expected = expected(policy, situation);
                assertThat(new long[] {
                            machine.counter(Counter.WP_COPIES) - copies, machine.counter(Counter.WP_REUSES) - reuses
                        })
                        .as("copies and reuses, %s %s", policy, situation)
                        .containsExactly(expected == Expected.COPY ? all : 0, expected == Expected.REUSE ? all : 0);
            } finally {
                pages.close();
            }
        }
    }

    private static Set<Situation> situations() {
        return SITUATIONS;
    }

    @ParameterizedTest
    @MethodSource("situations")
    void situationsAreWhatTheirNamesSay(Situation situation) {
        // A policy without opinions about reads, so that the situation is seen as it is.
        WriteAfterRead.Pages pages = pages(Policy.V5_9, situation);
        try {
            PageArena arena = pages.machine().arena();
            for (int page = 0; page < WriteAfterRead.L2_PAGES; page++) {
                long pte = arena.tables().pte(0, page);
                assertThat(Pte.isPresent(pte) && !Pte.isWritable(pte))
                        .as("present, not writable")
                        .isTrue();
                int frame = Pte.frame(pte);
                boolean cached = arena.frames().has(frame, org.cowbench.arena.FolioRecord.SWAPCACHE);
                int references = arena.frames().get(frame, org.cowbench.arena.FolioRecord.REF);
                int mappings = arena.frames().get(frame, org.cowbench.arena.PageRecord.MAP);
                boolean onLru = arena.frames().has(frame, org.cowbench.arena.FolioRecord.LRU);
                int swapCount = cached
                        ? arena.slots().count(arena.frames().get(frame, org.cowbench.arena.FolioRecord.SLOT))
                        : 0;
                assertThat(new int[] {references, mappings, swapCount, onLru ? 1 : 0})
                        .as("references, mappings, swap entries, on LRU")
                        .containsExactly(
                                switch (situation) {
                                    case SWAPCACHE -> new int[] {2, 1, 0, 1};
                                    case BATCHED -> new int[] {3, 1, 0, 0};
                                    case HIDDEN_SHARER -> new int[] {2, 1, 1, 1};
                                    case FORK_SHARED -> new int[] {2, 2, 0, 1};
                                    case PINNED -> new int[] {1 + 1024, 1, 0, 1};
                                    case PRIVATE -> new int[] {1, 1, 0, 1};
                                    default -> throw new IllegalArgumentException(situation + " is not measured");
                                });
            }
        } finally {
            pages.close();
        }
    }
}
