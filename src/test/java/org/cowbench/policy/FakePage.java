package org.cowbench.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One page and its folio, which have different numbers, and as much of a kernel around them as a policy can ask of. It
 * throws where Linux would have a BUG: at an unlock of a lock that is not held, or at a look at the exclusive mark of
 * the zero page; and where a page is given for a folio, or a folio for a page.
 */
public final class FakePage extends FakeKernel {
    /** The page's number. */
    public static final int PAGE = 7;
    /** Its folio's. */
    public static final int FOLIO = 5;

    static final int SLOT = 3;
    /** What FOLL_PIN adds to a reference count (GUP_PIN_COUNTING_BIAS). */
    private static final int PIN = 1024;

    private static final String LEFT = "(left the swap cache)";
    /** What tables call the calls that change something. */
    static final Map<String, String> EFFECTS = Map.of(
            "lruAddDrain",
            "drains",
            LEFT,
            "frees",
            "setPageAnonExclusive",
            "sets",
            "clearPageAnonExclusive",
            "clears",
            "swapFree",
            "drops",
            "folioTrylock",
            "tries");

    private final List<String> calls = new ArrayList<>();
    private int told;
    private int ref;
    private int map;
    private int swapcount;
    private boolean cached;
    private boolean lru;
    private boolean exclusive;
    private boolean locked;

    /**
     * A page in a situation.
     *
     * @param start the situation
     * @param lockedByCaller whether who asks has locked the page
     */
    public FakePage(Situation start, boolean lockedByCaller) {
        super(start);
        ref = start.ref() + (start.pinned() ? PIN : 0);
        map = start.map();
        cached = start.cached();
        swapcount = start.sw();
        lru = start.lru() == Situation.Lru.LISTED;
        exclusive = start.exclusive();
        locked = start.lockHeld() || lockedByCaller;
    }

    /**
     * What was asked and done.
     *
     * @return the names of the methods, in order
     */
    public List<String> calls() {
        return calls;
    }

    /** What was done since the last call: of {@code drains frees sets clears drops} (swap_free) {@code tries} (trylock). */
    Set<String> effects() {
        Set<String> done = new TreeSet<>();
        for (; told < calls.size(); told++) {
            String effect = EFFECTS.get(calls.get(told));
            if (effect != null) {
                done.add(effect);
            }
        }
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

    private void ofPage(String method, int page) {
        check(method, PAGE, page);
    }

    private void ofFolio(String method, int folio) {
        check(method, FOLIO, folio);
    }

    private void check(String method, int expected, int given) {
        if (given != expected) {
            throw new IllegalStateException(method + " of " + given + ", not of " + expected);
        }
        calls.add(method);
    }

    private void leaveSwapCache() {
        cached = false;
        ref--;
        calls.add(LEFT);
    }

    @Override
    public int folioOf(int page) {
        if (page != PAGE) {
            throw new IllegalStateException("not the page of the fault: " + page);
        }
        return FOLIO;
    }

    @Override
    public int folioRefCount(int folio) {
        ofFolio("folioRefCount", folio);
        return ref;
    }

    @Override
    public boolean folioTestSwapcache(int folio) {
        ofFolio("folioTestSwapcache", folio);
        return cached;
    }

    @Override
    public boolean folioTestWriteback(int folio) {
        ofFolio("folioTestWriteback", folio);
        return start.writeback();
    }

    @Override
    public boolean folioTestLru(int folio) {
        ofFolio("folioTestLru", folio);
        return lru;
    }

    @Override
    public boolean folioMaybeDmaPinned(int folio) {
        ofFolio("folioMaybeDmaPinned", folio);
        return ref >= PIN;
    }

    /** With the lock comes the late reference: somebody looked the page up after its references were counted. */
    @Override
    public boolean folioTrylock(int folio) {
        ofFolio("folioTrylock", folio);
        if (locked) {
            return false;
        }
        locked = true;
        ref += start.late() ? 1 : 0;
        return true;
    }

    @Override
    public void folioUnlock(int folio) {
        ofFolio("folioUnlock", folio);
        if (!locked || start.lockHeld()) {
            throw new IllegalStateException("unlocks what it did not lock");
        }
        locked = false;
    }

    @Override
    public boolean folioFreeSwap(int folio) {
        ofFolio("folioFreeSwap", folio);
        if (!locked) {
            throw new IllegalStateException("folio_free_swap of a folio that is not locked");
        }
        if (!cached || start.writeback() || swapcount != 0) {
            return false;
        }
        leaveSwapCache();
        return true;
    }

    @Override
    public void deleteFromSwapCache(int folio) {
        ofFolio("deleteFromSwapCache", folio);
        if (!locked || !cached || start.writeback()) {
            throw new IllegalStateException("delete_from_swap_cache of a folio not locked, not there or in flight");
        }
        leaveSwapCache();
    }

    @Override
    public int pageMapcount(int page) {
        ofPage("pageMapcount", page);
        return map;
    }

    @Override
    public int pageSwapcount(int page) {
        ofPage("pageSwapcount", page);
        if (!cached) {
            throw new IllegalStateException("asked the swap count of a page that has no slot");
        }
        return swapcount;
    }

    @Override
    public boolean pageAnonExclusive(int page) {
        ofPage("pageAnonExclusive", page);
        if (start.zero()) {
            throw new IllegalStateException("asked for PageAnonExclusive of the zero page");
        }
        return exclusive;
    }

    @Override
    public void setPageAnonExclusive(int page) {
        ofPage("setPageAnonExclusive", page);
        exclusive = true;
    }

    @Override
    public void clearPageAnonExclusive(int page) {
        ofPage("clearPageAnonExclusive", page);
        exclusive = false;
    }

    @Override
    public boolean seenByOthers(int page) {
        ofPage("seenByOthers", page);
        return start.seen();
    }

    @Override
    public int folioNrPages(int folio) {
        ofFolio("folioNrPages", folio);
        return 1;
    }

    @Override
    public int folioLargeMapcount(int folio) {
        ofFolio("folioLargeMapcount", folio);
        return map;
    }

    @Override
    public int folioEntireMapcount(int folio) {
        ofFolio("folioEntireMapcount", folio);
        return 0;
    }

    @Override
    public boolean folioMaybeMappedShared(int folio) {
        ofFolio("folioMaybeMappedShared", folio);
        return map > 1;
    }

    @Override
    public int folioMmMapcount(int folio) {
        ofFolio("folioMmMapcount", folio);
        return 1;
    }

    @Override
    public boolean folioPartiallyMapped(int folio) {
        ofFolio("folioPartiallyMapped", folio);
        return false;
    }

    @Override
    public int folioMapSwapcount(int folio) {
        ofFolio("folioMapSwapcount", folio);
        return map + (cached ? swapcount : 0);
    }

    @Override
    public int folioSwapcount(int folio) {
        ofFolio("folioSwapcount", folio);
        return cached ? swapcount : 0;
    }

    @Override
    public void lruAddDrain() {
        calls.add("lruAddDrain");
        if (!lru && start.lru() == Situation.Lru.HERE) {
            lru = true;
            ref--;
        }
    }

    @Override
    public void swapFree(int slot) {
        if (slot != SLOT || swapcount == 0) {
            throw new IllegalStateException("swap_free of an entry that is not the fault's");
        }
        swapcount--;
        calls.add("swapFree");
    }
}
