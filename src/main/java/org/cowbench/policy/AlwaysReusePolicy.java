package org.cowbench.policy;

/** Lower bound of the cost, and unsafe: every write-protect fault reuses, whoever else sees the page. */
final class AlwaysReusePolicy extends BoundPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return Decision.REUSE;
    }

    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        return Decision.REUSE;
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return onSwapIn(k, page, slot, fault);
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return (fault & FAULT_WRITE) != 0 ? MAP_WRITABLE : 0;
    }
}
