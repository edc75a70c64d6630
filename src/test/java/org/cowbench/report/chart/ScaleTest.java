package org.cowbench.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void percentileAxisSpacesNinesEqually() {
        Scale.Percentile scale = new Scale.Percentile(0.9999);
        assertThat(scale.at(0)).isZero();
        assertThat(scale.at(0.9)).isCloseTo(0.25, within(1e-12));
        assertThat(scale.at(0.99)).isCloseTo(0.5, within(1e-12));
        assertThat(scale.at(0.999)).isCloseTo(0.75, within(1e-12));
        assertThat(scale.at(0.9999)).isEqualTo(1);
        assertThat(scale.at(0.5)).isCloseTo(Math.log10(2) / 4, within(1e-12));
        assertThat(scale.at(1)).as("1/(1-p) is endless there").isEqualTo(1);
    }

    @Test
    void percentileAxisInverts() {
        Scale.Percentile scale = new Scale.Percentile(0.99999);
        for (double position = 0; position <= 1; position += 1.0 / 64) {
            assertThat(scale.at(scale.value(position))).isCloseTo(position, within(1e-9));
        }
    }

    @Test
    void percentileTicksAreNamedAsPeopleNameThem() {
        assertThat(new Scale.Percentile(0.99999).ticks(5))
                .extracting(Scale.Tick::label)
                .containsExactly("0 %", "50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");
        assertThat(new Scale.Percentile(0.95).ticks(5))
                .extracting(Scale.Tick::label)
                .containsExactly("0 %", "50 %", "90 %");
    }

    @Test
    void percentilesBeyondAreRefused() {
        assertThatThrownBy(() -> new Scale.Percentile(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Scale.Percentile(99.9)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void linearTicksAreRoundAndInside() {
        assertThat(new Scale.Linear(0, 1.04).ticks(5))
                .extracting(Scale.Tick::label)
                .containsExactly("0", "0.5", "1");
        assertThat(new Scale.Linear(0, 104).ticks(5))
                .extracting(Scale.Tick::label)
                .containsExactly("0", "50", "100");
        assertThat(new Scale.Linear(0, 26000).ticks(3))
                .extracting(Scale.Tick::label)
                .containsExactly("0", "10k", "20k");
    }

    @Test
    void logarithmicTicks() {
        List<Scale.Tick> ticks = new Scale.Log(40, 2500).ticks(5);
        assertThat(ticks)
                .extracting(Scale.Tick::label)
                .filteredOn(label -> !label.isEmpty())
                .containsExactly("50", "100", "200", "500", "1000", "2000");
        assertThat(ticks).extracting(Scale.Tick::at).isSorted();
    }

    @Test
    void narrowLogarithmicRangesGetLinearSteps() {
        assertThat(new Scale.Log(180, 260).ticks(4))
                .extracting(Scale.Tick::label)
                .containsExactly("180", "200", "220", "240", "260");
    }

    @Tag("slow")
    @Test
    void everyScaleOfNumbersHasThreeLabels() {
        Random random = new Random(16);
        for (int i = 0; i < 20_000; i++) {
            double low = Math.pow(10, random.nextDouble(-6, 9));
            double high = low * Math.pow(10, random.nextDouble(0.001, i % 2 == 0 ? 1.2 : 9));
            int wanted = random.nextInt(2, 9);
            for (Scale scale : List.of(
                    new Scale.Linear(low, high),
                    new Scale.Linear(-low, high),
                    new Scale.Linear(0, high),
                    new Scale.Log(low, high),
                    new Scale.Percentile(random.nextDouble(0.1, 0.9999)))) {
                List<Scale.Tick> ticks = scale.ticks(wanted);
                assertThat(ticks.stream().map(Scale.Tick::label).filter(label -> !label.isEmpty()))
                        .as("%s, %d wanted", scale, wanted)
                        .hasSizeGreaterThanOrEqualTo(3)
                        .doesNotHaveDuplicates();
                assertThat(ticks).extracting(Scale.Tick::at).isSorted();
            }
        }
    }

    @Test
    void logarithmicPositionsAreProportionalToRatios() {
        Scale.Log scale = new Scale.Log(10, 1000);
        assertThat(scale.at(100)).isCloseTo(0.5, within(1e-12));
        assertThat(scale.at(1)).isZero();
        assertThat(scale.at(0)).isZero();
        assertThat(scale.at(5000)).isEqualTo(1);
    }

    @Test
    void coveringLeavesOutWhatHasNoLogarithm() {
        Scale.Log scale = Scale.Log.covering(0, Double.NaN, -5, 20, 2000, Double.POSITIVE_INFINITY);
        assertThat(scale.low()).isBetween(15.0, 20.0);
        assertThat(scale.high()).isBetween(2000.0, 2500.0);
        assertThat(Scale.Log.covering(Double.NaN)).isEqualTo(new Scale.Log(1, 10));
    }

    @Test
    void noiseIsNotBlownUpToADifference() {
        Scale.Log scale = Scale.Log.covering(100, 101);
        assertThat(scale.high() / scale.low()).isCloseTo(1.5, within(1e-9));
        assertThat(scale.at(100)).isBetween(0.4, 0.6);
    }

    @Test
    void rowsRunDownwards() {
        Scale.Rows rows = new Scale.Rows(List.of("first", "second"));
        assertThat(rows.at(0)).isEqualTo(0.75);
        assertThat(rows.at(1)).isEqualTo(0.25);
        assertThat(rows.ticks(9)).extracting(Scale.Tick::label).containsExactly("second", "first");
    }

    @Test
    void emptyRangesAreRefused() {
        assertThatThrownBy(() -> new Scale.Linear(1, 1)).hasMessageContaining("not a range");
        assertThatThrownBy(() -> new Scale.Log(0, 1)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Scale.Rows(List.of())).hasMessageContaining("at least one");
    }

    @Test
    void percentilesAreWrittenAsExactlyAsTheirDistanceFromOneAsks() {
        assertThat(List.of(0.0, 0.5, 0.75, 0.9, 0.943766, 0.995, 0.999, 0.9999, 0.99995, 0.99999, 1.0))
                .extracting(Scale.Percentile::text)
                .containsExactly(
                        "0 %",
                        "50 %",
                        "75 %",
                        "90 %",
                        "94.4 %",
                        "99.5 %",
                        "99.9 %",
                        "99.99 %",
                        "99.995 %",
                        "99.999 %",
                        "100 %");
    }
}
