package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No fingerprint is taken for another, and none is forgotten, however the table grows. */
class SeenSetTest {
    private static final int MANY = 20_000;
    /** Irregular, so that many meet in a table. */
    private static final long[] HALVES = new Random(1)
            .ints()
            .filter(each -> each != 0)
            .distinct()
            .limit(MANY)
            .mapToLong(Integer::toUnsignedLong)
            .toArray();

    /** Fingerprints that are told apart only by one half of their bits: the one, then the other. */
    private static void assertTold(LongPredicate insert, LongUnaryOperator print) {
        assertThat(LongStream.of(HALVES).map(print)).allMatch(insert::test);
        assertThat(LongStream.of(HALVES).map(print)).noneMatch(insert::test);
    }

    @Test
    void everyBitCounts() {
        try (SeenSet set = new SeenSet()) {
            assertTold(set::insert, half -> half << 32 | 0x9ABCDEFL);
        }
        try (SeenSet set = new SeenSet()) {
            assertTold(set::insert, half -> 0x9ABCDEFL << 32 | half);
        }
        try (SliceSet set = new SliceSet(MANY)) {
            assertTold(each -> set.insert(each, 1) >= 0, half -> half << 32 | 0x9ABCDEFL);
        }
        try (SliceSet set = new SliceSet(MANY)) {
            assertTold(each -> set.insert(each, 1) >= 0, half -> 0x9ABCDEFL << 32 | half);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void growingKeepsAll(int step) {
        Random random = new Random(step);
        long[] prints = LongStream.generate(random::nextLong)
                .filter(each -> each != 0)
                .distinct()
                .limit(SeenSet.capacity(20))
                .toArray();
        try (SeenSet set = new SeenSet()) {
            for (int i = 0; i < prints.length; i++) {
                if (i == SeenSet.capacity(set.chunks())) {
                    assertThatIllegalStateException().isThrownBy(() -> set.insert(1));
                    set.grow(step);
                    assertThat(LongStream.of(prints).limit(i).allMatch(set::contains))
                            .isTrue();
                }
                if (set.contains(prints[i]) || !set.insert(prints[i])) {
                    throw new AssertionError("known before it was inserted: " + i);
                }
            }
            assertThat(set.bytes())
                    .isEqualTo(set.chunks() * SeenSet.CHUNK_BYTES)
                    .isLessThan(prints.length * 8L * 2);
            assertThat(LongStream.of(prints).noneMatch(set::insert)).isTrue();
        }
    }

    /** Fingerprints are the smallest of several, so that half of all have the same upper bits more often than not. */
    @Test
    void unevenFingerprintsDoNotCluster() {
        try (SeenSet set = new SeenSet()) {
            assertThat(LongStream.range(0, SeenSet.capacity(1)).map(i -> Long.MIN_VALUE | i))
                    .allMatch(set::insert);
        }
    }

    @Test
    void theSmallestOriginWins() {
        try (SliceSet set = new SliceSet(8)) {
            int entry = set.insert(5, 30);
            assertThat(set.insert(5, 20)).isEqualTo(-1);
            assertThat(set.insert(5, 40)).isEqualTo(-1);
            assertThat(set.fingerprint(entry)).isEqualTo(5);
            assertThat(set.origin(entry)).isEqualTo(20);
            set.clear(entry);
            assertThat(set.origin(set.insert(5, 50))).isEqualTo(50);
        }
    }
}
