package org.cowbench.policy;

/**
 * Everything in which the eras of Linux differ for an anonymous base page. Stateless; see the package's note.
 *
 * <p>Defaults are what the eras agree on. A page given to a policy is never the zero page. Results are ints and enums
 * because these methods run on measured paths, which allocate nothing.
 */
public interface ReusePolicy {

    /** What {@link #onWriteFault} decides. */
    enum Decision {
        /** Make the page writable where it is. */
        REUSE,
        /** Give the process a copy. */
        COPY,
        /** Somebody holds the page lock and this era sleeps for it: the access is tried again later. */
        WAIT
    }

    /** What a read-only reference needs before it may be taken. */
    enum GupNeed {
        /** Nothing. */
        NOTHING,
        /** A write fault, as if the reference could write (v5.8). */
        WRITE_FAULT,
        /** An unsharing fault: an exclusive page, not made writable (v5.19). */
        UNSHARE
    }

    /** Fault bit: FAULT_FLAG_WRITE. */
    int FAULT_WRITE = 1;
    /** Fault bit: the page was read past the swap cache, so it is a new page of this process alone. */
    int FAULT_FRESH = 2;
    /** Fault bit: the swap entry carries the exclusive bit. */
    int FAULT_ENTRY_EXCLUSIVE = 4;
    /** Fault bit: the area may be written (VM_WRITE). */
    int FAULT_VM_WRITE = 8;

    /** Mapping bit: map the page writable. */
    int MAP_WRITABLE = 1;
    /** Mapping bit: the page is exclusive to the faulting process. */
    int MAP_EXCLUSIVE = 2;

    /** Result of {@link #onUnmap}: the page must stay mapped. */
    int UNMAP_REFUSED = 0;
    /** Result of {@link #onUnmap}: unmap; the swap entry is not exclusive. */
    int UNMAP_SHARED = 1;
    /** Result of {@link #onUnmap}: unmap; the swap entry is exclusive. */
    int UNMAP_EXCLUSIVE = 2;

    /**
     * do_wp_page: a write to a present, write-protected page, or the unsharing of one.
     *
     * @param k the kernel, as the faulting task sees it
     * @param page the page, mapped by the task's process
     * @return what to do; on {@code REUSE} any flag the era keeps is already set
     */
    Decision onWriteFault(KernelOps k, int page);

    /**
     * do_swap_page before the page is mapped. The page is locked and carries one reference for the mapping to come.
     * An era that drops the entry's swap count before it decides calls {@link KernelOps#swapFree} here.
     *
     * @param k the kernel, as the faulting task sees it
     * @param page the page
     * @param slot the slot its entry names
     * @param fault {@code FAULT_} bits
     * @return {@code MAP_} bits; writable only if the area is
     */
    int onSwapIn(KernelOps k, int page, int slot, int fault);

    /**
     * do_swap_page after the page is mapped, still locked. An era that drops the swap count after mapping does so here.
     *
     * @param k the kernel
     * @param page the page
     * @param slot the slot its entry named
     * @param fault {@code FAULT_} bits
     * @param mapped the {@code MAP_} bits with which it was mapped
     */
    void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped);

    /**
     * fork of a present entry.
     *
     * @param k the kernel, as the forking task sees it
     * @param page the page
     * @return whether the child gets a copy now, the parent keeping the page as it is
     */
    boolean forkCopies(KernelOps k, int page);

    /**
     * fork of a swap entry. No kernel keeps the bit; tests plant the fault of doing so.
     *
     * @return whether the parent's entry keeps its exclusive bit; the child's never has it
     */
    default boolean forkKeepsEntryExclusive() {
        return false;
    }

    /**
     * try_to_unmap: reclaim is about to replace a mapping by a swap entry.
     *
     * @param k the kernel
     * @param page the page, locked
     * @return an {@code UNMAP_} constant
     */
    default int onUnmap(KernelOps k, int page) {
        return UNMAP_SHARED;
    }

    /**
     * Whether reclaim leaves a page that may be pinned out of the swap cache.
     *
     * @return whether it does
     */
    boolean keepsPinnedOutOfSwap();

    /**
     * GUP for reading, on a page that is mapped read-only.
     *
     * @param k the kernel
     * @param page the page, which may be the zero page
     * @param zero whether it is the zero page
     * @param pin whether the reference is FOLL_PIN rather than FOLL_GET
     * @return what has to happen first
     */
    GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin);

    /**
     * GUP for writing, on a page that is mapped writable but clean: whether the entry is marked dirty. The fast path of
     * Linux leaves that to who wrote, and io_uring's fixed buffers do not do it.
     *
     * @return whether it is
     */
    default boolean pinMarksDirty() {
        return false;
    }

    /**
     * mprotect back to read-write: whether the entry is made writable at once rather than by the next fault.
     *
     * @param k the kernel
     * @param page the page
     * @param dirty whether the entry is dirty
     * @return whether it is
     */
    default boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
        return false;
    }

    /**
     * Whether a new page starts, and a copied page ends, as PageAnonExclusive.
     *
     * @return whether the era has that flag
     */
    default boolean tracksExclusive() {
        return false;
    }

    /**
     * Entries of a per-CPU LRU batch: 15 up to v6.8, 31 since (commit 9cecde80aae0).
     *
     * @return the number
     */
    default int lruBatch() {
        return 15;
    }

    /**
     * Whether swap readahead drains this CPU's LRU batches when it has read more than one page.
     *
     * @return whether it does
     */
    default boolean readaheadDrains() {
        return true;
    }

    /**
     * Whether a page that one entry alone names is read past the swap cache from a device that answers at once.
     *
     * @return whether it is
     */
    default boolean bypassesSwapCache() {
        return true;
    }

    /**
     * Whether swap-out of a page of zeroes sets a bit instead of writing to the device, so that the page is free at
     * once (commit 0ca0c24e3211, v6.12).
     *
     * @return whether it does
     */
    default boolean swapsOutZeroesAtOnce() {
        return false;
    }

    /**
     * Whether a copy tries to free the old page's swap cache (commit f4c4a3f48480, v5.14).
     *
     * @return whether it does
     */
    default boolean copyFreesSwapCache() {
        return false;
    }
}
