package org.cowbench.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.cowbench.noise.Finding.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseTest {

    @TempDir
    Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private MachineState state(int user, int steal, int own, long stallMicros, int swapped, int throttled)
            throws IOException {
        file("proc/stat", "cpu  " + user + " 0 0 999 55 0 0 " + steal + " 0 0\ncpu0 1 2 3\n");
        file("proc/self/stat", "123 (a (strange) name) S 1 1 1 0 -1 0 0 0 0 0 " + own + " 0 0 0 20 0 1 0 0");
        file("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + stallMicros + "\n");
        file("proc/vmstat", "nr_free_pages 5\npswpin " + swapped + "\npswpout 1\n");
        file("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", throttled + "\n");
        file("sys/devices/system/cpu/cpufreq/boost", "1\n");
        return MachineState.capture(root);
    }

    @Test
    void theKernelsAccountsBecomeShares() throws IOException {
        MachineState before = state(100, 10, 50, 1_000_000, 7, 3);
        MachineState after = state(500, 30, 250, 1_500_000, 9, 4);
        MachineState later = new MachineState(
                before.nanos() + 4_000_000_000L,
                after.busy(),
                after.steal(),
                after.own(),
                after.cpuStall(),
                after.memoryStall(),
                after.ioStall(),
                after.swapped(),
                after.throttled());
        Noise noise = NoiseMeter.between(before, later, 1.5, 1.2);
        assertThat(noise.seconds()).isEqualTo(4);
        assertThat(noise.steal()).as("0.2 s of 4 s").isCloseTo(5, within(1e-9));
        assertThat(noise.others()).as("4 s busy less 2 s own").isCloseTo(50, within(1e-9));
        assertThat(noise.cpuStall()).isCloseTo(12.5, within(1e-9));
        assertThat(noise.memoryStall()).as("no such file").isNaN();
        assertThat(noise.swapped()).isEqualTo(2);
        assertThat(noise.throttled()).isEqualTo(1);
        assertThat(noise.slowdown()).isCloseTo(1.25, within(1e-9));
        assertThat(noise.disturbances())
                .containsExactly(
                        "steal above 1 %",
                        "other processes used more than 20 % of a CPU",
                        "pages were swapped",
                        "the CPU was throttled",
                        "fixed work took more than 1.1 times its shortest time");
        assertThat(Noise.of(noise.numbers()))
                .usingRecursiveComparison()
                .withComparatorForType(
                        (a, b) -> Double.isNaN(a) && Double.isNaN(b) || Math.abs(a - b) < 1e-3 ? 0 : 1, Double.class)
                .isEqualTo(noise);
        assertThat(noise.numbers()).doesNotContainKey("memoryStall");
    }

    @Test
    void aMachineWithoutAccountsIsUnknownNotQuiet() {
        MachineState nothing = MachineState.capture(root);
        Noise noise = NoiseMeter.between(nothing, nothing, 1, 1);
        assertThat(noise.steal()).isNaN();
        assertThat(noise.others()).isNaN();
        assertThat(noise.disturbances()).isEmpty();
        assertThat(Noise.of(Map.of()).slowdown()).isNaN();
    }

    @Test
    void theMeterMeasuresThisMachine() {
        NoiseMeter meter = new NoiseMeter();
        assertThatIllegalStateException().isThrownBy(meter::stop);
        meter.start();
        Noise noise = meter.stop();
        assertThat(noise.calibration()).isBetween(0.05, 100.0);
        assertThat(noise.slowdown()).isGreaterThanOrEqualTo(1);
        assertThatIllegalStateException().isThrownBy(meter::stop);
    }

    private Map<String, Severity> examine() {
        return Doctor.settings(root).stream().collect(Collectors.toMap(Finding::topic, Finding::severity));
    }

    @Test
    void theDoctorNamesWhatMakesNumbersLie() throws IOException {
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
        file("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
        file("sys/devices/system/cpu/smt/active", "1\n");
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
        file("proc/cpuinfo", "flags\t\t: fpu hypervisor tsc\n");
        file("proc/loadavg", "3.10 1.00 0.50 1/100 5\n");
        file("proc/meminfo", "MemTotal: 9 kB\nMemAvailable:     1000000 kB\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        file("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n");
        file("sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
        assertThat(examine())
                .containsEntry("governor", Severity.BAD)
                .containsEntry("turbo", Severity.NOTE)
                .containsEntry("SMT", Severity.NOTE)
                .containsEntry("clock source", Severity.BAD)
                .containsEntry("virtual machine", Severity.NOTE)
                .containsEntry("load", Severity.BAD)
                .containsEntry("memory", Severity.BAD)
                .containsEntry("huge pages", Severity.NOTE)
                .containsEntry("swap", Severity.NOTE)
                .containsEntry("mitigations", Severity.GOOD);
        assertThat(Doctor.settings(root))
                .filteredOn(finding -> finding.severity() == Severity.BAD)
                .allSatisfy(finding -> assertThat(finding.remedy()).isNotBlank())
                .extracting(Finding::line)
                .contains("load: 3.10 over the last minute; remedy: wait, or end what runs (top shows it)");
    }

    @Test
    void theDoctorIsContentWithAQuietMachine() throws IOException {
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
        file("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
        file("sys/devices/system/cpu/smt/active", "0\n");
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        file("proc/cpuinfo", "flags\t\t: fpu tsc\n");
        file("proc/loadavg", "0.10 1.00 0.50 1/100 5\n");
        file("proc/meminfo", "MemAvailable:     9000000 kB\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        file("proc/swaps", "Filename Type Size Used Priority\n");
        file("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
        Map<String, Severity> findings = examine();
        findings.remove("processors");
        assertThat(findings.values()).containsOnly(Severity.GOOD);
    }

    @Test
    void whatCannotBeSeenIsUnknown() {
        assertThat(examine())
                .containsEntry("governor", Severity.UNKNOWN)
                .containsEntry("load", Severity.UNKNOWN)
                .containsEntry("memory", Severity.UNKNOWN)
                .containsEntry("huge pages", Severity.UNKNOWN);
    }
}
