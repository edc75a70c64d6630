package org.cowbench.bench;

import org.cowbench.machine.Machine;

/**
 * What the pages of a process are like before they are written, brought about by operations any process can do.
 *
 * <p>Process 0 owns pages 0 to n - 1 and every page was written once before; {@link #prepare} does the rest. Whether the
 * write that follows faults at all is the policy's business: from v6.11 a read of an exclusive swapped page maps it
 * writable, and up to v5.8 a pin may have resolved the fault already.
 */
public enum Situation implements Preparation {
    /** Private, read back while still in the swap cache, LRU batches drained. */
    SWAPCACHE {
        @Override
        public void prepare(Machine machine, int pages) {
            Preparation.swapOut(machine, pages);
            readBack(machine, pages);
            machine.drain(0);
        }
    },
    /**
     * As {@link #SWAPCACHE}, but an LRU batch still holds a reference to each page, as it does when a page is written
     * right after it was read back. Each page is in the batch of a CPU of its own, on which it is then written:
     * otherwise the first fault that drains the batch would drain the pages of those after it.
     */
    BATCHED {
        @Override
        public void prepare(Machine machine, int pages) {
            machine.drain(0);
            for (int page = 0; page < pages; page++) {
                machine.task(0).runOn(page);
                machine.pageout(0, page);
                machine.read(0, page);
            }
        }

        @Override
        public int cpus(int pages) {
            return pages;
        }
    },
    /** In the swap cache, mapped here only, but a forked process still names its swap slot. */
    HIDDEN_SHARER {
        @Override
        public void prepare(Machine machine, int pages) {
            Preparation.swapOut(machine, pages);
            machine.fork(0, 1);
            readBack(machine, pages);
            machine.drain(0);
        }
    },
    /** Mapped here and in a forked process. */
    FORK_SHARED {
        @Override
        public void prepare(Machine machine, int pages) {
            machine.drain(0);
            machine.fork(0, 1);
        }
    },
    /** As {@link #PRIVATE}, then pinned for reading for a long time. */
    PINNED {
        @Override
        public void prepare(Machine machine, int pages) {
            PRIVATE.prepare(machine, pages);
            for (int page = 0; page < pages; page++) {
                machine.pinReadOnly(0, page, page);
            }
            machine.drain(0);
        }

        @Override
        public int references(int pages) {
            return pages;
        }
    },
    /** Private and not in the swap cache; write-protected by a fork(2) whose child has gone. */
    PRIVATE {
        @Override
        public void prepare(Machine machine, int pages) {
            machine.drain(0);
            machine.fork(0, 1);
            machine.exit(1);
            machine.drain(0);
        }
    };

    private static void readBack(Machine machine, int pages) {
        for (int page = 0; page < pages; page++) {
            machine.read(0, page);
        }
    }
}
