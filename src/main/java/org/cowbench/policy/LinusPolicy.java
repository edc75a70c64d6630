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
    public Decision onWriteFault(KernelOps k, int frame) {
        if (!k.tryLock(frame)) {
            return Decision.COPY;
        }
        k.tryFreeSwap(frame);
        boolean reuse = k.refcount(frame) == 1;
        k.unlock(frame);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
