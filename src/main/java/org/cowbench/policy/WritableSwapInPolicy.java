package org.cowbench.policy;

/**
 * Linux v6.11 to v6.19: an exclusive page is mapped writable by a read fault, so that the write after it does not fault.
 *
 * <p>Source: commit c18160dba5ff ("mm: swap: reuse exclusive folio directly instead of wp page faults"). Larger batches:
 * 9cecde80aae0 (v6.9). Long-term read-only pins unshare the zero page: 84209e87c696 (v6.2). mprotect makes clean
 * exclusive pages writable too (v6.2). Pages of zeroes are not written to swap: 0ca0c24e3211 (v6.12). Serves v6.15 as
 * well, whose rule for large folios (commit 1da190f4d0a6) leaves base pages as they were.
 */
class WritableSwapInPolicy extends AnonExclusivePolicy {

    @Override
    int mapExclusive(int fault) {
        return (fault & FAULT_VM_WRITE) != 0 ? MAP_EXCLUSIVE | MAP_WRITABLE : MAP_EXCLUSIVE;
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return pin && (zero || !k.pageAnonExclusive(page)) ? GupNeed.UNSHARE : GupNeed.NOTHING;
    }

    @Override
    public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
        return k.pageAnonExclusive(page);
    }

    @Override
    public int lruBatch() {
        return 31;
    }

    @Override
    public boolean swapsOutZeroesAtOnce() {
        return true;
    }
}
