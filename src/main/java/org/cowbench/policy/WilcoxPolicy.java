package org.cowbench.policy;

/**
 * Matthew Wilcox's alternative, 13 January 2022: v5.9 with {@code page_count != 1 + PageSwapCache}. It forgets the swap
 * count: a second process that has the page swapped out too still finds it in the swap cache.
 *
 * <p>Source: YeA5oP/iaxtVPHb3@casper.infradead.org; the objection: 172ccfbb-7e24-db21-7d84-8c8d8c3805fd@redhat.com.
 */
final class WilcoxPolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int frame) {
        if (k.refcount(frame) != expected(k, frame) || !k.tryLock(frame)) {
            return Decision.COPY;
        }
        boolean reuse = k.mapcount(frame) == 1 && k.refcount(frame) == expected(k, frame);
        k.unlock(frame);
        return reuse ? Decision.REUSE : Decision.COPY;
    }

    private static int expected(KernelOps k, int frame) {
        return k.inSwapCache(frame) ? 2 : 1;
    }

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
