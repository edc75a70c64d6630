package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;
import org.jspecify.annotations.Nullable;

/**
 * A kernel in an emulated machine. It boots at the first question, and the first scripts travel in its initramfs; what
 * is asked later goes through a serial port.
 *
 * <p>One virtual CPU, software emulation, and a clock that counts instructions: which step does what is exact and
 * repeatable, whatever else the host does. Two CPUs take turns in one thread of the emulator and go by the host's
 * clock: when instructions are counted, each turn lasts until a timer is due, and Linux takes minutes to start the
 * second CPU.
 */
public final class GuestSession implements KernelSession {
    private static final int SETTLE_SECONDS = 20;
    /** So many boots that scripts have ended, and no more: a kernel that dies of everything. */
    private static final int MOST_ENDS = 20;
    /** So many of them by hanging, each of which takes all of the patience. */
    private static final int MOST_HANGS = 3;
    /** A kernel that has hung is given a part of the time before it is said to hang again. */
    private static final int LESS_PATIENCE = 4;

    private final KernelImage kernel;
    private final Path probe;
    private GuestOptions options;
    private @Nullable WorkFolder folder;
    private @Nullable ProbeSession session;
    private ProbeMessage.@Nullable Start start;
    private boolean started;
    private Map<String, byte[]> files = Map.of();
    /** Where this boot, or the next, swaps to. */
    private SwapDevice swap;

    private boolean zram = true;
    /** Longest silence while there is something to do. */
    private Duration patience;

    /**
     * Prepares a guest; nothing runs yet.
     *
     * @param kernel the kernel
     * @param options how to run it
     * @param probe the compiled probe
     */
    public GuestSession(KernelImage kernel, GuestOptions options, Path probe) {
        this.kernel = kernel;
        this.options = options;
        swap = options.device();
        patience = options.patience();
        this.probe = probe;
    }

