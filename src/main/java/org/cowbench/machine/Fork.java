package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.policy.ReusePolicy;

/** kernel/fork.c and kernel/exit.c: a process begins and ends. */
class Fork {
    final PageArena arena;
    final ReusePolicy policy;
    final Frames frames;
    final PageTables tables;
    private final References references;
    private final PageAlloc pageAlloc;
    final Lru lru;
    private final Swap swap;
    final Rmap rmap;
    private final PageIo io;
    final Reclaim reclaim;
    final Faults faults;
    final int pages;

    Fork(Mm mm) {
        arena = mm.arena;
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        references = mm.arena.references();
        pageAlloc = mm.pageAlloc;
        lru = mm.lru;
        swap = mm.swap;
        rmap = mm.rmap;
        io = mm.io;
        reclaim = mm.reclaim;
        faults = mm.faults;
        pages = mm.arena.spec().pages();
    }

    final int fork(Task task, int child) {
        if (!copyArea(task, child)) {
            zapAll(child);
            return Outcome.NO_MEMORY;
        }
        tables.cpu(child, task.cpu());
        tables.readahead(child, tables.readahead(task.process));
        tables.alive(child, true);
        io.tick(task);
        return 0;
    }

    /** dup_mmap. */
    boolean copyArea(Task task, int child) {
        int parent = task.process;
        for (int page = 0; page < pages; page++) {
            if (Pte.isPresent(tables.pte(parent, page)) && !reclaim.ensureFree(task)) {
                return false;
            }
            tables.vmaBits(child, page, tables.vmaBits(parent, page));
            if (!tables.hasAnonVma(parent, page)) {
                // Nothing but the zero page can be there, and fork does not copy what a fault can fill in.
                continue;
            }
            // Read only now: making memory free may have unmapped the page.
            long pte = tables.pte(parent, page);
            if (Pte.isSwap(pte)) {
                forkSwapped(parent, child, page, pte);
            } else if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
                forkPresent(task, child, page, pte);
            } else {
                tables.pte(child, page, pte);
            }
        }
        return true;
    }

    final void forkSwapped(int parent, int child, int page, long pte) {
        swap.duplicate(Pte.slot(pte));
        tables.pte(child, page, pte & ~Pte.EXCLUSIVE);
        if (!policy.forkKeepsEntryExclusive()) {
            tables.pte(parent, page, pte & ~Pte.EXCLUSIVE);
        }
    }

    /** copy_present_pte. */
    final void forkPresent(Task task, int child, int page, long pte) {
        int frame = Pte.frame(pte);
        if (policy.forkCopies(task, frame)) {
            copyPresent(task, child, page, frame);
            return;
        }
        lru.get(frame, 1);
        rmap.add(child, frame, false);
        share(task.process, child, page, pte);
    }

    /** copy_present_page: the child gets a page of its own. */
    final void copyPresent(Task task, int child, int page, int frame) {
        int copy = pageAlloc.alloc(task, page);
        frames.copy(frame, copy);
        task.count(Counter.BYTES_COPIED, arena.spec().frameBytes());
        faults.mapNew(task, child, page, copy, true);
    }

    /** __copy_present_ptes of one: both entries are write-protected. */
    final void share(int parent, int child, int page, long pte) {
        tables.pte(parent, page, pte & ~Pte.WRITABLE);
        tables.pte(child, page, pte & ~(Pte.WRITABLE | Pte.ACCESSED));
    }

    void exit(Task task) {
        int process = task.process;
        if (drainsAtExit()) {
            lru.addDrain(task);
        }
        zapAll(process);
        tables.alive(process, false);
        tables.hasPinned(process, false);
        tables.readahead(process, 0);
        for (int reference = 0; reference < arena.spec().references(); reference++) {
            int kind = references.kind(reference);
            if (kind != 0 && references.owner(reference) == process) {
                references.set(reference, kind, references.frame(reference), NIL);
            }
        }
        io.tick(task);
    }

    /** Of base pages in every era, see {@link ReusePolicy#unmappingDrains}. */
    boolean drainsAtExit() {
        return true;
    }

    void zapAll(int process) {
        for (int page = 0; page < pages; page++) {
            faults.zap(process, page);
            tables.vmaBits(process, page, 0);
        }
    }
}
