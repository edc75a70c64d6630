package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that goes on from a checkpoint finds what one that was never interrupted finds. */
@Tag("slow")
class CheckpointTest {
    private static final List<String> SEARCH = List.of("commit 1", "policy wilcox");
    private static final Scope SCOPE = new Scope(2, 1, 1, 1, 7, EnumSet.allOf(Move.class), true);

    private static CheckResult whole;

    @TempDir
    private Path folder;

    @BeforeAll
    static void searchWithoutInterruption() {
        try (Explorer explorer = explorer(1L << 28)) {
            whole = explorer.explore();
        }
    }

    private static Explorer explorer(long memory) {
        return new Explorer(
                "wilcox", Policy.WILCOX.rule(), SCOPE, 2, memory, (states, transitions, queue, depth) -> {});
    }

    private CheckResult explore(long memory, BooleanSupplier interrupted) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("c"), SEARCH);
                Explorer explorer = explorer(memory)) {
            return explorer.explore(interrupted, checkpoint);
        }
    }

    private static BooleanSupplier after(int slices) {
        AtomicInteger left = new AtomicInteger(slices);
        return () -> left.getAndDecrement() <= 0;
    }

    private static void assertWhole(CheckResult resumed) {
        assertThat(resumed.verdicts()).isEqualTo(whole.verdicts());
        assertThat(resumed.states()).isEqualTo(whole.states());
        assertThat(resumed.transitions()).isEqualTo(whole.transitions());
        assertThat(resumed.needless()).isEqualTo(whole.needless());
        assertThat(resumed.needlessCopies().example())
                .isEqualTo(whole.needlessCopies().example());
        assertThat(resumed.depth()).isEqualTo(whole.depth());
        assertThat(resumed.ending()).isEqualTo(whole.ending());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void anInterruptedSearchGoesOnWhereItStopped(int slices) throws IOException {
        CheckResult cut = explore(1L << 28, after(slices));
        assertThat(cut.ending().kind()).isEqualTo(Ending.Kind.INTERRUPTED);
        assertThat(cut.stopped())
                .isEqualTo("interrupted at depth " + cut.depth() + ", with " + cut.states() + " states found");
        CheckResult second = explore(1L << 28, after(3));
        assertThat(second.states()).isGreaterThan(cut.states());
        assertThat(whole.states()).isGreaterThan(second.states());
        assertWhole(explore(1L << 28, () -> false));
        // And once more, when there is nothing left to do.
        long size = Files.size(folder.resolve("c"));
        assertWhole(explore(1L << 28, () -> false));
        assertThat(folder.resolve("c")).hasSize(size);
    }

    @Test
    @Tag("slow")
    void aSearchThatLackedMemoryGoesOnWithMore() throws IOException {
        CheckResult cut = explore(1L << 20, () -> false);
        assertThat(cut.ending().kind()).isEqualTo(Ending.Kind.MEMORY);
        // With no more than before it comes no further, and loses nothing.
        CheckResult again = explore(1L << 20, () -> false);
        assertThat(again.states()).isEqualTo(cut.states());
        assertWhole(explore(1L << 28, () -> false));
    }

    @Test
    void ofATornFileWhatIsWholeCounts() throws IOException {
        CheckResult cut = explore(1L << 28, after(9));
        Path file = folder.resolve("c");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 7);
        }
        CheckResult less = explore(1L << 28, after(0));
        assertThat(less.states()).isLessThan(cut.states()).isGreaterThan(cut.states() / 2);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 9] ^= 1;
        Files.write(file, bytes);
        assertThat(explore(1L << 28, after(0)).states()).isLessThan(less.states());
        assertWhole(explore(1L << 28, () -> false));
    }

    @Test
    void anotherSearchIsRefused() throws IOException {
        explore(1L << 28, after(1));
        Path file = folder.resolve("c");
        assertThatThrownBy(() -> Checkpoint.open(file, List.of("commit 1", "policy v5.9")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + " is the checkpoint of another search: 'policy wilcox' there, 'policy v5.9' here;"
                        + " name another file");
        assertThatThrownBy(() -> Checkpoint.open(file, List.of("commit 1"))).isInstanceOf(CheckpointException.class);
        Files.writeString(file, "an essay\n\n");
        assertThatThrownBy(() -> Checkpoint.open(file, SEARCH))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is no checkpoint");
        assertThat(file).hasContent("an essay\n\n");
    }

    @Test
    void oneSearchAtATime() throws IOException {
        Path file = folder.resolve("c");
        try (Checkpoint held = Checkpoint.open(file, SEARCH)) {
            assertThat(held.fresh()).isTrue();
            assertThatThrownBy(() -> Checkpoint.open(file, SEARCH))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("in use");
        }
        Checkpoint.open(file, SEARCH).close();
    }

    @Test
    void aCheckpointThatCannotBeWrittenEndsTheSearchWithWhatItFound() throws IOException {
        Checkpoint closed = Checkpoint.open(folder.resolve("c"), SEARCH);
        try (Explorer explorer = new Explorer(
                "wilcox", Policy.WILCOX.rule(), SCOPE, 2, 1L << 28, (states, transitions, queue, depth) -> {
                    if (depth == 6) {
                        try {
                            closed.close();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                })) {
            CheckResult result = explorer.explore(() -> false, closed);
            assertThat(result.ending().kind()).isEqualTo(Ending.Kind.CHECKPOINT);
            assertThat(result.stopped()).startsWith("the checkpoint " + folder.resolve("c") + " failed at depth 6");
            assertThat(result.unsafe()).isTrue();
        }
    }
}
