package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cowbench.arena.Libc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs root, as only root sees frame numbers. */
@Tag("host")
class PageMapTest {
    private static final int PAGE = 4096;

    @Test
    void framesAreToldFromNothing() throws IOException {
        Host.demandRoot();
        try (Arena arena = Arena.ofConfined();
                PageMap map = new PageMap()) {
            MemorySegment area = Libc.mmap(3 * PAGE, arena);
            area.set(ValueLayout.JAVA_BYTE, PAGE, (byte) 1);
            area.set(ValueLayout.JAVA_BYTE, 2 * PAGE, (byte) 1);
            long[] entries = map.entries(area.address(), 3);
            assertThat(PageMap.present(entries[0])).isFalse();
            assertThat(PageMap.present(entries[1])).isTrue();
            assertThat(PageMap.frame(entries[1])).isPositive().isNotEqualTo(PageMap.frame(entries[2]));
            assertThat(map.underWriteback(PageMap.frame(entries[1]))).isFalse();
        }
    }
}
