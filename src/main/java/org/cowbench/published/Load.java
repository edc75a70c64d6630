package org.cowbench.published;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.machine.Outcome;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.workload.AccessStream;

/** What publications did to their machines, done to a modelled one. */
final class Load {
    /** Data of a page: its first word is all that the model's processes look at, and copies are counted, not timed. */
    private static final int FRAME_BYTES = 8;

    private final ArenaSpec spec;
    private final MachineOptions options;
    private final ReusePolicy policy;

    /**
     * Describes the machine; each load has a new one.
     *
     * @param frames page frames
     * @param processes how many there may be
     * @param pages pages of each
     * @param options the device
     * @param policy the rule
     */
    Load(int frames, int processes, int pages, MachineOptions options, ReusePolicy policy) {
        // Swap so large that it is never half full, as in all publications.
        spec = new ArenaSpec(
                frames, 4 * (processes * pages + frames), processes, pages, 1, 0, policy.lruBatch(), FRAME_BYTES);
        this.options = options;
        this.policy = policy;
    }

    /** Writes each page once, then does something and counts what that makes the machine do. */
    private Account run(long operations, Map<Price, Long> more, Consumer<Run> body) {
        try (PageArena arena = PageArena.allocate(spec)) {
            Run run = new Run(new Machine(arena, policy, options));
            for (int page = 0; page < spec.pages(); page++) {
                run.write(page);
            }
            body.accept(run);
            run.machine.validate();
            return run.meter.account(operations, more);
        }
    }

    /** A machine at work. */
    private static final class Run {
        final Machine machine;
        final Meter meter;
        private long word;

        Run(Machine machine) {
            this.machine = machine;
            meter = new Meter(machine);
        }

        void read(int page) {
            done(machine.read(0, page));
        }

        /** Never the same word twice, and never 0, which some eras keep off the device. */
        void write(int page) {
            done(machine.write(0, page, ++word));
        }

        void replay(int[] codes) {
            for (int code : codes) {
                if (AccessStream.isWrite(code)) {
                    write(AccessStream.page(code));
                } else {
                    read(AccessStream.page(code));
                }
            }
        }

        private static void done(int outcome) {
            if (Outcome.failed(outcome)) {
                throw new IllegalStateException("an access was not done: outcome " + Integer.toHexString(outcome));
            }
        }
    }

    /**
     * A stream, once to reach the steady state and once to count.
     *
     * @param stream accesses without children
     * @param operations what it is done for
     * @param as what one operation is priced as
     */
    Account replay(AccessStream stream, long operations, Price as) {
        int[] codes = stream.toArray();
        return run(operations, Map.of(as, operations), run -> {
            run.replay(codes);
            run.meter.start();
            run.replay(codes);
            run.meter.stop();
        });
    }

    /** forceswap: MADV_PAGEOUT, a read, and a write, of which only the write is counted. */
    Account forceswap(int rounds) {
        return run(rounds, Map.of(), run -> {
            for (int i = 0; i < rounds; i++) {
                run.machine.pageout(0, 0);
                run.read(0);
                run.meter.start();
                run.write(0);
                run.meter.stop();
            }
        });
    }

    /** All pages out; then each is read and written, and both are counted. */
    Account readThenWrite() {
        int pages = spec.pages();
        return run(pages, Map.of(), run -> {
            run.machine.pageout(0, 0, pages - 1);
            run.meter.start();
            for (int page = 0; page < pages; page++) {
                run.read(page);
                run.write(page);
            }
            run.meter.stop();
        });
    }

    /** fork(2), whose child's entries are counted one by one. */
    Account fork() {
        int pages = spec.pages();
        long[] entries = new long[1];
        Account counted = run(pages, Map.of(), run -> {
            run.meter.start();
            Run.done(run.machine.fork(0, 1));
            run.meter.stop();
            for (int page = 0; page < pages; page++) {
                entries[0] += run.machine.frameOf(1, page) != PageArena.NIL ? 1 : 0;
            }
        });
        Map<Price, Long> counts = new EnumMap<>(Price.class);
        counts.putAll(counted.counts());
        counts.put(Price.ENTRY, entries[0]);
        return new Account(pages, counts);
    }
}
