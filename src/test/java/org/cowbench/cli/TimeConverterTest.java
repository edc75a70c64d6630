package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeConverterTest {

    @Test
    void unitsAreSecondsMinutesAndHours() {
        assertThat(new TimeConverter().convert("90s")).isEqualTo(90);
        assertThat(new TimeConverter().convert("3m")).isEqualTo(180);
        assertThat(new TimeConverter().convert("1.5h")).isEqualTo(5400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "m", "-3m", "0s", "3 m", "3d", "1e3s", "9999999s"})
    void anythingElseIsRefusedWithTheRemedy(String text) {
        assertThatThrownBy(() -> new TimeConverter().convert(text)).hasMessageContaining("such as 3m");
    }
}
