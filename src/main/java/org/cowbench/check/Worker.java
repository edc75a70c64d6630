package org.cowbench.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.cowbench.policy.Property;

/** One thread's machine, and what it has found in the present slice. */
final class Worker implements AutoCloseable {
    private final World world;
    final LongSupplier fingerprint;
    private final int[] moves;
    private final States states;
    private final SliceSet slice;
    private final Arena snapshots = Arena.ofShared();
    private final MemorySegment parentState;
    private final int[] parentGhost;
    private final MemorySegment ownState;
    private final int[] ownGhost;
    private int parentAt = -1;
    final Findings found = new Findings();
    final Totals totals = new Totals();
    int[] fresh = new int[1024];
    int freshCount;

    /**
     * Makes a worker.
     *
     * @param world its machine, which it closes
     * @param fingerprint tells the states of that machine apart
     * @param moves what to do in each state
     * @param states those known when a slice begins; workers only read them
     * @param slice those found in the present slice, by all workers
     */
    Worker(World world, LongSupplier fingerprint, int[] moves, States states, SliceSet slice) {
        this.world = world;
        this.fingerprint = fingerprint;
        this.moves = moves;
        this.states = states;
        this.slice = slice;
        parentState = snapshots.allocate(world.arena.stateBytes(), 64);
        ownState = snapshots.allocate(world.arena.stateBytes(), 64);
        parentGhost = new int[world.ghost.words.length];
        ownGhost = new int[world.ghost.words.length];
    }

    @Override
    public void close() {
        world.close();
        snapshots.close();
    }

    /**
     * Makes every move from a state.
     *
     * @param state its number
     * @param depth its level
     * @param known violations that earlier slices have found
     */
    void expand(int state, int depth, Findings known) {
        makeState(state);
        world.save(ownState, ownGhost);
        for (int code : moves) {
            long origin = Origins.origin(state, code);
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
                outcome = world.judge.after(code);
            }
            totals.transitions++;
            if (outcome != 0) {
                violated(outcome, origin, depth + 1, known);
            }
            if ((outcome & Judge.BROKEN) == 0) {
                if (world.needless()) {
                    totals.needless(origin);
                }
                if (world.held()) {
                    totals.held(origin);
                }
                totals.mostHeld = Math.max(totals.mostHeld, world.pagesHeld());
                long print = fingerprint.getAsLong();
                int entry = states.seen.contains(print) ? -1 : slice.insert(print, origin);
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
            return Judge.bit(Property.BOOKKEEPING) | Judge.BROKEN;
        }
    }

    /** Replays a state's path, from its parent's snapshot when that is the one at hand. */
    private void makeState(int state) {
        long origin = states.origins.get(state);
        if (origin == 0) {
            world.reset();
            return;
        }
        int parent = Origins.parent(origin);
        if (parent == parentAt) {
            world.restore(parentState, parentGhost);
        } else {
            world.reset();
            for (int code : states.origins.path(states.origins.get(parent))) {
                world.move(code);
            }
            world.save(parentState, parentGhost);
            parentAt = parent;
        }
        world.move(Origins.move(origin));
    }

    private void violated(int bits, long origin, int depth, Findings earlier) {
        for (Property property : Property.values()) {
            if ((bits & Judge.bit(property)) == 0) {
                continue;
            }
            Findings.Kind kind = new Findings.Kind(property, world.cause(), world.judge.shownByPin(property));
            Findings.Found known = earlier.of(kind);
            if (known != null && !known.environment()) {
                continue;
            }
            boolean environment = Arrays.stream(states.origins.path(origin))
                    .anyMatch(code -> Moves.kind(code).op() == null);
            found.offer(kind, new Findings.Found(depth, environment, origin));
        }
    }
}
