package org.cowbench.policy;

/** Upper bound of the cost: every write-protect fault copies, and a write swap-in is mapped read-only first. */
final class AlwaysCopyPolicy extends BoundPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return Decision.COPY;
    }

    @Override
    public Decision onHugeWriteFault(KernelOps k, int folio) {
        return Decision.SPLIT;
    }

    @Override
    public int onLargeSwapIn(KernelOps k, int page, int slot, int count, int fault) {
        return 0;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return 0;
    }
}
