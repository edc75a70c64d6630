package org.cowbench.bench;

import org.cowbench.policy.Policy;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Private pages in the swap cache, put back by one bulk copy as those of {@link WriteAfterRead} are. */
@State(Scope.Thread)
public abstract class SwapCachedPages {
    Prepared prepared;

    /** Made by JMH. */
    protected SwapCachedPages() {}

    /**
     * Returns the size of the set.
     *
     * @return number of pages
     */
    abstract int size();

    /** Builds the machine. */
    @Setup
    public void build() {
        prepared = new Prepared(Policy.V5_18.rule(), Situation.SWAPCACHE, size());
    }

    /** Puts the pages back when all have been used. */
    @Setup(Level.Invocation)
    public void rewind() {
        prepared.rewind();
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        prepared.close();
    }

    /** Pages that fit in a second-level cache. */
    @State(Scope.Thread)
    public static class Warm extends SwapCachedPages {
        /** Made by JMH. */
        public Warm() {}

        @Override
        int size() {
            return WriteAfterRead.L2_PAGES;
        }
    }

    /** Pages that fit in no cache. */
    @State(Scope.Thread)
    public static class Cold extends SwapCachedPages {
        /** Made by JMH. */
        public Cold() {}

        @Override
        int size() {
            return WriteAfterRead.DRAM_PAGES;
        }
    }
}
