package org.cowbench.machine;

import static org.cowbench.arena.PageRecord.ANON_EXCLUSIVE;
import static org.cowbench.arena.PageRecord.LRU;
import static org.cowbench.arena.PageRecord.MAP;
import static org.cowbench.arena.PageRecord.PIN_BIAS;
import static org.cowbench.arena.PageRecord.REF;
import static org.cowbench.arena.PageRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.WRITEBACK;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.References;
import org.cowbench.policy.KernelOps;

/**
 * Who is running: a process, the CPU it is on, what it saw last and what it counted. Operations are done by a task, and
 * policies see the kernel through it.
 */
public class Task implements KernelOps {
    final int process;
    private final MachineOptions options;
    private final Frames frames;
    private final PageTables tables;
    private final References references;
    private final Lru lru;
    private final Swap swap;
    private final int referenceCount;
    private final Counters counters = new Counters();
    private long value;

    Task(Mm mm, int process) {
        this.process = process;
        options = mm.options;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        references = mm.arena.references();
        lru = mm.lru;
        swap = mm.swap;
        referenceCount = mm.arena.spec().references();
    }

    void reset() {
        counters.clear();
        value = 0;
    }

    /**
     * The CPU whose batches its operations fill and drain. A child starts on its parent's.
     *
     * @return the CPU
     */
    public final int cpu() {
        return tables.cpu(process);
    }

    /**
     * Moves to another CPU.
     *
     * @param cpu the CPU
     */
    public final void runOn(int cpu) {
        tables.cpu(process, cpu);
    }

    /**
     * What its last read or peek saw.
     *
     * @return the page's first word
     */
    public final long value() {
        return value;
    }

    final void saw(long word) {
        value = word;
    }

    /**
     * What it counted.
     *
     * @return its counters
     */
    public final Counters counters() {
        return counters;
    }

    final void count(Counter counter, long delta) {
        counters.add(counter, delta);
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
    public boolean hasPinned() {
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
        lru.addDrain(this);
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
    public boolean seenByOthers(int frame) {
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
