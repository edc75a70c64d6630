package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRequirementsTest {
    private static final String HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    @TempDir
    private Path root;

    /** A machine that has everything: all of root's capabilities, and 40 of 48 MiB of swap free. */
    @BeforeEach
    void machine() throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        file("proc/kpageflags", "");
        file("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        file("proc/swaps", HEAD + "/dev/vda2   partition\t32768\t\t8192\t\t-2\n/swap file\t16384\t0\t-3\n");
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }

    private void lacks(String what, String remedy) {
        assertThat(HostRequirements.missing(root, "Linux")).singleElement().satisfies(missing -> {
            assertThat(missing.what()).contains(what);
            assertThat(missing.remedy()).contains(remedy);
            assertThat(missing.line()).isEqualTo(missing.what() + ": " + missing.remedy());
        });
    }

    @Test
    void nothingIsMissing() {
        assertThat(HostRequirements.missing(root, "Linux")).isEmpty();
        assertThat(HostRequirements.room(root, 40)).isEmpty();
    }

    @Test
    void swapIsNeeded() throws IOException {
        file("proc/swaps", HEAD);
        lacks("no swap is active", "--setup-swap 1G");
        Files.delete(root.resolve("proc/swaps"));
        lacks("no swap is active", "swapon");
    }

    @Test
    void swapNeedsRoom() throws IOException {
        assertThat(HostRequirements.room(root, 41)).hasValueSatisfying(missing -> assertThat(missing.line())
                .startsWith("swap has 40 MiB free, and 41 MiB are to be paged out: ")
                .contains("--setup-swap 1G"));
        file("proc/swaps", HEAD);
        assertThat(HostRequirements.room(root, 1)).isPresent();
    }

    @Test
    void frameNumbersAreNeeded() throws IOException {
        file("proc/self/status", "CapEff:\t0000003fffdfffff\n");
        lacks("frame numbers are hidden", "run it as root");
        machine();
        Files.delete(root.resolve("proc/kpageflags"));
        lacks("frame numbers are hidden", "run it as root");
    }

    @Test
    void onlyLinuxIsAsked() {
        assertThat(HostRequirements.missing(root, "Mac OS X"))
                .singleElement()
                .satisfies(missing -> assertThat(missing.line()).contains("--deb"));
    }
}
