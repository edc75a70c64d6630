package org.cowbench.policy;

/**
 * Linux v5.8: as v5.7, and every reference to a private area breaks COW first, even one that only reads.
 *
 * <p>Source: commit 17839856fd58 ("gup: document and work around 'COW can break either way' issue"), reverted by
 * a308c71bf1e6 in v5.9.
 */
final class ForcedCowPolicy extends MapCountPolicy {

    @Override
    public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
        return GupNeed.WRITE_FAULT;
    }
}
