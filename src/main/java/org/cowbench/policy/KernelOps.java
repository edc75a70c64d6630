package org.cowbench.policy;

/**
 * What a policy may ask of the kernel it runs in, and have done, as the task sees it that runs: its process and its CPU
 * are not named.
 *
 * <p>A page is what an entry of a page table maps; it has its mappings, its exclusive mark and, while its folio is in
 * the swap cache, a slot. A folio is what references, the lock, the LRU, the swap cache and writeback are of. Both are
 * named by numbers, and neither number stands for the other: a large folio has many pages. Methods have the kernel's
 * names.
 */
public interface KernelOps {

    /**
     * page_folio.
     *
     * @param page a page
     * @return the folio it belongs to
     */
    int folioOf(int page);

    // ---- of a folio ----

    /**
     * folio_ref_count: every reference to the folio, a FOLL_PIN one counting 1024, or 1 of a large folio.
     *
     * @param folio the folio
     * @return the count
     */
    int folioRefCount(int folio);

    /**
     * folio_test_swapcache.
     *
     * @param folio the folio
     * @return whether the folio is in the swap cache
     */
    boolean folioTestSwapcache(int folio);

    /**
     * folio_test_writeback.
     *
     * @param folio the folio
     * @return whether the folio is being written to the device
     */
    boolean folioTestWriteback(int folio);

    /**
     * folio_test_lru: clear while the folio waits in a CPU's batch on its way to the list.
     *
     * @param folio the folio
     * @return whether the folio is on an LRU list
     */
    boolean folioTestLru(int folio);

    /**
     * folio_maybe_dma_pinned: the reference count is at least 1024; of a large folio, which counts its pins apart, that
     * there is one, on whichever page.
     *
     * @param folio the folio
     * @return whether the folio may be pinned
     */
    boolean folioMaybeDmaPinned(int folio);

    /**
     * folio_trylock.
     *
     * @param folio the folio
     * @return whether the lock was free and is now held
     */
    boolean folioTrylock(int folio);

    /**
     * folio_unlock.
     *
     * @param folio the folio
     */
    void folioUnlock(int folio);

    /**
     * folio_free_swap: takes the locked folio out of the swap cache and marks it dirty, unless it is not in the swap
     * cache, is under writeback, or a swap entry still names a slot of it.
     *
     * @param folio the folio, locked
     * @return whether it was taken out
     */
    boolean folioFreeSwap(int folio);

    /**
     * delete_from_swap_cache, then folio_mark_dirty, whatever the swap count is.
     *
     * @param folio a folio in the swap cache, locked, not under writeback
     */
    void deleteFromSwapCache(int folio);

    /**
     * folio_nr_pages.
     *
     * @param folio the folio
     * @return its number of pages
     */
    int folioNrPages(int folio);

    /**
     * folio_mapcount (folio_large_mapcount): all entries that map any page of the folio, a PMD entry counting 1.
     *
     * @param folio the folio
     * @return the count
     */
    int folioLargeMapcount(int folio);

    /**
     * folio_entire_mapcount: the PMD entries that map the folio.
     *
     * @param folio the folio
     * @return the count, 0 of a folio of one page
     */
    int folioEntireMapcount(int folio);

    /**
     * folio_maybe_mapped_shared: of a large folio what its owner slots say, of one page whether it is mapped more than
     * once.
     *
     * @param folio the folio
     * @return false only if one process has all mappings
     */
    boolean folioMaybeMappedShared(int folio);

    /**
     * The mappings of a large folio that its owner slots count for the task's process.
     *
     * @param folio the folio
     * @return the count, 0 where the process has no slot; 1 of a folio of one page
     */
    int folioMmMapcount(int folio);

    /**
     * folio_test_partially_mapped: a page of the folio has lost its last mapping while another kept one.
     *
     * @param folio the folio
     * @return whether it waits for being split
     */
    boolean folioPartiallyMapped(int folio);

    /**
     * page_trans_huge_map_swapcount: the most users that any page of the folio has, mappings and swap entries.
     *
     * @param folio the folio
     * @return the greatest sum over its pages, and the PMD entries that map it
     */
    int folioMapSwapcount(int folio);

    /**
     * The swap entries that name any slot of the folio.
     *
     * @param folio the folio
     * @return their number, 0 outside the swap cache
     */
    int folioSwapcount(int folio);

    // ---- of a page ----

    /**
     * page_mapcount: the number of entries that map the page, PMD entries of its folio among them.
     *
     * @param page the page
     * @return the count
     */
    int pageMapcount(int page);

    /**
     * page_swapcount: the number of swap entries in page tables that name the page's slot; the swap cache itself is not
     * in it.
     *
     * @param page a page whose folio is in the swap cache
     * @return the count
     */
    int pageSwapcount(int page);

    /**
     * PageAnonExclusive.
     *
     * @param page the page
     * @return whether the mark is set
     */
    boolean pageAnonExclusive(int page);

    /**
     * SetPageAnonExclusive.
     *
     * @param page the page
     */
    void setPageAnonExclusive(int page);

    /**
     * ClearPageAnonExclusive.
     *
     * @param page the page
     */
    void clearPageAnonExclusive(int page);

    /**
     * Whether anybody but one user of the page, itself a mapping or a swap entry of the task's process, can see it:
     * another mapping, another swap entry of its slot, a reference taken by another process, or a device that needs it
     * stable while it is being written. No kernel can know this; it is for {@link Policy#ORACLE} and for counting
     * needless copies.
     *
     * @param page a page that the process maps, or whose slot an entry of it names
     * @return whether somebody else can see it
     */
    boolean seenByOthers(int page);

    // ---- of the task, swap and its device ----

    /**
     * Tells whether the task's process has ever pinned a page (MMF_HAS_PINNED).
     *
     * @return whether it has
     */
    boolean hasPinned();

    /** lru_add_drain: empties the batches of the task's CPU. */
    void lruAddDrain();

    /**
     * swap_free: drops the swap count that the entry being faulted in held.
     *
     * @param slot the slot
     */
    void swapFree(int slot);

    /**
     * vm_swap_full: more than half of the swap slots are in use.
     *
     * @return whether swap is that full
     */
    boolean swapFull();

    /**
     * Whether the swap device must not see a page change while it is being written (SWP_STABLE_WRITES).
     *
     * @return whether it is such a device
     */
    boolean stableWrites();

    /**
     * Whether the swap device answers at once (SWP_SYNCHRONOUS_IO).
     *
     * @return whether it is such a device
     */
    boolean synchronousIo();
}
