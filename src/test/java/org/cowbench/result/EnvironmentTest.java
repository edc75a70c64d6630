package org.cowbench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void readsWhatThereIsAndNothingElse() throws IOException {
        file("proc/sys/kernel/osrelease", "6.12.1\n");
        file("proc/cmdline", "quiet mitigations=auto -- --for-init 1\n");
        file(
                "proc/cpuinfo",
                "processor : 0\nmodel name\t: A  CPU @ 2 GHz\nflags\t\t: fpu hypervisor lahf_lm\n\n"
                        + "processor : 1\nmodel name\t: A  CPU @ 2 GHz\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
        file("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
        file("sys/devices/system/cpu/cpu0/cache/index2/level", "2\n");
        file("sys/devices/system/cpu/cpu0/cache/index2/type", "Unified\n");
        file("sys/devices/system/cpu/cpu0/cache/index2/size", "2048K\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        file("sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled", "always inherit madvise [never]\n");
        file("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/swapfile   file   2097148   0   -2\n");
        file("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
        file("sys/devices/system/cpu/vulnerabilities/spectre_v2", "Mitigation: Retpolines\n");
        file("proc/loadavg", "0.42 0.3 0.2 1/100 4711\n");
        file("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian 12\"\n");

        assertThat(Environment.machine(root))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("kernel.release", "6.12.1"),
                        Map.entry("kernel.cmdline", "quiet mitigations=auto"),
                        Map.entry("cpu.model", "A CPU @ 2 GHz"),
                        Map.entry("cpu.hypervisor", "yes"),
                        Map.entry("cpu.governor", "performance powersave"),
                        Map.entry("cpu.cache.l2", "2048K"),
                        Map.entry("thp.enabled", "madvise"),
                        Map.entry("thp.size.64kB", "never"),
                        Map.entry("swap", "/swapfile file 2097148 kB"),
                        Map.entry("mitigations", "spectre_v2: Mitigation: Retpolines"),
                        Map.entry("load.start", "0.42"),
                        Map.entry("os.name", "Debian 12")));
    }

    @Test
    void aMachineThatTellsNothingIsNoError() {
        assertThat(Environment.machine(root)).isEmpty();
    }

    @Test
    void thisMachineHasAKernelAndAJvm() {
        assertThat(Environment.capture(List.of("-Xms1m", "-Xmx1m")))
                .containsKeys("kernel.release", "jdk", "memory.total")
                .containsEntry("jvm.flags", "-Xms1m -Xmx1m")
                .doesNotContainValue("");
    }

    @Test
    void busyProcessorsAreSeen() throws Exception {
        Thread spinner = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        try {
            double share = 100.0 / Runtime.getRuntime().availableProcessors();
            assertThat(Environment.busyPercent(500)).isBetween(share / 2, 100.0);
        } finally {
            spinner.interrupt();
            spinner.join();
        }
    }

    @Test
    void aDirectoryOutsideGitHasNoCommit() {
        assertThat(Revision.of(root)).isEqualTo(new Revision("", false));
    }
}
