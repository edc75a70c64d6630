package org.cowbench.policy;

/**
 * Linux v5.9 to v5.17: a page is reused only when its reference count is 1, so the swap cache's reference, or that of
 * an LRU batch, forces a copy. A write fault on a swapped page still asks reuse_swap_page, which is why a swap-in by
 * writing reuses where a swap-in by reading followed by a write copies.
 *
 * <p>Source: commit 09854ba94c6a ("mm: do_wp_page() simplification"); fork of pinned pages: 70e806e4e645; no pinned
 * pages into the swap cache: feb889fb40fa (v5.11, and v5.10's stable tree). Modelled as v5.10: without commit
 * f4c4a3f48480 (v5.14), which frees the old page's swap cache after a copy.
 */
class PageCountPolicy extends MapCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (k.folioRefCount(folio) != 1 || !k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        boolean reuse = k.pageMapcount(page) == 1 && k.folioRefCount(folio) == 1;
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    /** The references are those of the whole folio: only the last page that is mapped can be reused. */
    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        return onWriteFault(k, page);
    }

    @Override
    public boolean forkCopies(KernelOps k, int page) {
        return k.hasPinned() && k.folioMaybeDmaPinned(k.folioOf(page));
    }

    @Override
    public boolean keepsPinnedOutOfSwap() {
        return true;
    }
}
