package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.LRU;
import static org.cowbench.arena.FolioRecord.PIN_BIAS;
import static org.cowbench.arena.FolioRecord.REF;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.FolioRecord.WRITEBACK;
import static org.cowbench.arena.PageRecord.MAP;

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
    final Frames frames;
    private final PageTables tables;
    private final References references;
    private final Lru lru;
    final Swap swap;
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
    public int folioOf(int page) {
        return frames.folioOf(page);
    }

    @Override
    public int folioRefCount(int folio) {
        return frames.get(folio, REF);
    }

    @Override
    public int pageMapcount(int page) {
        return frames.get(page, MAP);
    }

    @Override
    public boolean folioTestSwapcache(int folio) {
        return frames.has(folio, SWAPCACHE);
    }

    @Override
    public int pageSwapcount(int page) {
        return swap.count(page);
    }

    @Override
    public boolean folioTestWriteback(int folio) {
        return frames.has(folio, WRITEBACK);
    }

    @Override
    public boolean folioTestLru(int folio) {
        return frames.has(folio, LRU);
    }

    @Override
    public boolean pageAnonExclusive(int page) {
        return frames.anonExclusive(page);
    }

    @Override
    public void setPageAnonExclusive(int page) {
        frames.setAnonExclusive(page);
    }

    @Override
    public void clearPageAnonExclusive(int page) {
        frames.clearAnonExclusive(page);
    }

    @Override
    public boolean folioMaybeDmaPinned(int folio) {
        return folioRefCount(folio) >= PIN_BIAS;
    }

    @Override
    public int folioNrPages(int folio) {
        return 1;
    }

    @Override
    public int folioLargeMapcount(int folio) {
        return frames.get(folio, MAP);
    }

    @Override
    public int folioEntireMapcount(int folio) {
        return 0;
    }

    @Override
    public boolean folioMaybeMappedShared(int folio) {
        return frames.get(folio, MAP) > 1;
    }

    @Override
    public int folioMmMapcount(int folio) {
        return 1;
    }

    @Override
    public boolean folioPartiallyMapped(int folio) {
        return false;
    }

    @Override
    public int folioMapSwapcount(int folio) {
        return frames.get(folio, MAP) + folioSwapcount(folio);
    }

    @Override
    public int folioSwapcount(int folio) {
        return folioTestSwapcache(folio) ? swap.count(folio) : 0;
    }

    @Override
    public boolean hasPinned() {
        return tables.hasPinned(process);
    }

    @Override
    public boolean folioTrylock(int folio) {
        return frames.tryLock(folio);
    }

    @Override
    public void folioUnlock(int folio) {
        frames.unlock(folio);
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
    public boolean folioFreeSwap(int folio) {
        return swap.tryFree(folio);
    }

    @Override
    public void deleteFromSwapCache(int folio) {
        swap.deleteFromCache(folio);
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
    public boolean seenByOthers(int page) {
        int folio = folioOf(page);
        int users = pageMapcount(page) + (folioTestSwapcache(folio) ? pageSwapcount(page) : 0);
        if (users > 1 || folioTestWriteback(folio) && stableWrites()) {
            return true;
        }
        for (int reference = 0; reference < referenceCount; reference++) {
            int kind = references.kind(reference);
            // A passing reference looks at nothing.
            if (kind != 0
                    && kind != References.KIND_SPECULATIVE
                    && references.frame(reference) == page
                    && references.owner(reference) != process) {
                return true;
            }
        }
        return false;
    }
}
