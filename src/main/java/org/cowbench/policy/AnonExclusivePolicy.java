package org.cowbench.policy;

/**
 * Linux v5.19 to v6.10, modelled as v6.1, so with large folios of 2 MiB only: PageAnonExclusive. An exclusive page is
 * reused without another look; fork clears the flag, or copies a pinned page for the child; reclaim remembers it in the
 * swap entry; a read-only FOLL_PIN first unshares a page that is not exclusive.
 *
 * <p>Source: commits 6c287605fd56, a7f226604170, c89357e27f20, 1493a1913e34. mprotect back to read-write makes dirty
 * exclusive pages writable at once: 64fe24a3e05e (v6.0). Before v6.2 a read-only pin takes the zero page as it is
 * (84209e87c696 unshares it) and mprotect leaves clean pages to the next fault.
 */
class AnonExclusivePolicy extends SwapCacheAwarePolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        if (k.pageAnonExclusive(page)) {
            return Decision.REUSE;
        }
        if (!reusable(k, k.folioOf(page))) {
            return Decision.COPY;
        }
        k.setPageAnonExclusive(page);
        return Decision.REUSE;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        int folio = k.folioOf(page);
        boolean write = (fault & FAULT_WRITE) != 0;
        if (write && (fault & FAULT_FRESH) == 0 && !k.folioTestLru(folio)) {
            k.lruAddDrain();
        }
        boolean exclusive = entryExclusive(k, folio, fault);
        k.swapFree(slot);
        freeSwapOnFault(k, folio, write);
        return exclusive || k.folioRefCount(folio) == 1 ? mapExclusive(fault) : 0;
    }

    /**
     * Whether the swap entry, or a page read past the swap cache, proves the page exclusive.
     *
     * @param k the kernel
     * @param folio the folio
     * @param fault {@code FAULT_} bits
     * @return whether it does; never for a page that the device must see unchanged
     */
    static boolean entryExclusive(KernelOps k, int folio, int fault) {
        return (fault & FAULT_FRESH) != 0
                || (fault & FAULT_ENTRY_EXCLUSIVE) != 0 && !(k.folioTestWriteback(folio) && k.stableWrites());
    }

    /**
     * How an exclusive page is mapped.
     *
     * @param fault {@code FAULT_} bits
     * @return {@code MAP_} bits: writable on a write fault only, up to v6.10
     */
    int mapExclusive(int fault) {
        return (fault & FAULT_WRITE) != 0 ? MAP_EXCLUSIVE | MAP_WRITABLE : MAP_EXCLUSIVE;
    }

    @Override
    public boolean forkCopies(KernelOps k, int page) {
        if (!k.pageAnonExclusive(page)) {
            return false;
        }
        if (super.forkCopies(k, page)) {
            return true;
        }
        k.clearPageAnonExclusive(page);
        return false;
    }

    @Override
    public int onUnmap(KernelOps k, int page) {
        if (!k.pageAnonExclusive(page)) {
            return UNMAP_SHARED;
        }
        if (k.folioMaybeDmaPinned(k.folioOf(page))) {
            return UNMAP_REFUSED;
        }
        k.clearPageAnonExclusive(page);
        return UNMAP_EXCLUSIVE;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return pin && !zero && !k.pageAnonExclusive(page) ? GupNeed.UNSHARE : GupNeed.NOTHING;
    }

    @Override
    public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
        return dirty && k.pageAnonExclusive(page);
    }

    /** A PMD entry has one mark, its first page's. */
    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        if (k.pageAnonExclusive(folio)) {
            return Decision.REUSE;
        }
        Decision decision = super.onHugeWriteFault(k, folio);
        if (decision == Decision.REUSE) {
            k.setPageAnonExclusive(folio);
        }
        return decision;
    }

    @Override
    public boolean migrationKeepsDirty() {
        return true;
    }

    @Override
    public boolean collapses() {
        return true;
    }

    @Override
    public boolean tracksExclusive() {
        return true;
    }
}
