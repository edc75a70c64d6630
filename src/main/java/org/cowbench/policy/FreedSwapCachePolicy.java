package org.cowbench.policy;

/**
 * Linux v5.14 to v5.17: v5.9, which is modelled as v5.10, with commit f4c4a3f48480 ("mm: free idle swap cache page after
 * COW"). A copy leaves nothing behind that reclaim would have to find. What is copied is the same, so it is no era of its
 * own in {@link Policy}; package {@code published} asks what the commit alone was worth.
 */
public final class FreedSwapCachePolicy extends PageCountPolicy {

    /** The rule. */
    public FreedSwapCachePolicy() {}

    @Override
    public boolean copyFreesSwapCache() {
        return true;
    }
}
