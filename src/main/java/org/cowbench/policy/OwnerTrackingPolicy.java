package org.cowbench.policy;

/**
 * Linux v6.15 to v6.19: a large folio knows the first two processes that map it and whether one of them has all its
 * mappings. Then a page of it is reused if nobody else holds a reference to any page, and marked exclusive, that page
 * alone; not if it is the last one mapped, so that the folio is given back. Base pages are those of v6.11.
 *
 * <p>Source: commits 6af8cb80d3a9 (owners) and 1da190f4d0a6 (do_wp_page), as in v6.18. A discarded page table goes
 * since v6.14 (PT_RECLAIM), a collapse needs no writable page in v6.18, and there unmapping drains no batch.
 */
class OwnerTrackingPolicy extends WritableSwapInPolicy {

    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        if (k.pageAnonExclusive(page)) {
            return Decision.REUSE;
        }
        if (!reusableLarge(k, k.folioOf(page))) {
            return Decision.COPY;
        }
        k.setPageAnonExclusive(page);
        return Decision.REUSE;
    }

    /** __wp_can_reuse_large_anon_folio: every reference is a mapping, and every mapping this process's. */
    private static boolean reusableLarge(KernelOps k, int folio) {
        if (k.folioLargeMapcount(folio) <= 1 || k.folioMaybeMappedShared(folio)) {
            return false;
        }
        if (k.folioTestSwapcache(folio)) {
            if (!k.folioTrylock(folio)) {
                return false;
            }
            k.folioFreeSwap(folio);
            k.folioUnlock(folio);
        }
        return k.folioLargeMapcount(folio) == k.folioRefCount(folio);
    }

    @Override
    public boolean pageoutSkips(KernelOps k, int page) {
        return k.folioMaybeMappedShared(k.folioOf(page));
    }

    @Override
    public boolean tracksOwners() {
        return true;
    }

    @Override
    public boolean discardFreesTable() {
        return true;
    }

    @Override
    public boolean unmappingDrains() {
        return false;
    }

    @Override
    public boolean collapseNeedsWritable() {
        return false;
    }

    /** Of what extends it each is a rule of its own. */
    @Override
    public Class<?> basePageRule() {
        return getClass() == OwnerTrackingPolicy.class ? WritableSwapInPolicy.class : getClass();
    }
}
