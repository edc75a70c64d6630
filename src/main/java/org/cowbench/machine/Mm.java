package org.cowbench.machine;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.ReusePolicy;

/** The parts of a kernel, each a class named after the file of Linux that does it, and its tasks. */
final class Mm {
    final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
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
    /** One a process, whether it exists or not. */
    final Task[] tasks;

    Mm(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this(arena, policy, options, Lru::new, Swap::new, PageIo::new, Rmap::new, Task::new);
    }

    /** With parts of another make: tests plant faults in them. Each part keeps those before it that it uses. */
    Mm(PageArena arena, ReusePolicy policy, MachineOptions options, Function<Mm, Lru> lru, Function<Mm, Swap> swap,
            Function<Mm, PageIo> io, Function<Mm, Rmap> rmap, BiFunction<Mm, Integer, Task> task) {
        this.arena = arena;
        this.policy = policy;
        this.options = options;
        pageAlloc = new PageAlloc(this);
        this.lru = lru.apply(this);
        this.swap = swap.apply(this);
        this.io = io.apply(this);
        this.rmap = rmap.apply(this);
        reclaim = new Reclaim(this);
        readahead = new SwapReadahead(this);
        faults = new Faults(this);
        fork = new Fork(this);
        gup = new Gup(this);
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
