package org.cowbench.noise;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Measures what goes on around forks. One meter serves a session; its calls come from one thread, in turn:
 *
 * <pre>{@code
 * NoiseMeter meter = new NoiseMeter();
 * for (...) {
 *     meter.start();
 *     launch the fork and wait for it
 *     Noise noise = meter.stop();
 * }
 * }</pre>
 */
public final class NoiseMeter {
    private static final double NANOS = 1e9;
    private static final double PER_CENT = 100;

    private final Path root;
    private final Calibration calibration = new Calibration();
    private double best = Double.POSITIVE_INFINITY;
    private @Nullable MachineState before;

    /** Prepares a meter of this machine; takes some 20 ms. */
    public NoiseMeter() {
        this(Path.of("/"));
    }

    NoiseMeter(Path root) {
        this.root = root;
        best = calibration.measure();
    }

    /**
     * Takes a step of the fixed work into account that an earlier part of the session timed.
     *
     * @param step its time in nanoseconds; NaN is none
     */
    public void remember(double step) {
        if (step > 0) {
            best = Math.min(best, step);
        }
    }

    /** Marks the beginning of a fork. */
    public void start() {
        before = MachineState.capture(root);
    }

    /**
     * Marks the end of a fork, after which it times the fixed work (about 5 ms).
     *
     * @return what went on since {@link #start()}
     * @throws IllegalStateException if there was no start
     */
    public Noise stop() {
        if (before == null) {
            throw new IllegalStateException("stop without start");
        }
        MachineState after = MachineState.capture(root);
        double step = calibration.measure();
        best = Math.min(best, step);
        Noise noise = between(before, after, step, best);
        before = null;
        return noise;
    }

    static Noise between(MachineState before, MachineState after, double step, double best) {
        double seconds = (after.nanos() - before.nanos()) / NANOS;
        double share = PER_CENT / seconds;
        double others = (after.busy() - before.busy()) - (after.own() - before.own());
        return new Noise(
                seconds,
                (after.steal() - before.steal()) * share,
                Math.max(0, others * share),
                (after.cpuStall() - before.cpuStall()) * share,
                (after.memoryStall() - before.memoryStall()) * share,
                (after.ioStall() - before.ioStall()) * share,
                after.swapped() - before.swapped(),
                after.throttled() - before.throttled(),
                step,
                step / best);
    }
}
