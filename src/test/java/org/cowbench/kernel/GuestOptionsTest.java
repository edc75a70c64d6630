package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How guests are run. */
class GuestOptionsTest {

    @Test
    void scriptsOfFoliosHaveRoomAndACpuThatClearsMemoryInFewSteps() {
        GuestOptions options = GuestOptions.scripts(Map.of());
        GuestOptions folios = options.withFolios();
        assertThat(folios.memoryMiB()).isGreaterThan(options.memoryMiB());
        assertThat(folios.cpu()).isEqualTo(GuestOptions.BENCH_CPU);
        assertThat(folios.withFolios()).isEqualTo(folios);
    }

    @Test
    void aCpuThatWasAskedForStays() {
        assertThat(GuestOptions.scripts(Map.of()).withCpu("qemu64").withFolios().cpu())
                .isEqualTo("qemu64");
    }
}
