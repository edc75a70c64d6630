package org.cowbench.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.cowbench.arena.PageArena;
import org.cowbench.litmus.Script;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

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

    /** States that a worker takes at a time. */
    private static final int CHUNK = 64;
    /** Moves of the states that are continued between two looks at the memory: most states that can be new. */
    private static final int SLICE = 1 << 16;

    private static final double NANOS = 1e9;
    private static final int MAX_STATES = Integer.MAX_VALUE - 64;

    private final String policy;
    private final Scope scope;
    private final MachineFactory machines;
    private final int lruBatch;
    private final Function<World, LongSupplier> fingerprints;
    private final int threads;
    private final Progress progress;
    private final States states;
    private final SliceSet slice;
    private final int[] moves;
    private final List<Worker> workers = new ArrayList<>();
    private Findings found = new Findings();
    /** What was counted before the checkpoint from which the search goes on, and how long that took. */
    private Totals before = new Totals();

    private long nanosBefore;
    /** The level and the states of it that are still to be continued: from {@code at} to {@code to}. */
    private int depth;

    private int at;
    private int to;

    /**
     * Prepares a search of a policy.
     *
     * @param policy the policy's id, for the result
     * @param scope what to explore
     * @param threads workers
     * @param memory most bytes of states and fingerprints
     * @param progress is told how it goes on
     */
    public Explorer(String policy, ReusePolicy rule, Scope scope, int threads, long memory, Progress progress) {
        this(
                policy,
                arena -> new Machine(arena, rule, MachineOptions.LITMUS),
                rule.lruBatch(),
                scope,
                threads,
                memory,
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
    public Explorer(
            String policy,
            MachineFactory machines,
            int lruBatch,
            Scope scope,
            int threads,
            long memory,
            Progress progress) {
        this(policy, machines, lruBatch, Fingerprint::of, scope, threads, memory, progress);
    }

    /** For tests that tell states apart in another way. */
    Explorer(
            String policy,
            MachineFactory machines,
            int lruBatch,
            Function<World, LongSupplier> fingerprints,
            Scope scope,
            int threads,
            long memory,
            Progress progress) {
        this.policy = policy;
        this.machines = machines;
        this.lruBatch = lruBatch;
        this.fingerprints = fingerprints;
        this.scope = scope;
        this.threads = threads;
        this.progress = progress;
        states = new States(memory);
        moves = Moves.of(scope);
        slice = new SliceSet(Math.max(SLICE, CHUNK * moves.length));
    }

    /**
     * Searches to the end; see {@link #explore(BooleanSupplier, Checkpoint)}.
     *
     * @return what was found
     */
    public CheckResult explore() {
        return explore(() -> false, null);
    }

    /**
     * Searches. Memory that runs out, by the bound or in this JVM, ends the search early, and so do an interruption and a
     * checkpoint that cannot be written; what ended it is told.
     *
     * @param interrupted asked many times a second whether to stop
     * @param checkpoint where to go on from and to write how far the search has come, or null
     * @return what was found
     */
    public CheckResult explore(BooleanSupplier interrupted, @Nullable Checkpoint checkpoint) {
        long start = System.nanoTime();
        Ending ending;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                World world = world();
                workers.add(new Worker(world, fingerprints.apply(world), moves, states, slice));
            }
            ending = search(pool, interrupted, checkpoint, start);
        } catch (OutOfMemoryError e) {
            ending = new Ending(
                    Ending.Kind.MEMORY,
                    "this JVM ran out of memory at depth " + depth + " (" + e.getMessage()
                            + "); lower --memory or give it a larger heap");
        } finally {
            workers.forEach(Worker::close);
        }
        return result(ending, nanosBefore + System.nanoTime() - start);
    }

    private Ending search(
            ExecutorService pool, BooleanSupplier interrupted, @Nullable Checkpoint checkpoint, long start) {
        states.add(0, workers.getFirst().fingerprint.getAsLong());
        to = 1;
        try {
            if (checkpoint != null && !resume(checkpoint)) {
                return states.outOfMemory(depth);
            }
            while (true) {
                if (at == to) {
                    if (to == states.size()) {
                        return Ending.FIXPOINT;
                    }
                    to = states.size();
                    depth++;
                }
                if (depth == scope.depth()) {
                    return new Ending(Ending.Kind.DEPTH, "depth " + depth + " was the bound");
                }
                if (interrupted.getAsBoolean()) {
                    return new Ending(
                            Ending.Kind.INTERRUPTED,
                            "interrupted at depth " + depth + ", with " + states.size() + " states found");
                }
                int end = at + Math.min(to - at, Math.max(CHUNK, SLICE / moves.length));
                runSlice(pool, at, end);
                long[] fresh = fresh();
                if ((long) states.size() + fresh.length > MAX_STATES) {
                    return new Ending(
                            Ending.Kind.MEMORY,
                            "more than " + MAX_STATES + " states at depth " + depth
                                    + ": no memory holds the numbers of more");
                }
                if (!states.makeRoom(fresh.length)) {
                    return states.outOfMemory(depth);
                }
                at = end;
                keep(fresh, checkpoint, nanosBefore + System.nanoTime() - start);
                progress.report(states.size(), total().transitions, to - at, depth);
            }
        } catch (IOException e) {
            return new Ending(
                    Ending.Kind.CHECKPOINT,
                    "the checkpoint " + checkpoint + " failed at depth " + depth + ": " + e.getMessage());
        }
    }

    /** Takes over what a slice has found. */
    private void keep(long[] fresh, @Nullable Checkpoint checkpoint, long nanos) throws IOException {
        long[] added = new long[2 * fresh.length];
        for (int i = 0; i < fresh.length; i++) {
            int entry = (int) fresh[i] & (1 << slice.bits()) - 1;
            added[2 * i] = fresh[i] >>> slice.bits();
            added[2 * i + 1] = slice.fingerprint(entry);
            slice.clear(entry);
        }
        add(added);
        if (checkpoint != null) {
            checkpoint.append(new Block(added, depth, at, to, total(), nanos, found).bytes());
        }
    }

    private void add(long[] added) {
        for (int i = 0; i < added.length; i += 2) {
            states.add(added[i], added[i + 1]);
        }
    }

    /** Goes on from where a checkpoint left off; false if that takes more memory than there may be. */
    private boolean resume(Checkpoint checkpoint) throws IOException {
        boolean[] fits = {true};
        checkpoint.read(block -> fits[0] = fits[0] && take(Block.read(block)));
        return fits[0];
    }

    private boolean take(Block block) {
        if (!states.makeRoom(block.states().length / 2)) {
            return false;
        }
        add(block.states());
        depth = block.depth();
        at = block.at();
        to = block.to();
        before = block.totals();
        nanosBefore = block.nanos();
        found = block.found();
        return true;
    }

    private Totals total() {
        Totals sum = new Totals();
        sum.add(before);
        workers.forEach(worker -> sum.add(worker.totals));
        return sum;
    }

    private CheckResult result(Ending ending, long nanos) {
        Totals total = total();
        try (World world = world()) {
            Map<Property, Verdict> verdicts = new EnumMap<>(Property.class);
            for (Property property : Property.values()) {
                List<Violation> violations = found.of(property)
                        .map(entry -> new Narrator(policy, world)
                                .tell(
                                        entry.getKey(),
                                        entry.getValue().depth(),
                                        states.origins.path(entry.getValue().origin())))
                        .sorted(Comparator.comparing(
                                        (Violation each) -> !each.environment().isEmpty())
                                .thenComparingInt(Violation::moves))
                        .toList();
                String missing = scope.missing(property);
                verdicts.put(
                        property,
                        !violations.isEmpty()
                                ? new Verdict.Unsafe(violations)
                                : !missing.isEmpty()
                                        ? new Verdict.NotJudged(missing)
                                        : ending.kind() == Ending.Kind.FIXPOINT
                                                ? new Verdict.Safe(scope, List.of())
                                                : new Verdict.SafeWithin(depth, ending.text()));
            }
            return new CheckResult(
                    policy,
                    scope,
                    verdicts,
                    states.size(),
                    total.transitions,
                    depth,
                    ending,
                    new CheckResult.Cost(total.needless, tell(world, total.needlessOrigin, "needless-copy")),
                    new CheckResult.Cost(total.held, tell(world, total.heldOrigin, "held-for-nothing")),
                    (int) total.mostHeld,
                    total.outOfFrames,
                    states.bytes(),
                    nanos / NANOS);
        }
    }

    private @Nullable Script tell(World world, long origin, String name) {
        return origin == Long.MAX_VALUE ? null : new Narrator(policy, world).tell(states.origins.path(origin), name);
    }

    private World world() {
        return new World(machines.create(PageArena.allocate(scope.arena(lruBatch))), scope);
    }

    // ---- levels ----

    /**
     * The states that a slice has found, sorted: each its origin and behind that its entry in the slice's set. Those of
     * the level's later slices are greater, as their parents are.
     */
    private long[] fresh() {
        long[] fresh =
                new long[workers.stream().mapToInt(worker -> worker.freshCount).sum()];
        int count = 0;
        for (Worker worker : workers) {
            for (int i = 0; i < worker.freshCount; i++) {
                fresh[count++] = slice.origin(worker.fresh[i]) << slice.bits() | worker.fresh[i];
            }
            worker.freshCount = 0;
        }
        Arrays.sort(fresh);
        return fresh;
    }

    private void runSlice(ExecutorService pool, int from, int end) {
        AtomicInteger next = new AtomicInteger(from);
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            running.add(pool.submit(() -> {
                for (int chunk = next.getAndAdd(CHUNK); chunk < end; chunk = next.getAndAdd(CHUNK)) {
                    for (int state = chunk; state < Math.min(chunk + CHUNK, end); state++) {
                        worker.expand(state, depth, found);
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
            found.drain(worker.found);
        }
        if (failed instanceof OutOfMemoryError memoryError) {
            throw memoryError;
        }
        if (failed != null) {
            throw new IllegalStateException("the checker itself failed", failed);
        }
    }

    @Override
    public void close() {
        states.close();
        slice.close();
    }
}
