package org.cowbench.bench.misses;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Misses and waits of accesses, in the order in which they come. */
final class Tally {
    private static final int LINE_SHIFT = Integer.numberOfTrailingZeros(Capacities.LINE);
    private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(Capacities.PAGE);
    private static final int LINES_SHIFT = PAGE_SHIFT - LINE_SHIFT;
    private static final int LINES = 1 << LINES_SHIFT;
    private static final int NONE = -1;

    private final LruStack lines;
    private final LruStack pages;
    private final List<Region> regions = new ArrayList<>();
    private Region last = new Region(0, 0);
    private int pagesSeen;
    private int lastPage = NONE;

    private boolean counting;
    /** How many caches the line missed that was the farthest back since the last fence. */
    private int farthest;
    // How many lines missed so many caches and no more, and so on.
    private final long[] lineMisses;
    private final long[] stretches;
    private final long[] pageMisses;

    /** A segment, and the numbers of its pages, from 1 on in the order in which they are first touched. */
    private static final class Region {
        final long begin;
        final long end;
        final int[] pages;

        Region(long begin, long end) {
            this.begin = begin & -Capacities.PAGE;
            this.end = end;
            pages = new int[Math.toIntExact((end - this.begin + Capacities.PAGE - 1) >> PAGE_SHIFT)];
        }

        boolean has(long address) {
            return address >= begin && address < end;
        }
    }

    Tally(Capacities capacities) {
        lines = new LruStack(capacities.lines());
        pages = new LruStack(capacities.pages());
        lineMisses = new long[capacities.caches().size() + 1];
        stretches = new long[capacities.caches().size() + 1];
        pageMisses = new long[capacities.entries().size() + 1];
    }

    /** Whether accesses count from now on; the others only push what lies in the stacks. */
    void counting(boolean on) {
        counting = on;
        farthest = 0;
    }

    /** An access to some bytes of a segment. */
    void touch(MemorySegment segment, long offset, long bytes) {
        long address = segment.address() + offset;
        Region region = last;
        if (!region.has(address)) {
            region = region(segment, address);
            last = region;
        }
        long end = (address + bytes - 1 - region.begin) >> LINE_SHIFT;
        for (long line = (address - region.begin) >> LINE_SHIFT; line <= end; line++) {
            touch(region, line);
        }
    }

    private Region region(MemorySegment segment, long address) {
        for (Region region : regions) {
            if (region.has(address)) {
                return region;
            }
        }
        Region region = new Region(segment.address(), segment.address() + segment.byteSize());
        regions.add(region);
        return region;
    }

    private void touch(Region region, long line) {
        int of = (int) (line >> LINES_SHIFT);
        if (region.pages[of] == 0) {
            region.pages[of] = ++pagesSeen;
        }
        int page = region.pages[of] - 1;
        int missed = lines.use((page << LINES_SHIFT) + (int) (line & LINES - 1));
        int pageMissed = 0;
        if (page != lastPage) {
            pageMissed = pages.use(page);
            lastPage = page;
        }
        if (counting) {
            lineMisses[missed]++;
            pageMisses[pageMissed]++;
            farthest = Math.max(farthest, missed);
        }
    }

    /** How many lines have been touched. */
    long touched() {
        return lines.things();
    }

    /** Nothing after it begins before all in front of it is done. */
    void fence() {
        if (counting) {
            stretches[farthest]++;
            farthest = 0;
        }
    }

    /**
     * Takes what was counted.
     *
     * @param operations in which it was
     * @return of an operation, as {@link Capacities#names()}
     */
    double[] take(long operations) {
        List<double[]> parts =
                List.of(missed(lineMisses, operations), missed(stretches, operations), missed(pageMisses, operations));
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** What missed a capacity missed all that are smaller. */
    private static double[] missed(long[] exactly, long operations) {
        double[] missed = new double[exactly.length - 1];
        long more = 0;
        for (int i = missed.length; i > 0; i--) {
            more += exactly[i];
            missed[i - 1] = (double) more / operations;
        }
        Arrays.fill(exactly, 0);
        return missed;
    }
}
