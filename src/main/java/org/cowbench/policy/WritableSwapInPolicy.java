package org.cowbench.policy;

/**
 * Linux v6.11 to v6.14: an exclusive page is mapped writable by a read fault, so that the write after it does not
 * fault.
 *
 * <p>Source: commit c18160dba5ff ("mm: swap: reuse exclusive folio directly instead of wp page faults"). Larger
 * batches: 9cecde80aae0 (v6.9). Long-term read-only pins unshare the zero page: 84209e87c696 (v6.2). mprotect makes
 * clean exclusive pages writable too (v6.2). Zero-filled pages are not written to swap: 0ca0c24e3211 (v6.12).
 *
 * <p>Large folios, as v6.12 has them, come in all sizes. A page that is not marked exclusive is never reused; a swap
 * fault maps all of a folio at once (20240529082824.150954-1-21cnbao@gmail.com) if every entry says the same; swap-out
 * and MADV_PAGEOUT leave it whole (5ed890ce5147, 3931b871c493) unless a part of it is no longer mapped.
 */
class WritableSwapInPolicy extends AnonExclusivePolicy {

    @Override
    int mapExclusive(int fault) {
        return (fault & FAULT_VM_WRITE) != 0 ? MAP_EXCLUSIVE | MAP_WRITABLE : MAP_EXCLUSIVE;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return pin && (zero || !k.pageAnonExclusive(page)) ? GupNeed.UNSHARE : GupNeed.NOTHING;
    }

    @Override
    public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
        return k.pageAnonExclusive(page);
    }

    @Override
    public LargeFolios largeFolios() {
        return LargeFolios.ANY;
    }

    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        return k.pageAnonExclusive(page) ? Decision.REUSE : Decision.COPY;
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        int folio = k.folioOf(page);
        boolean exclusive = entryExclusive(k, folio, fault);
        freeLargeSlots(k, slot, count);
        // This fault's reference and the swap cache's.
        int alone = 1 + k.folioNrPages(folio);
        if (k.folioTestSwapcache(folio)
                && (k.swapFull() || (fault & FAULT_WRITE) != 0 && k.folioRefCount(folio) == alone)) {
            k.folioFreeSwap(folio);
        }
        return exclusive || k.folioRefCount(folio) == 1 ? mapExclusive(fault) : 0;
    }

    /**
     * swap_free_nr.
     *
     * @param k the kernel
     * @param slot the first slot
     * @param count how many
     */
    static void freeLargeSlots(KernelOps k, int slot, int count) {
        for (int i = 0; i < count; i++) {
            k.swapFree(slot + i);
        }
    }

    @Override
    public void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        // The counts were dropped before mapping.
    }

    @Override
    public boolean mapsWholeFolio() {
        return true;
    }

    @Override
    public boolean swapInCopiesTail() {
        return false;
    }

    @Override
    public boolean swapsInLargeFolios() {
        return true;
    }

    @Override
    public boolean splitsBeforeSwapOut(KernelOps k, int folio) {
        return k.folioPartiallyMapped(folio);
    }

    /** folio_likely_mapped_shared, which guesses by the first page. */
    @Override
    public boolean pageoutSkips(KernelOps k, int page) {
        int folio = k.folioOf(page);
        int mappings = k.folioLargeMapcount(folio);
        return mappings > 1
                && (k.folioEntireMapcount(folio) > 0 || mappings > k.folioNrPages(folio) || k.pageMapcount(folio) > 1);
    }

    @Override
    public boolean pageoutKeepsWhole() {
        return true;
    }

    @Override
    public boolean protectMakesHugeWritable(KernelOps k, int folio) {
        return k.pageAnonExclusive(folio);
    }

    @Override
    public boolean splitDropsZeroes() {
        return true;
    }

    @Override
    public boolean swapReadWaits() {
        return false;
    }

    @Override
    public boolean splitKeepsDirty() {
        return true;
    }

    @Override
    public int lruBatch() {
        return 31;
    }

    @Override
    public boolean swapsOutZeroesAtOnce() {
        return true;
    }
}
