package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a session ends: at a look that decided it, or at its last block. */
@Tag("slow")
class AbLooksTest extends AbSessionFixture {
    /** Stands in for a guest: one count, and so like others as the test says. */
    private void guest(AbPlan.Slot slot, Path directory, String label, double instructions) {
        executed.add(slot.order());
        ResultWriter writer = ResultWriter.create(directory, label);
        writer.writeJmh(out -> out.write(("[{\"benchmark\":\"org.example.Guest.write\",\"mode\":\"ss\",\"forks\":1,"
                        + "\"primaryMetric\":{\"score\":" + instructions
                        + ",\"scoreUnit\":\"instructions/op\",\"rawData\":[["
                        + instructions + "]]},\"secondaryMetrics\":{}}]")
                .getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                label,
                "",
                false,
                List.of(),
                0,
                "kernel",
                "2022-01-13T14:03:18Z",
                2,
                true,
                Map.of("guest.kernel", slot.side().name()),
                List.of(new ForkInfo(
                        0,
                        0,
                        "Guest.write",
                        Map.of(),
                        "2022-01-13T14:03:18Z",
                        1,
                        instructions,
                        "instructions/op",
                        null)),
                List.of()));
        writer.finish();
    }

    private static AbPlan guests() {
        return new AbPlan(
                AbPlan.SCHEMA,
                "s",
                List.of("base", "head", "control").stream()
                        .map(side -> new AbPlan.Side(side, side + ".jar", "", false, List.of("kernel", "bench")))
                        .toList(),
                List.of(""),
                20,
                List.of(4, 8, 12, 20),
                77,
                List.of("run-bench.sh", "ab"));
    }

    private Comparison compared(AbSession session) {
        List<Path> written = session.finish();
        return ComparisonBuilder.compare(
                ResultDirectory.read(written.get(0)),
                ResultDirectory.read(written.get(1)),
                Rule.DEFAULT,
                CompareOptions.NONE);
    }

    @Test
    void equalCountsEndASessionAtItsFirstLook() throws Exception {
        AbSession session = create(guests());
        assertThat(session.run(
                        (slot, dir, label) -> guest(slot, dir, label, 3812),
                        (slot, done, total, left) -> assertThat(total).isEqualTo(120),
                        () -> false))
                .isTrue();
        assertThat(executed).hasSize(24);
        Comparison comparison = compared(session);
        assertThat(comparison.rows())
                .singleElement()
                .extracting(Comparison.Row::verdict)
                .isEqualTo(Verdict.SAME);
        assertThat(comparison.blocks()).isEqualTo(4);
        assertThat(comparison.looks()).containsExactly(4, 8, 12, 20);
        assertThat(comparison.look()).isEqualTo(1);
        assertThat(comparison.rule()).as("a quarter of each error").isEqualTo(Rule.DEFAULT.perLook(4));
        assertThat(comparison.rule().level()).isEqualTo(0.0025);
        assertThat(CompareFormat.TEXT.write(comparison, false).replaceAll("\\s+", " "))
                .contains("paired in 4 blocks of one sitting, order from seed 77; ended at look 1 of 4, at most 20"
                        + " blocks")
                .contains("98.75% interval")
                .contains("the 99.95 % interval within 1 %")
                .contains("looks were planned after 4, 8, 12, 20 blocks")
                .contains("this is look 1")
                .contains("Each look has its part, 0.25 %, of a level of 1 %");
        assertThat(CompareFormat.JSON.write(comparison, false)).contains("\"look\" : 1");
    }

