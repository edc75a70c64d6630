package org.cowbench.policy;

/**
 * What a policy may ask of the kernel it runs in, and have done, as the task sees it that runs: its process and its CPU
 * are not named. A frame is named by its number; "the frame's slot" exists while the frame is in the swap cache.
 */
public interface KernelOps {

    /**
     * page_count: every reference to the frame, a FOLL_PIN one counting 1024.
     *
     * @param frame the frame
     * @return the count
     */
    int refcount(int frame);

    /**
     * page_mapcount: the number of page-table entries that map the frame.
     *
     * @param frame the frame
     * @return the count
     */
    int mapcount(int frame);

    /**
     * PageSwapCache.
     *
     * @param frame the frame
     * @return whether the frame is in the swap cache
     */
    boolean inSwapCache(int frame);

    /**
     * The number of swap entries in page tables that name the frame's slot; the swap cache itself is not in it.
     *
     * @param frame a frame in the swap cache
     * @return the count
     */
    int swapcount(int frame);

    /**
     * PageWriteback.
     *
     * @param frame the frame
     * @return whether the frame is being written to the device
     */
    boolean underWriteback(int frame);

    /**
     * PageLRU: clear while the page waits in a CPU's batch on its way to the list.
     *
     * @param frame the frame
     * @return whether the frame is on an LRU list
     */
    boolean onLru(int frame);

    /**
     * PageAnonExclusive.
     *
     * @param frame the frame
     * @return whether the flag is set
     */
    boolean exclusive(int frame);

    /**
     * Sets PageAnonExclusive.
     *
     * @param frame the frame
     */
    void setExclusive(int frame);

    /**
     * Clears PageAnonExclusive.
     *
     * @param frame the frame
     */
    void clearExclusive(int frame);

    /**
     * page_maybe_dma_pinned: the reference count is at least 1024.
     *
     * @param frame the frame
     * @return whether the frame may be pinned
     */
    boolean maybePinned(int frame);

    /**
     * Tells whether the task's process has ever pinned a page (MMF_HAS_PINNED).
     *
     * @return whether it has
     */
    boolean hasPinned();

    /**
     * trylock_page.
     *
     * @param frame the frame
     * @return whether the lock was free and is now held
     */
    boolean tryLock(int frame);

    /**
     * unlock_page.
     *
     * @param frame the frame
     */
    void unlock(int frame);

    /** lru_add_drain: empties the batches of the task's CPU. */
    void lruAddDrain();

    /**
     * try_to_free_swap: takes the locked frame out of the swap cache and marks it dirty, unless it is not in the swap
     * cache, is under writeback, or a swap entry still names its slot.
     *
     * @param frame the frame, locked
     * @return whether it was taken out
     */
    boolean tryFreeSwap(int frame);

    /**
     * delete_from_swap_cache, then SetPageDirty, whatever the swap count is.
     *
     * @param frame a frame in the swap cache, locked, not under writeback
     */
    void deleteFromSwapCache(int frame);

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

    /**
     * Whether anybody but one user of the frame, itself a mapping or a swap entry of the task's process, can see it:
     * another mapping, another swap entry of its slot, a reference taken by another process, or a device that needs it
     * stable while it is being written. No kernel can know this; it is for {@link Policy#ORACLE} and for counting needless
     * copies.
     *
     * @param frame a frame that the process maps, or whose slot an entry of it names
     * @return whether somebody else can see it
     */
    boolean seenByOthers(int frame);
}
