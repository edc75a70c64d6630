package org.cowbench.policy;

/**
 * Matthew Wilcox's alternative, 13 January 2022: v5.9 with {@code page_count != 1 + PageSwapCache}. It forgets the swap
 * count: a second process that has the page swapped out too still finds it in the swap cache.
 *
 * <p>Source: YeA5oP/iaxtVPHb3@casper.infradead.org; the objection: 172ccfbb-7e24-db21-7d84-8c8d8c3805fd@redhat.com.
 */
final class WilcoxPolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (k.folioRefCount(folio) != expected(k, folio) || !k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        boolean reuse = k.pageMapcount(page) == 1 && k.folioRefCount(folio) == expected(k, folio);
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    private static int expected(KernelOps k, int folio) {
        return k.folioTestSwapcache(folio) ? 2 : 1;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
