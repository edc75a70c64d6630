package org.cowbench.noise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's accounts at one moment; only differences of two mean something. NaN where the kernel keeps none.
 *
 * @param nanos {@link System#nanoTime()}
 * @param busy CPU time of everybody on all CPUs, in seconds
 * @param steal CPU time the hypervisor gave to others, in seconds
 * @param own CPU time of this process and of its children that have ended, in seconds
 * @param cpuStall time in which something waited for a CPU, in seconds
 * @param memoryStall time in which something waited for memory, in seconds
 * @param ioStall time in which something waited for a device, in seconds
 * @param swapped pages swapped in and out
 * @param throttled thermal throttling events of all CPUs
 */
record MachineState(
        long nanos,
        double busy,
        double steal,
        double own,
        double cpuStall,
        double memoryStall,
        double ioStall,
        double swapped,
        double throttled) {

    /** Ticks a second in /proc, the same on every Linux that Java runs on. */
    private static final double TICKS = 100;

    private static final double MICROS = 1e6;
    private static final Pattern TOTAL = Pattern.compile("(?m)^some .*total=(\\d+)");

    /** Takes the accounts. */
    static MachineState capture(Path root) {
        String[] cpu = read(root, "proc/stat").lines().findFirst().orElse("").split("\\s+");
        // user, nice, system, irq, softirq and steal; idle and iowait stand between, guest time is part of user.
        double busy = sum(cpu, 1, 2, 3, 6, 7) / TICKS;
        double steal = sum(cpu, 8) / TICKS;
        String stat = read(root, "proc/self/stat");
        // The command's name may hold blanks and brackets; what follows it is numbers.
        String[] self = stat.substring(stat.lastIndexOf(')') + 1).strip().split("\\s+");
        double own = sum(self, 11, 12, 13, 14) / TICKS;
        String vm = read(root, "proc/vmstat");
        return new MachineState(
                System.nanoTime(),
                busy,
                steal,
                own,
                stall(root, "cpu"),
                stall(root, "memory"),
                stall(root, "io"),
                field(vm, "pswpin") + field(vm, "pswpout"),
                throttled(root));
    }

    private static double sum(String[] words, int... indices) {
        double sum = 0;
        for (int index : indices) {
            try {
                sum += index < words.length ? Double.parseDouble(words[index]) : Double.NaN;
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }
        return sum;
    }

    private static double stall(Path root, String what) {
        Matcher matcher = TOTAL.matcher(read(root, "proc/pressure/" + what));
        return matcher.find() ? Double.parseDouble(matcher.group(1)) / MICROS : Double.NaN;
    }

    private static double field(String text, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\d+)$").matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
    }

    private static double throttled(Path root) {
        double events = Double.NaN;
        try (DirectoryStream<Path> cpus =
                Files.newDirectoryStream(root.resolve("sys/devices/system/cpu"), "cpu[0-9]*")) {
            for (Path cpu : cpus) {
                String count = read(cpu, "thermal_throttle/core_throttle_count").strip();
                if (!count.isEmpty()) {
                    events = (Double.isNaN(events) ? 0 : events) + Double.parseDouble(count);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
        return events;
    }

    static String read(Path root, String path) {
        try {
            return new String(Files.readAllBytes(root.resolve(path)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
