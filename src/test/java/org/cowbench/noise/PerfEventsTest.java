package org.cowbench.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.cowbench.arena.Libc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerfEventsTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 256;

    /** The system call and the reading work, whether this machine has hardware counters or not. */
    @Test
    void aThreadsPageFaultsAreCounted() {
        Optional<PerfEvents> opened = PerfEvents.open(List.of(PerfEvents.Event.PAGE_FAULTS));
        assumeTrue(opened.isPresent(), "no perf_event_open here");
        try (PerfEvents counters = opened.get();
                Arena arena = Arena.ofConfined()) {
            assertThat(counters.events()).containsExactly(PerfEvents.Event.PAGE_FAULTS);
            MemorySegment area = Libc.mmap((long) PAGES * PAGE, arena);
            Libc.madvise(area, Libc.MADV_NOHUGEPAGE);
            double faults = 0;
            // The first round loads what the others run.
            for (int round = 0; round < 3; round++) {
                Libc.madvise(area, Libc.MADV_DONTNEED);
                double before = counters.value(PerfEvents.Event.PAGE_FAULTS);
                area.fill((byte) 1);
                faults = counters.value(PerfEvents.Event.PAGE_FAULTS) - before;
            }
            assertThat(faults).as("a fault a page").isBetween((double) PAGES, PAGES + 32.0);
        }
    }

    /** Either the processor counts instructions, or one line says why not; never both, never neither. */
    @Test
    void thereAreCountersOrThereIsAReason() {
        Optional<PerfEvents> opened = PerfEvents.open(List.of(PerfEvents.Event.INSTRUCTIONS));
        assertThat(PerfEvents.refusal().isPresent()).isEqualTo(opened.isEmpty());
        assertThat(PerfEvents.summary().lines()).hasSize(1);
        if (opened.isPresent()) {
            try (PerfEvents counters = opened.get()) {
                double before = counters.value(PerfEvents.Event.INSTRUCTIONS);
                assertThat(counters.value(PerfEvents.Event.INSTRUCTIONS)).isGreaterThan(before);
            }
            assertThat(PerfEvents.summary()).contains("instructions");
            assertThat(PerfEvents.finding().severity()).isEqualTo(Finding.Severity.GOOD);
        } else {
            assertThat(PerfEvents.summary()).startsWith("none: ");
            assertThat(PerfEvents.finding().severity()).isEqualTo(Finding.Severity.UNKNOWN);
            assertThat(PerfEvents.finding().line())
                    .startsWith("hardware counters: none: ")
                    .contains("; remedy: ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2,  2, virtual PMU",
        "19, 2, virtual PMU",
        "95, 2, virtual PMU",
        "13, 3, kernel.perf_event_paranoid=2",
        "1,  4, kernel.perf_event_paranoid=2",
        "13, 2, seccomp",
        "1, '', seccomp",
        "38, 2, CONFIG_PERF_EVENTS",
        "24, 2, errno 24"
    })
    void everyRefusalHasItsReason(int errno, String paranoid, String reason) {
        assertThat(PerfEvents.why(errno, paranoid)).startsWith("none: ").contains(reason);
    }
}
