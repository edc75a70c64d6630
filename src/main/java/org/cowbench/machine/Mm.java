package org.cowbench.machine;

import static org.cowbench.arena.PageRecord.ANON_EXCLUSIVE;
import static org.cowbench.arena.PageRecord.LRU;
import static org.cowbench.arena.PageRecord.MAP;
import static org.cowbench.arena.PageRecord.PIN_BIAS;
import static org.cowbench.arena.PageRecord.REF;
import static org.cowbench.arena.PageRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.WRITEBACK;

import java.util.function.Function;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.References;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.ReusePolicy;

/** The parts of a kernel, each a class named after the file of Linux that does it, and what policies see of them. */
class Mm implements KernelOps {
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
    /** What the last read or peek saw. */
    long value;
    private final Frames frames;
    private final PageTables tables;
    private final References references;
    private final int referenceCount;

    Mm(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this(arena, policy, options, Lru::new, Swap::new, PageIo::new, Rmap::new);
    }

    /** With parts of another make: tests plant faults in them. Each part keeps those before it that it uses. */
    Mm(PageArena arena, ReusePolicy policy, MachineOptions options, Function<Mm, Lru> lru, Function<Mm, Swap> swap,
            Function<Mm, PageIo> io, Function<Mm, Rmap> rmap) {
        this.arena = arena;
        this.policy = policy;
        this.options = options;
        frames = arena.frames();
        tables = arena.tables();
        references = arena.references();
        referenceCount = arena.spec().references();
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
    }

    /** Makes an empty machine with one process. */
    void reset() {
        arena.clear();
        pageAlloc.reset();
        lru.reset();
        swap.reset();
        io.reset();
        tables.alive(0, true);
    }

    @Override
    public int refcount(int frame) {
        return frames.get(frame, REF);
    }

    @Override
    public int mapcount(int frame) {
        return frames.get(frame, MAP);
    }

    @Override
    public boolean inSwapCache(int frame) {
        return frames.has(frame, SWAPCACHE);
    }

    @Override
    public int swapcount(int frame) {
        return swap.count(frame);
    }

    @Override
    public boolean underWriteback(int frame) {
        return frames.has(frame, WRITEBACK);
    }

    @Override
    public boolean onLru(int frame) {
        return frames.has(frame, LRU);
    }

    @Override
    public boolean exclusive(int frame) {
        return frames.has(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void setExclusive(int frame) {
        frames.setFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void clearExclusive(int frame) {
        frames.clearFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public boolean maybePinned(int frame) {
        return refcount(frame) >= PIN_BIAS;
    }

    @Override
    public boolean hasPinned(int process) {
        return tables.hasPinned(process);
    }

    @Override
    public boolean tryLock(int frame) {
        return frames.tryLock(frame);
    }

    @Override
    public void unlock(int frame) {
        frames.unlock(frame);
    }

    @Override
    public void lruAddDrain() {
        lru.addDrain();
    }

    @Override
    public void swapFree(int slot) {
        swap.free(slot);
    }

    @Override
    public boolean tryFreeSwap(int frame) {
        return swap.tryFree(frame);
    }

    @Override
    public void deleteFromSwapCache(int frame) {
        swap.deleteFromCache(frame);
    }

    @Override
    public boolean swapFull() {
        return swap.full();
    }

    @Override
    public boolean stableWrites() {
        return options.stableWrites();
    }

    @Override
    public boolean synchronousIo() {
        return options.synchronousIo();
    }

    @Override
    public boolean seenByOthers(int process, int frame) {
        int users = mapcount(frame) + (inSwapCache(frame) ? swapcount(frame) : 0);
        if (users > 1 || underWriteback(frame) && stableWrites()) {
            return true;
        }
        for (int reference = 0; reference < referenceCount; reference++) {
            int kind = references.kind(reference);
            // A passing reference looks at nothing.
            if (kind != 0 && kind != References.KIND_SPECULATIVE && references.frame(reference) == frame
                    && references.owner(reference) != process) {
                return true;
            }
        }
        return false;
    }
}
