package org.cowbench.bench;

import org.cowbench.machine.Machine;

/**
 * What the pages of a process are like before they are written, brought about by operations any process can do.
 *
 * <p>Process 0 owns pages 0 to n - 1 and every page was written once before; {@link #prepare} does the rest. Whether the
 * write that follows faults at all is the policy's business: from v6.11 a read of an exclusive swapped page maps it
 * writable, and up to v5.8 a pin may have resolved the fault already.
 */
public enum Situation {
    /** Private, read back while still in the swap cache, LRU batches drained. */
    SWAPCACHE {
        @Override
        void prepare(Machine machine, int pages) {
            swapOut(machine, pages);
            machine.drain();
            readBack(machine, pages);
            machine.drain();
        }
    },
    /**
     * As {@link #SWAPCACHE}, but an LRU batch still holds a reference to each page, as it does when a page is written
     * right after it was read back. Each page is in the batch of a CPU of its own, on which it is then written:
     * otherwise the first fault that drains the batch would drain the pages of those after it.
     */
    BATCHED {
        @Override
        void prepare(Machine machine, int pages) {
            machine.drain();
            for (int page = 0; page < pages; page++) {
                machine.runOn(page);
                machine.pageout(0, page);
                machine.read(0, page);
            }
        }

        @Override
        int cpus(int pages) {
            return pages;
        }
    },
    /** In the swap cache, mapped here only, but a forked process still names its swap slot. */
    HIDDEN_SHARER {
        @Override
        void prepare(Machine machine, int pages) {
            swapOut(machine, pages);
            machine.drain();
            machine.fork(0, 1);
            readBack(machine, pages);
            machine.drain();
        }
    },
    /** Mapped here and in a forked process. */
    FORK_SHARED {
        @Override
        void prepare(Machine machine, int pages) {
            machine.drain();
            machine.fork(0, 1);
        }
    },
    /** As {@link #PRIVATE}, then pinned for reading for a long time. */
    PINNED {
        @Override
        void prepare(Machine machine, int pages) {
            PRIVATE.prepare(machine, pages);
            for (int page = 0; page < pages; page++) {
                machine.pinReadOnly(0, page, page);
            }
            machine.drain();
        }

        @Override
        int references(int pages) {
            return pages;
        }
    },
    /** Private and not in the swap cache; write-protected by a fork whose child has gone. */
    PRIVATE {
        @Override
        void prepare(Machine machine, int pages) {
            machine.drain();
            machine.fork(0, 1);
            machine.exit(1);
            machine.drain();
        }
    };

    /**
     * Brings the pages into the situation.
     *
     * @param machine a machine with process 0, all of whose pages were written
     * @param pages how many pages it has
     */
    abstract void prepare(Machine machine, int pages);

    /**
     * Returns how many CPUs the machine needs.
     *
     * @param pages number of pages
     * @return one, or one a page, in which case page n is written on CPU n
     */
    int cpus(int pages) {
        return 1;
    }

    /**
     * Returns how many references the machine must be able to hold.
     *
     * @param pages number of pages
     * @return the number of pins
     */
    int references(int pages) {
        return 0;
    }

    private static void swapOut(Machine machine, int pages) {
        machine.drain();
        for (int page = 0; page < pages; page++) {
            machine.pageout(0, page);
        }
    }

    private static void readBack(Machine machine, int pages) {
        for (int page = 0; page < pages; page++) {
            machine.read(0, page);
        }
    }
}
