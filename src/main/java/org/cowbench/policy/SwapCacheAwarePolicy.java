package org.cowbench.policy;

/**
 * Linux v5.18: Linus' rule behind two count tests and a drain of this CPU's batches; the map count is no longer asked.
 * The swap-in fault drops its swap count first and then asks for a reference count of 1.
 *
 * <p>Source: commits 53a05ad9f21d, d4c470970d45 (do_wp_page) and c145e0b47c77 (do_swap_page).
 */
class SwapCacheAwarePolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return reusable(k, k.folioOf(page)) ? Decision.REUSE : Decision.COPY;
    }

    /**
     * wp_can_reuse_anon_page.
     *
     * @param k the kernel
     * @param folio the folio
     * @return whether the caller holds its only reference, the swap cache's having been freed on the way
     */
    final boolean reusable(KernelOps k, int folio) {
        if (!mayBeSoleOwner(k, folio) || !k.folioTrylock(folio)) {
            return false;
        }
        if (k.folioTestSwapcache(folio)) {
            k.folioFreeSwap(folio);
        }
        boolean sole = k.folioRefCount(folio) == 1;
        k.folioUnlock(folio);
        return sole;
    }

    /**
     * The count tests before the lock is tried, and the drain between them.
     *
     * @param k the kernel
     * @param folio the folio
     * @return whether the lock is worth trying
     */
    boolean mayBeSoleOwner(KernelOps k, int folio) {
        int references = k.folioRefCount(folio);
        // One reference each for the page table, the swap cache and this CPU's batch.
        if (references > 3) {
            return false;
        }
        if (!k.folioTestLru(folio)) {
            k.lruAddDrain();
            references = k.folioRefCount(folio);
        }
        return references <= (k.folioTestSwapcache(folio) ? 2 : 1);
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        int folio = k.folioOf(page);
        boolean write = (fault & FAULT_WRITE) != 0;
        boolean fresh = (fault & FAULT_FRESH) != 0;
        if (write && !fresh && !k.folioTestLru(folio)) {
            k.lruAddDrain();
        }
        k.swapFree(slot);
        freeSwapOnFault(k, folio, write);
        return write && (fresh || k.folioRefCount(folio) == 1) ? MAP_WRITABLE : 0;
    }

    /**
     * should_try_to_free_swap, and the attempt.
     *
     * @param k the kernel
     * @param folio the folio, locked, its swap count already dropped
     * @param write whether it is a write fault
     */
    static void freeSwapOnFault(KernelOps k, int folio, boolean write) {
        // 2 = this fault and the swap cache.
        if (k.folioTestSwapcache(folio) && (k.swapFull() || write && k.folioRefCount(folio) == 2)) {
            k.folioFreeSwap(folio);
        }
    }

    /**
     * As do_wp_page, but that the swap cache's references are counted as what they are, one a page.
     *
     * @param k the kernel
     * @param folio the folio
     * @return the decision
     */
    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        if (!k.folioTrylock(folio)) {
            return Decision.WAIT;
        }
        boolean cached = k.folioTestSwapcache(folio);
        boolean reuse = false;
        if (k.folioRefCount(folio) <= 1 + (cached ? k.folioNrPages(folio) : 0)) {
            if (cached) {
                k.folioFreeSwap(folio);
            }
            reuse = k.folioRefCount(folio) == 1;
        }
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.SPLIT;
    }

    /** Of the folio's references only one is taken for the swap cache's. */
    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return onSwapIn(k, page, slot, fault);
    }

    @Override
    public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
        // The count was dropped before mapping.
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
