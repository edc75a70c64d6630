package org.cowbench.bench.misses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What is counted of operations whose accesses are known. */
class MissCounterTest {
    private static final Map<String, String> SWAPCACHE = Map.of("situation", "SWAPCACHE");
    private static final double EXACT = 1e-9;

    /** Of one cache and one TLB: lines, waits, pages. */
    private static double[] primitive(String name, long cache, long entries) {
        return new MissCounter(new Capacities(List.of(cache), List.of(entries)))
                .alone("org.cowbench.bench.Primitives." + name, Map.of());
    }

    private static void is(double[] counts, double lines, double waits, double pages) {
        assertThat(counts).containsExactly(new double[] {lines, waits, pages}, within(EXACT));
    }

    /** 32 pages and their copies are 4096 lines and 64 pages; all others are used before one is used again. */
    @Test
    void aCopyMissesEveryLineOfBothPagesUntilAllFit() {
        is(primitive("copyWarm", 4095 * 64, 63), 128, 0, 2);
        is(primitive("copyWarm", 4096 * 64, 64), 0, 0, 0);
    }

    /** 32 records of a line each, on one page; of two atomic operations the first waits. */
    @Test
    void aReferenceIsALineAndAWait() {
        is(primitive("refGetPut", 31 * 64, 1), 1, 1, 0);
        is(primitive("refGetPut", 32 * 64, 1), 0, 0, 0);
    }

    @Test
    void storesWaitForNothing() {
        is(primitive("storeWarm", 31 * 64, 31), 1, 0, 1);
        is(primitive("storeWarm", 32 * 64, 32), 0, 0, 0);
    }

    /** 32 entries are four lines in random order: some follow one of their own line. */
    @Test
    void entriesShareLines() {
        assertThat(primitive("pteLookup", 64, 1)[0]).isBetween(0.5, 0.95);
        is(primitive("pteLookup", 4 * 64, 1), 0, 0, 0);
    }

    @Test
    void whatTouchesNoMemoryMissesNothing() {
        is(primitive("empty", 64, 1), 0, 0, 0);
        is(primitive("clock", 64, 1), 0, 0, 0);
        is(primitive("countEvent", 64, 1), 0, 0, 0);
    }

    /** Each finds what others have left: two sets of 256 KiB and their metadata do not fit where one does. */
    @Test
    void policiesThatTakeTurnsPushEachOtherOut() {
        MissCounter counter = new MissCounter(new Capacities(List.of(64L, 512L << 10, 2L << 20), List.of(1L)));
        String benchmark = "org.cowbench.bench.WriteAfterRead.l2";
        Map<String, double[]> alone = counter.inTurns(benchmark, SWAPCACHE, Policy.PARAM, List.of("V5_9"));
        Map<String, double[]> shared =
                counter.inTurns(benchmark, SWAPCACHE, Policy.PARAM, List.of("V5_9", "ALWAYS_COPY", "V5_18"));
        assertThat(alone.get("V5_9")[1]).isZero();
        assertThat(shared.get("V5_9")[1]).isPositive();
        assertThat(shared.get("V5_9")[2]).isZero();
        // Whatever was before it, a copy is of 128 lines; a reuse is of some metadata and one line of the page.
        assertThat(shared.get("V5_9")[0]).isEqualTo(alone.get("V5_9")[0]).isBetween(128.0, 160.0);
        assertThat(shared.get("V5_18")[0]).isBetween(4.0, 24.0);
    }

    @Test
    void theSameEachTime() {
        MissCounter counter = new MissCounter(new Capacities(List.of(4096L, 65536L), List.of(8L)));
        String benchmark = "org.cowbench.bench.WriteAfterRead.l2";
        List<String> policies = List.of("V5_18", "V5_9");
        assertThat(counter.inTurns(benchmark, SWAPCACHE, Policy.PARAM, policies).get("V5_18"))
                .containsExactly(counter.inTurns(benchmark, SWAPCACHE, Policy.PARAM, policies)
                        .get("V5_18"));
    }

    /** Else a new way to touch memory would be missing from the counts. */
    @Test
    void anAccessThatIsNotKnownIsAnError() throws Exception {
        byte[] bytes;
        try (InputStream in = Unknown.class.getResourceAsStream("MissCounterTest$Unknown.class")) {
            bytes = in.readAllBytes();
        }
        assertThatThrownBy(() -> Redirection.of(Unknown.class.getName(), bytes))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MemorySegment.mismatch, which is not counted");
    }

    static final class Unknown {
        private Unknown() {}

        static long access(MemorySegment one, MemorySegment other) {
            return one.mismatch(other);
        }
    }

    @Test
    void sizesRise() {
        assertThatThrownBy(() -> new Capacities(List.of(4096L, 4096L), List.of(1L)))
                .hasMessage("cache sizes [4096, 4096] must rise and be multiples of 64");
        assertThatThrownBy(() -> new Capacities(List.of(100L), List.of(1L))).hasMessageContaining("multiples of 64");
        assertThatThrownBy(() -> new Capacities(List.of(64L), List.of(2L, 1L)))
                .hasMessage("numbers of TLB entries [2, 1] must rise");
        assertThatThrownBy(() -> new Capacities(List.of(), List.of(1L))).hasMessage("no cache sizes");
        assertThat(new Capacities(List.of(48L << 10, 2L << 20), List.of(64L)).names())
                .containsExactly("lines>48K", ">2M", "waits>48K", ">2M", "pages>64");
    }
}
