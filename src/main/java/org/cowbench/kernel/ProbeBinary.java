package org.cowbench.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The probe, compiled on demand from the C sources in the jar. */
public final class ProbeBinary {
    private static final String SOURCE = "probe.c";
    private static final Pattern PART = Pattern.compile("(?m)^#include \"(.+)\"$");
    // No C library and no separate data segments: see sys.h and shared.h.
    private static final List<String> FLAGS = List.of(
            "-std=gnu11",
            "-O2",
            "-Wall",
            "-Wextra",
            "-static",
            "-nostdlib",
            "-ffreestanding",
            "-fno-stack-protector",
            "-fno-pie",
            "-no-pie",
            "-fcf-protection=none",
            "-fno-asynchronous-unwind-tables",
            "-Wl,-z,noseparate-code",
            "-Wl,--build-id=none");
    private static final long COMPILE_SECONDS = 120;
    private static final int TAIL_LINES = 5;

    private ProbeBinary() {}

    /**
     * Compiles the probe.
     *
     * @param folder where to; sources and program are left there
     * @param environment the environment variables; {@code CC} names another compiler than {@code cc}
     * @return the program, a static executable for x86-64
     * @throws KernelException if there is no compiler or it fails
     */
    public static Path compile(Path folder, Map<String, String> environment) {
        String arch = System.getProperty("os.arch");
        if (!arch.equals("amd64") && !arch.equals("x86_64")) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "the kernel lane needs an x86-64 machine, this one is " + arch
                            + ": the probe is written for x86-64");
        }
        String named = environment.getOrDefault("CC", "").strip();
        String compiler = named.isEmpty() ? "cc" : named;
        Path program = folder.resolve("probe");
        List<String> command = new ArrayList<>(List.of(compiler.split("\\s+")));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", program.toString(), folder.resolve(SOURCE).toString()));
        try {
            for (Map.Entry<String, String> source : sources().entrySet()) {
                Files.writeString(folder.resolve(source.getKey()), source.getValue());
            }
            Path log = folder.resolve("cc.log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw lacks(compiler + " did not finish compiling the probe; set CC to a working C compiler", "");
            }
            if (process.exitValue() != 0) {
                throw lacks(
                        compiler + " could not compile the probe; needs gcc or clang for x86-64 and the kernel's"
                                + " headers: apt-get install gcc linux-libc-dev",
                        tail(log));
            }
            return program;
        } catch (IOException e) {
            if (e.getMessage() != null && e.getMessage().contains("Cannot run program")) {
                throw new KernelException(
                        KernelException.Kind.LACKS,
                        "no C compiler '" + compiler
                                + "' on the PATH, which the probe is compiled with: apt-get install gcc"
                                + " linux-libc-dev, or set CC",
                        "",
                        e);
            }
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "the probe cannot be written to " + folder + ": " + e.getMessage()
                            + "; make room, or set another place with TMPDIR",
                    "",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lacks("interrupted while compiling the probe", "");
        }
    }

    /**
     * The probe's source in the jar: one file for the compiler, and the parts that it includes.
     *
     * @return the text of each, by its name
     * @throws IOException if it cannot be read
     */
    static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        read(SOURCE, sources);
        return sources;
    }

    private static void read(String name, Map<String, String> sources) throws IOException {
        if (sources.containsKey(name)) {
            return;
        }
        try (InputStream in = ProbeBinary.class.getResourceAsStream("/native/" + name)) {
            sources.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Matcher part = PART.matcher(sources.get(name));
        while (part.find()) {
            read(part.group(1), sources);
        }
    }

    private static KernelException lacks(String message, String log) {
        return new KernelException(KernelException.Kind.LACKS, message, log, null);
    }

    private static String tail(Path log) throws IOException {
        List<String> lines =
                Files.readString(log, StandardCharsets.UTF_8).lines().toList();
        return String.join("\n", lines.subList(0, Math.min(TAIL_LINES, lines.size())));
    }
}
