package org.cowbench.published;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cowbench.machine.Counter;
import org.jspecify.annotations.Nullable;

/** What an account counts and a profile prices. The word, in profiles and reports, is the name in lower case. */
public enum Price {
    /** A request of a key-value server whose pages are there. */
    REQUEST("a request whose pages are there", null),
    /** An access of a benchmark's loop whose page is there. */
    ACCESS("an access whose page is there", null),
    /** A fault that waits for no device, without what the following are. */
    MINOR("a fault that reads no device", Counter.MINOR_FAULTS),
    /** A fault that reads the device, with the wait and without the pages' transfer. */
    MAJOR("a fault that reads the device, and its wait", Counter.MAJOR_FAULTS),
    /** A page read from the device, readahead included. */
    READ("a page read from the device", Counter.SWAP_READS),
    /** A page written to the device. */
    WRITE("a page written to the device", Counter.SWAP_WRITES),
    /** A page copied by a write fault. */
    COPY("a page copied by a write fault", Counter.WP_COPIES),
    /** A page filled with zeroes. */
    ZERO("a page filled with zeroes", null),
    /** A drain of a CPU's LRU batches. */
    DRAIN("a drain of a CPU's LRU batches", Counter.LRU_DRAINS),
    /** A flush of a process's translations that a write fault asks for. */
    FLUSH("a flush of translations by a write fault", Counter.TLB_FLUSHES),
    /** A page-table entry that fork(2) copies. */
    ENTRY("a page-table entry copied by fork(2)", null);

    private final String words;
    private final @Nullable Counter counter;

    Price(String words, @Nullable Counter counter) {
        this.words = words;
        this.counter = counter;
    }

    /**
     * What one of it is.
     *
     * @return a few words
     */
    public String words() {
        return words;
    }

    /** The machine's counter, or null where none counts it alone. */
    @Nullable
    Counter counter() {
        return counter;
    }

    static Optional<Price> of(String word) {
        return Arrays.stream(values())
                .filter(price -> price.toString().equals(word))
                .findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(Price::toString).collect(Collectors.joining(", "));
    }

    /** The word. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
