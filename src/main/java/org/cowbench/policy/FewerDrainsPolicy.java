package org.cowbench.policy;

/**
 * Linux v7.3: no drain in the swap-in fault, exclusivity there only from the entry's bit, and do_wp_page drains only
 * when the batch's reference is the one in the way.
 *
 * <p>Source: Barry Song, "mm: drop redundant lru_add_drain in anon folio reuse paths", v3, 20260701235955.36126.
 */
final class FewerDrainsPolicy extends CachedSwapInPolicy {

    @Override
    boolean mayBeSoleOwner(KernelOps k, int folio) {
        boolean batched = !k.folioTestLru(folio);
        int expected = k.folioTestSwapcache(folio) ? 2 : 1;
        if (k.folioRefCount(folio) > expected + (batched ? 1 : 0)) {
            return false;
        }
        if (batched) {
            k.lruAddDrain();
        }
        return k.folioRefCount(folio) <= expected;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return entryExclusive(k, k.folioOf(page), fault) ? mapExclusive(fault) : 0;
    }

    @Override
    public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
        int folio = k.folioOf(page);
        k.swapFree(slot);
        boolean exclusiveWrite = (fault & FAULT_WRITE) != 0 && (mapped & MAP_EXCLUSIVE) != 0;
        if (k.folioTestSwapcache(folio) && (k.synchronousIo() || k.swapFull() || exclusiveWrite)) {
            k.folioFreeSwap(folio);
        }
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return entryExclusive(k, k.folioOf(page), fault) ? mapExclusive(fault) : 0;
    }

    @Override
    public void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        int folio = k.folioOf(page);
        freeLargeSlots(k, slot, count);
        boolean exclusiveWrite = (fault & FAULT_WRITE) != 0 && (mapped & MAP_EXCLUSIVE) != 0;
        if (k.folioTestSwapcache(folio) && (k.synchronousIo() || k.swapFull() || exclusiveWrite)) {
            k.folioFreeSwap(folio);
        }
    }

    @Override
    public boolean readaheadDrains() {
        return false;
    }
}
