package org.cowbench.policy;

/**
 * Everything in which the eras of Linux differ for anonymous memory: for a base page first, then, with {@code large} or
 * {@code huge} in its name, for large folios. Stateless; see the package's note.
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
        WAIT,
        /** Of {@link #onHugeWriteFault}: map the folio by a page table, then decide about the page. */
        SPLIT
    }

    /** What {@link #largeFolios} says. */
    enum LargeFolios {
        /** Only such as a PMD entry maps (THP). */
        PMD,
        /** Also smaller ones, mapped by page-table entries (mTHP). */
        ANY
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
     * Whether swap-out of a zero-filled page sets a bit instead of writing to the device, so that the page is free at
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

    /**
     * The class that decides for base pages: two policies that name the same one cannot differ where there are no large
     * folios.
     *
     * @return the class, this one's own unless it changes nothing but large folios
     */
    default Class<?> basePageRule() {
        return getClass();
    }

    // ---- large folios ----

    /**
     * Which large folios a write to untouched memory may bring.
     *
     * @return the kinds
     */
    default LargeFolios largeFolios() {
        return LargeFolios.PMD;
    }

    /**
     * Whether a folio keeps account of which processes map it (commit 6af8cb80d3a9, v6.15).
     *
     * @return whether it does
     */
    default boolean tracksOwners() {
        return false;
    }

    /**
     * do_wp_page of a page of a large folio that a page-table entry maps.
     *
     * @param k the kernel, as the faulting task sees it
     * @param page the page
     * @return what to do; on {@code REUSE} any mark the era keeps is already set
     */
    default Decision onLargeWriteFault(KernelOps k, int page) {
        return onWriteFault(k, page);
    }

    /**
     * do_huge_pmd_wp_page: as {@link #onLargeWriteFault} where a PMD entry maps the folio.
     *
     * @param k the kernel, as the faulting task sees it
     * @param folio the folio, which is also its first page, whose mark is that of the mapping
     * @return {@code REUSE}, {@code SPLIT} or {@code WAIT}
     */
    Decision onHugeWriteFault(KernelOps k, int folio);

    /**
     * do_swap_page of a large folio in the swap cache, or read past it, before it is mapped; it is locked and carries
     * one reference for the mappings to come.
     *
     * @param k the kernel, as the faulting task sees it
     * @param page the first page to be mapped
     * @param slot the slot its entry names; the others' follow
     * @param count pages to be mapped, 1 or all
     * @param fault {@code FAULT_} bits, of the one entry and so of all
     * @return {@code MAP_} bits for all of them
     */
    default int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return onSwapIn(k, page, slot, fault);
    }

    /**
     * do_swap_page of a large folio after it is mapped, still locked.
     *
     * @param k the kernel
     * @param page the first page mapped
     * @param slot the slot its entry named
     * @param count pages mapped
     * @param fault {@code FAULT_} bits
     * @param mapped the {@code MAP_} bits with which they were mapped
     */
    default void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        onSwapInMapped(k, page, slot, fault, mapped);
    }

    /**
     * Whether one swap fault maps all pages of a large folio that it finds in the swap cache, if the entries allow it.
     *
     * @return whether it does
     */
    default boolean mapsWholeFolio() {
        return false;
    }

    /**
     * Whether a swap fault on a page of a large folio that is not its first copies it: ksm_might_need_to_copy compares
     * an index that such a page does not carry. Without CONFIG_KSM, which distributions have, kernels do not.
     *
     * @return whether it does
     */
    default boolean swapInCopiesTail() {
        return true;
    }

    /**
     * Whether a swap fault may read a whole folio, smaller than a PMD entry maps, from a device that answers at once
     * (commit 242d12c98174, v6.12).
     *
     * @return whether it may
     */
    default boolean swapsInLargeFolios() {
        return false;
    }

    /**
     * Whether reclaim splits a large folio before it looks for swap slots.
     *
     * @param k the kernel
     * @param folio the folio, locked
     * @return whether it does
     */
    default boolean splitsBeforeSwapOut(KernelOps k, int folio) {
        return k.folioEntireMapcount(folio) == 0;
    }

    /**
     * Whether MADV_PAGEOUT leaves a large folio alone because others may map it.
     *
     * @param k the kernel
     * @param page the page it has come to
     * @return whether it does
     */
    default boolean pageoutSkips(KernelOps k, int page) {
        return k.pageMapcount(page) != 1;
    }

    /**
     * Whether MADV_PAGEOUT keeps a folio whole that page-table entries map from its first page to its last (commit
     * 3931b871c493, v6.10). If not it splits every one, and looks no further in that page table at one it skips.
     *
     * @return whether it does
     */
    default boolean pageoutKeepsWhole() {
        return false;
    }

    /**
     * mprotect back to read-write of a folio that a PMD entry maps: whether the entry is made writable at once.
     *
     * @param k the kernel
     * @param folio the folio
     * @return whether it is
     */
    default boolean protectMakesHugeWritable(KernelOps k, int folio) {
        return false;
    }

    /**
     * Whether the entries of a page table that replaces a PMD entry are dirty if that was (e833bc503405, v6.2). If not
     * the folio is marked dirty and they are clean.
     *
     * @return whether they are
     */
    default boolean splitKeepsDirty() {
        return false;
    }

    /**
     * Whether a folio that is split, which takes the PMD entry apart on its way, leaves entries as dirty as they were: they
     * are migration entries meanwhile, which know it (2e3468778dbe, v6.1).
     *
     * @return whether it does
     */
    default boolean migrationKeepsDirty() {
        return false;
    }

    /**
     * Whether a page that is read from a device that answers later has come when the read returns, so that a collapse finds
     * it unlocked: 5.10 and 6.1 wait (swap_readpage, synchronous), 6.12 and later do not.
     *
     * @return whether it has
     */
    default boolean swapReadWaits() {
        return true;
    }

    /**
     * Whether the split of a folio maps the zero page in place of its zero-filled pages, be it in the swap cache or not
     * (try_to_map_unused_to_zeropage, v6.12).
     *
     * @return whether it does
     */
    default boolean splitDropsZeroes() {
        return false;
    }

    /**
     * Whether MADV_DONTNEED of all that a page table maps frees the table, so that a huge page may come there again
     * (PT_RECLAIM, v6.14).
     *
     * @return whether it does
     */
    default boolean discardFreesTable() {
        return false;
    }

    /**
     * Whether a process that ends, discards pages (MADV_DONTNEED), or moves them away (mremap, which unmaps the old
     * place), drains its CPU's LRU batches: 5.10, 6.1 and 6.12 do, 6.18 and later do not ("mm: remove unnecessary calls to
     * lru_add_drain"; the first release without was not looked for). Asked only where folios are large: only there do
     * pages on an LRU list wait in a batch, when several go out in one call.
     *
     * @return whether it does
     */
    default boolean unmappingDrains() {
        return true;
    }

    /**
     * Whether there is MADV_COLLAPSE (commit 7d8faaf15545, v6.1).
     *
     * @return whether there is
     */
    default boolean collapses() {
        return false;
    }

    /**
     * Whether a collapse needs at least one page that is mapped writable.
     *
     * @return whether it does
     */
    default boolean collapseNeedsWritable() {
        return true;
    }
}
