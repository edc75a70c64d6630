package org.cowbench.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.result.Situation.Step;
import org.cowbench.result.Situation;

/** A machine whose pages are prepared, and which one bulk copy of its metadata puts back into that state. */
final class Prepared implements AutoCloseable {
    private static final int FRAME_BYTES = 4096;
    private static final int SPARE_FRAMES = 64;

    final Machine machine;
    final PageArena arena;
    /** The pages in the fixed random order in which they are used. */
    final int[] order;
    private final Arena snapshotOwner = Arena.ofShared();
    private final MemorySegment snapshot;
    private int next;

    Prepared(ReusePolicy policy, Situation situation, int pages) {
        // Swap is more than twice what is swapped out, so that vm_swap_full() is false, as on an ordinary machine.
        ArenaSpec spec = new ArenaSpec(2 * pages + SPARE_FRAMES, 2 * pages + 2, 2, pages, situation.batched() ? pages : 1,
                situation.steps().contains(Step.PINRO) ? pages : 0, policy.lruBatch(), FRAME_BYTES);
        arena = PageArena.map(spec, true);
        machine = new Machine(arena, policy, new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, false));
        for (int page = 0; page < pages; page++) {
            machine.write(0, page, page + 1L);
        }
        prepare(situation, pages);
        snapshot = snapshotOwner.allocate(arena.metadataBytes(), Long.BYTES);
        arena.save(snapshot, 0, arena.metadataBytes());
        order = Shuffled.order(pages);
    }

    private void prepare(Situation situation, int pages) {
        machine.drain(0);
        if (situation.batched()) {
            for (int page = 0; page < pages; page++) {
                machine.task(0).runOn(page);
                for (Step step : situation.steps()) {
                    act(step, page);
                }
            }
            return;
        }
        for (Step step : situation.steps()) {
            // These are of the process, not of a page.
            int last = step == Step.FORK || step == Step.EXIT ? 1 : pages;
            for (int page = 0; page < last; page++) {
                act(step, page);
            }
            machine.drain(0);
        }
    }

    private void act(Step step, int page) {
        switch (step) {
            case PAGEOUT -> machine.pageout(0, page);
            case FORK -> machine.fork(0, 1);
            case EXIT -> machine.exit(1);
            case READ -> machine.read(0, page);
            case PINRO -> machine.pinReadOnly(0, page, page);
        }
    }

    /** Puts the pages back when every one has been used. */
    void rewind() {
        if (next == order.length) {
            arena.restore(snapshot, 0, arena.metadataBytes());
            next = 0;
        }
    }

    /**
     * Moves on by some pages.
     *
     * @param count how many
     * @return where they begin in {@link #order}
     */
    int advance(int count) {
        int begin = next;
        next += count;
        return begin;
    }

    @Override
    public void close() {
        arena.close();
        snapshotOwner.close();
    }
}
