package org.cowbench.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fingerprint of the machine a run was measured on.
 *
 * <p>Every fact comes from a file under {@code /proc}, {@code /sys} or {@code /etc}, or from the running JVM. A fact
 * that this kernel or this container does not offer is absent. Nothing that identifies a person or a host by name is
 * taken, because result directories are published.
 */
public final class Environment {
    /** Fact of a run that measured a rule of the user's own: its text. */
    public static final String RULE = "rule";

    /** Fact of such a run: id of the policy that decides all else. */
    public static final String RULE_BASE = "rule.base";

    /** Fact of such a run: what the checker said of the rule, in a word or two. */
    public static final String RULE_VERDICT = "rule.verdict";

    /** Fact of such a run: names of the cases that the checker found of the rule, with commas between them. */
    public static final String RULE_CASES = "rule.cases";

    /** Fact of a part of a run, one of several machines': which it is, as {@code --shard} took it. */
    public static final String SHARD = "shard";

    /** Fact of such a part, and of the whole: the options that its results depend on. */
    public static final String SHARD_ARGUMENTS = "shard.arguments";

    /**
     * Fact of a run that was put together: of how many parts. Block k is of part (k mod N) + 1, and facts that are not the
     * same of all parts begin with {@code shard.}, the part's number and a dot.
     */
    public static final String SHARDS = "shards";

    private static final Pattern OF_SHARD = Pattern.compile("^" + SHARD + "\\.\\d+\\.");

    /** Fact of a run: the hardware events counted beside its times, or why there are none. */
    public static final String EVENTS = "hardware.counters";

    private static final double PERCENT = 100;
    private static final Pattern SELECTED = Pattern.compile("\\[(\\S+)]");

    private final Path root;
    private final SortedMap<String, String> facts = new TreeMap<>();

    private Environment(Path root) {
        this.root = root;
    }

