package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What a process had of this machine's CPUs, from {@code /proc/PID/task/TID/schedstat}: tells a guest that is stuck from
 * one whose emulator does not get to run.
 *
 * @param ran seconds that its busiest thread ran
 * @param waited seconds that the thread that waited longest was ready to run and did not
 */
record CpuTime(double ran, double waited) {

    /**
     * Reads it.
     *
     * @param tasks the folder of a process's threads, {@code /proc/PID/task}
     * @return the times since the process started; none when it has gone or the kernel does not count
     */
    static CpuTime of(Path tasks) {
        double ran = 0;
        double waited = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String[] numbers =
                        Files.readString(thread.resolve("schedstat")).strip().split("\\s+");
                ran = Math.max(ran, Long.parseLong(numbers[0]) / (double) TimeUnit.SECONDS.toNanos(1));
                waited = Math.max(waited, Long.parseLong(numbers[1]) / (double) TimeUnit.SECONDS.toNanos(1));
            }
        } catch (IOException | NumberFormatException e) {
            // A thread that ends meanwhile, or a kernel without CONFIG_SCHED_INFO: what was read counts.
        }
        return new CpuTime(ran, waited);
    }

    /**
     * The time in between.
     *
     * @param earlier the times before
     * @return the difference
     */
    CpuTime since(CpuTime earlier) {
        return new CpuTime(ran - earlier.ran, waited - earlier.waited);
    }
}
