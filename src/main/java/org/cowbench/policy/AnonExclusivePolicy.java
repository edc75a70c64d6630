package org.cowbench.policy;

/**
 * Linux v5.19 to v6.10, modelled as v6.1: PageAnonExclusive. An exclusive page is reused without another look; fork
 * clears the flag, or copies a pinned page for the child; reclaim remembers it in the swap entry; a read-only FOLL_PIN
 * first unshares a page that is not exclusive.
 *
 * <p>Source: commits 6c287605fd56, a7f226604170, c89357e27f20, 1493a1913e34. mprotect back to read-write makes dirty
 * exclusive pages writable at once: 64fe24a3e05e (v6.0). Before v6.2 a read-only pin takes the zero page as it is
 * (84209e87c696 unshares it) and mprotect leaves clean pages to the next fault.
 */
class AnonExclusivePolicy extends SwapCacheAwarePolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int frame) {
        if (k.exclusive(frame)) {
            return Decision.REUSE;
        }
        if (!reusable(k, frame)) {
            return Decision.COPY;
        }
        k.setExclusive(frame);
        return Decision.REUSE;
    }

    @Override
    public int onSwapIn(KernelOps k, int frame, int slot, int fault) {
        boolean write = (fault & FAULT_WRITE) != 0;
        if (write && (fault & FAULT_FRESH) == 0 && !k.onLru(frame)) {
            k.lruAddDrain();
        }
        boolean exclusive = entryExclusive(k, frame, fault);
        k.swapFree(slot);
        freeSwapOnFault(k, frame, write);
        return exclusive || k.refcount(frame) == 1 ? mapExclusive(fault) : 0;
    }

    /**
     * Whether the swap entry, or a page read past the swap cache, proves the page exclusive.
     *
     * @param k the kernel
     * @param frame the page
     * @param fault {@code FAULT_} bits
     * @return whether it does; never for a page that the device must see unchanged
     */
    static boolean entryExclusive(KernelOps k, int frame, int fault) {
        return (fault & FAULT_FRESH) != 0
                || (fault & FAULT_ENTRY_EXCLUSIVE) != 0 && !(k.underWriteback(frame) && k.stableWrites());
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
    public boolean forkCopies(KernelOps k, int frame) {
        if (!k.exclusive(frame)) {
            return false;
        }
        if (super.forkCopies(k, frame)) {
            return true;
        }
        k.clearExclusive(frame);
        return false;
    }

    @Override
    public int onUnmap(KernelOps k, int frame) {
        if (!k.exclusive(frame)) {
            return UNMAP_SHARED;
        }
        if (k.maybePinned(frame)) {
            return UNMAP_REFUSED;
        }
        k.clearExclusive(frame);
        return UNMAP_EXCLUSIVE;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int frame, boolean zero, boolean pin) {
        return pin && !zero && !k.exclusive(frame) ? GupNeed.UNSHARE : GupNeed.NOTHING;
    }

    @Override
    public boolean protectMakesWritable(KernelOps k, int frame, boolean dirty) {
        return dirty && k.exclusive(frame);
    }

    @Override
    public boolean tracksExclusive() {
        return true;
    }
}
