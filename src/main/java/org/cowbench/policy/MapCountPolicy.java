package org.cowbench.policy;

/**
 * Linux up to v5.7: reuse_swap_page. A page is private when its map count plus its swap count is 1; references are
 * neither looked at nor protected, which is CVE-2020-29374.
 *
 * <p>Source: mm/memory.c and mm/swapfile.c of v5.7 and v5.8.
 */
class MapCountPolicy implements ReusePolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.WAIT;
        }
        boolean reuse = reuseSwapPage(k, page);
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    /**
     * reuse_swap_page of v5.8: map count plus swap count decides, and a page that is reused leaves the swap cache.
     *
     * @param k the kernel
     * @param page the page, locked
     * @return whether it may be reused
     */
    static boolean reuseSwapPage(KernelOps k, int page) {
        int folio = k.folioOf(page);
        boolean cached = k.folioTestSwapcache(folio);
        int count = k.pageMapcount(page) + (cached ? k.pageSwapcount(page) : 0);
        return oneUser(k, folio, count, cached);
    }

    /** Whether there is one user, or none; for one a folio that may leaves the swap cache. */
    private static boolean oneUser(KernelOps k, int folio, int count, boolean mayLeave) {
        if (count == 1 && mayLeave) {
            if (!k.folioTestWriteback(folio)) {
                k.deleteFromSwapCache(folio);
            } else if (k.stableWrites()) {
                return false;
            }
        }
        return count <= 1;
    }

    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        return reuseLargeOr(Decision.COPY, k, page);
    }

    /** do_huge_pmd_wp_page of v5.8 to v5.17; what v5.7 did instead, copying all of the folio, is left out. */
    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        return reuseLargeOr(Decision.SPLIT, k, folio);
    }

    private static Decision reuseLargeOr(Decision otherwise, KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.WAIT;
        }
        boolean reuse = reuseLargeSwapPage(k, page);
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : otherwise;
    }

    /**
     * reuse_swap_page of v5.8 for a large folio: the page of it that has most users decides for every one, and the folio
     * leaves the swap cache unless an entry of another page would lose it.
     *
     * @param k the kernel
     * @param page the page, its folio locked
     * @return whether it may be reused
     */
    static boolean reuseLargeSwapPage(KernelOps k, int page) {
        int folio = k.folioOf(page);
        return oneUser(
                k,
                folio,
                k.folioMapSwapcount(folio),
                k.folioTestSwapcache(folio) && k.folioSwapcount(folio) == k.pageSwapcount(page));
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return (fault & FAULT_WRITE) != 0 && reuseLargeSwapPage(k, page) ? MAP_WRITABLE : 0;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return (fault & FAULT_WRITE) != 0 && reuseSwapPage(k, page) ? MAP_WRITABLE : 0;
    }

    @Override
    public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
        k.swapFree(slot);
        if (k.swapFull()) {
            k.folioFreeSwap(k.folioOf(page));
        }
    }

    @Override
    public boolean forkCopies(KernelOps k, int page) {
        return false;
    }

    @Override
    public boolean keepsPinnedOutOfSwap() {
        return false;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return GupNeed.NOTHING;
    }
}
