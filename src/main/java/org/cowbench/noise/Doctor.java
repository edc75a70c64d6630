package org.cowbench.noise;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.noise.Finding.Severity;

/** Looks at a machine before it measures: what makes numbers lie, and what to do about it. It changes nothing. */
public final class Doctor {
    private static final int SAMPLES = 10;
    private static final long PAUSE_MILLIS = 100;
    private static final double JITTER = 1.05;
    private static final double BUSY = 5;
    private static final double VERY_BUSY = 20;
    private static final double GIB = 1024.0 * 1024;
    private static final double NEEDED_GIB = 2;
    private static final Pattern SELECTED = Pattern.compile("\\[(\\S+)]");

    private final Path root;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Path root) {
        this.root = root;
    }

    /**
     * Looks at this machine; takes about a second, for it also listens.
     *
     * @return findings, in a fixed order of topics
     */
    public static List<Finding> examine() {
        Doctor doctor = new Doctor(Path.of("/"));
        doctor.settings();
        doctor.findings.add(PerfEvents.finding());
        doctor.listen();
        return List.copyOf(doctor.findings);
    }

    /**
     * Looks at the settings of a machine given as a file tree.
     *
     * @param root directory that holds {@code proc} and {@code sys}
     * @return findings
     */
    static List<Finding> settings(Path root) {
        Doctor doctor = new Doctor(root);
        doctor.settings();
        return List.copyOf(doctor.findings);
    }

    private void settings() {
        processors();
        governor();
        turbo();
        smt();
        clock();
        virtual();
        load();
        memory();
        hugePages();
        swap();
        mitigations();
    }

    private void processors() {
        int count = Runtime.getRuntime().availableProcessors();
        if (count >= 2) {
            add(Severity.GOOD, "processors", count + " for this process", "");
        } else {
            add(
                    Severity.BAD,
                    "processors",
                    "1 for this process: JMH's own threads and the JIT share it with the benchmark",
                    "measure with two or more");
        }
    }

    private void governor() {
        SortedSet<String> governors = distinct("cpu[0-9]*", "cpufreq/scaling_governor");
        if (governors.isEmpty()) {
            add(
                    Severity.UNKNOWN,
                    "governor",
                    "no cpufreq here: the clock is not ours to fix (VM, container or old kernel)",
                    "compare only what was interleaved (ab, or policies inside one run)");
        } else if (governors.equals(new TreeSet<>(List.of("performance")))) {
            add(Severity.GOOD, "governor", "performance", "");
        } else {
            add(
                    Severity.BAD,
                    "governor",
                    String.join(" ", governors) + ": the clock follows the load",
                    "cpupower frequency-set -g performance");
        }
    }

    private void turbo() {
        String noTurbo = read("sys/devices/system/cpu/intel_pstate/no_turbo");
        String boost = read("sys/devices/system/cpu/cpufreq/boost");
        if (noTurbo.equals("0") || boost.equals("1")) {
            add(
                    Severity.NOTE,
                    "turbo",
                    "on: the clock depends on temperature and on neighbours",
                    noTurbo.isEmpty()
                            ? "echo 0 > /sys/devices/system/cpu/cpufreq/boost"
                            : "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
        } else if (noTurbo.isEmpty() && boost.isEmpty()) {
            add(Severity.UNKNOWN, "turbo", "cannot be seen here", "");
        } else {
            add(Severity.GOOD, "turbo", "off", "");
        }
    }

    private void smt() {
        String active = read("sys/devices/system/cpu/smt/active");
        switch (active) {
            case "1" ->
                add(
                        Severity.NOTE,
                        "SMT",
                        "on: a neighbour on the other thread of a core takes part of it",
                        "echo off > /sys/devices/system/cpu/smt/control");
            case "0" -> add(Severity.GOOD, "SMT", "off", "");
            default -> add(Severity.UNKNOWN, "SMT", "cannot be seen here", "");
        }
    }

    private void clock() {
        String source = read("sys/devices/system/clocksource/clocksource0/current_clocksource");
        if (source.isEmpty()) {
            add(Severity.UNKNOWN, "clock source", "cannot be seen here", "");
        } else if (List.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter")
                .contains(source)) {
            add(Severity.GOOD, "clock source", source, "");
        } else {
            add(
                    Severity.BAD,
                    "clock source",
                    source + ": reading it is a system call, and batches are timed with it",
                    "boot with tsc=reliable if the CPU's TSC is invariant");
        }
    }

    private void virtual() {
        Matcher flags = Pattern.compile("(?m)^flags\\s*:(.*)$").matcher(read("proc/cpuinfo"));
        if (flags.find() && (flags.group(1) + " ").contains(" hypervisor ")) {
            add(
                    Severity.NOTE,
                    "virtual machine",
                    "yes: neighbours take time and cache that nothing here can see",
                    "compare only what was interleaved; for absolute numbers use bare metal");
        } else {
            add(Severity.GOOD, "virtual machine", "no hypervisor seen", "");
        }
    }

    private void load() {
        String[] words = read("proc/loadavg").split("\\s+");
        try {
            double load = Double.parseDouble(words[0]);
            add(
                    load < 0.5 ? Severity.GOOD : Severity.BAD,
                    "load",
                    String.format(Locale.ROOT, "%.2f over the last minute", load),
                    load < 0.5 ? "" : "wait, or end what runs (top shows it)");
        } catch (NumberFormatException e) {
            add(Severity.UNKNOWN, "load", "cannot be seen here", "");
        }
    }

    private void memory() {
        Matcher available = Pattern.compile("(?m)^MemAvailable:\\s*(\\d+) kB").matcher(read("proc/meminfo"));
        if (!available.find()) {
            add(Severity.UNKNOWN, "memory", "cannot be seen here", "");
            return;
        }
        double gib = Double.parseDouble(available.group(1)) / GIB;
        String state = String.format(Locale.ROOT, "%.1f GiB available", gib);
        add(
                gib >= NEEDED_GIB ? Severity.GOOD : Severity.BAD,
                "memory",
                state,
                gib >= NEEDED_GIB ? "" : "free some: a fork takes up to 1 GiB, and reclaim would be measured");
    }

    private void hugePages() {
        Matcher selected = SELECTED.matcher(read("sys/kernel/mm/transparent_hugepage/enabled"));
        if (!selected.find()) {
            add(Severity.UNKNOWN, "huge pages", "no transparent huge pages here", "");
        } else if (selected.group(1).equals("always")) {
            add(
                    Severity.NOTE,
                    "huge pages",
                    "always: whether the arena gets them differs from fork to fork",
                    "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
        } else {
            add(Severity.GOOD, "huge pages", selected.group(1), "");
        }
    }

    private void swap() {
        long devices = read("proc/swaps")
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .count();
        add(
                devices == 0 ? Severity.GOOD : Severity.NOTE,
                "swap",
                devices == 0
                        ? "none"
                        : devices + (devices == 1 ? " device" : " devices")
                                + ": the arena itself may be swapped under pressure",
                devices == 0 ? "" : "swapoff -a, unless the host's own kernel is measured");
    }

    private void mitigations() {
        List<String> active = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(root.resolve("sys/devices/system/cpu/vulnerabilities"))) {
            for (Path file : files) {
                if (read(file).startsWith("Mitigation")) {
                    active.add(file.getFileName().toString());
                }
            }
        } catch (IOException e) {
            add(Severity.UNKNOWN, "mitigations", "cannot be seen here", "");
            return;
        }
        add(Severity.GOOD, "mitigations", active.size() + " active; recorded with every run", "");
    }

    /** Times fixed work again and again: what the settings do not tell, a neighbour does. */
    private void listen() {
        Calibration calibration = new Calibration();
        double[] steps = new double[SAMPLES];
        MachineState before = MachineState.capture(root);
        for (int i = 0; i < SAMPLES; i++) {
            steps[i] = calibration.measure();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
        MachineState after = MachineState.capture(root);
        Arrays.sort(steps);
        double spread = steps[SAMPLES - 2] / steps[0];
        add(
                spread <= JITTER ? Severity.GOOD : Severity.BAD,
                "jitter",
                String.format(Locale.ROOT, "fixed work varies by %.1f %% within a second", (spread - 1) * 100),
                spread <= JITTER ? "" : "end what runs, fix the clock, or take more blocks");
        Noise noise = NoiseMeter.between(before, after, steps[0], steps[0]);
        String others = String.format(Locale.ROOT, "%.0f %% of a CPU in the last second", noise.others());
        add(
                noise.others() < BUSY ? Severity.GOOD : noise.others() < VERY_BUSY ? Severity.NOTE : Severity.BAD,
                "other processes",
                others,
                noise.others() < BUSY ? "" : "end what runs (top shows it)");
        if (Double.isFinite(noise.steal())) {
            add(
                    noise.steal() <= 1 ? Severity.GOOD : Severity.BAD,
                    "steal",
                    String.format(Locale.ROOT, "%.1f %% of a CPU went to other guests", noise.steal()),
                    noise.steal() <= 1 ? "" : "use a host with less on it, or dedicated CPUs");
        }
    }

    private void add(Severity severity, String topic, String state, String remedy) {
        findings.add(new Finding(severity, topic, state, remedy));
    }

    private SortedSet<String> distinct(String glob, String file) {
        TreeSet<String> values = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve("sys/devices/system/cpu"), glob)) {
            for (Path entry : entries) {
                values.add(read(entry.resolve(file)));
            }
        } catch (IOException e) {
            return values;
        }
        values.remove("");
        return values;
    }

    private String read(String path) {
        return MachineState.read(root, path).strip();
    }

    private static String read(Path file) {
        return MachineState.read(
                        Objects.requireNonNull(file.getParent()),
                        file.getFileName().toString())
                .strip();
    }
}
