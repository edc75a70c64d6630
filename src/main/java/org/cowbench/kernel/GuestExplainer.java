package org.cowbench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why a guest ended, or says nothing: by the emulator's exit status and by what is on the console. */
final class GuestExplainer implements ProbeSession.Explainer {
    private static final Pattern PANIC = Pattern.compile("Kernel panic - not syncing: (.*)");
    private static final Pattern NO_ROOT =
            Pattern.compile("Unable to mount root|No working init|Cannot open root device");
    /** What a kernel dies of when the probe is all there is to kill. */
    private static final String NO_MEMORY = "Kernel panic - not syncing: System is deadlocked on memory";
    /**
     * What a kernel says first; the line with a code and a count in brackets is that of every trap it dies of. What it
     * survives is in {@link LogFinding}.
     */
    private static final Pattern OOPS = Pattern.compile("(BUG: (?!Bad |non-zero |KASAN|KFENCE|KCSAN|sleeping |using ).*"
            + "|kernel BUG at .*|[^\\]\\n]+: [0-9a-f]{4} \\[#\\d+\\].*)");

    private static final String CUT_HERE = "[ cut here ]";
    private static final Pattern PROBE = Pattern.compile("(?m)^cowbench: (.*)$");
    private static final Pattern MODULE = Pattern.compile("/modules/(\\d+)\\.ko");
    /** The guest's console, in the folder of its boot. */
    static final String CONSOLE = "serial.log";
    /** What the emulator itself complains of. */
    static final String COMPLAINTS = "qemu.log";

    private static final int LOG_LINES = 40;
    /** Bytes that a guest's disk may want at once. */
    private static final long LEAST_ROOM = 64 << 10;
    /** From here on an exit status is that of a process that a signal has ended. */
    private static final int SIGNAL = 128;

    private final KernelImage kernel;
    private final GuestOptions options;
    private final List<String> modules;
    private final Process process;
    private final Path place;
    private final BooleanSupplier started;

    /**
     * Explains one boot.
     *
     * @param kernel the kernel
     * @param options how it is run
     * @param modules what is loaded, by the number in its file's name
     * @param process the emulator
     * @param place the folder of the boot
     * @param started whether the probe has said its first word
     */
    GuestExplainer(
            KernelImage kernel,
            GuestOptions options,
            List<String> modules,
            Process process,
            Path place,
            BooleanSupplier started) {
        this.kernel = kernel;
        this.options = options;
        this.modules = modules;
        this.process = process;
        this.place = place;
        this.started = started;
    }

    private String text(String file) {
        return text(place.resolve(file));
    }

