package org.cowbench.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;
import org.cowbench.result.Situation.Step;

/** A machine whose pages are prepared, and which one bulk copy of its metadata puts back into that state. */
final class Prepared implements AutoCloseable {
    private static final int FRAME_BYTES = 4096;
    private static final int SPARE_FRAMES = 64;

    final Machine machine;
    final PageArena arena;
    /** The pages, or the first page of each folio, in the fixed random order in which they are used. */
    final int[] order;

    private final Arena snapshotOwner = Arena.ofShared();
    private final MemorySegment snapshot;
    private int next;

    Prepared(ReusePolicy policy, Situation situation, int pages) {
        // Swap is more than twice what is swapped out, so that vm_swap_full() is false, as on an ordinary machine.
        this(
                policy,
                situation,
                new ArenaSpec(
                        2 * pages + SPARE_FRAMES,
                        2 * pages + 2,
                        2,
                        pages,
                        situation.batched() ? pages : 1,
                        situation.steps().contains(Step.PINRO) ? pages : 0,
                        policy.lruBatch(),
                        FRAME_BYTES),
                false);
    }

    private Prepared(ReusePolicy policy, Situation situation, ArenaSpec spec, boolean split) {
        int pages = spec.pages();
        int size = 1 << spec.order();
        arena = PageArena.map(spec, true);
        machine = new Machine(arena, policy, new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, false));
        for (int page = 0; page < pages; page++) {
            machine.write(0, page, page + 1L);
            if (size > 1 && !arena.frames().large(machine.frameOf(0, page))) {
                arena.close();
                throw new IllegalStateException(
                        "page " + page + " is in no folio of " + size + " pages: the kernels of this policy have none");
            }
        }
        for (int first = 0; split && first < pages; first += size) {
            machine.protect(0, first, false);
            machine.protect(0, first, true);
        }
        prepare(situation, pages, size);
        snapshot = snapshotOwner.allocate(arena.metadataBytes(), Long.BYTES);
        arena.save(snapshot, 0, arena.metadataBytes());
        order = Shuffled.order(pages / size);
        for (int i = 0; i < order.length; i++) {
            order[i] *= size;
        }
    }

    /**
     * Prepares large folios.
     *
     * @param policy the rules, of an era that has such folios
     * @param situation what they are like before they are measured
     * @param kind their size and what maps them
     * @param folios how many
     * @param touched whether pages are written then, and may be copied; otherwise they hold no more than a word
     * @return them, each used as a whole
     * @throws IllegalStateException if they do not come out as large folios
     */
    static Prepared folios(ReusePolicy policy, Situation situation, FolioKind kind, int folios, boolean touched) {
        int size = kind.pages();
        int pages = folios * size;
        // One folio's frames are lost to the zero page, and one's to what is left over of others.
        ArenaSpec spec = new ArenaSpec(
                (touched ? 2 : 1) * pages + 2 * size,
                2 * (pages + size),
                2,
                pages,
                1,
                0,
                policy.lruBatch(),
                touched ? FRAME_BYTES : Long.BYTES,
                Integer.numberOfTrailingZeros(size),
                kind.pmd());
        return new Prepared(policy, situation, spec, kind.split());
    }

    private void prepare(Situation situation, int pages, int size) {
        machine.drain(0);
        if (situation.batched()) {
            for (int page = 0; page < pages; page++) {
                machine.task(0).runOn(page);
                for (Step step : situation.steps()) {
                    act(step, page, 1);
                }
            }
            return;
        }
        for (Step step : situation.steps()) {
            // These are of the process, not of a page.
            int last = step == Step.FORK || step == Step.EXIT ? 1 : pages;
            for (int page = 0; page < last; page += size) {
                act(step, page, size);
            }
            machine.drain(0);
        }
    }

    private void act(Step step, int page, int size) {
        int end = page + size - 1;
        switch (step) {
            case PAGEOUT -> machine.pageout(0, page, end);
            case FORK -> machine.fork(0, 1);
            case EXIT -> machine.exit(1);
            case READ -> machine.read(0, page);
            case PINRO -> machine.pinReadOnly(0, page, page);
            case DISCARD_HALF -> machine.discard(0, page + size / 2, end);
            case DISCARD_REST -> machine.discard(0, page + 1, end);
        }
    }

    /** Puts all back when every page, or folio, has been used. */
    void rewind() {
        if (next == order.length) {
            arena.restore(snapshot, 0, arena.metadataBytes());
            next = 0;
        }
    }

    /**
     * Moves on by some pages or folios.
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
