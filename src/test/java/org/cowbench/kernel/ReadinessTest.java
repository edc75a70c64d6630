package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.cowbench.noise.Finding;
import org.cowbench.noise.Finding.Severity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
    @TempDir
    private Path folder;

    private Finding finding(String topic, Map<String, String> environment) {
        return Readiness.findings(environment).stream()
                .filter(each -> each.topic().equals(topic))
                .findFirst()
                .orElseThrow();
    }

    private String program(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\nexit 1\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"))
                .toString();
    }

    @Test
    void everyLackHasItsRemedy() {
        Map<String, String> nothing = Map.of(
                "PATH",
                folder.toString(),
                "CC",
                folder.resolve("no-cc").toString(),
                "COWBENCH_KERNELS",
                folder.resolve("none").toString());
        assertThat(finding("emulator", nothing))
                .isEqualTo(new Finding(
                        Severity.NOTE,
                        "emulator",
                        "no 'qemu-system-x86_64'; 'kernel' boots other kernels with it",
                        "apt-get install qemu-system-x86, or set COWBENCH_QEMU"));
        assertThat(finding("compiler", nothing)).satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.NOTE);
            assertThat(found.state()).contains("no-cc");
            assertThat(found.remedy()).startsWith("apt-get install gcc");
        });
        assertThat(finding("kernel cache", nothing).remedy()).isEqualTo("src/main/scripts/fetch-kernels.sh");
    }

    /** The same variables choose the programs of the lane. */
    @Test
    void looksForTheProgramsThatTheLaneWouldRun() throws IOException {
        String qemu = program("my-qemu");
        assertThat(finding("emulator", Map.of("COWBENCH_QEMU", qemu, "CC", "no-cc")))
                .isEqualTo(new Finding(Severity.GOOD, "emulator", qemu, ""));
        assertThat(finding("emulator", Map.of("COWBENCH_QEMU", "my-qemu", "PATH", "/nowhere:" + folder, "CC", "no-cc"))
                        .severity())
                .isEqualTo(Severity.GOOD);
        assertThat(finding("compiler", Map.of("CC", program("bad-cc")))).satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.NOTE);
            assertThat(found.state()).contains("could not compile the probe");
        });
        Files.createDirectories(folder.resolve("cache/6.1"));
        Files.createFile(folder.resolve("cache/6.1/linux-image-6.1.0_amd64.deb"));
        assertThat(finding(
                        "kernel cache",
                        Map.of("COWBENCH_KERNELS", folder.resolve("cache").toString(), "CC", "no-cc")))
                .isEqualTo(new Finding(Severity.GOOD, "kernel cache", "6.1", ""));
    }

    @Test
    @Tag("slow")
    void theHostsLacksAreAmongThem() {
        List<Finding> findings = Readiness.findings(System.getenv());
        assertThat(findings).contains(new Finding(Severity.GOOD, "compiler", "compiles the probe", ""));
        assertThat(findings.stream()
                        .filter(found -> found.topic().equals("kernel --host"))
                        .map(Finding::state)
                        .toList())
                .containsAll(HostRequirements.missing().stream()
                        .map(HostRequirements.Missing::what)
                        .toList())
                .isNotEmpty();
    }
}
