package org.cowbench.policy;

/** A policy that is another in all that a subclass does not change. */
public abstract class DelegatingPolicy implements ReusePolicy {
    /** Decides all that a subclass does not. */
    protected final ReusePolicy base;

    /**
     * Builds on a policy.
     *
     * @param base the policy
     */
    protected DelegatingPolicy(ReusePolicy base) {
        this.base = base;
    }

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return base.onWriteFault(k, page);
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return base.onSwapIn(k, page, slot, fault);
    }

    @Override
    public void onSwapInMapped(KernelOps k, int page, int slot, int fault, int mapped) {
        base.onSwapInMapped(k, page, slot, fault, mapped);
    }

    @Override
    public boolean forkCopies(KernelOps k, int page) {
        return base.forkCopies(k, page);
    }

    @Override
    public boolean forkKeepsEntryExclusive() {
        return base.forkKeepsEntryExclusive();
    }

    @Override
    public int onUnmap(KernelOps k, int page) {
        return base.onUnmap(k, page);
    }

    @Override
    public boolean keepsPinnedOutOfSwap() {
        return base.keepsPinnedOutOfSwap();
    }

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return base.onGupRead(k, page, zero, pin);
    }

    @Override
    public boolean pinMarksDirty() {
        return base.pinMarksDirty();
    }

    @Override
    public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
        return base.protectMakesWritable(k, page, dirty);
    }

    @Override
    public boolean tracksExclusive() {
        return base.tracksExclusive();
    }

    @Override
    public int lruBatch() {
        return base.lruBatch();
    }

    @Override
    public boolean readaheadDrains() {
        return base.readaheadDrains();
    }

    @Override
    public boolean bypassesSwapCache() {
        return base.bypassesSwapCache();
    }

    @Override
    public boolean swapsOutZeroesAtOnce() {
        return base.swapsOutZeroesAtOnce();
    }

    @Override
    public boolean copyFreesSwapCache() {
        return base.copyFreesSwapCache();
    }

    @Override
    public LargeFolios largeFolios() {
        return base.largeFolios();
    }

    @Override
    public boolean tracksOwners() {
        return base.tracksOwners();
    }

    @Override
    public Decision onLargeWriteFault(KernelOps k, int page) {
        return base.onLargeWriteFault(k, page);
    }

    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        return base.onHugeWriteFault(k, folio);
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return base.onLargeSwapIn(k, page, slot, count, fault);
    }

    @Override
    public void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        base.onLargeSwapInMapped(k, page, slot, count, fault, mapped);
    }

    @Override
    public boolean mapsWholeFolio() {
        return base.mapsWholeFolio();
    }

    @Override
    public boolean swapInCopiesTail() {
        return base.swapInCopiesTail();
    }

    @Override
    public boolean swapsInLargeFolios() {
        return base.swapsInLargeFolios();
    }

    @Override
    public boolean splitsBeforeSwapOut(KernelOps k, int folio) {
        return base.splitsBeforeSwapOut(k, folio);
    }

    @Override
    public boolean pageoutSkips(KernelOps k, int page) {
        return base.pageoutSkips(k, page);
    }

    @Override
    public boolean pageoutKeepsWhole() {
        return base.pageoutKeepsWhole();
    }

    @Override
    public boolean protectMakesHugeWritable(KernelOps k, int folio) {
        return base.protectMakesHugeWritable(k, folio);
    }

    @Override
    public boolean migrationKeepsDirty() {
        return base.migrationKeepsDirty();
    }

    @Override
    public boolean swapReadWaits() {
        return base.swapReadWaits();
    }

    @Override
    public boolean splitKeepsDirty() {
        return base.splitKeepsDirty();
    }

    @Override
    public boolean splitDropsZeroes() {
        return base.splitDropsZeroes();
    }

    @Override
    public boolean discardFreesTable() {
        return base.discardFreesTable();
    }

    @Override
    public boolean unmappingDrains() {
        return base.unmappingDrains();
    }

    @Override
    public boolean collapses() {
        return base.collapses();
    }

    @Override
    public boolean collapseNeedsWritable() {
        return base.collapseNeedsWritable();
    }
}
