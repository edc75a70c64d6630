package org.cowbench.bench.misses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.bench.turns.LaneLoader;

/** Runs benchmarks as forks do and counts what they miss. */
public final class MissCounter {
    /** Name of the class that opens what is counted; it is loaded anew. */
    private static final String OPENER = "org.cowbench.bench.UntimedBenchmarks";
    /** Operations of a benchmark that shares no fork: a pass over the large set. */
    private static final int ALONE = 1 << 16;
    /** Least operations of a turn. */
    private static final int TURN = 1 << 12;

    private final Capacities capacities;

    /**
     * A counter.
     *
     * @param capacities what misses are counted of
     */
    public MissCounter(Capacities capacities) {
        this.capacities = capacities;
    }

    private static Subject.Opener opener() {
        return LaneLoader.instance(Subject.Opener.class, OPENER, Redirection::of);
    }

    /**
     * Counts a benchmark that has a fork for itself.
     *
     * @param benchmark JMH's full name
     * @param params its parameters
     * @return misses of an operation, as {@link Capacities#names()}
     */
    public double[] alone(String benchmark, Map<String, String> params) {
        Tally tally = new Tally(capacities);
        try (Subject subject = opener().open(benchmark, params, 1)) {
            TracedMemory.tell(tally);
            untilNothingIsNew(tally, () -> run(subject, tally, ALONE, false));
            return tally.take(run(subject, tally, ALONE, true));
        } finally {
            TracedMemory.tell(null);
        }
    }

    /**
     * Counts a benchmark whose variants take turns in one fork: each finds what the others have left.
     *
     * @param benchmark JMH's full name
     * @param params its parameters but one
     * @param name the parameter in which they differ
     * @param values its values
     * @return misses of an operation of each, as {@link Capacities#names()}
     */
    public Map<String, double[]> inTurns(
            String benchmark, Map<String, String> params, String name, List<String> values) {
        Tally tally = new Tally(capacities);
        Subject.Opener opener = opener();
        List<Subject> lanes = new ArrayList<>();
        try {
            for (String value : values) {
                Map<String, String> own = new LinkedHashMap<>(params);
                own.put(name, value);
                lanes.add(opener.open(benchmark, own, values.size()));
            }
            TracedMemory.tell(tally);
            untilNothingIsNew(tally, () -> lanes.forEach(lane -> run(lane, tally, TURN, false)));
            Map<String, double[]> misses = new LinkedHashMap<>();
            for (int i = 0; i < lanes.size(); i++) {
                misses.put(values.get(i), tally.take(run(lanes.get(i), tally, TURN, true)));
            }
            return misses;
        } finally {
            TracedMemory.tell(null);
            lanes.forEach(Subject::close);
        }
    }

    /** What is touched for the first time misses in whatever size. */
    private static void untilNothingIsNew(Tally tally, Runnable pass) {
        long before;
        do {
            before = tally.touched();
            pass.run();
        } while (tally.touched() > before);
    }

    private static long run(Subject subject, Tally tally, long least, boolean counted) {
        long done = 0;
        do {
            tally.counting(false);
            subject.prepare();
            tally.counting(counted);
            subject.run();
            done += subject.operations();
        } while (done < least || !subject.over(done));
        tally.counting(false);
        return done;
    }
}
