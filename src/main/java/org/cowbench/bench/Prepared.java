package org.cowbench.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;

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

    Prepared(ReusePolicy policy, Preparation preparation, int pages) {
        // Swap is more than twice what is swapped out, so that vm_swap_full() is false, as on an ordinary machine.
        ArenaSpec spec = new ArenaSpec(2 * pages + SPARE_FRAMES, 2 * pages + 2, 2, pages, preparation.cpus(pages),
                preparation.references(pages), policy.lruBatch(), FRAME_BYTES);
        arena = PageArena.map(spec, true);
        machine = new Machine(arena, policy, new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, false));
        for (int page = 0; page < pages; page++) {
            machine.write(0, page, page + 1L);
        }
        preparation.prepare(machine, pages);
        snapshot = snapshotOwner.allocate(arena.metadataBytes(), Long.BYTES);
        arena.save(snapshot, 0, arena.metadataBytes());
        order = Shuffled.order(pages);
    }

    /** Says whether every page has been used. */
    boolean ended() {
        return next == order.length;
    }

    /** Puts the pages back when every one has been used. */
    void rewind() {
        if (ended()) {
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
