package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.cowbench.arena.PageArena;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;

/** Breadth-first search over every path of a scope; see the package's note. */
public final class Explorer implements AutoCloseable {

    /** Makes the machine that a worker explores. */
    @FunctionalInterface
    public interface MachineFactory {
        /**
         * Makes a machine.
         *
         * @param arena its state
         * @return the machine
         */
        Machine create(PageArena arena);
    }

    /** Is told how a search goes on. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every slice of a level, which is many times a second at the usual rates, by one thread at a
         * time.
         *
         * @param states distinct states so far
         * @param transitions moves made so far
         * @param queue states of this level still to be continued
         * @param depth the level
         */
        void report(long states, long transitions, long queue, int depth);
    }

    /** Bits of an origin that name the move; the rest is the parent's number plus one. */
    private static final int MOVE_BITS = 11;
    /** States that a worker takes at a time. */
    private static final int CHUNK = 64;
    /** Moves of the states that are continued between two looks at the memory: most states that can be new. */
    private static final int SLICE = 1 << 17;
    private static final double LOAD = 0.6;
    private static final int MAX_STATES = Integer.MAX_VALUE - 64;

    private final String policy;
    private final Scope scope;
    private final MachineFactory machines;
    private final int lruBatch;
    private final Function<World, LongSupplier> fingerprints;
    private final int threads;
    private final long memory;
    private final Progress progress;
    private final SeenSet seen = new SeenSet(1 << 12);
    private final Origins origins = new Origins();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Kind, Found> found = new TreeMap<>();
    private long needlessOrigin = Long.MAX_VALUE;

    /** Violations of one kind are told once. */
    private record Kind(Property property, Cause cause, boolean pin) implements Comparable<Kind> {
        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::property).thenComparing(Kind::cause).thenComparing(Kind::pin);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

    /** The best path to a violation: without the environment first, then the smallest. */
    private record Found(int depth, boolean environment, long origin) {
        boolean worseThan(Found other) {
            return environment != other.environment ? environment
                    : depth != other.depth ? depth > other.depth : origin > other.origin;
        }
    }

    /**
     * Prepares a search of a policy.
     *
     * @param policy the policy's id, for the result
     * @param rule the policy
     * @param scope what to explore
     * @param threads workers
     * @param memory most bytes of states and fingerprints
     * @param progress is told how it goes on
     */
    public Explorer(String policy, ReusePolicy rule, Scope scope, int threads, long memory, Progress progress) {
        this(policy, arena -> new Machine(arena, rule, MachineOptions.LITMUS), rule.lruBatch(), scope, threads, memory,
                progress);
    }

    /**
     * Prepares a search of machines of any make.
     *
     * @param policy the name for the result
     * @param machines makes them
     * @param lruBatch entries of their LRU batches
     * @param scope what to explore
     * @param threads workers
     * @param memory most bytes of states and fingerprints
     * @param progress is told how it goes on
     */
    public Explorer(String policy, MachineFactory machines, int lruBatch, Scope scope, int threads, long memory,
            Progress progress) {
        this(policy, machines, lruBatch, Fingerprint::new, scope, threads, memory, progress);
    }

    /** For tests that tell states apart in another way. */
    Explorer(String policy, MachineFactory machines, int lruBatch, Function<World, LongSupplier> fingerprints,
            Scope scope, int threads, long memory, Progress progress) {
        this.policy = policy;
        this.machines = machines;
        this.lruBatch = lruBatch;
        this.fingerprints = fingerprints;
        this.scope = scope;
        this.threads = threads;
        this.memory = memory;
        this.progress = progress;
    }

    /**
     * Searches. Memory that runs out, by the bound or in this JVM, ends the search early and is told as what stopped it.
     *
     * @return what was found
     */
    public CheckResult explore() {
        long start = System.nanoTime();
        String stopped = "";
        int depth = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                workers.add(new Worker());
            }
            seen.insert(workers.getFirst().fingerprint.getAsLong(), 1, 1);
            origins.append(0);
            int from = 0;
            while (stopped.isEmpty() && from < origins.size()) {
                int to = origins.size();
                stopped = depth == scope.depth() ? "depth " + depth + " was the bound" : level(pool, from, to, depth);
                from = to;
                depth += stopped.isEmpty() ? 1 : 0;
            }
        } finally {
            workers.forEach(Worker::close);
        }
        boolean complete = stopped.isEmpty();
        // The level that found nothing new adds no depth.
        int needed = complete ? Math.max(0, depth - 1) : depth;
        return result(needed, stopped, (System.nanoTime() - start) / 1e9);
    }

    private CheckResult result(int depth, String stopped, double seconds) {
        try (Worker narrator = new Worker()) {
            Map<Property, Verdict> verdicts = new EnumMap<>(Property.class);
            for (Property property : Property.values()) {
                List<Violation> violations = found.entrySet().stream()
                        .filter(entry -> entry.getKey().property() == property)
                        .map(entry -> narrator.tell(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparing((Violation each) -> !each.environment().isEmpty())
                                .thenComparing(Violation::moves))
                        .toList();
                String missing = scope.missing(property);
                verdicts.put(property, !violations.isEmpty() ? new Verdict.Unsafe(violations)
                        : !missing.isEmpty() ? new Verdict.NotJudged(missing)
                        : stopped.isEmpty() ? new Verdict.Safe(scope, List.of())
                        : new Verdict.SafeWithin(depth, stopped));
            }
            Script needless = needlessOrigin == Long.MAX_VALUE ? null : narrator.tellNeedless(needlessOrigin);
            long transitions = workers.stream().mapToLong(worker -> worker.transitions).sum();
            long needlessFaults = workers.stream().mapToLong(worker -> worker.needless).sum();
            long outOfFrames = workers.stream().mapToLong(worker -> worker.outOfFrames).sum();
            return new CheckResult(policy, scope, verdicts, origins.size(), transitions, depth, stopped.isEmpty(), stopped,
                    needlessFaults, needless, outOfFrames, seconds);
        }
    }

    /** Continues the states of one level; returns what stopped it, or the empty string. */
    private String level(ExecutorService pool, int from, int to, int depth) {
        int moves = workers.getFirst().world.moves().length;
        try {
            int at = from;
            while (at < to) {
                int wanted = Math.min(to - at, Math.max(CHUNK, SLICE / moves));
                while (room(moves) < wanted && fits(3 * seen.bytes(), origins.size())) {
                    seen.grow();
                }
                int slice = (int) Math.min(wanted, room(moves));
                if (slice < Math.min(wanted, CHUNK)) {
                    return outOfMemory(depth);
                }
                runSlice(pool, at, at + slice, (from + 1L) << MOVE_BITS, depth);
                long[] fresh = fresh();
                if ((long) origins.size() + fresh.length > MAX_STATES) {
                    return "more than " + MAX_STATES + " states at depth " + depth;
                }
                if (!fits(seen.bytes(), origins.size() + fresh.length)) {
                    return outOfMemory(depth);
                }
                for (long origin : fresh) {
                    origins.append(origin);
                }
                at += slice;
                progress.report(origins.size(), workers.stream().mapToLong(worker -> worker.transitions).sum(), to - at,
                        depth);
            }
        } catch (OutOfMemoryError e) {
            return "this JVM ran out of memory at depth " + depth + " (" + e.getMessage()
                    + "); lower --memory or give it a larger heap";
        }
        return "";
    }

    /** How many states can be continued before the table is too full, were every move to reach a new one. */
    private long room(int moves) {
        return ((long) (seen.capacity() * LOAD) - origins.size()) / moves;
    }

    /** Whether a table of some size, with what its growing takes, and the origins of some states are within the bound. */
    private boolean fits(long table, long states) {
        return table + Origins.bytes(states) <= memory;
    }

    private String outOfMemory(int depth) {
        return "the memory bound of " + (memory >> 20) + " MiB was reached at depth " + depth
                + "; raise it with --memory";
    }

    /**
     * The origins of the states that a slice has found, sorted. Those of the level's later slices are greater, as their
     * parents are.
     */
    private long[] fresh() {
        long[] fresh = new long[workers.stream().mapToInt(worker -> worker.freshCount).sum()];
        int count = 0;
        for (Worker worker : workers) {
            for (int i = 0; i < worker.freshCount; i++) {
                fresh[count++] = seen.origin(worker.fresh[i]);
            }
            worker.freshCount = 0;
        }
        Arrays.sort(fresh);
        return fresh;
    }

    private void runSlice(ExecutorService pool, int from, int to, long levelStart, int depth) {
        AtomicInteger next = new AtomicInteger(from);
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            running.add(pool.submit(() -> {
                for (int chunk = next.getAndAdd(CHUNK); chunk < to; chunk = next.getAndAdd(CHUNK)) {
                    for (int state = chunk; state < Math.min(chunk + CHUNK, to); state++) {
                        worker.expand(state, levelStart, depth);
                    }
                }
            }));
        }
        Throwable failed = null;
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                failed = e.getCause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        for (Worker worker : workers) {
            worker.found.forEach(this::offer);
            worker.found.clear();
            needlessOrigin = Math.min(needlessOrigin, worker.needlessOrigin);
        }
        if (failed instanceof OutOfMemoryError memoryError) {
            throw memoryError;
        }
        if (failed != null) {
            throw new IllegalStateException("the checker itself failed", failed);
        }
    }

    private void offer(Kind kind, Found candidate) {
        Found best = found.get(kind);
        if (best == null || best.worseThan(candidate)) {
            found.put(kind, candidate);
        }
    }

    private static int parent(long origin) {
        return (int) (origin >>> MOVE_BITS) - 1;
    }

    private static int moveOf(long origin) {
        return (int) origin & (1 << MOVE_BITS) - 1;
    }

    /** The moves that an origin ends, from the first state on. */
    private int[] path(long origin) {
        int length = 0;
        for (long each = origin; each != 0; each = origins.get(parent(each))) {
            length++;
        }
        int[] path = new int[length];
        for (long each = origin; each != 0; each = origins.get(parent(each))) {
            path[--length] = moveOf(each);
        }
        return path;
    }

    @Override
    public void close() {
        seen.close();
        origins.close();
    }

    /** One thread's machine, and what it has found in the present slice. */
    private final class Worker implements AutoCloseable {
        final World world;
        final LongSupplier fingerprint;
        private final Arena snapshots = Arena.ofShared();
        private final MemorySegment parentState;
        private final int[] parentGhost;
        private final MemorySegment ownState;
        private final int[] ownGhost;
        private int parentAt = -1;
        final Map<Kind, Found> found = new TreeMap<>();
        long[] fresh = new long[1024];
        int freshCount;
        long transitions;
        long needless;
        long needlessOrigin = Long.MAX_VALUE;
        long outOfFrames;

        Worker() {
            world = new World(machines.create(PageArena.allocate(scope.arena(lruBatch))), scope);
            fingerprint = fingerprints.apply(world);
            parentState = snapshots.allocate(world.arena.stateBytes(), 64);
            ownState = snapshots.allocate(world.arena.stateBytes(), 64);
            parentGhost = new int[world.ghost.words.length];
            ownGhost = new int[world.ghost.words.length];
        }

        @Override
        public void close() {
            world.arena.close();
            snapshots.close();
        }

        /** Makes every move from a state. */
        void expand(int state, long levelStart, int depth) {
            makeState(state);
            world.save(ownState, ownGhost);
            for (int code : world.moves()) {
                long origin = (state + 1L) << MOVE_BITS | code;
                int outcome = make(code);
                if (outcome == World.DISABLED) {
                    // Nothing was changed, so there is nothing to restore.
                    continue;
                }
                if (outcome == World.NO_FRAME) {
                    outOfFrames++;
                    world.restore(ownState, ownGhost);
                    continue;
                }
                if (outcome == 0) {
                    outcome = world.judge(code);
                }
                transitions++;
                if (outcome != 0) {
                    violated(outcome, origin, depth + 1);
                }
                if ((outcome & World.BROKEN) == 0) {
                    if (world.needless()) {
                        needless++;
                        needlessOrigin = Math.min(needlessOrigin, origin);
                    }
                    long entry = seen.insert(fingerprint.getAsLong(), origin, levelStart);
                    if (entry >= 0) {
                        if (freshCount == fresh.length) {
                            fresh = Arrays.copyOf(fresh, 2 * freshCount);
                        }
                        fresh[freshCount++] = entry;
                    }
                }
                world.restore(ownState, ownGhost);
            }
        }

        /** Makes a move; broken bookkeeping is what it leaves behind, and whatever the machine or the policy throws. */
        private int make(int code) {
            try {
                int outcome = world.make(code);
                if (outcome == 0) {
                    world.machine.validate();
                }
                return outcome;
            } catch (RuntimeException e) {
                return World.bit(Property.BOOKKEEPING) | World.BROKEN;
            }
        }

        /** Replays a state's path, from its parent's snapshot when that is the one at hand. */
        private void makeState(int state) {
            long origin = origins.get(state);
            if (origin == 0) {
                world.reset();
                return;
            }
            int parent = parent(origin);
            if (parent == parentAt) {
                world.restore(parentState, parentGhost);
            } else {
                world.reset();
                for (int code : path(origins.get(parent))) {
                    world.move(code);
                }
                world.save(parentState, parentGhost);
                parentAt = parent;
            }
            world.move(moveOf(origin));
        }

        private void violated(int bits, long origin, int depth) {
            for (Property property : Property.values()) {
                if ((bits & World.bit(property)) == 0) {
                    continue;
                }
                Kind kind = new Kind(property, world.cause(), world.shownByPin(property));
                Found known = Explorer.this.found.get(kind);
                if (known != null && !known.environment()) {
                    continue;
                }
                boolean environment = Arrays.stream(path(origin)).anyMatch(code -> World.kind(code).op() == null);
                Found candidate = new Found(depth, environment, origin);
                found.merge(kind, candidate, (best, other) -> best.worseThan(other) ? other : best);
            }
        }

        /** Replays a path and writes it down as a script, as far as it goes without an exception. */
        private void replay(long origin, List<Step> steps, List<String> did,
                List<Violation.EnvironmentMove> environment) {
            world.reset();
            for (int code : path(origin)) {
                Step step = world.step(code);
                if (step == null) {
                    environment.add(new Violation.EnvironmentMove(steps.size(), world.environmentText(code)));
                } else {
                    steps.add(step);
                }
                String done = world.narrate(code);
                if (step != null) {
                    did.add(done);
                }
            }
        }

        Violation tell(Kind kind, Found violation) {
            Property property = kind.property();
            List<Violation.EnvironmentMove> environment = new ArrayList<>();
            List<Step> steps = new ArrayList<>();
            List<String> did = new ArrayList<>();
            String message = "";
            try {
                replay(violation.origin(), steps, did, environment);
                if (property == Property.BOOKKEEPING) {
                    world.machine.validate();
                } else {
                    steps.add(world.witness(property));
                    did.add(world.witnessed(property));
                }
            } catch (RuntimeException e) {
                message = String.valueOf(e.getMessage());
                if (did.size() < steps.size()) {
                    did.add("fails");
                }
            }
            String file = policy + "-" + property.id() + ".litmus";
            return new Violation(scope, property, kind.cause(), kind.pin(),
                    new Script(file, scope.pages(), steps, List.of()), did, environment, violation.depth(), message);
        }

        Script tellNeedless(long origin) {
            List<Step> steps = new ArrayList<>();
            replay(origin, steps, new ArrayList<>(), new ArrayList<>());
            return new Script(policy + "-needless-copy.litmus", scope.pages(), steps, List.of());
        }
    }
}
