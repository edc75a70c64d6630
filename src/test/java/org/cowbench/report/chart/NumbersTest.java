package org.cowbench.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void coordinatesHaveAtMostOneDecimal() {
        assertThat(Numbers.coordinate(12)).isEqualTo("12");
        assertThat(Numbers.coordinate(12.34)).isEqualTo("12.3");
        assertThat(Numbers.coordinate(0.04)).isEqualTo("0");
        assertThat(Numbers.coordinate(-0.04)).isEqualTo("0");
        assertThat(Numbers.coordinate(0.5)).isEqualTo(".5");
        assertThat(Numbers.coordinate(-0.5)).isEqualTo("-.5");
        assertThat(Numbers.coordinate(-12.5)).isEqualTo("-12.5");
        assertThat(Numbers.coordinate(1234567)).isEqualTo("1234567");
    }

    @Test
    void fixedDecimals() {
        assertThat(Numbers.fixed(1234.565, 1)).isEqualTo("1234.6");
        assertThat(Numbers.fixed(-0.01, 1)).isEqualTo("0.0");
        assertThat(Numbers.fixed(7, 0)).isEqualTo("7");
        assertThat(Numbers.fixed(Double.NaN, 1)).isEqualTo("n/a");
        assertThat(Numbers.fixed(Double.POSITIVE_INFINITY, 1)).isEqualTo("n/a");
    }

    @Test
    void compactNumbers() {
        assertThat(Numbers.compact(0, 3)).isEqualTo("0");
        assertThat(Numbers.compact(0.000123456, 3)).isEqualTo("0.000123");
        assertThat(Numbers.compact(0.5, 3)).isEqualTo("0.5");
        assertThat(Numbers.compact(87.14, 3)).isEqualTo("87.1");
        assertThat(Numbers.compact(4096, 3)).isEqualTo("4096");
        assertThat(Numbers.compact(9999, 3)).isEqualTo("9999");
        assertThat(Numbers.compact(10000, 3)).isEqualTo("10k");
        assertThat(Numbers.compact(13107, 3)).isEqualTo("13.1k");
        assertThat(Numbers.compact(999_600, 3)).isEqualTo("1M");
        assertThat(Numbers.compact(-2_500_000, 3)).isEqualTo("-2.5M");
        assertThat(Numbers.compact(Double.NaN, 3)).isEqualTo("n/a");
    }

    @Test
    void numbersOfAColumnKeepTheirZeros() {
        assertThat(Numbers.aligned(15, 4)).isEqualTo("15.00");
        assertThat(Numbers.aligned(-1.5, 4)).isEqualTo("-1.500");
        assertThat(Numbers.aligned(999.94, 4)).isEqualTo("999.9");
        assertThat(Numbers.aligned(999.96, 4)).isEqualTo("1000");
        assertThat(Numbers.aligned(98_790, 4)).isEqualTo("98.79k");
        assertThat(Numbers.aligned(0.5, 4)).isEqualTo("0.5");
        assertThat(Numbers.aligned(0, 4)).isEqualTo("0");
        assertThat(Numbers.aligned(Double.NaN, 4)).isEqualTo("n/a");
    }
}
