package org.cowbench.report.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.report.litmus.ScriptKtap.Outcome;
import org.cowbench.report.litmus.ScriptKtap.State;
import org.junit.jupiter.api.Test;

class ScriptKtapTest {

    @Test
    void whatAKernelCannotDoIsNeitherPassedNorFailed() {
        Map<String, List<Outcome>> kernels = new LinkedHashMap<>();
        kernels.put(
                "6.1",
                List.of(
                        new Outcome("seed.litmus", State.PASSED, "", List.of()),
                        new Outcome("pins.litmus", State.SKIPPED, "from step 2 on: no io_uring", List.of())));
        kernels.put(
                "5.10",
                List.of(new Outcome("seed.litmus", State.FAILED, "a corrupt value", List.of("step 6: sees 2"))));
        kernels.put("bare", List.of(new Outcome("pins.litmus", State.SKIPPED, "no io_uring", List.of())));
        kernels.put("noisy", List.of(new Outcome("seed.litmus", State.PASSED, "", List.of())));
        assertThat(ScriptKtap.write(kernels, Map.of("noisy", List.of("while booting: BUG"))))
                .isEqualTo("""
                    KTAP version 1
                    1..4
                        KTAP version 1
                        # Subtest: 6.1
                        1..2
                        ok 1 seed.litmus
                        ok 2 pins.litmus # SKIP from step 2 on: no io_uring
                    ok 1 6.1 # passed 1, failed 0, skipped 1
                        KTAP version 1
                        # Subtest: 5.10
                        1..1
                        # step 6: sees 2
                        not ok 1 seed.litmus # a corrupt value
                    not ok 2 5.10 # passed 0, failed 1, skipped 0
                        KTAP version 1
                        # Subtest: bare
                        1..1
                        ok 1 pins.litmus # SKIP no io_uring
                    ok 3 bare # SKIP it can do none of the scripts
                        KTAP version 1
                        # Subtest: noisy
                        1..1
                        ok 1 seed.litmus
                    # while booting: BUG
                    not ok 4 noisy # passed 1, failed 0, skipped 0
                    """);
    }
}
