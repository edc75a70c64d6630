package org.cowbench.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class LibcTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 64;

    @Test
    void aThreadsFaultsAreThoseOfItsFirstTouches() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = Libc.mmapShared(Libc.RUSAGE, arena).fill((byte) 1);
            MemorySegment area = Libc.mmap((long) PAGES * PAGE, arena);
            Libc.madvise(area, Libc.MADV_NOHUGEPAGE);
            long faults = 0;
            // The first round loads what the others run.
            for (int round = 0; round < 3; round++) {
                Libc.madvise(area, Libc.MADV_DONTNEED);
                long before = Libc.threadFaults(usage);
                area.fill((byte) 1);
                faults = Libc.threadFaults(usage) - before;
            }
            assertThat(faults).as("a fault a page in a new frame").isBetween((long) PAGES, PAGES + 8L);
        }
    }
}
