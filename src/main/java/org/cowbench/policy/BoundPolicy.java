package org.cowbench.policy;

/** What bounds have in common: folios of all sizes, kept and mapped whole wherever they can be, as in newer kernels. */
abstract class BoundPolicy extends PageCountPolicy {

    @Override
    public final LargeFolios largeFolios() {
        return LargeFolios.ANY;
    }

    @Override
    public final void onLargeSwapInMapped(KernelOps k, int page, int slot, int count, int fault, int mapped) {
        for (int i = 0; i < count; i++) {
            k.swapFree(slot + i);
        }
        if (k.swapFull()) {
            k.folioFreeSwap(k.folioOf(page));
        }
    }

    @Override
    public final boolean mapsWholeFolio() {
        return true;
    }

    @Override
    public final boolean swapInCopiesTail() {
        return false;
    }

    @Override
    public final boolean swapsInLargeFolios() {
        return true;
    }

    @Override
    public final boolean splitsBeforeSwapOut(KernelOps k, int folio) {
        return k.folioPartiallyMapped(folio);
    }

    @Override
    public final boolean pageoutKeepsWhole() {
        return true;
    }

    @Override
    public final boolean swapReadWaits() {
        return false;
    }

    @Override
    public final boolean splitKeepsDirty() {
        return true;
    }

    @Override
    public final boolean collapses() {
        return true;
    }

    @Override
    public final boolean collapseNeedsWritable() {
        return false;
    }
}
