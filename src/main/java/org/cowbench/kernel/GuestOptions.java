package org.cowbench.kernel;

import java.time.Duration;
import java.util.Map;
import org.cowbench.litmus.SwapDevice;
import org.jspecify.annotations.Nullable;

/**
 * How a guest is run. What influences an instruction count (the CPU's features, the kernel's command line) is fixed
 * here and recorded with results.
 *
 * @param qemu the emulator: a name on the PATH, or a path
 * @param cpu the CPU model and its features, as {@code -cpu} takes them
 * @param memoryMiB memory of the guest in MiB
 * @param swapMiB size of the swap disk in MiB; it is sparse
 * @param append words added to the kernel's command line, or the empty string
 * @param boot longest time until the probe runs
 * @param patience longest silence of the probe while it has something to do
 * @param cpus virtual CPUs; with 2 scripts run on both, see the package
 * @param swap where pages go that leave memory, of scripts that name no device; null where nobody asked for one, which is
 *     a disk
 */
public record GuestOptions(
        String qemu,
        String cpu,
        int memoryMiB,
        int swapMiB,
        String append,
        Duration boot,
        Duration patience,
        int cpus,
        @Nullable SwapDevice swap) {
    /**
     * Words every guest's kernel gets: a console, an end instead of a hang after a panic or an oops, no huge pages and
     * no watchdog, whose idea of time is not the host's.
     */
    public static final String COMMAND_LINE = "console=ttyS0 panic=-1 oops=panic loglevel=4"
            + " transparent_hugepage=never nowatchdog rcupdate.rcu_cpu_stall_suppress=1";
    /**
     * The CPU of measurements. Without the features that make kernels use {@code rep movsb}: the instruction counter
     * counts each of its 4096 iterations, against 512 of {@code rep movsq}.
     */
    public static final String BENCH_CPU = "max,-erms,-fsrm";
    /**
     * Words for measurements: what is counted is the fault and the copy, not zeroing of what is about to be
     * overwritten nor mitigations for CPUs that are not there.
     */
    public static final String BENCH_APPEND = "init_on_alloc=0 mitigations=off";

    private static final String QEMU = "qemu-system-x86_64";
    private static final String CPU = "max";
    private static final int MEMORY_MIB = 256;
    /** Room for folios of 2 MiB and their copies: with it the kernel has never been seen to find none. */
    private static final int FOLIO_MEMORY_MIB = 640;

    private static final int SWAP_MIB = 1024;
    private static final int PAGES_PER_MIB = 256;

    /**
     * Options for scripts.
     *
     * @param environment the environment variables; {@code COWBENCH_QEMU} names another emulator
     * @return the options
     */
    public static GuestOptions scripts(Map<String, String> environment) {
        String qemu = environment.getOrDefault("COWBENCH_QEMU", "");
        return new GuestOptions(
                qemu.isBlank() ? QEMU : qemu,
                CPU,
                MEMORY_MIB,
                SWAP_MIB,
                "",
                Duration.ofMinutes(4),
                Duration.ofMinutes(4),
                1,
                null);
    }

    /**
     * Options for measurements.
     *
     * @param environment the environment variables; {@code COWBENCH_QEMU} names another emulator
     * @param pages pages of a measurement: the guest has room for their frames, their copies and as many again, so that
     *     none leaves memory while it is measured
     * @return the options
     */
    public static GuestOptions bench(Map<String, String> environment, int pages) {
        GuestOptions options = scripts(environment).withCpu(BENCH_CPU).withAppend(BENCH_APPEND);
        int memory = Math.max(MEMORY_MIB, MEMORY_MIB / 2 + 3 * Math.ceilDiv(pages, PAGES_PER_MIB));
        return new GuestOptions(
                options.qemu,
                options.cpu,
                memory,
                options.swapMiB,
                options.append,
                options.boot,
                options.patience,
                1,
                null);
    }

    /**
     * The same with another CPU.
     *
     * @param other as {@code -cpu} takes it
     * @return the options
     */
    public GuestOptions withCpu(String other) {
        return new GuestOptions(qemu, other, memoryMiB, swapMiB, append, boot, patience, cpus, swap);
    }

    /**
     * The same with other words on the command line.
     *
     * @param other the words
     * @return the options
     */
    public GuestOptions withAppend(String other) {
        return new GuestOptions(qemu, cpu, memoryMiB, swapMiB, other, boot, patience, cpus, swap);
    }

    /**
     * The same with another time limit.
     *
     * @param limit for the boot and for each silence
     * @return the options
     */
    public GuestOptions withLimit(Duration limit) {
        return new GuestOptions(qemu, cpu, memoryMiB, swapMiB, append, limit, limit, cpus, swap);
    }

    /**
     * The same with another number of virtual CPUs.
     *
     * @param other 1 or 2
     * @return the options
     */
    public GuestOptions withCpus(int other) {
        return new GuestOptions(qemu, cpu, memoryMiB, swapMiB, append, boot, patience, other, swap);
    }

    /**
     * The same with another swap device.
     *
     * @param device the device, or null
     * @return the options
     */
    public GuestOptions withSwap(@Nullable SwapDevice device) {
        return new GuestOptions(qemu, cpu, memoryMiB, swapMiB, append, boot, patience, cpus, device);
    }

    /**
     * Where pages go that leave memory.
     *
     * @return the device
     */
    SwapDevice device() {
        return swap == null ? SwapDevice.DISK : swap;
    }

    /**
     * The same with another size.
     *
     * @param memory MiB of memory
     * @param swap MiB of the swap disk
     * @return the options
     */
    public GuestOptions withSize(int memory, int swap) {
        return new GuestOptions(qemu, cpu, memory, swap, append, boot, patience, cpus, this.swap);
    }

    /**
     * The same with room for folios, and with the CPU of measurements unless another was asked for: to clear 2 MiB takes an
     * emulator 262,144 iterations there instead of 2,097,152, and what a kernel decides is the same.
     *
     * @return the options
     */
    GuestOptions withFolios() {
        return new GuestOptions(
                qemu,
                cpu.equals(CPU) ? BENCH_CPU : cpu,
                Math.max(memoryMiB, FOLIO_MEMORY_MIB),
                swapMiB,
                append,
                boot,
                patience,
                cpus,
                swap);
    }

    /**
     * The kernel's whole command line.
     *
     * @return words separated by blanks; what stands behind {@code --} is for the probe
     */
    public String commandLine() {
        String words = append.isBlank() ? COMMAND_LINE : COMMAND_LINE + " " + append.strip();
        return device() == SwapDevice.DISK ? words : words + " -- swap " + device();
    }
}
