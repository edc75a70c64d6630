package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.cowbench.workload.AccessStream.EXIT;
import static org.cowbench.workload.AccessStream.FORK;
import static org.cowbench.workload.AccessStream.access;
import static org.cowbench.workload.AccessStream.childRead;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessStreamTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 12345, AccessStream.MAX_PAGES - 1})
    void codesCarryPageAndKind(int page) {
        for (boolean write : new boolean[] {false, true}) {
            int code = access(page, write);
            assertThat(code).isNotNegative();
            assertThat(AccessStream.page(code)).isEqualTo(page);
            assertThat(AccessStream.isWrite(code)).isEqualTo(write);
        }
        int child = childRead(page);
        assertThat(child).isNegative().isNotIn(FORK, EXIT);
        assertThat(AccessStream.page(child)).isEqualTo(page);
        assertThat(AccessStream.isWrite(child)).isFalse();
        // A child's write is ~access too, should a stream ever hold one.
        assertThat(~access(page, true)).isNegative().isNotIn(FORK, EXIT);
        assertThat(AccessStream.page(~access(page, true))).isEqualTo(page);
        assertThat(AccessStream.isWrite(~access(page, true))).isTrue();
    }

    @Test
    void countsTheProcessAndNotItsChild() {
        AccessStream stream = new AccessStream("s", 4, new int[] {
            access(3, true),
            FORK,
            childRead(0),
            access(1, false),
            childRead(1),
            EXIT,
            access(1, false),
            access(2, false)
        });
        assertThat(stream.accesses()).isEqualTo(4);
        assertThat(stream.length()).isEqualTo(8);
        assertThat(stream.readShare()).isEqualTo(0.75);
        assertThat(stream.forks()).isEqualTo(1);
        assertThat(stream.hasChildren()).isTrue();
        assertThat(stream).hasToString("s: 4 pages, 4 accesses, 75.0 % reads, 1 forks");
    }

    @Test
    void isImmutable() {
        int[] codes = {access(0, false)};
        AccessStream stream = new AccessStream("s", 1, codes);
        codes[0] = FORK;
        stream.toArray()[0] = FORK;
        assertThat(stream.code(0)).isEqualTo(access(0, false));
    }

    @Test
    void refusesWhatADriverCouldNotRun() {
        refuses("code 1: page 2 of 2", 2, access(0, false), access(2, false));
        refuses("code 1: fork while a child lives", 2, FORK, FORK);
        refuses("code 0: exit without a child", 2, EXIT);
        refuses("code 0: access by a child that does not live", 2, childRead(0));
        refuses("code 1: page 2 of 2", 2, FORK, childRead(2));
        refuses("code 2: the child outlives the stream", 2, access(0, false), FORK);
        refuses("code 2: no access", 2, FORK, EXIT);
        refuses("pages must be 1 to 1073741823, not 0", 0, access(0, false));
        refuses("pages must be 1 to 1073741823, not 1073741824", 1 << 30, access(0, false));
    }

    private static void refuses(String why, int pages, int... codes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessStream("s", pages, codes))
                .withMessage(why);
    }

    @Test
    void snapshotOfAFewPages() {
        AccessStream plain = new AccessStream("s", 4, new int[] {0, 2, 4, 6, 1});
        assertThat(plain.withSnapshots("t", 5, 2).toArray())
                .containsExactly(FORK, 0, childRead(0), childRead(1), 2, childRead(2), childRead(3), EXIT, 4, 6, 1);
        assertThat(plain.withSnapshots("t", 2, 1).toArray())
                .containsExactly(
                        FORK,
                        0,
                        childRead(0),
                        childRead(1),
                        childRead(2),
                        childRead(3),
                        EXIT,
                        2,
                        FORK,
                        4,
                        childRead(0),
                        childRead(1),
                        childRead(2),
                        childRead(3),
                        EXIT,
                        6,
                        1);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,7", "100,1", "100,99", "100,100", "1000,640", "333,200"})
    void snapshotsKeepTheProcessAndReadEveryPageOnce(int every, int lifetime) {
        AccessStream plain = SyntheticStreams.uniform(37, 1000, 0.3, 5);
        AccessStream stream = plain.withSnapshots("t", every, lifetime);
        assertThat(stream.name()).isEqualTo("t");
        assertThat(stream.pages()).isEqualTo(37);
        assertThat(stream.forks()).isEqualTo(1000 / every);
        assertThat(stream.readShare()).isEqualTo(plain.readShare());
        assertThat(Arrays.stream(stream.toArray()).filter(code -> code >= 0).toArray())
                .isEqualTo(plain.toArray());
        int[] all = IntStream.range(0, 37).map(AccessStream::childRead).toArray();
        int accesses = 0;
        int i = 0;
        for (int fork = 0; fork < stream.forks(); fork++) {
            for (; stream.code(i) != FORK; i++) {
                accesses++;
            }
            assertThat(accesses).as("accesses before fork %d", fork).isEqualTo(fork * every);
            int from = ++i;
            for (; stream.code(i) != EXIT; i++) {
                accesses += stream.code(i) >= 0 ? 1 : 0;
            }
            assertThat(accesses).as("accesses before exit %d", fork).isEqualTo(fork * every + lifetime);
            int[] life = Arrays.copyOfRange(stream.toArray(), from, i++);
            assertThat(Arrays.stream(life).filter(code -> code < 0).toArray()).isEqualTo(all);
        }
    }

    @Test
    void refusesSnapshotsThatDoNotFit() {
        AccessStream plain = SyntheticStreams.uniform(10, 100, 0.5, 1);
        for (int[] shape : new int[][] {{101, 1}, {10, 0}, {10, 11}, {0, 0}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plain.withSnapshots("t", shape[0], shape[1]))
                    .withMessageStartingWith("need 1 <= lifetime <= every <= 100");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain.withSnapshots("t", 50, 5).withSnapshots("u", 50, 5))
                .withMessage("t has children already");
        AccessStream wide = new AccessStream("wide", 1 << 29, new int[] {0, 0, 0, 0});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wide.withSnapshots("t", 1, 1))
                .withMessage("2147483660 codes do not fit an array: fork less often");
    }
}
