package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LettersTest {

    /** Rows whose true costs are given, with what all rows of a block share and what each has for itself. */
    private static double[][] draw(Random random, int blocks, double shared, double own, double... costs) {
        double[][] values = new double[costs.length][blocks];
        for (int block = 0; block < blocks; block++) {
            double mood = random.nextGaussian() * shared;
            for (int row = 0; row < costs.length; row++) {
                values[row][block] = costs[row] * Math.exp(mood + random.nextGaussian() * own);
            }
        }
        return values;
    }

    private static List<String> letters(double[][] values) {
        return Letters.of(values, Collections.nCopies(values.length, null));
    }

    @Test
    void rowsOfTheSameWorkAreTheBound() {
        double[][] values = {{100, 100, 100}, {106, 106, 106}, {105.8, 105.8, 105.8}, {112, 112, 112}};
        assertThat(letters(values)).containsExactly("a", "b", "b", "c");
        assertThat(Letters.of(values, Arrays.asList("same", "same", null, null)))
                .containsExactly("a", "ab", "ab", "b");
    }

    @Test
    void rowsThatDifferHaveNoLetterInCommon() {
        double[][] values = {{100, 103, 98}, {101, 102.5, 98.5}, {50, 51.4, 49.2}, {5, 5.1, 4.95}};
        assertThat(letters(values)).containsExactly("c", "c", "b", "a");
    }

    /** Being alike does not pass on: the middle one is like both of its neighbours, which differ. */
    @Test
    void theMiddleOneHasTwoLetters() {
        double[][] values = {{100, 104, 96}, {108, 106, 108}, {118, 114, 116}};
        List<String> letters = letters(values);
        assertThat(letters.get(1)).isEqualTo("ab");
        assertThat(letters.get(0)).isEqualTo("a");
        assertThat(letters.get(2)).isEqualTo("b");
    }

    @Test
    void lessThanTheBoundIsNeverADifference() {
        assertThat(letters(new double[][] {{100, 100, 100}, {102.9, 102.9, 102.9}}))
                .containsExactly("a", "a");
        assertThat(letters(new double[][] {{100, 100, 100}, {103.1, 103.1, 103.1}}))
                .containsExactly("a", "b");
    }

    @Test
    void withoutThreeWholeBlocksNothingIsSaid() {
        assertThat(letters(new double[][] {{1, 2}, {3, 4}})).containsExactly("", "");
        assertThat(letters(new double[][] {{1, 2, 3}, {3, 4, Double.NaN}})).containsExactly("", "");
        assertThat(letters(new double[][] {{1, 2, 3}})).containsExactly("");
        assertThat(letters(new double[][] {})).isEmpty();
    }

    /** Twelve equal rows, as noisy as a shared machine: in at most 5 % of runs may any two be told apart. */
    @Test
    void equalRowsAreSeldomToldApart() {
        Random random = new Random(20261126);
        double[] costs = new double[12];
        Arrays.fill(costs, 100);
        long wrong = IntStream.range(0, 400)
                .filter(run -> letters(draw(random, 3, 0.2, 0.05, costs)).stream()
                                .distinct()
                                .count()
                        > 1)
                .count();
        assertThat(wrong).isLessThanOrEqualTo(20);
    }

    @Test
    void aThirdIsFoundInThreeBlocks() {
        Random random = new Random(20261126);
        long found = IntStream.range(0, 200)
                .filter(run -> {
                    List<String> letters = letters(draw(random, 3, 0.2, 0.03, 100, 100, 100, 100, 66));
                    return letters.get(4).equals("a")
                            && letters.subList(0, 4).stream().noneMatch(l -> l.contains("a"));
                })
                .count();
        assertThat(found).isGreaterThan(180);
    }
}
