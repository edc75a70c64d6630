package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.HostKernel;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelMatrix;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.TemporarySwap;
import org.cowbench.litmus.SwapDevice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which kernels to ask, and how. */
public class KernelMixin {
    @Option(names = "--image", paramLabel = "BZIMAGE", description = "A kernel you built: arch/x86/boot/bzImage.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--modules",
            paramLabel = "DIR",
            description = "Its lib/modules/RELEASE, unless all it needs is built in.")
    private @Nullable Path modules;

    @Option(
            names = "--deb",
            paramLabel = "FILE",
            description = "A Debian linux-image package; parts of a split one are taken from the same folder.")
    private List<Path> debs = new ArrayList<>();

    @Option(
            names = "--cached",
            paramLabel = "SERIES",
            split = ",",
            description = "Kernels that src/main/scripts/fetch-kernels.sh has fetched, such as 5.10,6.1, or 'all'.")
    private List<String> cached = new ArrayList<>();

    @Option(names = "--host", description = "This machine's own kernel; needs root and swap.")
    private boolean host;

    @Option(
            names = "--setup-swap",
            paramLabel = "SIZE",
            description = "With --host: a temporary swap file, such as 1G, removed however the run ends.")
    private @Nullable String swapFile;

    @Mixin
    private SwapOption swap;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest boot and longest silence of a guest. Default: 240.")
    private @Nullable Integer timeout;

    @Option(names = "--append", paramLabel = "WORDS", description = "Words for the kernel's command line.")
    private @Nullable String append;

