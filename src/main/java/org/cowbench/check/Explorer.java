package org.cowbench.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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
    private static final int SLICE = 1 << 16;
    /** A table does not grow by less than this part of it, as growing moves all of it. */
    private static final int FINEST_GROWTH = 32;
    /** A table grows by this part of it where memory allows. */
    private static final int GROWTH = 4;
    private static final double NANOS = 1e9;
    /** Of a block of a checkpoint all but the states and the violations. */
    private static final int STATE_BYTES = 5 * Integer.BYTES + 5 * Long.BYTES;
    private static final int MAX_STATES = Integer.MAX_VALUE - 64;

    private final String policy;
    private final Scope scope;
    private final MachineFactory machines;
    private final int lruBatch;
    private final Function<World, LongSupplier> fingerprints;
    private final int threads;
    private final long memory;
    private final Progress progress;
    private final SeenSet seen = new SeenSet();
    private final SliceSet slice;
    private final int[] moves;
    private final Origins origins = new Origins();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Kind, Found> found = new TreeMap<>();
    private final Totals before = new Totals();
    private long needlessOrigin = Long.MAX_VALUE;
    private long nanosBefore;
    /** The level and the states of it that are still to be continued: from {@code at} to {@code to}. */
    private int depth;
    private int at;
    private int to;

    /** What a search counts, of each worker, and of what went before a checkpoint. */
    private static final class Totals {
        long transitions;
        long needless;
        long outOfFrames;
    }

    /** Violations of one kind are told once. */
    private record Kind(Property property, Cause cause, boolean pin) implements Comparable<Kind> {
        static Kind read(ByteBuffer from) {
            return new Kind(Property.values()[from.get()], Cause.values()[from.get()], from.get() != 0);
        }

        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::property).thenComparing(Kind::cause).thenComparing(Kind::pin);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

    /** The best path to a violation: without the adversary first, then the smallest. */
    private record Found(int depth, boolean environment, long origin) {
        /** With its kind. */
        static final int BYTES = 4 + Integer.BYTES + Long.BYTES;

        static Found read(ByteBuffer from) {
            boolean environment = from.get() != 0;
            return new Found(from.getInt(), environment, from.getLong());
        }

        void write(Kind kind, ByteBuffer to) {
            to.put((byte) kind.property().ordinal()).put((byte) kind.cause().ordinal())
                    .put((byte) (kind.pin() ? 1 : 0)).put((byte) (environment ? 1 : 0)).putInt(depth).putLong(origin);
        }

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
        moves = World.enumerate(scope);
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
    public CheckResult explore(BooleanSupplier interrupted, Checkpoint checkpoint) {
        long start = System.nanoTime();
        Ending ending;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                workers.add(new Worker());
            }
            ending = search(pool, interrupted, checkpoint, start);
        } catch (OutOfMemoryError e) {
            ending = new Ending(Ending.Kind.MEMORY, "this JVM ran out of memory at depth " + depth + " (" + e.getMessage()
                    + "); lower --memory or give it a larger heap");
        } finally {
            workers.forEach(Worker::close);
        }
        return result(ending, nanosBefore + System.nanoTime() - start);
    }

    private Ending search(ExecutorService pool, BooleanSupplier interrupted, Checkpoint checkpoint, long start) {
        seen.insert(workers.getFirst().fingerprint.getAsLong());
        origins.append(0);
        to = 1;
        try {
            if (checkpoint != null && !resume(checkpoint)) {
                return outOfMemory();
            }
            while (true) {
                if (at == to) {
                    if (to == origins.size()) {
                        return Ending.FIXPOINT;
                    }
                    to = origins.size();
                    depth++;
                }
                if (depth == scope.depth()) {
                    return new Ending(Ending.Kind.DEPTH, "depth " + depth + " was the bound");
                }
                if (interrupted.getAsBoolean()) {
                    return new Ending(Ending.Kind.INTERRUPTED, "interrupted at depth " + depth + ", with "
                            + origins.size() + " states found");
                }
                int end = at + Math.min(to - at, Math.max(CHUNK, SLICE / moves.length));
                runSlice(pool, at, end);
                long[] fresh = fresh();
                if ((long) origins.size() + fresh.length > MAX_STATES) {
                    return new Ending(Ending.Kind.MEMORY, "more than " + MAX_STATES + " states at depth " + depth
                            + ": no memory holds the numbers of more");
                }
                if (!makeRoom(origins.size() + fresh.length)) {
                    return outOfMemory();
                }
                at = end;
                keep(fresh, checkpoint, nanosBefore + System.nanoTime() - start);
                progress.report(origins.size(), total().transitions, to - at, depth);
            }
        } catch (IOException e) {
            return new Ending(Ending.Kind.CHECKPOINT, "the checkpoint " + checkpoint + " failed at depth " + depth + ": "
                    + e.getMessage());
        }
    }

    // ---- checkpoints ----

    /** Takes over what a slice has found. */
    private void keep(long[] fresh, Checkpoint checkpoint, long nanos) throws IOException {
        ByteBuffer block = checkpoint == null ? null
                : ByteBuffer.allocate(fresh.length * 2 * Long.BYTES + found.size() * Found.BYTES + STATE_BYTES);
        if (block != null) {
            block.putInt(fresh.length);
        }
        for (long each : fresh) {
            long origin = each >>> slice.bits();
            int entry = (int) each & (1 << slice.bits()) - 1;
            long fingerprint = slice.fingerprint(entry);
            slice.clear(entry);
            seen.insert(fingerprint);
            origins.append(origin);
            if (block != null) {
                block.putLong(origin).putLong(fingerprint);
            }
        }
        if (block != null) {
            Totals total = total();
            block.putInt(depth).putInt(at).putInt(to).putLong(total.transitions).putLong(total.needless)
                    .putLong(total.outOfFrames).putLong(needlessOrigin).putLong(nanos).putInt(found.size());
            found.forEach((kind, violation) -> violation.write(kind, block));
            checkpoint.append(block.array());
        }
    }

    /** Goes on from where a checkpoint left off; false if that takes more memory than there may be. */
    private boolean resume(Checkpoint checkpoint) throws IOException {
        boolean[] fits = {true};
        checkpoint.read(block -> fits[0] = fits[0] && take(block));
        return fits[0];
    }

    private boolean take(ByteBuffer block) {
        int count = block.getInt();
        if (!makeRoom(origins.size() + count)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            origins.append(block.getLong());
            seen.insert(block.getLong());
        }
        depth = block.getInt();
        at = block.getInt();
        to = block.getInt();
        before.transitions = block.getLong();
        before.needless = block.getLong();
        before.outOfFrames = block.getLong();
        needlessOrigin = block.getLong();
        nanosBefore = block.getLong();
        found.clear();
        for (int violations = block.getInt(); violations > 0; violations--) {
            found.put(Kind.read(block), Found.read(block));
        }
        return true;
    }

    private Totals total() {
        Totals sum = new Totals();
        for (Totals each : Stream.concat(Stream.of(before), workers.stream().map(worker -> worker.totals)).toList()) {
            sum.transitions += each.transitions;
            sum.needless += each.needless;
            sum.outOfFrames += each.outOfFrames;
        }
        return sum;
    }

    private CheckResult result(Ending ending, long nanos) {
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
                        : ending.kind() == Ending.Kind.FIXPOINT ? new Verdict.Safe(scope, List.of())
                        : new Verdict.SafeWithin(depth, ending.text()));
            }
            Script needless = needlessOrigin == Long.MAX_VALUE ? null : narrator.tellNeedless(needlessOrigin);
            Totals total = total();
            return new CheckResult(policy, scope, verdicts, origins.size(), total.transitions, depth, ending,
                    total.needless, needless, total.outOfFrames, bytes(seen.chunks(), origins.size()), nanos / NANOS);
        }
    }

    // ---- memory ----

    private static long bytes(long chunks, long states) {
        return chunks * SeenSet.CHUNK_BYTES + Origins.bytes(states);
    }

    /** Makes the table large enough for some states; false if that takes more memory than there may be. */
    private boolean makeRoom(long states) {
        while (SeenSet.capacity(seen.chunks()) < states) {
            int more = Math.max(1, seen.chunks() / GROWTH);
            while (more > 0 && !fits(seen.chunks() + more)) {
                more--;
            }
            if (more < Math.max(1, seen.chunks() / FINEST_GROWTH)) {
                return false;
            }
            seen.grow(more);
        }
        return bytes(seen.chunks(), states) <= memory;
    }

    /** Whether a table of some chunks, with the origins of all states that it can hold, is within the bound. */
    private boolean fits(long chunks) {
        return bytes(chunks, SeenSet.capacity(chunks)) <= memory;
    }

    private Ending outOfMemory() {
        long used = bytes(seen.chunks(), origins.size());
        return new Ending(Ending.Kind.MEMORY, "the memory bound of " + (memory >> 20) + " MiB was reached at depth " + depth
                + ", with " + origins.size() + " states of " + Math.ceilDiv(used, origins.size())
                + " bytes; raise it with --memory");
    }

    // ---- levels ----

    /**
     * The states that a slice has found, sorted: each its origin and behind that its entry in the slice's set. Those of
     * the level's later slices are greater, as their parents are.
     */
    private long[] fresh() {
        long[] fresh = new long[workers.stream().mapToInt(worker -> worker.freshCount).sum()];
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
                        worker.expand(state);
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
        slice.close();
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
        final Totals totals = new Totals();
        int[] fresh = new int[1024];
        int freshCount;
        long needlessOrigin = Long.MAX_VALUE;

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
        void expand(int state) {
            makeState(state);
            world.save(ownState, ownGhost);
            for (int code : moves) {
                long origin = (state + 1L) << MOVE_BITS | code;
                int outcome = make(code);
                if (outcome == World.DISABLED) {
                    // Nothing was changed, so there is nothing to restore.
                    continue;
                }
                if (outcome == World.NO_FRAME) {
                    totals.outOfFrames++;
                    world.restore(ownState, ownGhost);
                    continue;
                }
                if (outcome == 0) {
                    outcome = world.judge(code);
                }
                totals.transitions++;
                if (outcome != 0) {
                    violated(outcome, origin, depth + 1);
                }
                if ((outcome & World.BROKEN) == 0) {
                    if (world.needless()) {
                        totals.needless++;
                        needlessOrigin = Math.min(needlessOrigin, origin);
                    }
                    long print = fingerprint.getAsLong();
                    int entry = seen.contains(print) ? -1 : slice.insert(print, origin);
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
        private void replay(long origin, List<Step> steps, List<StepOutcome> did,
                List<Violation.EnvironmentMove> environment) {
            world.reset();
            for (int code : path(origin)) {
                Step step = world.step(code);
                if (step == null) {
                    environment.add(new Violation.EnvironmentMove(steps.size(), world.environmentText(code)));
                } else {
                    steps.add(step);
                }
                StepOutcome done = world.narrate(code);
                if (step != null) {
                    did.add(done);
                }
            }
        }

        Violation tell(Kind kind, Found violation) {
            Property property = kind.property();
            List<Violation.EnvironmentMove> environment = new ArrayList<>();
            List<Step> steps = new ArrayList<>();
            List<StepOutcome> did = new ArrayList<>();
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
                    did.add(StepOutcome.Plain.FAILS);
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
