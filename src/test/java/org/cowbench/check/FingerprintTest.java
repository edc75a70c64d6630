package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the canonical form leaves out of a state changes nothing that is found. */
@Tag("slow")
class FingerprintTest {

    /** Tells states apart by every byte of the machine and of the ghost. */
    private static LongSupplier everything(World world) {
        MemorySegment state = Arena.ofAuto().allocate(world.arena.stateBytes(), 64);
        int[] ghost = new int[world.ghost.words.length];
        return () -> {
            world.save(state, ghost);
            long hash = 1;
            for (long at = 0; at + Long.BYTES <= state.byteSize(); at += Long.BYTES) {
                hash = mix(hash, state.get(ValueLayout.JAVA_LONG, at));
            }
            for (int word : ghost) {
                hash = mix(hash, word);
            }
            return hash == 0 ? 1 : hash;
        };
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0xD6E8FEB86659FD93L;
        return (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L + (mixed >>> 29);
    }

    private static CheckResult explore(Policy policy, Scope scope, Function<World, LongSupplier> fingerprints) {
        try (Explorer explorer = new Explorer(
                policy.id(),
                arena -> new Machine(arena, policy.rule(), MachineOptions.LITMUS),
                policy.rule().lruBatch(),
                fingerprints,
                scope,
                2,
                1L << 30,
                (states, transitions, queue, depth) -> {})) {
            return explorer.explore();
        }
    }

    /** Of every kind of violation how long its shortest path is. */
    private static Map<Property, List<String>> kinds(CheckResult result) {
        return result.verdicts().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() instanceof Verdict.Unsafe unsafe
                                ? unsafe.violations().stream()
                                        .map(each -> each.cause() + " " + each.shownBy() + " " + each.moves() + " "
                                                + each.environment().isEmpty())
                                        .sorted()
                                        .toList()
                                : List.of(entry.getValue().word())));
    }

    private static void assertSame(Policy policy, Scope scope) {
        CheckResult canonical = explore(policy, scope, Fingerprint::new);
        CheckResult full = explore(policy, scope, FingerprintTest::everything);
        assertThat(kinds(canonical)).isEqualTo(kinds(full));
        assertThat(canonical.states()).isLessThan(full.states());
    }

    private static Scope scope(int references, int environment, int depth) {
        return new Scope(2, 1, references, environment, depth, EnumSet.allOf(Move.class), true);
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void everyByteOfTheStateFindsTheSame(Policy policy) {
        assertSame(policy, scope(2, 0, 6));
        assertSame(policy, scope(1, 1, 5));
    }

    /** Seven moves: whether memory was once written by a device must not be judged by, or must be told apart. */
    @Test
    void whoWroteMemoryFirstDoesNotHideAShorterPath() {
        assertSame(Policy.WILCOX, scope(2, 0, 7));
    }
}
