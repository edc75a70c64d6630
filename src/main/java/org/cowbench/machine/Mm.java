package org.cowbench.machine;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

/** The parts of a kernel, each a class named after the file of Linux that does it, and its tasks. */
final class Mm {
    final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
    /** Of large folios; not used where there are none. */
    final Owners owners;

    final Vmas vmas;
    /** Null where there are no large folios, as the next is. */
    final @Nullable Huge huge;

    final @Nullable LargeSwapIn swapIn;
    final PageAlloc pageAlloc;
    final Lru lru;
    final Swap swap;
    final PageIo io;
    final Rmap rmap;
    final Reclaim reclaim;
    final SwapReadahead readahead;
    final Faults faults;
    final Fork fork;
    final Gup gup;
    final Madvise madvise;
    /** One a process, whether it exists or not. */
    final Task[] tasks;

    Mm(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this(
                arena,
                policy,
                options,
                large(arena) ? LargeLru::new : Lru::new,
                large(arena) ? LargeSwap::new : Swap::new,
                large(arena) ? LargeIo::new : PageIo::new,
                large(arena) ? LargeRmap::new : Rmap::new,
                large(arena) ? LargeTask::new : Task::new);
    }

    /** Whether there may be large folios: the parts that know them are then other classes, and nobody else pays. */
    static boolean large(PageArena arena) {
        return arena.spec().order() > 0;
    }

    /** With parts of another make: tests plant faults in them. Each part keeps those before it that it uses. */
    Mm(
            PageArena arena,
            ReusePolicy policy,
            MachineOptions options,
            Function<Mm, Lru> lru,
            Function<Mm, Swap> swap,
            Function<Mm, PageIo> io,
            Function<Mm, Rmap> rmap,
            BiFunction<Mm, Integer, Task> task) {
        this(arena, policy, options, lru, swap, io, rmap, task, Huge::new, LargeSwapIn::new);
    }

    /** The same with parts that there are only where there are large folios. */
    Mm(
            PageArena arena,
            ReusePolicy policy,
            MachineOptions options,
            Function<Mm, Lru> lru,
            Function<Mm, Swap> swap,
            Function<Mm, PageIo> io,
            Function<Mm, Rmap> rmap,
            BiFunction<Mm, Integer, Task> task,
            Function<Mm, Huge> huge,
            Function<Mm, LargeSwapIn> swapIn) {
        this.arena = arena;
        this.policy = policy;
        this.options = options;
        boolean large = large(arena);
        owners = new Owners(arena, policy.tracksOwners());
        vmas = new Vmas(this);
        pageAlloc = large ? new Buddy(this) : new PageAlloc(this);
        this.lru = lru.apply(this);
        this.swap = swap.apply(this);
        this.io = io.apply(this);
        this.rmap = rmap.apply(this);
        this.huge = large ? huge.apply(this) : null;
        reclaim = large ? new LargeReclaim(this) : new Reclaim(this);
        readahead = new SwapReadahead(this);
        this.swapIn = large ? swapIn.apply(this) : null;
        faults = large ? new LargeFaults(this) : new Faults(this);
        fork = large ? new LargeFork(this) : new Fork(this);
        gup = new Gup(this);
        madvise = large ? new LargeMadvise(this) : new Madvise(this);
        tasks = new Task[arena.spec().processes()];
        Arrays.setAll(tasks, process -> task.apply(this, process));
    }

    /** Makes an empty machine with one process. */
    void reset() {
        arena.clear();
        pageAlloc.reset();
        lru.reset();
        swap.reset();
        io.reset();
        for (Task task : tasks) {
            task.reset();
        }
        arena.tables().alive(0, true);
    }
}
