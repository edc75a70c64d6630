package org.cowbench.result;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a result does not tell of this project's benchmarks, in the order in which people think of them. A benchmark that
 * is not here is shown all the same: as one of faults, after these, in alphabetical order.
 */
public enum KnownBenchmark {
    /** A write to pages in a cache. */
    WRITE_AFTER_READ_L2("WriteAfterRead.l2", Operation.FAULT, ""),
    /** A write to pages in no cache. */
    WRITE_AFTER_READ_DRAM("WriteAfterRead.dram", Operation.FAULT, ""),
    /** The read before that write. */
    SWAP_IN_READ("Faults.swapInRead", Operation.FAULT, "read of a private page in the swap cache"),
    /** Both. */
    READ_THEN_WRITE(
            "Faults.readThenWrite", Operation.READ_AND_WRITE, "read, then write of a private page in the swap cache"),
    /** A write without a read before it. */
    WRITE_SWAP_IN("Faults.writeSwapIn", Operation.FAULT, "write to a page in the swap cache whose other user has gone"),
    /** A fork of a process whose pages are present. */
    FORK_PRESENT("Processes.forkPresent", Operation.PAGE, "fork of present pages"),
    /** A fork of a process whose pages are swapped out. */
    FORK_SWAPPED("Processes.forkSwapped", Operation.PAGE, "fork of swapped pages"),
    /** The end of a child whose pages are present. */
    EXIT_PRESENT("Processes.exitPresent", Operation.PAGE, "exit of a forked child, present pages"),
    /** The end of a child whose pages are swapped out. */
    EXIT_SWAPPED("Processes.exitSwapped", Operation.PAGE, "exit of a forked child, swapped pages"),
    /** Writes of large folios that a fork write-protected. */
    FOLIO_AFTER_EXIT("Folios.writeAfterExit", Operation.FOLIO, KnownBenchmark.AFTER_EXIT),
    /** Writes of large folios in the swap cache. */
    FOLIO_SWAP_IN("Folios.writeSwapIn", Operation.FOLIO, KnownBenchmark.FOLIO_IN_SWAP),
    /** Writes of large folios that are mapped in part. */
    FOLIO_HALF("Folios.writeHalf", Operation.FOLIO, KnownBenchmark.HALF),
    /** Writes of the last mapped page of large folios. */
    FOLIO_LAST("Folios.writeLast", Operation.FOLIO, KnownBenchmark.LAST),
    /** A fork of a process that has large folios. */
    FOLIO_FORK("Folios.fork", Operation.FOLIO, KnownBenchmark.FORK),
    /** The end of a child that has large folios. */
    FOLIO_EXIT("Folios.exit", Operation.FOLIO, KnownBenchmark.EXIT),
    /** A working set larger than memory, in steady state. */
    CHURN("Churn.run", Operation.ACCESS, ""),
    /** The same in large folios. */
    LARGE_CHURN("LargeChurn.run", Operation.ACCESS, ""),
    /** A write fault that copies nothing, by the size of memory. */
    SCALING_REUSE("Scaling.reuse", Operation.FAULT, "write of a present page after fork and exit"),
    /** A write fault in full memory, by its size. */
    SCALING_SWAP_IN("Scaling.swapIn", Operation.FAULT, "write of a page that is out, memory full"),
    /** In a guest: the write after a read where another process has the page in swap. */
    GUEST_HIDDEN_SHARER("Guest.hiddenSharer", Operation.FAULT, "the same with a hidden sharer: must copy"),
    /** In a guest: the write of a present page after a fork. */
    GUEST_SNAPSHOT_WRITE("Guest.snapshotWrite", Operation.FAULT, "write after a fork: must copy"),
    /** In a guest: the read of a private page in the swap cache. */
    GUEST_SWAP_IN_READ("Guest.swapInRead", Operation.FAULT, "read of a private page in the swap cache"),
    /** In a guest: the write after that read. */
    GUEST_WRITE_AFTER_READ("Guest.writeAfterRead", Operation.FAULT, "write after that read"),
    /** In a guest: a write without a read before it. */
    GUEST_WRITE_SWAP_IN("Guest.writeSwapIn", Operation.FAULT, "write swap-in, the other process gone"),
    /** In a guest: writes of large folios that a fork write-protected. */
    GUEST_FOLIO_AFTER_EXIT("GuestFolios.writeAfterExit", Operation.FOLIO, KnownBenchmark.AFTER_EXIT),
    /** In a guest: writes of large folios in the swap cache. */
    GUEST_FOLIO_SWAP_IN("GuestFolios.writeSwapIn", Operation.FOLIO, KnownBenchmark.FOLIO_IN_SWAP),
    /** In a guest: writes of large folios that are mapped in part. */
    GUEST_FOLIO_HALF("GuestFolios.writeHalf", Operation.FOLIO, KnownBenchmark.HALF),
    /** In a guest: writes of the last mapped page of large folios. */
    GUEST_FOLIO_LAST("GuestFolios.writeLast", Operation.FOLIO, KnownBenchmark.LAST),
    /** In a guest: a fork of a process that has large folios. */
    GUEST_FOLIO_FORK("GuestFolios.fork", Operation.FOLIO, KnownBenchmark.FORK),
    /** In a guest: the end of a child that has large folios. */
    GUEST_FOLIO_EXIT("GuestFolios.exit", Operation.FOLIO, KnownBenchmark.EXIT),
    /** In a guest: what a request costs a program whose memory is short. */
    GUEST_APP_REQUEST("GuestApp.request", Operation.REQUEST, ""),
    /** In a guest: the fork of such a program for a snapshot. */
    GUEST_APP_FORK("GuestApp.fork", Operation.FORK, "fork for a snapshot");

