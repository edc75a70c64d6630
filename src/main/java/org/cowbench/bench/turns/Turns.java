package org.cowbench.bench.turns;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * One invocation is a rotation, in which each lane has a turn, or as many as it takes until the lanes' work begins anew.
 * Whoever launches it says what the lanes are.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = Turns.WARMUPS)
@Measurement(iterations = Turns.ROTATIONS)
@State(Scope.Thread)
public class Turns {
    /** Rotations before anything counts, beside those in which code is compiled: see {@link #open()}. */
    public static final int WARMUPS = 2;
    /** Iterations that count, unless the benchmark says otherwise. */
    public static final int ROTATIONS = 30;
    /** Separates values of {@link #values}. */
    public static final String COMMA = ",";

    private static final String NONE = "-";
    /**
     * Accesses of a lane in a rotation that compiles. A turn's time does not bound them: compiling in the foreground eats
     * turns whole, and lanes that had done a dozen of such turns were still interpreted.
     */
    private static final int COMPILE_ACCESSES = 1 << 12;
    /** So many of each lane in all, at least: what the JVM needs to have seen before it compiles a loop for good, thrice. */
    private static final int LEAST_ACCESSES = 30 * COMPILE_ACCESSES;
    /** So many rotations on end in which next to nothing was compiled, what belongs to no lane, end it, */
    private static final int QUIET_ROTATIONS = 5;
    /** or so many in all: a method that is compiled again and again is a part of what is measured. */
    private static final int MOST_ROTATIONS = 200;
    /** Next to nothing: of the time of a rotation. */
    private static final double QUIET_SHARE = 0.02;
    /** Passes, of what has them, until one compiles next to nothing; at most. */
    private static final int MOST_PASSES = 8;

    /** The lanes of this fork; the profiler reads them between rotations. A fork runs one benchmark. */
    private static final Map<String, Lane> LANES = new LinkedHashMap<>();

    private static final Map<String, List<Lane.Count>> BEFORE = new LinkedHashMap<>();

    /** Name of the class that implements {@link Lane}. */
    @Param(NONE)
    public String implementation;

    /** JMH's full name of the benchmark that takes turns. */
    @Param(NONE)
    public String benchmark;

    /** Its parameters but one, {@code name=value} separated by commas. */
    @Param(NONE)
    public String fixed;

    /** Name of the parameter in which lanes differ. */
    @Param(NONE)
    public String name;

    /** Its values, one a lane, separated by commas. */
    @Param(NONE)
    public String values;

    private final List<Lane> lanes = new ArrayList<>();
    private int rotation;
    private int turns;
    private boolean warmup;

    /** Made by JMH. */
    public Turns() {}

    /** Builds the lanes and lets them run until all their code is compiled. */
    @Setup
    public void open() {
        Map<String, String> params = new LinkedHashMap<>();
        Arrays.stream(fixed.split(COMMA))
                .filter(pair -> pair.contains("="))
                .forEach(pair ->
                        params.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)));
        // Each builds what it measures and compiles for it: that is most of a fork's time, and nobody measures yet.
        Map<String, Future<Lane>> opened = new LinkedHashMap<>();
        try (ExecutorService builders =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            String[] each = values.split(COMMA);
            for (String value : each) {
                Map<String, String> own = new LinkedHashMap<>(params);
                own.put(name, value);
                opened.put(value, builders.submit(() -> {
                    Lane lane = LaneLoader.lane(implementation);
                    lane.open(benchmark, own, each.length);
                    return lane;
                }));
            }
        }
        opened.forEach((value, future) -> {
            if (future.state() == Future.State.FAILED) {
                throw new IllegalStateException(future.exceptionNow());
            }
            Lane lane = future.resultNow();
            lanes.add(lane);
            LANES.put(value, lane);
            BEFORE.put(value, lane.counts());
        });
        turns = lanes.stream().mapToInt(Lane::turns).max().orElse(1);
        compile();
    }

    /**
     * Says whether what comes counts: a warm-up is one rotation, however many make an iteration.
     *
     * @param iteration what JMH says of it
     */
    @Setup(Level.Iteration)
    public void kind(IterationParams iteration) {
        warmup = iteration.getType() == IterationType.WARMUP;
    }

    /**
     * Turns round until what the lanes run is compiled. Nothing is taken of it: events are counted for the thread that
     * takes first, which must be the profiler's.
     */
    private void compile() {
        int quiet = 0;
        long accesses = 0;
        for (int done = 0; done < MOST_ROTATIONS && (accesses < LEAST_ACCESSES || quiet < QUIET_ROTATIONS); done++) {
            lanes.forEach(Lane::begin);
            quiet = compiledNothing(() -> rotate(COMPILE_ACCESSES)) ? quiet + 1 : 0;
            accesses += lanes.stream().mapToLong(Lane::accesses).min().orElse(LEAST_ACCESSES);
        }
        // What is rare in a stream is compiled when it has been seen often enough, which may take passes.
        for (int done = 0; turns > 1 && done < MOST_PASSES && !compiledNothing(this::rotation); done++) {}
    }

    private static boolean compiledNothing(Runnable work) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long before = compiler.getTotalCompilationTime();
        long began = System.nanoTime();
        work.run();
        double millis = (System.nanoTime() - began) / 1e6;
        return compiler.getTotalCompilationTime() - before <= QUIET_SHARE * millis;
    }

    /**
     * Gives each lane its turns. The order starts elsewhere each time and turns round every other time, so that no lane
     * always runs after the same other.
     *
     * @return outcomes, for JMH to keep
     */
    @Benchmark
    public int rotation() {
        lanes.forEach(Lane::begin);
        int outcomes = 0;
        for (int i = 0; i < (warmup ? 1 : turns); i++) {
            outcomes ^= rotate(0);
        }
        return outcomes;
    }

    private int rotate(long least) {
        int outcomes = 0;
        int count = lanes.size();
        for (int i = 0; i < count; i++) {
            int step = rotation % 2 == 0 ? i : count - 1 - i;
            outcomes ^= lanes.get((rotation / 2 + step) % count).turn(least);
        }
        rotation++;
        return outcomes;
    }

    /** Takes what the lanes did since it was last asked. */
    static List<LaneResult> take() {
        List<LaneResult> results = new ArrayList<>();
        LANES.forEach((value, lane) -> {
            if (lane.operations() > 0) {
                results.add(new LaneResult(value, lane, Objects.requireNonNull(BEFORE.get(value))));
                lane.countEvents();
            }
            BEFORE.put(value, lane.counts());
        });
        return results;
    }
}
