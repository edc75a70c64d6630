package org.cowbench.bench.misses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stack misses what lists that are looked through miss. */
class LruStackTest {
    private static final long[] CAPACITIES = {1, 4, 5, 40};

    @Test
    void missesAreThoseOfCachesOfEachSize() {
        Random random = new Random(7);
        LruStack stack = new LruStack(CAPACITIES);
        List<Integer> used = new ArrayList<>();
        int[] seen = new int[CAPACITIES.length + 1];
        for (int i = 0; i < 200_000; i++) {
            // Some near, some far, some beyond what a stack holds at first.
            int thing =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(3);
                        case 1 -> random.nextInt(30);
                        case 2 -> 1000 + random.nextInt(60);
                        default -> i % 50_000 == 0 ? 100_000 + i : random.nextInt(8);
                    };
            int depth = used.indexOf(thing);
            int expected = 0;
            for (long capacity : CAPACITIES) {
                expected += depth < 0 || depth >= capacity ? 1 : 0;
            }
            assertThat(stack.use(thing)).as("use %d, of %d", i, thing).isEqualTo(expected);
            seen[expected]++;
            if (depth >= 0) {
                used.remove(depth);
            }
            used.addFirst(thing);
        }
        assertThat(seen).doesNotContain(0);
    }
}
