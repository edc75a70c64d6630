package org.cowbench.policy;

/**
 * Liang Zhang, 13 January 2022: v5.9, and a page in the swap cache is reused when reuse_swap_page says so.
 *
 * <p>Source: "mm: reuse the unshared swapcache page in do_wp_page",
 * 20220113140318.11117-1-zhangliang5@huawei.com.
 */
final class LiangPolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        boolean reuse = k.folioTestSwapcache(folio) && reuseSwapPage(k, page)
                || k.pageMapcount(page) == 1 && k.folioRefCount(folio) == 1;
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        boolean reuse = k.folioTestSwapcache(folio) && reuseLargeSwapPage(k, page)
                || k.pageMapcount(page) == 1 && k.folioRefCount(folio) == 1;
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
