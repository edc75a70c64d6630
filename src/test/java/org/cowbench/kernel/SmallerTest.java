package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.junit.jupiter.api.Test;

/** What is wanted is a write and three reads; each question takes a time of its own. */
class SmallerTest {
    private static final Script SCRIPT = ScriptParser.parse("x.litmus", "A write 0 1\n" + "A read 0\n".repeat(6));

    private final List<Duration> silences = new ArrayList<>();

    private Smaller.Outcome<String> smaller(Duration time, Duration each) {
        long[] now = {7};
        return Smaller.of(
                SCRIPT,
                (candidate, silence) -> {
                    silences.add(silence);
                    now[0] += each.toNanos();
                    long reads = candidate.steps().stream()
                            .filter(step -> step.op() == Op.READ)
                            .count();
                    return reads < 3 || reads == candidate.steps().size()
                            ? Optional.empty()
                            : Optional.of(candidate.text());
                },
                time,
                () -> now[0]);
    }

    @Test
    void whatIsMinimalSaysWhatItShowed() {
        Smaller.Outcome<String> minimal = smaller(Duration.ofMinutes(1), Duration.ZERO);
        assertThat(minimal.script().steps()).hasSize(4);
        assertThat(minimal.shown()).isEqualTo(minimal.script().text());
        assertThat(minimal.cut()).isFalse();
        assertThat(silences).containsOnly(Duration.ofMinutes(1));
    }

    /** Of 100 seconds the first three questions take 120: none is waited for longer than there is time, within reason. */
    @Test
    void whenTimeIsUpItTakesWhatItHas() {
        Smaller.Outcome<String> cut = smaller(Duration.ofSeconds(100), Duration.ofSeconds(40));
        assertThat(silences).containsExactly(Duration.ofSeconds(100), Duration.ofSeconds(60), Smaller.LEAST_SILENCE);
        assertThat(cut.cut()).isTrue();
        assertThat(cut.script().steps()).hasSizeLessThan(SCRIPT.steps().size());
        assertThat(cut.shown()).isEqualTo(cut.script().text());
    }

    @Test
    void whatIsNotSeenAgainIsNotMadeSmaller() {
        assertThatThrownBy(() -> Smaller.of(SCRIPT, (candidate, silence) -> Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