    /**
     * A file that something else writes.
     *
     * @param file the file
     * @return its text, without carriage returns; empty when there is none
     */
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\r", "");
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public KernelException ended() {
        int status = 0;
        try {
            status = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String log = text(CONSOLE);
        if (status > SIGNAL) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    options.qemu() + " was ended by signal "
                            + (status - SIGNAL)
                            + ", which says nothing of the kernel: is this machine short of memory"
                            + " (dmesg), or did somebody end it? Run it again, with fewer --jobs if it was memory",
                    excerpt(text(COMPLAINTS)),
                    null);
        }
        Optional<String> lacks = find(PROBE, log);
        if (lacks.isPresent()) {
            return kernelLacks(lacks.get(), log);
        }
        if (NO_ROOT.matcher(log).find()) {
            return kernelLacks(
                    "it does not start a program from its initramfs: build it with"
                            + " CONFIG_BLK_DEV_INITRD, CONFIG_BINFMT_ELF and CONFIG_64BIT",
                    log);
        }
        if (!started.getAsBoolean() && log.contains(NO_MEMORY)) {
            return kernelLacks(
                    "a guest of " + options.memoryMiB() + " MiB is too small for it and what it was given"
                            + " along; 'kernel app' has --memory",
                    log);
        }
        Optional<String> what = find(OOPS, log).or(() -> find(PANIC, log));
        if (what.isPresent()) {
            return new KernelException(
                    KernelException.Kind.KERNEL,
                    kernel.source() + " (" + kernel.release() + ") crashed: " + what.get(),
                    excerpt(log),
                    null);
        }
        String complaint = excerpt(text(COMPLAINTS));
        if (!started.getAsBoolean() && !complaint.isEmpty()) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    options.qemu() + " could not start the guest: "
                            + complaint.lines().findFirst().orElse(""),
                    complaint,
                    null);
        }
        if (!Files.exists(place.resolve(CONSOLE))) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    options.qemu() + " ended without starting a guest:"
                            + " is it qemu-system-x86_64? (apt-get install qemu-system-x86, or set COWBENCH_QEMU)");
        }
        return new KernelException(
                KernelException.Kind.KERNEL,
                kernel.source() + " (" + kernel.release()
                        + ") ended the guest before its work was done, without a panic",
                excerpt(log + complaint),
                null);
    }

    @Override
    public KernelException silent(Duration silence, CpuTime cpu) {
        String log = text(CONSOLE);
        process.destroyForcibly();
        return silence(kernel, options, started.getAsBoolean(), silence, cpu, log);
    }

    /** An emulator halts a guest that writes to a disk whose file finds no room. */
    @Override
    public Optional<KernelException> stuck() {
        try {
            return noRoom(place, Files.getFileStore(place).getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * What it means that little room is left where a guest's disk lies.
     *
     * @param place the folder of its boot
     * @param usable bytes
     * @return the exception to throw; empty where there is enough
     */
    static Optional<KernelException> noRoom(Path place, long usable) {
        return usable >= LEAST_ROOM
                ? Optional.empty()
                : Optional.of(new KernelException(
                        KernelException.Kind.LACKS,
                        "the guest's disk cannot grow: no space left in " + place.getParent()
                                + "; make room, or set another place with TMPDIR"));
    }

    @Override
    public KernelException fatal(String message, int errno) {
        String code = errno == 0 ? "" : " (errno " + errno + ")";
        Matcher module = MODULE.matcher(message);
        return kernelLacks(
                !module.find()
                        ? message + code
                        : "module "
                                + modules.get(Integer.parseInt(module.group(1))) + message.substring(module.end())
                                + code
                                + ": is it of this very build? --modules takes the folder that came with the image",
                text(CONSOLE));
    }

    private KernelException kernelLacks(String message, String log) {
        return new KernelException(
                KernelException.Kind.LACKS,
                kernel.source() + " (" + kernel.release() + "): " + message,
                excerpt(log),
                null);
    }

    /** The lines from the first sign of trouble on, else the last ones. */
    private static String excerpt(String log) {
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        int from = 0;
        while (from < lines.size()
                && !lines.get(from).contains(CUT_HERE)
                && find(OOPS, lines.get(from)).isEmpty()
                && find(PANIC, lines.get(from)).isEmpty()) {
            from++;
        }
        if (from == lines.size()) {
            from = Math.max(0, lines.size() - LOG_LINES);
        }
        return String.join("\n", lines.subList(from, Math.min(from + LOG_LINES, lines.size())));
    }

    private static Optional<String> find(Pattern pattern, String log) {
        Matcher matcher = pattern.matcher(log);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    /**
     * What a silence means.
     *
     * @param kernel the kernel
     * @param options how it is run
     * @param started whether the probe had started
     * @param silence how long
     * @param cpu what the emulator had of the CPUs meanwhile
     * @param log the guest's console
     * @return the exception to throw
     */
    static KernelException silence(
            KernelImage kernel, GuestOptions options, boolean started, Duration silence, CpuTime cpu, String log) {
        double seconds = silence.toMillis() / 1000.0;
        if (cpu.waited() > seconds / 2) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    String.format(
                            Locale.ROOT,
                            "this machine is too busy: for %.0f of %.0f s in which the guest %s, %s was ready to run"
                                + " and got no CPU; wait until other work has ended, or give it longer with --timeout",
                            cpu.waited(),
                            seconds,
                            started ? "did not answer" : "booted",
                            options.qemu()));
        }
        String where = started ? "hung: no answer" : "did not reach the probe";
        return new KernelException(
                KernelException.Kind.HUNG,
                String.format(
                        Locale.ROOT,
                        "%s (%s) %s within %d s, of which its emulator ran %.0f s; --timeout gives it longer",
                        kernel.source(),
                        kernel.release(),
                        where,
                        silence.toSeconds(),
                        cpu.ran()),
                excerpt(log),
                null);
    }
}
