package org.cowbench.bench.turns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One invocation is a rotation: each lane has a turn. Whoever launches it says what the lanes are. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = Turns.WARMUPS)
@Measurement(iterations = Turns.ROTATIONS)
@State(Scope.Thread)
public class Turns {
    /** Rotations before anything counts: code is compiled in them. */
    public static final int WARMUPS = 12;
    /** Rotations that count. */
    public static final int ROTATIONS = 30;
    /** Separates values of {@link #values}. */
    public static final String COMMA = ",";

    private static final String NONE = "-";

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

    /** Made by JMH. */
    public Turns() {}

    /** Builds the lanes. */
    @Setup
    public void open() {
        Map<String, String> params = new LinkedHashMap<>();
        Arrays.stream(fixed.split(COMMA)).filter(pair -> pair.contains("="))
                .forEach(pair -> params.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)));
        for (String value : values.split(COMMA)) {
            Lane lane = LaneLoader.lane(implementation);
            params.put(name, value);
            lane.open(benchmark, params);
            lanes.add(lane);
            LANES.put(value, lane);
            BEFORE.put(value, lane.counts());
        }
    }

    /**
     * Gives each lane its turn. The order starts elsewhere each time and turns round every other time, so that no lane
     * always runs after the same other.
     *
     * @return outcomes, for JMH to keep
     */
    @Benchmark
    public int rotation() {
        int outcomes = 0;
        int count = lanes.size();
        for (int i = 0; i < count; i++) {
            int step = rotation % 2 == 0 ? i : count - 1 - i;
            outcomes ^= lanes.get((rotation / 2 + step) % count).turn();
        }
        rotation++;
        return outcomes;
    }

    /** Takes what the lanes did since it was last asked. */
    static List<LaneResult> take() {
        List<LaneResult> results = new ArrayList<>();
        LANES.forEach((value, lane) -> {
            if (lane.operations() > 0) {
                results.add(new LaneResult(value, lane, BEFORE.get(value)));
                lane.countEvents();
            }
            BEFORE.put(value, lane.counts());
        });
        return results;
    }
}
