package org.cowbench.policy;

/**
 * Linus Torvalds' rule, 13 January 2022: take the page lock or copy; try to free the swap cache, which asks the swap
 * count; reuse exactly when the reference count is then 1. Without the cheap tests before the lock, which he called
 * pure optimisation.
 *
 * <p>Source: CAHk-=wjB0i-B=U-DhpAajQx3f6bp1X==neLOrg0jwq29mgz=3g@mail.gmail.com and the two mails after it.
 */
final class LinusPolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        int folio = k.folioOf(page);
        if (!k.folioTrylock(folio)) {
            return Decision.COPY;
        }
        k.folioFreeSwap(folio);
        boolean reuse = k.folioRefCount(folio) == 1;
        k.folioUnlock(folio);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
