package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * The figures that TLC finds for a model of a large folio's owners written on its own in TLA+, see
 * {@code src/test/tla/compare.sh}: the machine has the same states, transitions and levels, and as many of its write
 * faults reuse.
 */
class OwnersTlcTest {

    @ParameterizedTest
    @CsvFileSource(files = "src/test/tla/owners.csv")
    void findsWhatTlcFinds(
            int processes,
            int size,
            int references,
            boolean huge,
            boolean remap,
            long generated,
            int distinct,
            int levels,
            long reused) {
        try (FolioStates states = new FolioStates(processes, size, references, huge, remap)) {
            assertThat(states.explore()).isEqualTo(new FolioStates.Sizes(generated, distinct, levels, reused));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvFileSource(files = "src/test/tla/owners-long.csv")
    void findsWhatTlcFindsInLargerScopes(
            int processes,
            int size,
            int references,
            boolean huge,
            boolean remap,
            long generated,
            int distinct,
            int levels,
            long reused) {
        findsWhatTlcFinds(processes, size, references, huge, remap, generated, distinct, levels, reused);
    }
}
