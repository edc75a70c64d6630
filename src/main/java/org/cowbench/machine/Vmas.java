package org.cowbench.machine;

import static org.cowbench.arena.PageTables.VMA_ABSENT;
import static org.cowbench.arena.PageTables.VMA_ANON;
import static org.cowbench.arena.PageTables.VMA_MOVED;

import org.cowbench.arena.PageTables;

/**
 * mm/vma.c where there are large folios: neighbours of equal bits are one area. Whether it has an anon_vma does not
 * part two, since it is given to both when they merge.
 */
final class Vmas {
    private final PageTables tables;
    private final int pages;

    Vmas(Mm mm) {
        tables = mm.arena.tables();
        pages = mm.arena.spec().pages();
    }

    private int kind(int process, int page) {
        return tables.vmaBits(process, page) & ~VMA_ANON;
    }

    boolean absent(int process, int page) {
        return (tables.vmaBits(process, page) & VMA_ABSENT) != 0;
    }

    /** The page after the last of an area, but not after {@code end}. */
    int end(int process, int page, int end) {
        int kind = kind(process, page);
        int after = page + 1;
        while (after < end && kind(process, after) == kind) {
            after++;
        }
        return after;
    }

    /** Whether one area has a whole range. */
    boolean covers(int process, int first, int count) {
        return first >= 0
                && first + count <= pages
                && !absent(process, first)
                && end(process, first, first + count) == first + count;
    }

    /** anon_vma_prepare: of the page's area, all of it. */
    void prepareAnon(int process, int page) {
        if (!tables.hasAnonVma(process, page)) {
            int first = page;
            while (first > 0 && kind(process, first - 1) == kind(process, page)) {
                first--;
            }
            add(process, first, end(process, page, pages));
        }
    }

    private void add(int process, int first, int end) {
        for (int page = first; page < end; page++) {
            tables.vmaBits(process, page, tables.vmaBits(process, page) | VMA_ANON);
        }
    }

    /** vma_modify: sets or clears a bit of a range, where there are areas, and merges what is then alike. */
    void modify(int process, int first, int last, int bit, boolean set) {
        for (int page = first; page <= last; page++) {
            int bits = tables.vmaBits(process, page);
            if ((bits & VMA_ABSENT) == 0) {
                tables.vmaBits(process, page, set ? bits | bit : bits & ~bit);
            }
        }
        for (int page = 0; page < pages; ) {
            int end = end(process, page, pages);
            boolean anon = false;
            for (int i = page; i < end; i++) {
                anon |= tables.hasAnonVma(process, i);
            }
            if (anon) {
                add(process, page, end);
            }
            page = end;
        }
    }

    /** Whether a bit of any area of a range is not as wanted. */
    boolean differs(int process, int first, int last, int bit, boolean set) {
        for (int page = first; page <= last; page++) {
            int bits = tables.vmaBits(process, page);
            if ((bits & VMA_ABSENT) == 0 && (bits & bit) != 0 != set) {
                return true;
            }
        }
        return false;
    }

    /** How many runs of addresses a range has, one behind the other, without what the process did not get. */
    int runs(int process, int first, int last) {
        int runs = 0;
        int before = VMA_ABSENT;
        for (int page = first; page <= last; page++) {
            int place = tables.vmaBits(process, page) & (VMA_ABSENT | VMA_MOVED);
            if (place != before && (place & VMA_ABSENT) == 0) {
                runs++;
            }
            before = place;
        }
        return runs;
    }
}
