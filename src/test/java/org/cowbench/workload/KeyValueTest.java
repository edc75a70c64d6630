package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class KeyValueTest {
    private static final int REQUESTS = 200_000;

    private static RequestStream stream(double hits, int size, int place, long seed) {
        return SyntheticStreams.keyValue(1000, REQUESTS, 10, hits, size, place, seed);
    }

    /** Of pages of a value each: one SET in eleven requests is a read and a write, a hit one read, a miss nothing. */
    @Test
    void requestsAreMixedAsAsked() {
        for (double hits : new double[] {0, 0.1, 1}) {
            AccessStream accesses = stream(hits, 4096, 4096, 3).accesses();
            long writes = Arrays.stream(accesses.toArray())
                    .filter(AccessStream::isWrite)
                    .count();
            long gets = accesses.accesses() - 2 * writes;
            assertThat(writes / (double) REQUESTS).isCloseTo(1 / 11.0, within(0.003));
            assertThat(gets / (double) (REQUESTS - writes)).isCloseTo(hits, within(0.003));
        }
    }

    /** What a SET writes is what the SET before it read last and freed. */
    @Test
    void aSetWritesWhereTheOneBeforeFreed() {
        RequestStream sets = SyntheticStreams.keyValue(50, 1000, 0, 0, 4096, 4096, 1);
        int[] codes = sets.accesses().toArray();
        assertThat(codes).hasSize(2 * sets.requests());
        Deque<Integer> freed = new ArrayDeque<>();
        freed.push(50);
        for (int i = 0; i < codes.length; i += 2) {
            assertThat(AccessStream.isWrite(codes[i])).isFalse();
            assertThat(AccessStream.isWrite(codes[i + 1])).isTrue();
            assertThat(AccessStream.page(codes[i + 1])).as("SET %d", i / 2).isEqualTo(freed.pop());
            freed.push(AccessStream.page(codes[i]));
        }
    }

    /** Values of 2053 bytes, 2560 apart: eight in five pages, every other one in two of them. */
    @Test
    void valuesLieInPagesAsTheAllocatorPutsThem() {
        RequestStream stream = stream(1, 2053, 2560, 5);
        assertThat(stream.accesses().pages()).isEqualTo((1000 * 2560 + 2053 - 1) / 4096 + 1);
        int[] codes = stream.accesses().toArray();
        long writes = Arrays.stream(codes).filter(AccessStream::isWrite).count();
        assertThat(writes / (REQUESTS / 11.0)).as("pages a SET writes").isCloseTo(1.5, within(0.05));
        BitSet seen = new BitSet();
        Arrays.stream(codes).map(AccessStream::page).forEach(seen::set);
        assertThat(seen.cardinality()).isEqualTo(stream.accesses().pages());
    }

    @Test
    void theSameArgumentsGiveTheSameStream() {
        assertThat(stream(0.1, 2053, 2560, 7).accesses().toArray())
                .isEqualTo(stream(0.1, 2053, 2560, 7).accesses().toArray())
                .isNotEqualTo(stream(0.1, 2053, 2560, 8).accesses().toArray());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> stream(1.5, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> stream(Double.NaN, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> stream(1, 2, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SyntheticStreams.keyValue(0, 1, 1, 1, 1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SyntheticStreams.keyValue(Integer.MAX_VALUE, 1, 1, 1, 4096, 4096, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new RequestStream(new AccessStream("one", 1, new int[] {AccessStream.access(0, false)}), 0));
    }
}
