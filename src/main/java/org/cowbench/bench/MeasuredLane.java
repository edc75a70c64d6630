package org.cowbench.bench;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.cowbench.bench.turns.Lane;
import org.cowbench.noise.PerfEvents;
import org.cowbench.result.KnownMetric;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** A benchmark's state under one policy, in a class loader of its own; {@link ForkProbe} is the lane's own, too. */
public final class MeasuredLane implements Lane {
    /** Accesses that are counted after each turn; instructions hold one reading of a counter an invocation. */
    private static final long COUNTED_ACCESSES = 1 << 12;

    private TakesTurns subject;
    private long operations;
    private long nanos;
    /** Whether the events have been asked for; then empty where none can be counted. */
    private boolean asked;

    private Optional<PerfEvents> perf = Optional.empty();
    private final Map<PerfEvents.Event, Double> events = new EnumMap<>(PerfEvents.Event.class);

    /** Made by the lane's loader. */
    public MeasuredLane() {}

    /**
     * Finds the state of a benchmark that takes turns.
     *
     * @param benchmark JMH's full name
     * @return the state's class, null when the benchmark needs a fork for itself
     */
    static @Nullable Class<? extends TakesTurns> state(String benchmark) {
        int dot = benchmark.lastIndexOf('.');
        Class<?> owner;
        try {
            owner = Class.forName(benchmark.substring(0, dot));
        } catch (ClassNotFoundException e) {
            return null;
        }
        for (Method method : owner.getMethods()) {
            if (method.isAnnotationPresent(Benchmark.class) && method.getName().equals(benchmark.substring(dot + 1))) {
                Class<?>[] parameters = method.getParameterTypes();
                Class<?> state = parameters.length == 1 ? parameters[0] : owner;
                return TakesTurns.class.isAssignableFrom(state) ? state.asSubclass(TakesTurns.class) : null;
            }
        }
        return null;
    }

    @Override
    public void open(String benchmark, Map<String, String> params, int lanes) {
        subject = subject(benchmark);
        try {
            set(subject, params);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(benchmark + " cannot be opened with " + params, e);
        }
        subject.among(lanes);
        subject.build();
    }

    /** Sets parameters as JMH does. */
    static void set(Object state, Map<String, String> params) throws ReflectiveOperationException {
        for (Map.Entry<String, String> param : params.entrySet()) {
            Field field = state.getClass().getField(param.getKey());
            field.set(state, value(field.getType(), param.getValue()));
        }
    }

    private static Object value(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + type.getName()));
    }

    /**
     * Returns how many iterations a fork of a benchmark measures.
     *
     * @param benchmark JMH's full name of one that takes turns
     * @return as its state says
     */
    static int iterations(String benchmark) {
        return subject(benchmark).iterations();
    }

    private static TakesTurns subject(String benchmark) {
        Class<? extends TakesTurns> state = state(benchmark);
        if (state == null) {
            throw new IllegalArgumentException(benchmark + " does not take turns");
        }
        try {
            return state.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(benchmark + " cannot be opened", e);
        }
    }

    @Override
    public int turns() {
        return subject.turns();
    }

    @Override
    public void begin() {
        histogram().reset();
        operations = 0;
        nanos = 0;
    }

    @Override
    public int turn(long least) {
        int outcomes = 0;
        long done = 0;
        long spent = 0;
        do {
            subject.rewind();
            long before = System.nanoTime();
            outcomes |= subject.run();
            spent += System.nanoTime() - before;
            done += subject.operations();
        } while (done * subject.accesses() < least || !subject.over(done, spent));
        operations += done;
        nanos += spent;
        return outcomes;
    }

    @Override
    public long operations() {
        return operations;
    }

    @Override
    public long accesses() {
        return operations * subject.accesses();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Histogram histogram() {
        return Objects.requireNonNull(ForkProbe.histogram());
    }

    @Override
    public void countEvents() {
        if (!asked) {
            asked = true;
            // The thread that asks is the one whose events are counted.
            perf = PerfEvents.open(PerfEvents.HARDWARE);
        }
        perf.ifPresent(this::countEvents);
    }

    private void countEvents(PerfEvents counters) {
        Map<PerfEvents.Event, Double> sums = new EnumMap<>(PerfEvents.Event.class);
        long done = 0;
        while (done * subject.accesses() < COUNTED_ACCESSES) {
            subject.rewind();
            // Instructions last before and first after: they must not hold the reading of the others.
            counters.events().reversed().forEach(event -> sums.merge(event, -counters.value(event), Double::sum));
            subject.run();
            counters.events().forEach(event -> sums.merge(event, counters.value(event), Double::sum));
            done += subject.operations();
        }
        double all = done;
        sums.forEach((event, sum) -> events.put(event, sum / all));
    }

    @Override
    public List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        ForkProbe.sources()
                .forEach((metric, source) -> counts.add(
                        count(metric, source.perOperation(), source.value().getAsDouble())));
        events.forEach((event, each) -> counts.add(count(event.metric(), false, each)));
        return counts;
    }

    /** By names: a type of ours is another one beyond the loader. */
    private static Count count(KnownMetric metric, boolean perOperation, double value) {
        return new Count(metric.id(), metric.unit().text(), perOperation, value);
    }
}
