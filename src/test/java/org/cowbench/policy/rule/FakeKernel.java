package org.cowbench.policy.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cowbench.policy.KernelOps;

/** One page with counts and flags at random, whose functions change them, and the calls that were made, in order. */
final class FakeKernel implements KernelOps {
    private final List<String> calls = new ArrayList<>();
    private final boolean lockable;
    private final int mapcount;
    private final int swapcount;
    private final boolean writeback;
    private final boolean exclusive;
    private final boolean pinned;
    private int refcount;
    private boolean swapcache;
    private boolean lru;

    FakeKernel(long seed, boolean lockable) {
        this.lockable = lockable;
        Random random = new Random(seed);
        mapcount = random.nextInt(3);
        swapcount = random.nextInt(3);
        writeback = random.nextInt(4) == 0;
        exclusive = random.nextBoolean();
        pinned = random.nextInt(4) == 0;
        refcount = 1 + random.nextInt(3);
        swapcache = random.nextBoolean();
        lru = random.nextBoolean();
    }

    /** The names of the methods that were called, in order. */
    List<String> calls() {
        return calls;
    }

    private <T> T called(String method, T value) {
        calls.add(method);
        return value;
    }

    @Override
    public int refcount(int frame) {
        return called("refcount", refcount);
    }

    @Override
    public int mapcount(int frame) {
        return called("mapcount", mapcount);
    }

    @Override
    public boolean inSwapCache(int frame) {
        return called("inSwapCache", swapcache);
    }

    @Override
    public int swapcount(int frame) {
        if (!swapcache) {
            throw new IllegalStateException("the slot of a page that has none");
        }
        return called("swapcount", swapcount);
    }

    @Override
    public boolean underWriteback(int frame) {
        return called("underWriteback", writeback);
    }

    @Override
    public boolean onLru(int frame) {
        return called("onLru", lru);
    }

    @Override
    public boolean exclusive(int frame) {
        return called("exclusive", exclusive);
    }

    @Override
    public void setExclusive(int frame) {
        calls.add("setExclusive");
    }

    @Override
    public void clearExclusive(int frame) {
        throw new UnsupportedOperationException("no rule does");
    }

    @Override
    public boolean maybePinned(int frame) {
        return called("maybePinned", pinned);
    }

    @Override
    public boolean hasPinned() {
        throw new UnsupportedOperationException("no rule asks");
    }

    @Override
    public boolean tryLock(int frame) {
        return called("tryLock", lockable);
    }

    @Override
    public void unlock(int frame) {
        calls.add("unlock");
    }

    @Override
    public void lruAddDrain() {
        calls.add("lruAddDrain");
        if (!lru) {
            lru = true;
            refcount--;
        }
    }

    @Override
    public boolean tryFreeSwap(int frame) {
        boolean freed = swapcache && !writeback && swapcount == 0;
        if (freed) {
            swapcache = false;
            refcount--;
        }
        return called("tryFreeSwap", freed);
    }

    @Override
    public void deleteFromSwapCache(int frame) {
        throw new UnsupportedOperationException("no rule does");
    }

    @Override
    public void swapFree(int slot) {
        throw new UnsupportedOperationException("no rule does");
    }

    @Override
    public boolean swapFull() {
        throw new UnsupportedOperationException("no rule asks");
    }

    @Override
    public boolean stableWrites() {
        throw new UnsupportedOperationException("no rule asks");
    }

    @Override
    public boolean synchronousIo() {
        throw new UnsupportedOperationException("no rule asks");
    }

    @Override
    public boolean seenByOthers(int frame) {
        throw new UnsupportedOperationException("no rule asks");
    }
}
