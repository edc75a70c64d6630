package org.cowbench.cli;

/** The script language on a screen, for the help of the commands that take scripts. */
final class LanguageHelp {
    /** Lines of at most 80 columns. */
    static final String TEXT =
            "The language: one operation a line, # starts a comment. Process A is there at%n"
            + "the start; pages count from 0; memory never written reads 0.%n"
            + "  pages N                     size of the area, first line; default 1%n"
            + "  A write 0 1                 stores a value in page 0%n"
            + "  A read 0 -> 1               loads it; '-> V' is what must be seen%n"
            + "  A pageout 0                 to the swap cache; reclaim: also out of it%n"
            + "  A drain                     writeback has ended, LRU batches are drained%n"
            + "  A fork B    B exit          a child with a copy of the memory; its end%n"
            + "  A discard 0                 MADV_DONTNEED%n"
            + "  A protect 0 ro|rw           mprotect%n"
            + "  A splice 0 X                a reference (FOLL_GET) in pipe X%n"
            + "  A pin 0 X    A unpin X      a long-term pin (FOLL_PIN); pinro: read-only%n"
            + "  A dio 0 2                   a device writes into the page: O_DIRECT read, GUP%n"
            + "  A dma X 2                   the device writes through the pin%n"
            + "  A peek X -> 1               what the pipe or the pin shows; empties a pipe%n"
            + "After the last operation, conditions on the end; each is looked at in turn, by%n"
            + "a read or a peek that counts as a step:%n"
            + "  A 0 = 1                     process A must read 1 in page 0%n"
            + "  X = 1                       the pipe or pin X must show 1%n"
            + "Anywhere, what policies do at a step; steps count operations, from 0:%n"
            + "  #expect 5 copy: v5.9 v5.18  copy, reuse, quiet (no fault), new of write, dio%n"
            + "  #expect 6 =1: all           the value of a read or a peek, of every policy";

    private LanguageHelp() {}
}