    private static final String AFTER_EXIT = "all pages, after fork and exit";
    private static final String FOLIO_IN_SWAP = "in the swap cache, forked child gone";
    private static final String HALF = "mapped half, after fork and exit";
    private static final String LAST = "last mapped page, after fork and exit";
    private static final String FORK = "fork";
    private static final String EXIT = "exit of a forked child";

    /** What one operation of a benchmark is. */
    public enum Operation {
        /** An access that faults. */
        FAULT("fault", "faults"),
        /** An access that faults, and the next one to the same page. */
        READ_AND_WRITE("read and write", "read and writes"),
        /** A page of a process to which something is done as a whole. */
        PAGE("page", "pages"),
        /** A large folio, all of it at once or page by page. */
        FOLIO("folio", "folios"),
        /** An access, whether it faults or not. */
        ACCESS("access", "accesses"),
        /** What a client asks of a program. */
        REQUEST("request", "requests"),
        /** A fork of a whole process. */
        FORK("fork", "forks"),
        /** Of several benchmarks whose operations differ. */
        ANY("operation", "operations");

        private final String word;
        private final String plural;

        Operation(String word, String plural) {
            this.word = word;
            this.plural = plural;
        }

        /**
         * What people call it.
         *
         * @return a word or a few
         */
        public String word() {
            return word;
        }

        /**
         * What people call several.
         *
         * @return a word or a few
         */
        public String plural() {
            return plural;
        }
    }

    private final String id;
    private final Operation operation;
    private final String meaning;

    KnownBenchmark(String id, Operation operation, String meaning) {
        this.id = id;
        this.operation = operation;
        this.meaning = meaning;
    }

    /**
     * Finds a benchmark by what was measured.
     *
     * @param key what was measured
     * @return empty for another project's, or one that is not listed
     */
    public static Optional<KnownBenchmark> of(MeasurementKey key) {
        String name = BenchmarkNames.simple(key.benchmark());
        return key.own()
                ? Arrays.stream(values()).filter(known -> known.id.equals(name)).findFirst()
                : Optional.empty();
    }

    /**
     * The benchmark's name.
     *
     * @return {@code Class.method}
     */
    public String id() {
        return id;
    }

    /**
     * The name without its class.
     *
     * @return a camel-case name
     */
    public String method() {
        return id.substring(id.indexOf('.') + 1);
    }

    /**
     * What one operation is.
     *
     * @return its kind
     */
    public Operation operation() {
        return operation;
    }

    /**
     * What is done to the pages where no parameter says it.
     *
     * @return a few words, empty where a parameter does
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Whether it is a steady state under memory pressure: then few operations fault, and its counters are of a whole pass
     * and have a table and a picture of their own.
     *
     * @return true where operations are accesses
     */
    public boolean churn() {
        return operation == Operation.ACCESS;
    }
}