    /** A boot has one swap device: scripts for another, in a row, have a boot of their own. */
    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        scripts.forEach(ProbeLimits::check);
        for (int from = 0, to; from < scripts.size(); from = to) {
            SwapDevice device = deviceOf(scripts.get(from));
            for (to = from + 1; to < scripts.size() && deviceOf(scripts.get(to)) == device; to++) {}
            if (device != swap) {
                close();
                swap = device;
            }
            runAlike(scripts.subList(from, to), each);
        }
    }

    @Override
    public ScriptRun ask(Script script, Duration silence) {
        Duration before = patience;
        patience = silence.compareTo(before) < 0 ? silence : before;
        try {
            return ask(script);
        } finally {
            patience = before;
        }
    }

    private SwapDevice deviceOf(Script script) {
        return script.swap() == null ? options.device() : script.swap();
    }

    private void runAlike(List<Script> scripts, Consumer<ScriptRun> each) {
        if (scripts.stream().anyMatch(Script::ofFolios) && !options.equals(options.withFolios())) {
            close();
            options = options.withFolios();
        }
        int ends = 0;
        int hangs = 0;
        String first = "";
        List<Script> left = scripts;
        while (!left.isEmpty()) {
            int[] done = new int[1];
            try {
                String requests = ProbeSession.requestText(left);
                if (session == null) {
                    boot(requests);
                } else {
                    session.send(requests);
                }
                running().results(left, patience, run -> {
                    done[0]++;
                    each.accept(run);
                });
                return;
            } catch (KernelException e) {
                if (!e.kind().finding() || e.script().isEmpty()) {
                    throw e;
                }
                close();
                left = left.subList(done[0] + 1, left.size());
                each.accept(new ScriptRun(e.script().get(), e.done(), e.found(), Optional.of(e)));
                ends++;
                first = ends == 1 ? String.valueOf(e.getMessage()) : first;
                if (e.kind() == KernelException.Kind.HUNG) {
                    hangs++;
                    patience = options.patience().dividedBy(LESS_PATIENCE);
                }
                if ((ends == MOST_ENDS || hangs == MOST_HANGS) && !left.isEmpty()) {
                    throw new KernelException(
                            KernelException.Kind.KERNEL,
                            first + "; " + (ends - 1) + " more scripts ended it too, and " + left.size()
                                    + " were not run");
                }
            }
        }
    }

    @Override
    public void restart() {
        close();
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        return measure(situation, pages, steps(situation));
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        return measure(
                situation,
                FolioFigure.folios(kind, pages) * kind.pages(),
                " folio " + kind.kib() + (kind.split() ? " split" : "")
                        + (situation == Situation.FORK_SHARED ? " timed" : steps(situation)));
    }

    private static String steps(Situation situation) {
        return situation.steps().stream().map(step -> " " + step.word()).collect(Collectors.joining());
    }

    private GuestBench measure(Situation situation, int pages, String request) {
        if (pages < 1 || pages > ProbeLimits.BENCH_PAGES) {
            throw new KernelException(
                    KernelException.Kind.USAGE, "--pages " + pages + "; expected 1 to " + ProbeLimits.BENCH_PAGES);
        }
        if (session == null) {
            // Work that a kernel puts off until after its boot would be counted with the first accesses.
            boot("settle " + SETTLE_SECONDS + "\n");
        }
        running().send("bench " + pages + request + "\n");
        return running().measurement(situation, options.patience());
    }

    @Override
    public ProgramEnd execute(byte[] program, Consumer<String> each) {
        close();
        options = options.withFolios();
        files = Map.of("payload", program.clone());
        try {
            boot("payload\n");
            return running().program(each, options.patience());
        } finally {
            files = Map.of();
            close();
        }
    }

    @Override
    public List<LogFinding> serve(Map<String, byte[]> program, String requests, Consumer<JsonNode> each) {
        close();
        files = program;
        try {
            boot(requests + "quit\n");
            return running().app(each, options.patience());
        } finally {
            files = Map.of();
            close();
        }
    }

    @Override
    public String release() {
        return start().release();
    }

    @Override
    public Capabilities capabilities() {
        ProbeMessage.Start said = start();
        Set<SwapDevice> devices = EnumSet.allOf(SwapDevice.class);
        if (!zram) {
            devices.remove(SwapDevice.ZRAM);
        }
        return said.capabilities().swapping(options.device(), devices);
    }

    @Override
    public boolean readsLog() {
        return start().log();
    }

    /** What the probe said first, in this boot or an earlier one. */
    private ProbeMessage.Start start() {
        if (start == null) {
            boot("");
        }
        return Objects.requireNonNull(start);
    }

    /** The session of a guest that has been booted. */
    private ProbeSession running() {
        return Objects.requireNonNull(session);
    }

    /** The folder of a guest that has been booted. */
    private Path place() {
        return Objects.requireNonNull(folder).path();
    }

    /**
     * Asks the probe for something that has no answer, for tests.
     *
     * @param line the request
     */
    void request(String line) {
        start();
        running().write(line + "\n");
    }

    private void boot(String requests) {
        folder = new WorkFolder();
        started = false;
        Process emulator;
        List<String> modules;
        try {
            Path at = folder.path();
            List<Disk> disks = kernel.disks();
            kernel.writeTo(at.resolve("bzImage"));
            Map<String, byte[]> drivers = kernel.modulesFor(disks, swap);
            modules = List.copyOf(drivers.keySet());
            Initramfs.write(
                    at.resolve("initramfs"),
                    Files.readAllBytes(probe),
                    drivers.values(),
                    options.cpus() == 1 ? requests : "smp\n" + requests,
                    files);
            for (Disk disk : disks) {
                try (RandomAccessFile file = new RandomAccessFile(swapFile(disk).toFile(), "rw")) {
                    file.setLength(options.swapMiB() * 1024L * 1024L);
                }
            }
            emulator = folder.own(new ProcessBuilder(command(disks))
                    .redirectError(at.resolve(GuestExplainer.COMPLAINTS).toFile()));
        } catch (IOException e) {
            close();
            if (e.getMessage() != null && e.getMessage().contains("Cannot run program")) {
                throw new KernelException(
                        KernelException.Kind.LACKS,
                        "no emulator '" + options.qemu()
                                + "' on the PATH: apt-get install qemu-system-x86, or set COWBENCH_QEMU",
                        "",
                        e);
            }
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "the guest's files cannot be written: " + e.getMessage()
                            + "; make room, or set another place with TMPDIR",
                    "",
                    e);
        }
        session = new ProbeSession(
                emulator, new GuestExplainer(kernel, options, modules, emulator, folder.path(), () -> started));
        start = session.awaitStart(options.boot());
        started = true;
        zram &= start.noZram().isEmpty();
        if (!zram && options.device() == SwapDevice.ZRAM) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    kernel.source() + " (" + kernel.release() + "): " + start.noZram() + "; or take --swap disk");
        }
    }

    private Path swapFile(Disk disk) {
        return place().resolve("swap-" + disk.name().toLowerCase(Locale.ROOT));
    }

    /**
     * The emulator's command line.
     *
     * @param disks the disks to attach
     * @return words
     */
    private List<String> command(List<Disk> disks) {
        Path at = place();
        List<String> words = new ArrayList<>(List.of(
                options.qemu(),
                "-nodefaults",
                "-no-user-config",
                "-machine",
                "pc",
                "-cpu",
                options.cpu(),
                "-smp",
                String.valueOf(options.cpus()),
                "-m",
                String.valueOf(options.memoryMiB()),
                "-display",
                "none",
                "-no-reboot",
                "-kernel",
                at.resolve("bzImage").toString(),
                "-initrd",
                at.resolve("initramfs").toString(),
                "-append",
                options.withSwap(swap).commandLine(),
                "-serial",
                "file:" + at.resolve(GuestExplainer.CONSOLE),
                // Requests: a second UART. Results: the debug console, whose writes never get lost.
                "-chardev",
                "stdio,id=requests,signal=off",
                "-device",
                "isa-serial,chardev=requests,iobase=0x2f8,irq=3",
                "-chardev",
                "file,id=results,path=/dev/stdout",
                "-device",
                "isa-debugcon,iobase=0xe9,chardev=results",
                "-device",
                "isa-debug-exit,iobase=0xf4,iosize=1"));
        words.addAll(
                options.cpus() == 1
                        ? List.of("-accel", "tcg", "-icount", "shift=0,sleep=off")
                        : List.of("-accel", "tcg,thread=single"));
        for (Disk disk : disks) {
            String id = disk.name().toLowerCase(Locale.ROOT);
            words.addAll(List.of(
                    "-drive",
                    "file=" + swapFile(disk) + ",if=none,id=" + id + ",format=raw,cache=unsafe",
                    "-device",
                    disk.device(id)));
        }
        return words;
    }

    @Override
    public void close() {
        if (session != null) {
            session.quit(Duration.ofSeconds(5));
            session.close();
            session = null;
        }
        if (folder != null) {
            folder.close();
            folder = null;
        }
    }
}