    @Test
    void countsThatMostlyRepeatEndASessionAtItsFirstLook() throws Exception {
        AbSession session = create(guests());
        // A real kernel against itself: 1712 in most boots, 1711 in a third of them.
        assertThat(session.run(
                        (slot, dir, label) -> guest(slot, dir, label, slot.order() % 3 == 0 ? 1711 : 1712),
                        (slot, done, total, left) -> {},
                        () -> false))
                .isTrue();
        assertThat(executed).hasSize(24);
        assertThat(compared(session).rows())
                .singleElement()
                .extracting(Comparison.Row::verdict)
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aDecidedDifferenceEndsASession() throws Exception {
        AbSession session = create(guests());
        // Scatters by 0.2 % around 3 % more: beyond the bound at once.
        assertThat(session.run(
                        (slot, dir, label) -> guest(
                                slot,
                                dir,
                                label,
                                Math.round(4000
                                        * (slot.side().name().equals("head") ? 1.03 : 1)
                                        * (1 + 0.002 * new Random(slot.order()).nextGaussian()))),
                        (slot, done, total, left) -> {},
                        () -> false))
                .isTrue();
        assertThat(executed).hasSize(24);
        assertThat(compared(session).rows())
                .singleElement()
                .extracting(Comparison.Row::verdict)
                .isEqualTo(Verdict.SLOWER);
    }

    @Test
    void anUndecidedSessionGoesOnToItsLastBlockAlsoWhenItWasKilledAtALook() throws Exception {
        AbSession first = create(guests());
        // Right at the bound: neither within it nor beyond it.
        ForkRunner runner = (slot, dir, label) -> guest(
                slot,
                dir,
                label,
                Math.round(4000 * (slot.side().name().equals("head") ? 1.01 : 1)
                        + 8 * new Random(slot.order()).nextGaussian()));
        int[] calls = {0};
        assertThat(first.run(runner, (slot, done, total, left) -> {}, () -> ++calls[0] > 48))
                .isFalse();
        assertThat(first.done()).isEqualTo(24);
        first.close();
        AbSession second = AbSession.open(results, "s");
        assertThat(second.plan()).isEqualTo(guests());
        assertThat(second.run(runner, (slot, done, total, left) -> {}, () -> false))
                .isTrue();
        assertThat(second.done()).isEqualTo(120);
        Comparison comparison = compared(second);
        assertThat(comparison.blocks()).isEqualTo(20);
        assertThat(comparison.look()).isEqualTo(4);
        assertThat(comparison.rows())
                .singleElement()
                .extracting(Comparison.Row::verdict)
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void whatALookDecidedStaysDecidedWhenTheCallIsKilledBeforeJoining() throws Exception {
        AbSession first = create(guests());
        first.run((slot, dir, label) -> guest(slot, dir, label, 3812), (slot, done, total, left) -> {}, () -> false);
        first.close();
        AbSession second = AbSession.open(results, "s");
        executed.clear();
        assertThat(second.run(
                        (slot, dir, label) -> guest(slot, dir, label, 9999),
                        (slot, done, total, left) -> {},
                        () -> false))
                .isTrue();
        assertThat(executed).isEmpty();
        assertThat(compared(second).look()).isEqualTo(1);
    }

    @Test
    void aPlanWithoutLooksHasOneAndItsWholeLevel() throws Exception {
        assertThat(plan(20, "base").looks()).containsExactly(20);
        assertThat(plan(20, "base").sequential()).isFalse();
        assertThatThrownBy(() -> new AbPlan(2, "s", List.of(), CELLS, 20, List.of(8, 4, 20), 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ascend to 20");
        AbSession session = create(plan(2, "base", "head"));
        session.close();
        Path file = session.directory().resolve("plan.json");
        JsonNode tree = new ObjectMapper().readTree(file.toFile());
        ((ObjectNode) tree).remove("looks");
        Files.write(file, new ObjectMapper().writeValueAsBytes(tree));
        try (AbSession again = AbSession.open(results, "s")) {
            assertThat(again.plan()).as("a plan of an earlier version").isEqualTo(session.plan());
            again.run(
                    (slot, dir, label) -> fork(slot, dir, label, 1, false),
                    (slot, done, total, left) -> {},
                    () -> false);
            Comparison comparison = compared(again);
            assertThat(comparison.looks()).isEmpty();
            assertThat(comparison.look()).isZero();
            assertThat(comparison.rule()).isEqualTo(Rule.DEFAULT);
        }
    }
}
