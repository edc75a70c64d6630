package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.policy.Policy;
import org.cowbench.result.HostSituation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real faults of this JVM, where it may use swap; the reason is printed where it may not. */
@Tag("host")
class HostFaultTest {
    private static TemporarySwap swap;

    @BeforeAll
    static void makeSwap() {
        swap = Host.swap("64M");
        HostRequirements.demand(HostFault.SWAP_MIB);
    }

    @AfterAll
    static void removeSwap() {
        if (swap != null) {
            swap.close();
        }
    }

    @ParameterizedTest
    @EnumSource(HostSituation.class)
    void everyPageIsPagedOutAndOnlyItsOwnFaultIsMeasured(HostSituation situation) throws Exception {
        HostFault.Pages pages = new HostFault.Pages();
        pages.situation = situation;
        pages.map();
        // The first pass loads what the others run.
        for (int pass = 0; pass < 3; pass++) {
            pages.copies = 0;
            pages.reuses = 0;
            pages.faults = 0;
            pages.prepare();
            pages.write();
            pages.count();
        }
        boolean hidden = situation == HostSituation.HIDDEN_SHARER;
        Policy policy = KernelEra.policyOf(System.getProperty("os.version"));
        boolean faults = hidden || situation == HostSituation.PRIVATE && policy.compareTo(Policy.V6_11) < 0;
        boolean copies = hidden || situation == HostSituation.PRIVATE && policy == Policy.V5_9;
        assertThat(pages.copies).isEqualTo(copies ? HostFault.PAGES : 0);
        assertThat(pages.reuses).isEqualTo(copies ? 0 : HostFault.PAGES);
        assertThat(pages.faults)
                .as("faults, a few of them the JVM's")
                .isBetween(faults ? (long) HostFault.PAGES : 0, (faults ? HostFault.PAGES : 0) + 10L);
    }
}
