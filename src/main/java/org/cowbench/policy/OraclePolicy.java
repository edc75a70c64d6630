package org.cowbench.policy;

/**
 * Lower bound of the cost of a safe policy: reuses exactly when no one else can see the page, which it simply knows.
 * A page seen by its process alone is mapped writable already when it is swapped in by a read. Pinned pages are copied
 * for the child at fork and never unmapped; a read-only pin first unshares a page that others see,
 * a writable one marks the page dirty.
 */
final class OraclePolicy extends BoundPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return k.seenByOthers(page) ? Decision.COPY : Decision.REUSE;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        boolean others = k.seenByOthers(page);
        return !others && (fault & FAULT_VM_WRITE) != 0 ? MAP_WRITABLE : 0;
    }

    /** Whole if nobody sees any page of it. */
    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        return seenByOthers(k, folio, k.folioNrPages(folio)) ? Decision.SPLIT : Decision.REUSE;
    }

    private static boolean seenByOthers(KernelOps k, int page, int count) {
        for (int i = 0; i < count; i++) {
            if (k.seenByOthers(page + i)) {
                return true;
            }
        }
        return false;
    }

    /** Pages that others see and such as they do not are mapped alike: a write to one of the latter then faults once. */
    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return !seenByOthers(k, page, count) && (fault & FAULT_VM_WRITE) != 0 ? MAP_WRITABLE : 0;
    }

    @Override
    public int onUnmap(KernelOps k, int page) {
        return k.folioMaybeDmaPinned(k.folioOf(page)) ? UNMAP_REFUSED : UNMAP_SHARED;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return pin ? GupNeed.UNSHARE : GupNeed.NOTHING;
    }

    @Override
    public boolean pinMarksDirty() {
        return true;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
