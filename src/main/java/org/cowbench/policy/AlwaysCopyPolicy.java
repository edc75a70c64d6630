package org.cowbench.policy;

/** Upper bound of the cost: every write-protect fault copies, and a write swap-in is mapped read-only first. */
final class AlwaysCopyPolicy extends PageCountPolicy {

    @Override
    public Decision onWriteFault(KernelOps k, int page) {
        return Decision.COPY;
    }

    @Override
    public int onSwapIn(KernelOps k, int page, int slot, int fault) {
        return 0;
    }
}
