package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticStreamsTest {
    private static final int DRAWS = 1_000_000;

    @ParameterizedTest
    @CsvSource({"1000,0.99,1", "1000,0.99,2", "10000,0.99,3", "1000,0.5,4", "1000,1.0,5", "500,1.5,6", "2,0.99,7"})
    void zipfFollowsTheExactDistribution(int pages, double exponent, long seed) {
        long[] counts = countsByRank(SyntheticStreams.zipf(pages, DRAWS, exponent, 0.5, seed), seed);
        assertThat(fit(counts, exponent)).as("p of the fit").isGreaterThan(0.001);
    }

    /** The test above can fail: with as many draws, a neighbouring exponent and an off-by-one rank are rejected. */
    @Test
    void theFitTestRejectsOtherDistributions() {
        long[] counts = countsByRank(SyntheticStreams.zipf(1000, DRAWS, 0.99, 0.5, 1), 1);
        assertThat(fit(counts, 0.98)).isLessThan(1e-6);
        assertThat(fit(counts, 1.0)).isLessThan(1e-6);
        long first = counts[0];
        System.arraycopy(counts, 1, counts, 0, counts.length - 1);
        counts[counts.length - 1] = first;
        assertThat(fit(counts, 0.99)).isLessThan(1e-6);
    }

    private static double fit(long[] counts, double exponent) {
        double[] expected = new double[counts.length];
        Arrays.setAll(expected, rank -> Math.pow(rank + 1, -exponent));
        return new ChiSquareTest().chiSquareTest(expected, counts);
    }

    private static long[] countsByRank(AccessStream stream, long seed) {
        int[] pageOfRank = SyntheticStreams.permutation(stream.pages(), SyntheticStreams.generator(seed));
        long[] byPage = counts(stream);
        long[] byRank = new long[byPage.length];
        Arrays.setAll(byRank, rank -> byPage[pageOfRank[rank]]);
        return byRank;
    }

    private static long[] counts(AccessStream stream) {
        long[] counts = new long[stream.pages()];
        for (int code : stream.toArray()) {
            counts[AccessStream.page(code)]++;
        }
        return counts;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void uniformIsUniform(long seed) {
        AccessStream stream = SyntheticStreams.uniform(1000, DRAWS, 0.5, seed);
        double[] expected = new double[1000];
        Arrays.fill(expected, 1);
        assertThat(new ChiSquareTest().chiSquareTest(expected, counts(stream))).isGreaterThan(0.001);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.5, 1})
    void writesHaveTheirShareWhateverThePage(double share) {
        AccessStream stream = SyntheticStreams.zipf(1000, DRAWS, 0.99, share, 9);
        double sigma = Math.sqrt(share * (1 - share) / DRAWS);
        assertThat(1 - stream.readShare()).isCloseTo(share, within(4 * sigma));
        int hottest = SyntheticStreams.permutation(1000, SyntheticStreams.generator(9))[0];
        int[] onHottest = Arrays.stream(stream.toArray())
                .filter(c -> AccessStream.page(c) == hottest)
                .toArray();
        double writes = Arrays.stream(onHottest).filter(AccessStream::isWrite).count();
        assertThat(writes / onHottest.length)
                .isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / onHottest.length)));
    }

    @Test
    void hotPagesAreScattered() {
        int pages = 100_000;
        int[] pageOfRank = SyntheticStreams.permutation(pages, SyntheticStreams.generator(11));
        assertThat(Arrays.stream(pageOfRank).sorted().toArray())
                .isEqualTo(IntStream.range(0, pages).toArray());
        // The hottest per cent is spread evenly: 1000 pages over ten tenths of the footprint.
        long[] tenths = new long[10];
        Arrays.stream(pageOfRank, 0, pages / 100).forEach(page -> tenths[page / (pages / 10)]++);
        double[] even = new double[10];
        Arrays.fill(even, 1);
        assertThat(new ChiSquareTest().chiSquareTest(even, tenths)).isGreaterThan(0.001);
    }

    @ParameterizedTest
    @EnumSource(
            value = Streams.class,
            names = {"UNIFORM", "ZIPF"})
    void theSeedDecidesTheStream(Streams streams) {
        int[] first = streams.stream(5000, 20_000, 42).toArray();
        assertThat(streams.stream(5000, 20_000, 42).toArray()).isEqualTo(first);
        assertThat(streams.stream(5000, 20_000, 43).toArray()).isNotEqualTo(first);
    }

    /** Results are compared across machines and commits, so a seed must mean the same accesses there. */
    @Test
    void theSeedMeansTheSameEverywhere() {
        assertThat(Arrays.hashCode(Streams.UNIFORM.stream(5000, 20_000, 42).toArray()))
                .isEqualTo(-333995617);
        assertThat(Arrays.hashCode(Streams.ZIPF.stream(5000, 20_000, 42).toArray()))
                .isEqualTo(-1011903542);
    }

    @Test
    void namesSayTheExponent() {
        assertThat(Streams.ZIPF.stream(10, 10, 1).name()).isEqualTo("zipf-0.99");
        assertThat(SyntheticStreams.zipf(10, 10, 1.2, 0.5, 1).name()).isEqualTo("zipf-1.2");
        assertThat(Streams.UNIFORM.stream(10, 10, 1).name()).isEqualTo("uniform");
    }

    @Test
    void refusesBadArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SyntheticStreams.uniform(0, 1, 0.5, 1))
                .withMessage("pages must be 1 to 1073741823, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SyntheticStreams.uniform(1, 0, 0.5, 1))
                .withMessage("length must be at least 1, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SyntheticStreams.uniform(1, 1, Double.NaN, 1))
                .withMessage("write share must be 0 to 1, not NaN");
        for (double exponent : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SyntheticStreams.zipf(1, 1, exponent, 0.5, 1))
                    .withMessage("exponent must be positive and finite, not " + exponent);
        }
    }
}
