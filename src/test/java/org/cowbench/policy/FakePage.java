package org.cowbench.policy;

import java.util.Set;
import java.util.TreeSet;

/**
 * One page and as much of a kernel around it as a policy can ask of. It throws where Linux would have a BUG: at an
 * unlock of a lock that is not held, or at a look at the exclusive mark of the zero page.
 */
final class FakePage implements KernelOps {
    static final int FRAME = 7;
    static final int SLOT = 3;
    /** What FOLL_PIN adds to a reference count (GUP_PIN_COUNTING_BIAS). */
    private static final int PIN = 1024;

    private final Situation start;
    private final Set<String> effects = new TreeSet<>();
    private int ref;
    private int map;
    private int swapcount;
    private boolean cached;
    private boolean lru;
    private boolean exclusive;
    private boolean locked;

    /** A page in a situation; locked by the caller if {@code lockedByCaller}. */
    FakePage(Situation start, boolean lockedByCaller) {
        this.start = start;
        ref = start.ref() + (start.pinned() ? PIN : 0);
        map = start.map();
        cached = start.cached();
        swapcount = start.sw();
        lru = start.lru() == Situation.Lru.LISTED;
        exclusive = start.exclusive();
        locked = start.lockHeld() || lockedByCaller;
    }

    /** What was done since the last call: of {@code drains frees sets clears drops} (swap_free) {@code tries} (trylock). */
    Set<String> effects() {
        Set<String> done = new TreeSet<>(effects);
        effects.clear();
        return done;
    }

    boolean locked() {
        return locked;
    }

    /** set_pte_at: the fault's own reference becomes the mapping's. */
    void mapped(int bits) {
        map++;
        exclusive = (bits & ReusePolicy.MAP_EXCLUSIVE) != 0;
    }

    private void check(int frame) {
        if (frame != FRAME) {
            throw new IllegalStateException("not the page of the fault: " + frame);
        }
    }

    private void leaveSwapCache() {
        cached = false;
        ref--;
        effects.add("frees");
    }

    @Override
    public int refcount(int frame) {
        check(frame);
        return ref;
    }

    @Override
    public int mapcount(int frame) {
        check(frame);
        return map;
    }

    @Override
    public boolean inSwapCache(int frame) {
        check(frame);
        return cached;
    }

    @Override
    public int swapcount(int frame) {
        check(frame);
        if (!cached) {
            throw new IllegalStateException("asked the swap count of a page that has no slot");
        }
        return swapcount;
    }

    @Override
    public boolean underWriteback(int frame) {
        check(frame);
        return start.writeback();
    }

    @Override
    public boolean onLru(int frame) {
        check(frame);
        return lru;
    }

    @Override
    public boolean exclusive(int frame) {
        check(frame);
        if (start.zero()) {
            throw new IllegalStateException("asked for PageAnonExclusive of the zero page");
        }
        return exclusive;
    }

    @Override
    public void setExclusive(int frame) {
        check(frame);
        exclusive = true;
        effects.add("sets");
    }

    @Override
    public void clearExclusive(int frame) {
        check(frame);
        exclusive = false;
        effects.add("clears");
    }

    @Override
    public boolean maybePinned(int frame) {
        check(frame);
        return ref >= PIN;
    }

    @Override
    public boolean hasPinned() {
        return start.hasPinned();
    }

    /** With the lock comes the late reference: somebody looked the page up after its references were counted. */
    @Override
    public boolean tryLock(int frame) {
        check(frame);
        effects.add("tries");
        if (locked) {
            return false;
        }
        locked = true;
        ref += start.late() ? 1 : 0;
        return true;
    }

    @Override
    public void unlock(int frame) {
        check(frame);
        if (!locked || start.lockHeld()) {
            throw new IllegalStateException("unlocks what it did not lock");
        }
        locked = false;
    }

    @Override
    public void lruAddDrain() {
        effects.add("drains");
        if (!lru && start.lru() == Situation.Lru.HERE) {
            lru = true;
            ref--;
        }
    }

    @Override
    public boolean tryFreeSwap(int frame) {
        check(frame);
        if (!locked) {
            throw new IllegalStateException("try_to_free_swap of a page that is not locked");
        }
        if (!cached || start.writeback() || swapcount != 0) {
            return false;
        }
        leaveSwapCache();
        return true;
    }

    @Override
    public void deleteFromSwapCache(int frame) {
        check(frame);
        if (!locked || !cached || start.writeback()) {
            throw new IllegalStateException("delete_from_swap_cache of a page not locked, not there or in flight");
        }
        leaveSwapCache();
    }

    @Override
    public void swapFree(int slot) {
        if (slot != SLOT || swapcount == 0) {
            throw new IllegalStateException("swap_free of an entry that is not the fault's");
        }
        swapcount--;
        effects.add("drops");
    }

    @Override
    public boolean swapFull() {
        return start.swapFull();
    }

    @Override
    public boolean stableWrites() {
        return start.stable();
    }

    @Override
    public boolean synchronousIo() {
        return start.synchronous();
    }

    @Override
    public boolean seenByOthers(int frame) {
        check(frame);
        return start.seen();
    }
}
