package org.cowbench.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cowbench.bench.misses.Subject;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Benchmarks whose method has one state or none, for package {@code misses}: what JMH does with them, but for the time. */
public final class UntimedBenchmarks implements Subject.Opener {

    /** Made by the loader. */
    public UntimedBenchmarks() {}

    @Override
    public Subject open(String benchmark, Map<String, String> params, int lanes) {
        int dot = benchmark.lastIndexOf('.');
        try {
            Class<?> owner = Class.forName(benchmark.substring(0, dot));
            Method method = Arrays.stream(owner.getMethods())
                    .filter(each -> each.isAnnotationPresent(Benchmark.class)
                            && each.getName().equals(benchmark.substring(dot + 1)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no benchmark " + benchmark));
            Object state = null;
            if (method.getParameterCount() > 0) {
                state = method.getParameterTypes()[0].getConstructor().newInstance();
                MeasuredLane.set(state, params);
            }
            if (state instanceof TakesTurns turns) {
                turns.among(lanes);
            }
            Opened opened = new Opened(owner.getConstructor().newInstance(), method, state);
            opened.call(opened.setups);
            return opened;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(benchmark + " cannot be opened with " + params, e);
        }
    }

    private static final class Opened implements Subject {
        private final Object owner;
        private final Method method;
        private final @Nullable Object state;
        private final List<Method> setups;
        private final List<Method> preparations;
        private final List<Method> ends;

        Opened(Object owner, Method method, @Nullable Object state) {
            this.owner = owner;
            this.method = method;
            this.state = state;
            setups = new ArrayList<>();
            preparations = new ArrayList<>();
            ends = new ArrayList<>();
            // An overriding method has no annotation; it is called all the same.
            for (Class<?> of = state == null ? null : state.getClass(); of != null; of = of.getSuperclass()) {
                for (Method each : of.getDeclaredMethods()) {
                    Setup setup = each.getAnnotation(Setup.class);
                    if (setup != null) {
                        (setup.value() == Level.Invocation ? preparations : setups).add(each);
                    }
                    if (each.isAnnotationPresent(TearDown.class)) {
                        ends.add(each);
                    }
                }
            }
        }

        private void call(List<Method> fixtures) {
            fixtures.forEach(fixture -> call(fixture, state));
        }

        private static void call(Method method, @Nullable Object of, Object... arguments) {
            try {
                method.invoke(of, arguments);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(method.toString(), e);
            }
        }

        @Override
        public void prepare() {
            call(preparations);
        }

        @Override
        public void run() {
            if (state == null) {
                call(method, owner);
            } else {
                call(method, owner, state);
            }
        }

        @Override
        public int operations() {
            OperationsPerInvocation operations = method.getAnnotation(OperationsPerInvocation.class);
            return operations == null ? 1 : operations.value();
        }

        @Override
        public boolean over(long operations) {
            return !(state instanceof TakesTurns turns) || turns.over(operations, TakesTurns.TURN_NANOS);
        }

        @Override
        public void close() {
            call(ends);
            if (state instanceof PageSet pages) {
                pages.close();
            }
        }
    }
}
