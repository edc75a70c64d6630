package org.cowbench.policy;

/** What the kernel around a page or a folio answers in a situation, whatever is done to them. */
abstract class FakeKernel implements KernelOps {
    final Situation start;

    FakeKernel(Situation start) {
        this.start = start;
    }

    @Override
    public final boolean hasPinned() {
        return start.hasPinned();
    }

    @Override
    public final boolean swapFull() {
        return start.swapFull();
    }

    @Override
    public final boolean stableWrites() {
        return start.stable();
    }

    @Override
    public final boolean synchronousIo() {
        return start.synchronous();
    }
}
