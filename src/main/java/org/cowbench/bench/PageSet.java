package org.cowbench.bench;

import org.cowbench.arena.PageArena;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.machine.Outcome;
import org.cowbench.policy.Policy;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Situation;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Prepared pages of one machine under one policy, used one after the other in passes: before each pass one bulk copy puts
 * them back. See {@link WriteAfterRead} for why that copy may be a fixture of each invocation.
 */
@State(Scope.Thread)
public abstract class PageSet implements TakesTurns {
    /** The policy. */
    @Param
    public Policy policy;

    Prepared prepared;
    Machine machine;
    ForkProbe.Recorder recorder;
    long word;

    /** Made by JMH. */
    protected PageSet() {}

    /**
     * Returns what the pages are like before they are measured.
     *
     * @return the situation
     */
    abstract Situation situation();

    /**
     * Returns the size of the set.
     *
     * @return number of pages
     */
    abstract int pages();

    /**
     * Returns how many operations are timed together.
     *
     * @return operations of one value of the histogram
     */
    abstract int batch();

    /**
     * Prepares the set.
     *
     * @return the pages, or the folios
     */
    Prepared prepare() {
        return new Prepared(policy.rule(), situation(), pages());
    }

    /** Builds the machine and saves the prepared pages. */
    @Override
    @Setup
    public void build() {
        prepared = prepare();
        machine = prepared.machine;
        long hugeKib = PageArena.anonHugePagesKib();
        recorder = ForkProbe.recorder();
        ForkProbe.counter(KnownMetric.COPIES, () -> machine.counter(Counter.WP_COPIES));
        ForkProbe.counter(KnownMetric.REUSES, () -> machine.counter(Counter.WP_REUSES));
        ForkProbe.counter(KnownMetric.BYTES_COPIED, () -> machine.counter(Counter.BYTES_COPIED));
        ForkProbe.counter(
                KnownMetric.FAULTS,
                () -> machine.counter(Counter.MINOR_FAULTS) + machine.counter(Counter.MAJOR_FAULTS));
        ForkProbe.gauge(KnownMetric.BATCH, this::batch);
        ForkProbe.gauge(KnownMetric.HUGE_PAGES, () -> hugeKib);
    }

    /** Puts the pages back when every one has been used. */
    @Override
    @Setup(Level.Invocation)
    public void rewind() {
        prepared.rewind();
    }

    /**
     * Gives the memory back. Not a JMH fixture: the counters are read after the last one, and the end of the fork does
     * as well.
     */
    void close() {
        prepared.close();
    }

    /**
     * Demands that every operation was done.
     *
     * @param outcomes of all operations, combined
     * @return the same
     * @throws IllegalStateException when one was not
     */
    static int done(int outcomes) {
        if (Outcome.failed(outcomes)) {
            throw new IllegalStateException("an operation was not done: outcomes " + Integer.toHexString(outcomes));
        }
        return outcomes;
    }

    Machine machine() {
        return machine;
    }
}
