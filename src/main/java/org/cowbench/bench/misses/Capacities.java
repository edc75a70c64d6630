package org.cowbench.bench.misses;

import java.util.ArrayList;
import java.util.List;

/**
 * What misses are counted of.
 *
 * @param caches sizes of caches in bytes, rising, whole lines each
 * @param entries sizes of TLBs in entries, rising
 */
public record Capacities(List<Long> caches, List<Long> entries) {
    /** Bytes of a line. */
    public static final int LINE = 64;
    /** Bytes that a TLB entry maps. */
    public static final int PAGE = 4096;

    /**
     * Checks that there are some, that they rise, and that a line fits.
     *
     * @param caches sizes of caches in bytes
     * @param entries sizes of TLBs in entries
     */
    public Capacities {
        caches = List.copyOf(caches);
        entries = List.copyOf(entries);
        rising(caches, LINE, "cache sizes");
        rising(entries, 1, "numbers of TLB entries");
    }

    private static void rising(List<Long> sizes, int unit, String what) {
        long before = 0;
        for (long size : sizes) {
            if (size % unit != 0 || size <= before || size / unit > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        what + " " + sizes + " must rise" + (unit > 1 ? " and be multiples of " + unit : ""));
            }
            before = size;
        }
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("no " + what);
        }
    }

    /**
     * Names what is counted, in the order of the counts; what is the same as before is said once.
     *
     * @return heads of columns: lines and waits for each cache, pages for each TLB
     */
    public List<String> names() {
        List<String> sizes = caches.stream().map(Capacities::size).toList();
        List<String> names = new ArrayList<>();
        names("lines", sizes, names);
        names("waits", sizes, names);
        names("pages", entries.stream().map(String::valueOf).toList(), names);
        return names;
    }

    private static void names(String what, List<String> sizes, List<String> names) {
        for (int i = 0; i < sizes.size(); i++) {
            names.add((i == 0 ? what : "") + ">" + sizes.get(i));
        }
    }

    private static String size(long bytes) {
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "M";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "K" : String.valueOf(bytes);
    }

    long[] lines() {
        return caches.stream().mapToLong(bytes -> bytes / LINE).toArray();
    }

    long[] pages() {
        return entries.stream().mapToLong(Long::longValue).toArray();
    }
}
