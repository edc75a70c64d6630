package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporarySwapTest {

    private static Set<String> swaps() throws IOException {
        return Files.readAllLines(Path.of("/proc/swaps")).stream()
                .map(line -> line.split("\\s")[0])
                .filter(name -> name.contains("/cowbench-swap-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Tag("host")
    void isActiveAsLongAsItIsOpenAndGoneThen() throws IOException {
        Set<String> before = swaps();
        Set<String> own;
        try (TemporarySwap _ = Host.swap("64M")) {
            own = swaps();
            own.removeAll(before);
            assertThat(own).isNotEmpty();
        }
        // Another test run on this machine may have made its own.
        assertThat(own.stream().filter(name -> Files.notExists(Path.of(name))).toList())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(swaps()).doesNotContain(name));
    }

    /** Removing an active file would leave swap on a file that nobody can name any more. */
    @Test
    void keepsAFileThatStaysActive(@TempDir Path folder) throws IOException {
        Guardian swap = Guardian.make(
                "mkswap() { :; }\nswapon() { :; }\nswapoff() { return 1; }\n" + TemporarySwap.SCRIPT,
                "a swap file",
                folder.toString(),
                "1");
        assertThatThrownBy(swap::close)
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith(
                        "undoing a swap file failed: it stays active: make memory free, then swapoff " + folder);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void asksForASensibleSize() {
        for (String size : new String[] {"1T", "10", "63M", "-1G", "", "G"}) {
            assertThatThrownBy(() -> TemporarySwap.make(size))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("expected a size from 64M on");
        }
    }

    @Test
    void leavesTheDiskSomeRoom() {
        assertThatThrownBy(() -> TemporarySwap.make("999999G")).isInstanceOfSatisfying(KernelException.class, e -> {
            assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
            assertThat(e.getMessage()).contains("does not fit", "TMPDIR");
        });
    }
}
