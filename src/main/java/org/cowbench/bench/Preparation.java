package org.cowbench.bench;

import org.cowbench.machine.Machine;

/** What is done to the pages of a process before they are measured, by operations any process can do. */
interface Preparation {

    /**
     * Prepares the pages.
     *
     * @param machine a machine with process 0, all of whose pages were written
     * @param pages how many pages it has
     */
    void prepare(Machine machine, int pages);

    /**
     * Returns how many CPUs the machine needs.
     *
     * @param pages number of pages
     * @return one, or one a page, in which case page n is used on CPU n
     */
    default int cpus(int pages) {
        return 1;
    }

    /**
     * Returns how many references the machine must be able to hold.
     *
     * @param pages number of pages
     * @return the number of pins
     */
    default int references(int pages) {
        return 0;
    }

    /**
     * Pages all of a process out: they stay in the swap cache, and no LRU batch holds any.
     *
     * @param machine the machine
     * @param pages how many pages the process has
     */
    static void swapOut(Machine machine, int pages) {
        machine.drain(0);
        for (int page = 0; page < pages; page++) {
            machine.pageout(0, page);
        }
        machine.drain(0);
    }
}
