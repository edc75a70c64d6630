package org.cowbench.policy;

/**
 * Linux v7.0 to v7.2: swap-in always goes through the swap cache, which is freed only after the page is mapped. So a
 * write fault on a swapped page that is not exclusive always ends in do_wp_page.
 *
 * <p>Source: "mm, swap: swap table phase II", 20251220-swap-table-p2-v5-0-8862a265a033@tencent.com, commit 4b34f1d82c65;
 * the consequence: lkml.iu.edu 2606.3/05472.
 */
class CachedSwapInPolicy extends OwnerTrackingPolicy {

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        int folio = k.folioOf(page);
        if ((fault & FAULT_WRITE) != 0 && !k.folioTestLru(folio)) {
            k.lruAddDrain();
        }
        return entryExclusive(k, folio, fault) || k.folioRefCount(folio) == 1 ? mapExclusive(fault) : 0;
    }

    @Override
    public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
        int folio = k.folioOf(page);
        k.swapFree(slot);
        boolean stillToWrite = (fault & FAULT_WRITE) != 0 && (mapped & MAP_WRITABLE) == 0;
        // 2 = this mapping and the swap cache.
        if (k.folioTestSwapcache(folio)
                && (k.synchronousIo() || k.swapFull() || stillToWrite && k.folioRefCount(folio) == 2)) {
            k.folioFreeSwap(folio);
        }
    }

    /** The swap cache still holds the folio: the one reference that v6.12 looks for is never the only one. */
    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        int folio = k.folioOf(page);
        return entryExclusive(k, folio, fault) || k.folioRefCount(folio) == 1 ? mapExclusive(fault) : 0;
    }

    @Override
    public void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        int folio = k.folioOf(page);
        freeLargeSlots(k, slot, count);
        boolean stillToWrite = (fault & FAULT_WRITE) != 0 && (mapped & MAP_WRITABLE) == 0;
        if (k.folioTestSwapcache(folio)
                && (k.synchronousIo()
                        || k.swapFull()
                        || stillToWrite && k.folioRefCount(folio) == count + k.folioNrPages(folio))) {
            k.folioFreeSwap(folio);
        }
    }

    @Override
    public boolean bypassesSwapCache() {
        return false;
    }
}
