package org.cowbench.policy;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * A large folio of which one page is asked for, and as much of a kernel around them as a policy can ask of. It throws
 * where Linux would have a BUG, and where a page is given for a folio.
 */
final class FakeFolio extends FakeKernel {
    static final int FOLIO = 8;
    static final int FIRST_SLOT = 16;

    private final int page;
    private final int[] slots = new int[Situation.PAGES];
    private final Set<String> effects = new TreeSet<>();
    private int ref;
    private boolean cached;
    private boolean exclusive;
    private boolean locked;

    /**
     * A folio in a situation.
     *
     * @param start the situation
     * @param page the page that it is about
     * @param lockedByCaller whether who asks has locked the folio
     */
    FakeFolio(Situation start, int page, boolean lockedByCaller) {
        super(start);
        this.page = page;
        ref = start.ref();
        cached = start.cached();
        exclusive = start.exclusive();
        locked = start.lockHeld() || lockedByCaller;
        boolean whole = start.large().count() > 1;
        Arrays.fill(slots, whole ? start.sw() : 0);
        slots[page - FOLIO] = start.sw();
        if (!whole) {
            slots[(page - FOLIO + 1) % slots.length] = start.large().others();
        }
    }

    /** The slot at which the swap fault maps its first page. */
    int slot() {
        return FIRST_SLOT + (start.large().count() > 1 ? 0 : page - FOLIO);
    }

    /** The first page that the swap fault maps. */
    int first() {
        return FOLIO + slot() - FIRST_SLOT;
    }

    /** What was done since the last call. */
    String effects() {
        String done = DecisionTableTest.did(effects);
        effects.clear();
        return done;
    }

    boolean locked() {
        return locked;
    }

    /** set_ptes: the fault's own reference becomes one mapping's, the others bring theirs. */
    void mapped() {
        ref += start.large().count() - 1;
    }

    private void ofFolio(int folio) {
        if (folio != FOLIO) {
            throw new IllegalStateException("no folio: " + folio);
        }
    }

    private void effect(String method) {
        effects.add(FakePage.EFFECTS.get(method));
    }

    private boolean leave() {
        cached = false;
        ref -= Situation.PAGES;
        return effects.add("frees");
    }

    @Override
    public int folioOf(int other) {
        if (other < FOLIO || other >= FOLIO + Situation.PAGES) {
            throw new IllegalStateException("not of the folio: " + other);
        }
        return FOLIO;
    }

    @Override
    public int folioRefCount(int folio) {
        ofFolio(folio);
        return ref;
    }

    @Override
    public boolean folioTestSwapcache(int folio) {
        ofFolio(folio);
        return cached;
    }

    @Override
    public boolean folioTestWriteback(int folio) {
        ofFolio(folio);
        return start.writeback();
    }

    @Override
    public boolean folioTestLru(int folio) {
        ofFolio(folio);
        return true;
    }

    @Override
    public boolean folioMaybeDmaPinned(int folio) {
        ofFolio(folio);
        return start.pinned();
    }

    @Override
    public boolean folioTrylock(int folio) {
        ofFolio(folio);
        effect("folioTrylock");
        boolean free = !locked;
        locked = true;
        return free;
    }

    @Override
    public void folioUnlock(int folio) {
        ofFolio(folio);
        if (!locked || start.lockHeld()) {
            throw new IllegalStateException("unlocks what it did not lock");
        }
        locked = false;
    }

    @Override
    public boolean folioFreeSwap(int folio) {
        ofFolio(folio);
        if (!locked) {
            throw new IllegalStateException("folio_free_swap of a folio that is not locked");
        }
        return cached && !start.writeback() && folioSwapcount(folio) == 0 && leave();
    }

    @Override
    public void deleteFromSwapCache(int folio) {
        ofFolio(folio);
        if (!locked || !cached || start.writeback()) {
            throw new IllegalStateException("delete_from_swap_cache of a folio not locked, not there or in flight");
        }
        leave();
    }

    @Override
    public int folioNrPages(int folio) {
        ofFolio(folio);
        return Situation.PAGES;
    }

    @Override
    public int folioLargeMapcount(int folio) {
        ofFolio(folio);
        return start.large().lmap();
    }

    @Override
    public int folioEntireMapcount(int folio) {
        ofFolio(folio);
        return start.large().emap();
    }

    @Override
    public boolean folioMaybeMappedShared(int folio) {
        ofFolio(folio);
        return start.large().lmap() > 1 && start.large().shared();
    }

    @Override
    public int folioMmMapcount(int folio) {
        ofFolio(folio);
        return start.large().shared() ? 0 : start.large().lmap();
    }

    @Override
    public boolean folioPartiallyMapped(int folio) {
        ofFolio(folio);
        return start.large().partly();
    }

    @Override
    public int folioMapSwapcount(int folio) {
        ofFolio(folio);
        int most = start.map() + (cached ? slots[page - FOLIO] : 0);
        for (int slot : slots) {
            most = Math.max(most, cached ? slot : 0);
        }
        return most + start.large().emap();
    }

    @Override
    public int folioSwapcount(int folio) {
        ofFolio(folio);
        return cached ? Arrays.stream(slots).sum() : 0;
    }

    /** Of every page alike. */
    @Override
    public int pageMapcount(int other) {
        folioOf(other);
        return start.map() + start.large().emap();
    }

    @Override
    public int pageSwapcount(int other) {
        folioOf(other);
        if (!cached) {
            throw new IllegalStateException("asked the swap count of a page that has no slot");
        }
        return slots[other - FOLIO];
    }

    private void marked(int other) {
        if (other != page) {
            throw new IllegalStateException("the mark of page " + other + ", not of " + page);
        }
    }

    @Override
    public boolean pageAnonExclusive(int other) {
        marked(other);
        return exclusive;
    }

    @Override
    public void setPageAnonExclusive(int other) {
        marked(other);
        exclusive = true;
        effect("setPageAnonExclusive");
    }

    @Override
    public void clearPageAnonExclusive(int other) {
        marked(other);
        exclusive = false;
        effect("clearPageAnonExclusive");
    }

    @Override
    public boolean seenByOthers(int other) {
        folioOf(other);
        return start.seen();
    }

    @Override
    public void lruAddDrain() {
        effect("lruAddDrain");
    }

    @Override
    public void swapFree(int slot) {
        if (--slots[slot - FIRST_SLOT] < 0) {
            throw new IllegalStateException("swap_free of an entry that is not the fault's");
        }
        effect("swapFree");
    }
}
