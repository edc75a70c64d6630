package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsTest {
    @TempDir
    private Path folder;

    @Test
    void holdsProbeModulesInOrderAndRequests() throws IOException {
        Path file = folder.resolve("initramfs");
        Initramfs.write(
                file,
                new byte[] {1, 2, 3},
                List.of(new byte[] {4}, new byte[] {5, 6}),
                "=0 3\nabc",
                Map.of("a/b/c", new byte[] {7}));
        Map<String, byte[]> contents = new LinkedHashMap<>();
        Map<String, Long> modes = new LinkedHashMap<>();
        try (CpioArchiveInputStream cpio = new CpioArchiveInputStream(Files.newInputStream(file))) {
            for (CpioArchiveEntry entry = cpio.getNextEntry(); entry != null; entry = cpio.getNextEntry()) {
                contents.put(entry.getName(), cpio.readAllBytes());
                modes.put(entry.getName(), entry.getMode());
                if (entry.getName().equals("dev/console")) {
                    assertThat(entry.getRemoteDeviceMaj()).isEqualTo(5);
                    assertThat(entry.getRemoteDeviceMin()).isEqualTo(1);
                }
            }
        }
        assertThat(contents.keySet())
                .containsExactly(
                        "dev",
                        "dev/console",
                        "init",
                        "modules",
                        "modules/0.ko",
                        "modules/1.ko",
                        "requests",
                        "a",
                        "a/b",
                        "a/b/c");
        assertThat(contents.get("a/b/c")).containsExactly(7);
        assertThat(modes.get("a/b/c") & 0777).isEqualTo(0755);
        assertThat(contents.get("init")).containsExactly(1, 2, 3);
        assertThat(modes.get("init") & 0777).isEqualTo(0755);
        assertThat(contents.get("modules/1.ko")).containsExactly(5, 6);
        assertThat(new String(contents.get("requests"), StandardCharsets.UTF_8)).isEqualTo("=0 3\nabc");
    }

    @Test
    void isTheSameForTheSameContent() throws IOException {
        Initramfs.write(folder.resolve("a"), new byte[] {1}, List.of(), "x", Map.of());
        Initramfs.write(folder.resolve("b"), new byte[] {1}, List.of(), "x", Map.of());
        assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    }
}