    /**
     * Takes the fingerprint of this machine and JVM.
     *
     * @param jvmFlags flags of the forks that are measured
     * @return facts by dotted name, sorted
     */
    public static SortedMap<String, String> capture(List<String> jvmFlags) {
        Environment environment = new Environment(Path.of("/"));
        environment.machine();
        environment.put(
                "jdk",
                System.getProperty("java.vendor.version", System.getProperty("java.vendor")) + " "
                        + System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("jvm.flags", String.join(" ", jvmFlags));
        environment.put("os.arch", System.getProperty("os.arch"));
        return Collections.unmodifiableSortedMap(environment.facts);
    }

    /**
     * Takes the machine's part of the fingerprint from a file tree.
     *
     * @param root directory that holds {@code proc}, {@code sys} and {@code etc}
     * @return facts by dotted name, sorted
     */
    static SortedMap<String, String> machine(Path root) {
        Environment environment = new Environment(root);
        environment.machine();
        return environment.facts;
    }

    /**
     * Tells facts that change from minute to minute, or only name the session, from those that two runs should share.
     *
     * @param key dotted name of a fact
     * @return true when a difference in it says nothing
     */
    public static boolean fleeting(String key) {
        return key.startsWith("load.")
                || key.startsWith("ab.")
                || key.equals(SHARD)
                || key.equals(SHARD_ARGUMENTS)
                || OF_SHARD.matcher(key).find()
                        && fleeting(OF_SHARD.matcher(key).replaceFirst(""))
                || key.equals("memory.available")
                || key.equals("cpu.busy.start");
    }

    /**
     * The name of a fact as one machine alone has it.
     *
     * @param key dotted name of a fact
     * @return the name without {@code shard.}, a number and a dot, where it begins so
     */
    public static String ofOneMachine(String key) {
        return OF_SHARD.matcher(key).replaceFirst("");
    }

    /**
     * Tells how many machines executed a part of a run.
     *
     * @param facts of its environment
     * @return their number; 1 of a run that was not put together, and where the fact is no number
     */
    public static int shards(Map<String, String> facts) {
        String shards = facts.getOrDefault(SHARDS, "");
        return shards.matches("[1-9]\\d{0,3}") ? Integer.parseInt(shards) : 1;
    }

    /**
     * Returns the machine's load average over the last minute.
     *
     * @return the load as the kernel prints it, empty when it cannot be read
     */
    public static String load() {
        return firstWord(new Environment(Path.of("/")).read("proc/loadavg"));
    }

    /**
     * Measures how busy the processors are while the caller does nothing; the load average would still tell of a build
     * that has just ended.
     *
     * @param millis how long to look
     * @return share of all processors' time that was neither idle nor waiting for a device, in percent; time stolen by a
     *     hypervisor counts as busy; NaN when the kernel does not tell
     */
    public static double busyPercent(long millis) {
        long[] before = cpuTicks();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        long[] after = cpuTicks();
        long total = after[0] - before[0];
        return total > 0 ? PERCENT * (after[1] - before[1]) / total : Double.NaN;
    }

    /** Returns all ticks of all processors since boot, and those of them that were busy. */
    private static long[] cpuTicks() {
        String line = new Environment(Path.of("/"))
                .read("proc/stat")
                .lines()
                .findFirst()
                .orElse("");
        String[] fields = line.split("\\s+");
        long total = 0;
        long idle = 0;
        // user nice system idle iowait irq softirq steal; guest time is part of user.
        for (int field = 1; field < Math.min(fields.length, 9); field++) {
            long ticks = Long.parseLong(fields[field]);
            total += ticks;
            idle += field == 4 || field == 5 ? ticks : 0;
        }
        return new long[] {total, total - idle};
    }

    private void machine() {
        file("kernel.release", "proc/sys/kernel/osrelease");
        file("kernel.version", "proc/sys/kernel/version");
        // What follows " -- " is for init: no business of the kernel, nor of those who read a published result.
        put("kernel.cmdline", read("proc/cmdline").split("(^| )-- ", 2)[0]);
        field("os.name", "etc/os-release", "PRETTY_NAME", "=");
        cpu();
        memory();
        file("clocksource", "sys/devices/system/clocksource/clocksource0/current_clocksource");
        file("aslr", "proc/sys/kernel/randomize_va_space");
        mitigations();
        put("load.start", firstWord(read("proc/loadavg")));
    }

    private void cpu() {
        field("cpu.model", "proc/cpuinfo", "model name", ":");
        field("cpu.microcode", "proc/cpuinfo", "microcode", ":");
        field("cpu.affinity", "proc/self/status", "Cpus_allowed_list", ":");
        file("cpu.online", "sys/devices/system/cpu/online");
        file("cpu.smt", "sys/devices/system/cpu/smt/control");
        file("cpu.boost", "sys/devices/system/cpu/cpufreq/boost");
        file("cpu.no_turbo", "sys/devices/system/cpu/intel_pstate/no_turbo");
        file("cpu.isolated", "sys/devices/system/cpu/isolated");
        put("cpu.governor", distinct("sys/devices/system/cpu", "cpu[0-9]*", "cpufreq/scaling_governor"));
        put("cpu.driver", distinct("sys/devices/system/cpu", "cpu[0-9]*", "cpufreq/scaling_driver"));
        for (Path index : list("sys/devices/system/cpu/cpu0/cache", "index*")) {
            String level = read(index.resolve("level"));
            String type = read(index.resolve("type"));
            String letter = type.equals("Data") ? "d" : type.equals("Instruction") ? "i" : "";
            put("cpu.cache.l" + level + letter, read(index.resolve("size")));
        }
        String flags = fieldOf("proc/cpuinfo", "flags", ":");
        if (!flags.isEmpty()) {
            put("cpu.hypervisor", (" " + flags + " ").contains(" hypervisor ") ? "yes" : "no");
        }
    }

    private void memory() {
        field("memory.total", "proc/meminfo", "MemTotal", ":");
        field("memory.available", "proc/meminfo", "MemAvailable", ":");
        file("memory.cgroup_limit", "sys/fs/cgroup/memory.max");
        file("memory.overcommit", "proc/sys/vm/overcommit_memory");
        file("memory.numa_balancing", "proc/sys/kernel/numa_balancing");
        file("memory.ksm", "sys/kernel/mm/ksm/run");
        String thp = "sys/kernel/mm/transparent_hugepage";
        put("thp.enabled", selected(read(thp + "/enabled")));
        put("thp.defrag", selected(read(thp + "/defrag")));
        file("thp.khugepaged_defrag", thp + "/khugepaged/defrag");
        for (Path size : list(thp, "hugepages-*kB")) {
            String name = size.getFileName().toString().substring("hugepages-".length());
            put("thp.size." + name, selected(read(size.resolve("enabled"))));
        }
        swap();
        file("swap.zswap", "sys/module/zswap/parameters/enabled");
        file("swap.swappiness", "proc/sys/vm/swappiness");
    }

    private void swap() {
        String table = read("proc/swaps");
        if (table.isEmpty()) {
            return;
        }
        List<String> devices = new ArrayList<>();
        table.lines().skip(1).forEach(line -> {
            String[] columns = line.strip().split("\\s+");
            if (columns.length >= 3) {
                devices.add(columns[0] + " " + columns[1] + " " + columns[2] + " kB");
            }
        });
        put("swap", devices.isEmpty() ? "none" : String.join(", ", devices));
    }

    private void mitigations() {
        List<String> active = new ArrayList<>();
        for (Path file : list("sys/devices/system/cpu/vulnerabilities", "*")) {
            String state = read(file);
            if (!state.isEmpty() && !state.equals("Not affected")) {
                active.add(file.getFileName() + ": " + state);
            }
        }
        put("mitigations", String.join(" | ", active));
    }

    private void put(String name, String value) {
        if (value != null && !value.isBlank()) {
            facts.put(name, value.strip());
        }
    }

    private void file(String name, String path) {
        put(name, read(path));
    }

    private void field(String name, String path, String key, String separator) {
        put(name, fieldOf(path, key, separator));
    }

    private String fieldOf(String path, String key, String separator) {
        Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(key) + "\\s*" + separator + "\\s*(.*)$")
                .matcher(read(path));
        return matcher.find()
                ? matcher.group(1).strip().replaceAll("^\"|\"$", "").replaceAll("\\s+", " ")
                : "";
    }

    private String distinct(String directory, String glob, String file) {
        TreeSet<String> values = new TreeSet<>();
        for (Path entry : list(directory, glob)) {
            values.add(read(entry.resolve(file)));
        }
        values.remove("");
        return String.join(" ", values);
    }

    private List<Path> list(String directory, String glob) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve(directory), glob)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            return List.of();
        }
        Collections.sort(entries);
        return entries;
    }

    private String read(String path) {
        return read(root.resolve(path));
    }

    private static String read(Path path) {
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String selected(String choices) {
        Matcher matcher = SELECTED.matcher(choices);
        return matcher.find() ? matcher.group(1) : choices;
    }

    private static String firstWord(String text) {
        return text.isEmpty() ? "" : text.split("\\s+")[0];
    }
}