    @Option(names = "--cpu", paramLabel = "MODEL", description = "CPU model and features, as qemu's -cpu takes them.")
    private @Nullable String cpu;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "2",
            description = "Guests that run at the same time. Default: ${DEFAULT-VALUE}.")
    private int jobs;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Kernels whose log cannot be read, which is said once. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    /** Made by the command line. */
    public KernelMixin() {}

    /**
     * The command whose options these are.
     *
     * @return its model
     */
    final CommandSpec spec() {
        return spec;
    }

    /**
     * The kernels that the options name.
     *
     * @return by label, which is the series where that is unique, else the release, else the file, else the series and a
     *     number; in the order given
     */
    Map<String, KernelImage> kernels() {
        if (modules != null && images.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--modules goes with exactly one --image");
        }
        List<KernelImage> found = new ArrayList<>();
        images.forEach(image -> found.add(KernelImage.of(image, modules)));
        debs.forEach(deb -> found.add(KernelImage.ofDeb(deb)));
        if (!cached.isEmpty()) {
            Path cache = KernelImage.cacheFolder(System.getenv());
            Map<String, Path> present = KernelImage.cached(cache);
            List<String> wanted = cached.contains("all")
                    ? List.copyOf(present.keySet())
                    : cached.stream().distinct().toList();
            for (String series : wanted) {
                if (!present.containsKey(series)) {
                    throw new KernelException(
                            KernelException.Kind.LACKS,
                            "kernel " + series + " is not in the cache " + cache
                                    + ": src/main/scripts/fetch-kernels.sh " + series);
                }
                found.add(KernelImage.ofDeb(present.get(series)));
            }
            if (wanted.isEmpty()) {
                throw new KernelException(
                        KernelException.Kind.LACKS,
                        "the kernel cache " + cache + " is empty: src/main/scripts/fetch-kernels.sh");
            }
        }
        return label(found);
    }

    /**
     * The kernels that the options name, else every cached one.
     *
     * @return by label
     */
    Map<String, KernelImage> kernelsOrCache() {
        if (images.isEmpty() && debs.isEmpty() && cached.isEmpty()) {
            cached = List.of("all");
        }
        return kernels();
    }

    /**
     * The kernels that the options name, this machine's among them.
     *
     * @return by label, that of this machine being {@code host}
     */
    Map<String, KernelTarget> targets() {
        Map<String, KernelTarget> targets = new LinkedHashMap<>(kernels());
        if (host) {
            targets.put("host", new HostKernel());
        } else if (swapFile != null) {
            throw new ParameterException(
                    spec.commandLine(), "--setup-swap goes with --host; guests have their own swap");
        }
        return targets;
    }

    /**
     * Whether this machine's kernel is asked.
     *
     * @return whether it is
     */
    boolean host() {
        return host;
    }

    /**
     * Does something while the temporary swap file is there, if one is wanted.
     *
     * @param action what to do
     */
    void withSwap(Runnable action) {
        TemporarySwap temporary = swapFile == null ? null : TemporarySwap.make(swapFile);
        try {
            action.run();
        } finally {
            if (temporary != null) {
                temporary.close();
            }
        }
    }

    private static Map<String, KernelImage> label(List<KernelImage> kernels) {
        for (Function<KernelImage, String> naming : List.<Function<KernelImage, String>>of(
                KernelImage::series, KernelImage::release, KernelImage::source)) {
            Map<String, KernelImage> labelled = new LinkedHashMap<>();
            kernels.forEach(kernel -> labelled.put(naming.apply(kernel), kernel));
            if (labelled.size() == kernels.size()) {
                return labelled;
            }
        }
        Map<String, KernelImage> numbered = new LinkedHashMap<>();
        kernels.forEach(kernel -> numbered.put(kernel.series() + "#" + (numbered.size() + 1), kernel));
        return numbered;
    }

    /**
     * Where pages are to go that leave memory.
     *
     * @return the option
     */
    final SwapOption swap() {
        return swap;
    }

    /** Checks how guests are run, before anything is. */
    void check() {
        if (host) {
            swap.refuse("guests do without; this machine's kernel is asked with swap", SwapDevice.NONE);
        }
        if (swapFile != null) {
            swap.refuse(
                    "--setup-swap makes a file on a disk; leave out one of the two", SwapDevice.ZRAM, SwapDevice.NONE);
        }
        if (timeout != null && timeout < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout " + timeout + "; expected at least 1");
        }
        if (jobs < 1) {
            throw new ParameterException(spec.commandLine(), "--jobs " + jobs + "; expected at least 1");
        }
    }

    /**
     * The options of guests.
     *
     * @param base what the command starts from
     * @return the same with what the user changed
     */
    GuestOptions options(GuestOptions base) {
        check();
        GuestOptions options = base.withSwap(swap.device());
        if (timeout != null) {
            options = options.withLimit(Duration.ofSeconds(timeout));
        }
        if (append != null) {
            options = options.withAppend(append);
        }
        return cpu == null ? options : options.withCpu(cpu);
    }

    /**
     * Asks every kernel, some at the same time.
     *
     * @param <T> of the answers
     * @param kernels the kernels by label
     * @param options how guests are run
     * @param question asks one kernel, given its label
     * @param answer is told each answer, in the order of the kernels
     */
    <T> void ask(
            Map<String, ? extends KernelTarget> kernels,
            GuestOptions options,
            BiFunction<String, KernelSession, T> question,
            BiConsumer<String, T> answer) {
        demand(kernels);
        check();
        withSwap(() -> KernelMatrix.ask(kernels, options, System.getenv(), jobs, question, answer));
    }

    /**
     * Insists on a kernel.
     *
     * @param kernels the kernels that the options name
     */
    void demand(Map<String, ? extends KernelTarget> kernels) {
        if (kernels.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no kernel given; name one by --image BZIMAGE, --deb FILE, --cached SERIES or --host");
        }
    }

    /**
     * Runs a command and turns what went wrong into one line and the exit status.
     *
     * @return the exit status
     * @throws Exception what is not about kernels
     */
    int guarded(Callable<Integer> command) throws Exception {
        try {
            return command.call();
        } catch (KernelException e) {
            report("", e);
            for (Throwable other : e.getSuppressed()) {
                if (other instanceof KernelException problem) {
                    report("", problem);
                }
            }
            return e.kind().status();
        }
    }

    /**
     * Says what went wrong, below what the guest's console says of it.
     *
     * @param who stands before it, such as the kernel's label and a colon, or the empty string
     * @param problem what went wrong
     */
    final void report(String who, KernelException problem) {
        say(who + problem.getMessage(), problem.log().lines().toList());
    }

    /**
     * Says what a kernel's log says against it.
     *
     * @param who the kernel's label
     * @param where the script, or what was measured, and the step
     */
    final void report(String who, String where, LogFinding finding) {
        say(who + ": " + where + ": " + finding.line(), finding.trace());
    }

    /** One writer for several kernels. */
    private void say(String line, List<String> log) {
        PrintWriter err = spec.commandLine().getErr();
        synchronized (err) {
            log.forEach(each -> err.println("  | " + each));
            err.println("cowbench: " + line);
            err.flush();
        }
    }

    /**
     * Warns of a kernel whose log cannot be read.
     *
     * @param label its label
     * @param session the kernel, running
     */
    final void noteLog(String label, KernelSession session) {
        if (!session.readsLog() && silent.add(label)) {
            say(
                    "warning: " + label
                            + ": its log (/dev/kmsg) cannot be read, so harm that only the kernel itself notices"
                            + " stays unseen: it needs CONFIG_PRINTK and, on this machine, root",
                    List.of());
        }
    }
}
