package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.Packages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";
    private static final App APP = new RedisApp();

    @TempDir
    private Path folder;

    @BeforeEach
    void packages() throws IOException {
        deb("redis-server_5%3a8.0-1_amd64.deb", Map.of(), Map.of("./usr/bin/redis-server", "redis-check-rdb"));
        deb(
                "redis-tools_5%3a8.0-1_amd64.deb",
                Packages.files(
                        "./usr/bin/redis-check-rdb",
                        Elf.needing(LOADER, "libone.so.1", "libc.so.6"),
                        "./usr/share/doc/x",
                        "no program"),
                Map.of());
        deb(
                "libone_1-1_amd64.deb",
                Packages.files("./usr/lib/x86_64-linux-gnu/libone.so.1.5", Elf.needing(null, "libtwo.so.2")),
                Map.of("./usr/lib/x86_64-linux-gnu/libone.so.1", "libone.so.1.5"));
        deb("libunused_1_amd64.deb", Packages.files("./usr/lib/x86_64-linux-gnu/libunused.so.1", "?"), Map.of());
        // As older suites have it: not below /usr.
        deb(
                "libtwo_2_amd64.deb",
                Packages.files("./lib/x86_64-linux-gnu/libtwo.so.2", Elf.needing(null, "libc.so.6")),
                Map.of());
        deb(
                "libc6_2.41-12_amd64.deb",
                Packages.files(
                        "./usr/lib/x86_64-linux-gnu/libc.so.6",
                        Elf.needing(LOADER),
                        "./usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
                        Elf.needing(null)),
                Map.of("./usr/lib64/ld-linux-x86-64.so.2", "../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
    }

    private void deb(String name, Map<String, byte[]> files, Map<String, String> links) throws IOException {
        Packages.deb(folder.resolve(name), ".xz", "Package: x\n", files, links);
    }

    @Test
    void aProgramComesWithAllThatItNeedsAndNothingElse() {
        Program program = Program.of(APP, folder);
        assertThat(program.files())
                .containsOnlyKeys(
                        "usr/bin/redis-server",
                        "lib64/ld-linux-x86-64.so.2",
                        "lib/x86_64-linux-gnu/libone.so.1",
                        "lib/x86_64-linux-gnu/libtwo.so.2",
                        "lib/x86_64-linux-gnu/libc.so.6");
        assertThat(program.files().get("usr/bin/redis-server"))
                .isEqualTo(Elf.needing(LOADER, "libone.so.1", "libc.so.6"));
        assertThat(program.files().get("lib/x86_64-linux-gnu/libone.so.1")).isEqualTo(Elf.needing(null, "libtwo.so.2"));
        assertThat(program.versions()).isEqualTo("libc6 2.41-12, libone 1-1, libtwo 2, redis-tools 5:8.0-1");
    }

    @Test
    void aMissingPackageIsToldByWhatIsMissing() throws IOException {
        Files.delete(folder.resolve("libtwo_2_amd64.deb"));
        assertThatThrownBy(() -> Program.of(APP, folder))
                .hasMessageContaining("has libtwo.so.2, which /usr/bin/redis-server needs")
                .extracting(e -> ((KernelException) e).kind())
                .isEqualTo(KernelException.Kind.USAGE);
        Files.delete(folder.resolve("redis-tools_5%3a8.0-1_amd64.deb"));
        assertThatThrownBy(() -> Program.of(APP, folder))
                .hasMessageContaining("has no package with /usr/bin/redis-server");
        Files.writeString(folder.resolve("bad_1_amd64.deb"), "junk");
        assertThatThrownBy(() -> Program.of(APP, folder)).hasMessageContaining("is no folder of Debian packages");
        assertThatThrownBy(() -> Program.of(APP, folder.resolve("none")))
                .hasMessageContaining("is no folder of Debian packages");
    }

    @Test
    void whatIsInTheCacheIsNotFetched() throws IOException {
        assertThat(Program.cache(Map.of("COWBENCH_APPS", "/a"))).isEqualTo(Path.of("/a"));
        assertThat(Program.cache(Map.of("COWBENCH_KERNELS", "/k", "XDG_CACHE_HOME", "/c")))
                .isEqualTo(Path.of("/c/cowbench/apps"));
        Path here = Files.createDirectory(folder.resolve("redis@nowhere"));
        assertThat(Program.fetch(APP, "nowhere", folder)).isEqualTo(here);
    }

    @Test
    void whatIsNoElfFileNeedsNothing() {
        assertThat(ElfFile.of(
                        "#!/bin/sh and more than a header of that kind is long, so that only its magic number tells"
                                .getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        byte[] cut = java.util.Arrays.copyOf(Elf.needing(LOADER, "libc.so.6"), 600);
        assertThat(ElfFile.of(cut)).as("cut off").isEmpty();
        assertThat(ElfFile.of(new byte[3])).isEmpty();
    }
}
