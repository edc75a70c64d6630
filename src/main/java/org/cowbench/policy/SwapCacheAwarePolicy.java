package org.cowbench.policy;

/**
 * Linux v5.18: Linus' rule behind two count tests and a drain of this CPU's batches; the map count is no longer asked.
 * The swap-in fault drops its swap count first and then asks for a reference count of 1.
 *
 * <p>Source: commits 53a05ad9f21d, d4c470970d45 (do_wp_page) and c145e0b47c77 (do_swap_page).
 */
class SwapCacheAwarePolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int frame) {
        return reusable(k, frame) ? Decision.REUSE : Decision.COPY;
    }

    /**
     * wp_can_reuse_anon_page.
     *
     * @param k the kernel
     * @param frame the frame
     * @return whether the caller holds its only reference, the swap cache's having been freed on the way
     */
    final boolean reusable(KernelOps k, int frame) {
        if (!mayBeSoleOwner(k, frame) || !k.tryLock(frame)) {
            return false;
        }
        if (k.inSwapCache(frame)) {
            k.tryFreeSwap(frame);
        }
        boolean sole = k.refcount(frame) == 1;
        k.unlock(frame);
        return sole;
    }

    /**
     * The count tests before the lock is tried, and the drain between them.
     *
     * @param k the kernel
     * @param frame the frame
     * @return whether the lock is worth trying
     */
    boolean mayBeSoleOwner(KernelOps k, int frame) {
        int references = k.refcount(frame);
        // One reference each for the page table, the swap cache and this CPU's batch.
        if (references > 3) {
            return false;
        }
        if (!k.onLru(frame)) {
            k.lruAddDrain();
            references = k.refcount(frame);
        }
        return references <= (k.inSwapCache(frame) ? 2 : 1);
    }

    @Override
    public int onSwapIn(KernelOps k, int frame, int slot, int fault) {
        boolean write = (fault & FAULT_WRITE) != 0;
        boolean fresh = (fault & FAULT_FRESH) != 0;
        if (write && !fresh && !k.onLru(frame)) {
            k.lruAddDrain();
        }
        k.swapFree(slot);
        freeSwapOnFault(k, frame, write);
        return write && (fresh || k.refcount(frame) == 1) ? MAP_WRITABLE : 0;
    }

    /**
     * should_try_to_free_swap, and the attempt.
     *
     * @param k the kernel
     * @param frame the page, locked, its swap count already dropped
     * @param write whether it is a write fault
     */
    static void freeSwapOnFault(KernelOps k, int frame, boolean write) {
        // 2 = this fault and the swap cache.
        if (k.inSwapCache(frame) && (k.swapFull() || write && k.refcount(frame) == 2)) {
            k.tryFreeSwap(frame);
        }
    }

    @Override
    public void onSwapInMapped(KernelOps k, int frame, int slot, int fault, int mapped) {
        // The count was dropped before mapping.
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
