package org.cowbench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;
import org.jspecify.annotations.Nullable;

/**
 * This machine's own kernel, asked by the probe as a child process. Other processes share its CPU and its LRU batches:
 * what a guest does exactly it does nearly always.
 */
public final class HostSession implements KernelSession {
    /** No readahead: a fault brings in one page. Two runs at once would undo each other's setting and share batches. */
    private static final String PAGE_CLUSTER = """
        make() {
            exec 9</proc/sys/vm/page-cluster
            flock -n 9 || { echo "another run of cowbench asks it: wait for its end"; return 1; }
            old=$(cat /proc/sys/vm/page-cluster) && echo 0 >/proc/sys/vm/page-cluster
        }
        undo() { [ -z "$old" ] || echo "$old" >/proc/sys/vm/page-cluster; }
        """;
    /** A memory cgroup for reclaim, where the host has cgroups of version 2 with the memory controller. */
    private static final String CGROUP = """
        make() { mkdir "$1"; }
        undo() { for group in "$1"/*/ "$1"; do [ ! -d "$group" ] || rmdir "$group"; done; }
        """;
    /** What the probe sets for scripts of folios, as it was; a machine without huge pages has nothing to set. */
    static final String FOLIOS = """
        make() {
            cd /sys/kernel/mm/transparent_hugepage 2>/dev/null || return 0
            for file in khugepaged/pages_to_scan khugepaged/scan_sleep_millisecs use_zero_page shrink_underused \
                    hugepages-*/enabled enabled; do
                [ ! -f "$file" ] || old="$old $file $(sed 's/.*\\[\\(.*\\)\\].*/\\1/' "$file")" || return 1
            done
        }
        undo() {
            set -- $old
            while [ $# -gt 1 ]; do echo "$2" >"$1" || return 1; shift 2; done
        }
        """;

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final WorkFolder folder = new WorkFolder();
    private final List<Guardian> guardians = new ArrayList<>();
    private final Process process;
    private final ProbeSession session;
    private final ProbeMessage.Start start;
    private final Duration patience;
    private boolean ofFolios;

    /**
     * Starts the probe.
     *
     * @param probe the compiled probe
     * @param patience longest silence while it has something to do
     * @param swap where it is to swap to, or null where that does not matter
     * @throws KernelException if this machine lacks something
     */
    public HostSession(Path probe, Duration patience, @Nullable SwapDevice swap) {
        HostRequirements.demand();
        this.patience = patience;
        try {
            guardians.add(Guardian.make(PAGE_CLUSTER, "asking this machine's kernel (needs root, and flock)"));
            List<String> command = new ArrayList<>(List.of(
                    probe.toString(),
                    "cpu",
                    String.valueOf(cpu()),
                    "data",
                    folder.path().resolve("data").toString()));
            Path group = CGROUPS.resolve("cowbench-" + ProcessHandle.current().pid());
            if (memoryCgroups()) {
                guardians.add(Guardian.make(CGROUP, "making a memory cgroup", group.toString()));
                command.addAll(List.of("cgroup", group.toString()));
            }
            process = new ProcessBuilder(command)
                    .redirectError(folder.path().resolve("probe.log").toFile())
                    .start();
            session = new ProbeSession(process, new HostExplainer());
            start = session.awaitStart(patience);
            demand(swap);
        } catch (IOException e) {
            closeGuards();
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "the probe cannot be started: " + e.getMessage()
                            + "; is the temporary folder mounted noexec? Set another with TMPDIR",
                    "",
                    e);
        } catch (KernelException e) {
            closeGuards();
            throw e;
        }
    }

    private void demand(@Nullable SwapDevice swap) {
        SwapDevice active = start.capabilities().swap();
        if (swap != null && swap != active) {
            session.close();
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "this machine swaps to " + active + " and not to " + swap
                            + " (/proc/swaps; the highest priority counts): swapon and swapoff change that, or leave"
                            + " out --swap");
        }
    }

    private static boolean memoryCgroups() {
        try {
            return Files.readString(CGROUPS.resolve("cgroup.subtree_control")).contains("memory");
        } catch (IOException e) {
            return false;
        }
    }

    /** The last CPU this process may use: interrupts and other work tend to the first. */
    private static int cpu() throws IOException {
        String allowed = Files.readString(Path.of("/proc/self/status"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElse("Cpus_allowed_list:\t0");
        String[] numbers = allowed.substring(allowed.indexOf(':') + 1).strip().split("[^0-9]+");
        return Integer.parseInt(numbers[numbers.length - 1]);
    }

    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        scripts.forEach(ProbeLimits::check);
        if (!ofFolios && scripts.stream().anyMatch(Script::ofFolios)) {
            guardians.add(Guardian.make(FOLIOS, "setting this machine up for folios"));
            ofFolios = true;
        }
        session.send(ProbeSession.requestText(scripts));
        session.results(scripts, patience, each);
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        throw new KernelException(
                KernelException.Kind.USAGE,
                "instructions are counted in guests only; on this machine time is measured");
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        return measure(situation, pages);
    }

    @Override
    public String release() {
        return start.release();
    }

    @Override
    public Capabilities capabilities() {
        return start.capabilities();
    }

    @Override
    public boolean readsLog() {
        return start.log();
    }

    private void closeGuards() {
        guardians.reversed().forEach(Guardian::close);
        guardians.clear();
        folder.close();
    }

    @Override
    public void close() {
        session.quit(Duration.ofSeconds(5));
        session.close();
        closeGuards();
    }

    private final class HostExplainer implements ProbeSession.Explainer {

        @Override
        public KernelException ended() {
            int status;
            try {
                status = process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                status = -1;
            }
            return new KernelException(
                    KernelException.Kind.KERNEL,
                    "the probe ended before its work was done, "
                            + (status > 128 ? "killed by signal " + (status - 128) : "with status " + status)
                            + ": out of memory, or somebody killed it; see the kernel's log (dmesg)");
        }

        @Override
        public KernelException silent(Duration silence, CpuTime cpu) {
            process.destroyForcibly();
            return new KernelException(
                    KernelException.Kind.HUNG,
                    "the probe hung: no answer within " + silence.toSeconds() + " s; --timeout gives it longer");
        }

        @Override
        public KernelException fatal(String message, int errno) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    "this machine: " + message + (errno == 0 ? "" : " (errno " + errno + ")"));
        }
    }
}
