package org.cowbench.noise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cowbench.result.ForkInfo;
import org.jspecify.annotations.Nullable;

/**
 * What went on around one fork. NaN is unknown.
 *
 * @param seconds how long the bracket was
 * @param steal per cent of one CPU that the hypervisor gave to others
 * @param others per cent of one CPU that other processes used
 * @param cpuStall per cent of the time in which something waited for a CPU
 * @param memoryStall per cent of the time in which something waited for memory
 * @param ioStall per cent of the time in which something waited for a device
 * @param swapped pages swapped in or out
 * @param throttled thermal throttling events
 * @param calibration time of a step of the fixed work after the fork, in nanoseconds
 * @param slowdown that time relative to the shortest of the session; 1 is undisturbed
 */
public record Noise(
        double seconds,
        double steal,
        double others,
        double cpuStall,
        double memoryStall,
        double ioStall,
        double swapped,
        double throttled,
        double calibration,
        double slowdown) {

    private static final double MOST_STEAL = 1;
    private static final double MOST_OTHERS = 20;
    private static final double MOST_CPU_STALL = 20;
    private static final double MOST_MEMORY_STALL = 1;
    private static final double MOST_SLOWDOWN = 1.1;

    /** Names of the numbers as files hold them. */
    private static final List<String> NAMES = List.of(
            "seconds",
            "steal",
            "others",
            "cpuStall",
            "memoryStall",
            "ioStall",
            "swapped",
            "throttled",
            "calibration",
            "slowdown");

    /**
     * Says what was wrong, in phrases that do not hold the number, so that forks can be counted by them.
     *
     * @return one phrase for each bound that was exceeded; empty for an undisturbed fork
     */
    public List<String> disturbances() {
        List<String> found = new ArrayList<>();
        check(found, steal, MOST_STEAL, "steal above %.0f %%");
        check(found, others, MOST_OTHERS, "other processes used more than %.0f %% of a CPU");
        check(found, cpuStall, MOST_CPU_STALL, "something waited for a CPU more than %.0f %% of the time");
        check(found, memoryStall, MOST_MEMORY_STALL, "something waited for memory more than %.0f %% of the time");
        check(found, swapped, 0, ForkInfo.SWAPPED);
        check(found, throttled, 0, "the CPU was throttled");
        check(found, slowdown, MOST_SLOWDOWN, "fixed work took more than %.1f times its shortest time");
        return List.copyOf(found);
    }

    /**
     * The same with the slowdown against another shortest time: that of a whole session is known when it ends.
     *
     * @param shortest shortest time of a step of the fixed work, in nanoseconds
     * @return the noise so judged
     */
    public Noise against(double shortest) {
        return new Noise(
                seconds,
                steal,
                others,
                cpuStall,
                memoryStall,
                ioStall,
                swapped,
                throttled,
                calibration,
                calibration / shortest);
    }

    private static void check(List<String> found, double value, double most, String phrase) {
        if (value > most) {
            found.add(String.format(Locale.ROOT, phrase, most));
        }
    }

    /**
     * The numbers by name, as a result file holds them.
     *
     * @return names in a fixed order; what is unknown is absent
     */
    public Map<String, Double> numbers() {
        double[] values = {
            seconds, steal, others, cpuStall, memoryStall, ioStall, swapped, throttled, calibration, slowdown
        };
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                // Three digits say all there is to say.
                numbers.put(NAMES.get(i), Math.round(values[i] * 1000) / 1000.0);
            }
        }
        return numbers;
    }

    /**
     * Reads the numbers back.
     *
     * @param numbers by name, as {@link #numbers()} gives them; null when nobody listened
     * @return the noise; what is absent is NaN
     */
    public static Noise of(@Nullable Map<String, Double> numbers) {
        double[] v = NAMES.stream()
                .mapToDouble(name -> numbers == null ? Double.NaN : numbers.getOrDefault(name, Double.NaN))
                .toArray();
        return new Noise(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
    }

    /**
     * Says whether a fork was disturbed.
     *
     * @param numbers as {@link #numbers()} gives them; null when nobody listened
     * @return whether any bound was exceeded
     */
    public static boolean disturbed(@Nullable Map<String, Double> numbers) {
        return numbers != null && !of(numbers).disturbances().isEmpty();
    }
}
