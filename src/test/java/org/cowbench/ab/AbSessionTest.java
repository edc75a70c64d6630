package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class AbSessionTest {
    private static final List<String> CELLS = List.of("A.x;policy=v5.9", "A.y");

    @TempDir
    Path results;

    private final List<Integer> executed = new ArrayList<>();

    static AbPlan plan(int blocks, String... sides) {
        List<AbPlan.Side> list = new ArrayList<>();
        for (String side : sides) {
            list.add(
                    new AbPlan.Side(side, side + ".jar", side.equals("head") ? "beef" : "cafe", false, List.of("run")));
        }
        return new AbPlan(1, "s", list, CELLS, blocks, null, 77, List.of("run-bench.sh", "ab"));
    }

    /** Stands in for a jar: writes what 'run --forks 1' would, and always the same for a slot. */
    void fork(AbPlan.Slot slot, Path directory, String label, double effect, boolean fails) {
        executed.add(slot.order());
        boolean head = slot.side().name().equals("head");
        double value = 100 * (head ? effect : 1) * (1 + 0.01 * new Random(slot.order()).nextGaussian());
        Map<String, String> params = slot.cell().contains("policy") ? Map.of("policy", "V5_9") : Map.of();
        String benchmark = slot.cell().split(";")[0];
        // Odd milliseconds: as seconds in binary many of them are a little less than they are.
        Instant started = Instant.parse("2022-01-13T14:03:18Z").plusMillis(1013L * slot.order() + 7);
        ResultWriter writer = ResultWriter.create(directory, label);
        String entry = "{\"jmhVersion\":\"1.37\",\"benchmark\":\"org.example." + benchmark
                + "\",\"mode\":\"avgt\",\"forks\":1,"
                + "\"params\":{" + (params.isEmpty() ? "" : "\"policy\":\"V5_9\"") + "},\"primaryMetric\":{\"score\":"
                + value
                + ",\"scoreError\":\"NaN\",\"scoreConfidence\":[\"NaN\",\"NaN\"],\"scorePercentiles\":{\"0.0\":" + value
                + ",\"50.0\":" + value + ",\"100.0\":" + value + "},\"scoreUnit\":\"ns/op\",\"rawData\":[[" + value
                + "," + value
                + "]]},\"secondaryMetrics\":{\"copies\":{\"score\":1,\"scoreUnit\":\"#/op\",\"rawData\":[[1,1]]}}}";
        writer.writeJmh(out -> out.write(("[" + (fails ? "" : entry) + "]").getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                label,
                "",
                false,
                List.of(),
                0,
                "custom",
                started.toString(),
                2,
                true,
                Map.of("kernel.release", "6.12", "load.start", "0." + slot.order(), "load.end", "1." + slot.order()),
                List.of(new ForkInfo(
                        0,
                        0,
                        benchmark,
                        params,
                        started.toString(),
                        1,
                        fails ? Double.NaN : value,
                        fails ? "" : "ns/op",
                        fails ? "died" : null)),
                List.of("a look, not a claim: 1 fork each", "planted", "only " + slot.order())));
        if (fails) {
            writer.writeText("fork-0.log", "out of frames");
        } else {
            Histogram histogram = new Histogram(3);
            histogram.recordValueWithCount(Math.round(value * 1000), 2000);
            writer.writeHistograms(List.of(new TaggedHistogram(slot.cell(), started, 1, histogram)), started, "ps");
        }
        writer.finish();
    }

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

    private AbSession create(AbPlan plan) {
        return AbSession.create(results, plan, Map.of());
    }

    /** Forgets what really went on around the forks: what these tests expect must not depend on this machine's load. */
    private static void quieten(AbSession session) throws IOException {
        for (AbPlan.Slot slot : session.plan().slots()) {
            Files.writeString(
                    session.directory()
                            .resolve("forks")
                            .resolve("fork-" + slot.order())
                            .resolve("noise.json"),
                    "{\"seconds\":1.0,\"calibration\":2.0,\"slowdown\":1.0}");
        }
    }

    @Test
    void blocksAreMirroredAndBalanced() {
        List<AbPlan.Slot> slots = plan(50, "base", "head", "control").slots();
        assertThat(slots).hasSize(50 * 2 * 6);
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < slots.size(); i += 6) {
            List<AbPlan.Slot> six = slots.subList(i, i + 6);
            assertThat(six)
                    .extracting(AbPlan.Slot::cell)
                    .containsOnly(six.getFirst().cell());
            assertThat(six).extracting(AbPlan.Slot::block).containsOnly(i / 12);
            for (int k = 0; k < 3; k++) {
                assertThat(six.get(k).side()).isEqualTo(six.get(5 - k).side());
            }
            assertThat(six.subList(0, 3)).extracting(AbPlan.Slot::side).doesNotHaveDuplicates();
            firsts.add(six.getFirst().side().name() + six.get(1).side().name());
        }
        assertThat(firsts).as("all six orders occur").hasSize(6);
        assertThat(plan(50, "base", "head", "control").slots()).isEqualTo(slots);
    }

    @Test
    void aSessionEndsInComparableResults() throws Exception {
        AbSession session = create(plan(20, "base", "head", "control"));
        boolean whole = session.run(
                (slot, dir, label) -> fork(slot, dir, label, 1.1, slot.order() == 13),
                (slot, done, total, left) -> assertThat(total).isEqualTo(240),
                () -> false);
        assertThat(whole).isTrue();
        assertThat(session.directory().resolve("forks/fork-1/noise.json"))
                .content()
                .contains("calibration", "seconds");
        quieten(session);
        List<AbPlan.Slot> ofBase = session.plan().slots().stream()
                .filter(slot -> slot.side().name().equals("base"))
                .toList();
        List<Path> written = session.finish();
        assertThat(ResultDirectory.read(written.getFirst()).info().environment())
                .containsEntry("load.start", "0." + ofBase.getFirst().order())
                .containsEntry("load.end", "1." + ofBase.getLast().order());
        assertThat(written)
                .extracting(path -> path.getFileName().toString())
                .containsExactly("s-base", "s-head", "s-control");
        assertThat(session.directory()).doesNotExist();
        Comparison comparison = ComparisonBuilder.compare(
                ResultDirectory.read(written.get(0)),
                ResultDirectory.read(written.get(1)),
                Rule.DEFAULT,
                CompareOptions.NONE);
        assertThat(comparison.design()).isEqualTo(Comparison.Design.PAIRED);
        assertThat(comparison.blocks()).isEqualTo(20);
        assertThat(comparison.control().state()).isEqualTo(Comparison.Control.State.CLEAN);
        assertThat(comparison.base().commit()).isEqualTo("cafe");
        assertThat(comparison.head().commit()).isEqualTo("beef");
        assertThat(comparison.rows().stream().filter(row -> row.kind() == Comparison.Kind.SCORE))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.SLOWER));
        assertThat(comparison.rows().stream()
                        .filter(row -> row.kind() == Comparison.Kind.PERCENTILE)
                        .map(row -> row.metric() + " of " + row.baseForks().count()))
                .containsExactlyInAnyOrder("p50 of 40", "p90 of 40", "p50 of 40", "p90 of 40");
        assertThat(comparison.curves()).hasSize(2);
        assertThat(comparison.shifts()).hasSize(2);
        int failed = 0;
        int kept = 0;
        for (Path path : written) {
            ResultDirectory result = ResultDirectory.read(path);
            failed += (int) result.info().forks().stream()
                    .filter(fork -> fork.error() != null)
                    .count();
            List<Instant> starts = new ArrayList<>();
            result.eachHistogram(line -> starts.add(line.start()));
            assertThat(result.info().forks().stream()
                            .filter(fork -> fork.error() == null)
                            .map(fork -> Instant.parse(fork.started())))
                    .containsExactlyElementsOf(starts);
            kept += starts.size();
            assertThat(result.info().forks()).hasSize(80).allSatisfy(fork -> assertThat(fork.noise())
                    .containsKeys("calibration", "seconds"));
            assertThat(result.info().warnings()).noneMatch(warning -> warning.contains("a look"));
            assertThat(result.info().environment()).containsEntry("ab.control", "s-control");
        }
        assertThat(failed).isEqualTo(1);
        assertThat(kept).isEqualTo(239);
        try (var files = Files.walk(results)) {
            assertThat(files.filter(file -> file.getFileName().toString().equals("fork-13.log")))
                    .singleElement()
                    .satisfies(file -> assertThat(file).hasContent("out of frames"));
        }
    }

    @Test
    void theJoinedJsonIsWhatJmhWouldHaveWritten() throws Exception {
        AbSession session = create(plan(3, "base", "head"));
        session.run(
                (slot, dir, label) -> fork(slot, dir, label, 1, false), (slot, done, total, left) -> {}, () -> false);
        Path base = session.finish().getFirst();
        JsonNode entry =
                new ObjectMapper().readTree(base.resolve("jmh.json").toFile()).get(0);
        assertThat(entry.path("forks").asInt()).isEqualTo(6);
        JsonNode metric = entry.path("primaryMetric");
        assertThat(metric.path("rawData")).hasSize(6).allSatisfy(row -> assertThat(row)
                .hasSize(2));
        double mean = 0;
        for (JsonNode row : metric.path("rawData")) {
            mean += row.get(0).asDouble() / 6;
        }
        assertThat(metric.path("score").asDouble()).isCloseTo(mean, within(1e-9));
        assertThat(metric.path("scoreError").asDouble()).isPositive();
        assertThat(metric.path("scoreConfidence").get(0).asDouble()).isLessThan(mean);
        assertThat(metric.path("scorePercentiles").path("100.0").asDouble()).isGreaterThan(mean);
        assertThat(entry.path("secondaryMetrics").path("copies").path("rawData"))
                .hasSize(6);
    }

    @Test
    void aKilledSessionGoesOnWhereItStopped() throws Exception {
        AbSession first = create(plan(4, "base", "head"));
        int[] calls = {0};
        boolean whole = first.run(
                (slot, dir, label) -> fork(slot, dir, label, 1, false),
                (slot, done, total, left) -> {},
                () -> ++calls[0] > 12);
        assertThat(whole).isFalse();
        int done = first.done();
        assertThat(done).isBetween(1, 31);
        // What a killed fork may leave behind.
        Files.createDirectories(first.directory().resolve("forks").resolve("fork-" + done));
        Files.createDirectories(first.directory().resolve("forks").resolve("fork-" + (done + 1) + ".partial"));
        executed.clear();
        assertThatThrownBy(() -> AbSession.open(results, "s"))
                .isInstanceOf(AbException.class)
                .hasMessageContaining("is being measured by another call");
        first.close();
        AbSession second = AbSession.open(results, "s");
        assertThat(second.plan()).isEqualTo(first.plan());
        assertThat(second.run(
                        (slot, dir, label) -> fork(slot, dir, label, 1, false),
                        (slot, before, total, left) -> {},
                        () -> false))
                .isTrue();
        assertThat(executed).hasSize(32 - done).startsWith(done);
        assertThat(second.finish()).hasSize(2);
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() throws Exception {
        assertThatThrownBy(() -> AbSession.open(results, "none"))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("no session 'none' to resume");
        AbSession session = create(plan(1, "base", "head"));
        assertThatThrownBy(() -> session.run(
                        (slot, dir, label) -> {
                            throw new AbException("side base ended with status 3");
                        },
                        (slot, done, total, left) -> {},
                        () -> false))
                .isInstanceOf(AbException.class);
        assertThat(session.done()).isZero();
        session.close();
        Files.writeString(session.directory().resolve("plan.json"), "{\"schema\":");
        assertThatThrownBy(() -> AbSession.open(results, "s"))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("no whole plan");
        Files.createDirectories(results.resolve("t-base"));
        AbPlan taken = new AbPlan(1, "t", plan(1, "base").sides(), CELLS, 1, null, 1, List.of());
        assertThatThrownBy(() -> create(taken)).isInstanceOf(AbException.class).hasMessageContaining("exists already");
        assertThat(AbSession.directory(results, "t"))
                .as("nothing is left of it")
                .doesNotExist();
    }

    @Test
    void aLabelIsTakenByAnythingOfThatName() throws Exception {
        List<String> sides = List.of("base", "head");
        assertThat(AbSession.taken(results, "s", sides)).isEmpty();
        AbSession session = create(plan(1, "base", "head"));
        assertThat(AbSession.taken(results, "s", sides)).get().asString().contains("--resume s");
        session.close();
        Files.delete(session.directory().resolve("plan.json"));
        assertThat(AbSession.taken(results, "s", sides))
                .as("killed before it had a plan")
                .isEmpty();
        AbSession again = create(plan(1, "base", "head"));
        assertThat(again.done()).isZero();
        again.close();
        Files.createDirectories(results.resolve("t-head.partial"));
        assertThat(AbSession.taken(results, "t", sides)).get().asString().contains("t-head.partial exists already");
        Files.createDirectories(results.resolve("u.ab"));
        assertThat(AbSession.taken(results, "u", sides)).get().asString().contains("u.ab exists already");
    }

    @Test
    void whatOneShouldKnowOfASessionIsAmongItsWarnings() throws Exception {
        AbSession session = create(plan(2, "base", "head"));
        session.note(List.of("before measuring: load", "before measuring: swap"));
        session.note(List.of("before measuring: load"));
        session.run(
                (slot, dir, label) -> fork(slot, dir, label, 1, false), (slot, done, total, left) -> {}, () -> false);
        for (AbPlan.Slot slot : session.plan().slots()) {
            // One fork in four met a neighbour; fixed work took twice as long after the last one.
            Files.writeString(
                    session.directory()
                            .resolve("forks")
                            .resolve("fork-" + slot.order())
                            .resolve("noise.json"),
                    "{\"others\":" + (slot.order() % 4 == 0 ? 50 : 0) + ",\"calibration\":"
                            + (slot.order() == 15 ? 2 : 1) + ",\"slowdown\":1}");
        }
        AbPlan.Side last = session.plan().slots().getLast().side();
        List<Path> written = session.finish();
        for (int i = 0; i < 2; i++) {
            RunInfo info = ResultDirectory.read(written.get(i)).info();
            boolean slow = session.plan().sides().get(i).equals(last);
            long neighbours =
                    info.forks().stream().filter(fork -> fork.order() % 4 == 0).count();
            assertThat(info.warnings())
                    .containsExactly(
                            "before measuring: load",
                            "before measuring: swap",
                            "planted",
                            neighbours + (slow ? 1 : 0) + " of 8 forks disturbed: "
                                    + (slow ? "fixed work took more than 1.1 times its shortest time (1), " : "")
                                    + "other processes used more than 20 % of a CPU (" + neighbours + ")");
        }
    }

    @Test
    void aResultThatIsNotOfTheSessionIsNoneOfIts() throws Exception {
        AbSession session = create(plan(1, "base", "head"));
        session.run(
                (slot, dir, label) -> fork(slot, dir, label, 1, false), (slot, done, total, left) -> {}, () -> false);
        fork(session.plan().slots().getFirst(), results, "s-head", 1, false);
        assertThatThrownBy(session::finish)
                .isInstanceOf(AbException.class)
                .hasMessageContaining("s-head was not there");
        assertThat(session.done()).isEqualTo(8);
    }

    @Test
    void theStudyOfASessionFindsItsPlantedSlowdowns() throws Exception {
        AbPlan plan = new AbPlan(
                1, "s", plan(1, "base", "copy1", "copy2", "slower3", "slower1").sides(), CELLS, 40, null, 5, List.of());
        AbSession session = create(plan);
        session.run(
                (slot, dir, label) -> {
                    double effect =
                            switch (slot.side().name()) {
                                case "slower3" -> 1.03;
                                case "slower1" -> 1.01;
                                default -> 1;
                            };
                    AbPlan.Side head = new AbPlan.Side("head", "", "", false, List.of());
                    fork(new AbPlan.Slot(slot.order(), slot.block(), slot.cell(), head), dir, label, effect, false);
                },
                (slot, done, total, left) -> {},
                () -> false);
        quieten(session);
        List<Path> written = session.finish();
        Map<String, ResultDirectory> planted = new TreeMap<>();
        planted.put("3 % slower", ResultDirectory.read(written.get(3)));
        planted.put("1 % slower", ResultDirectory.read(written.get(4)));
        List<ResultDirectory> plain =
                written.stream().limit(3).map(ResultDirectory::read).toList();
        AbStudy study = new AbStudy(Rule.DEFAULT, plain, planted);
        List<AbStudy.Rates> rates = study.rates(20);
        // Pairs of three sides, and each of them with a planted one: in two stretches, of two cells.
        assertThat(rates).extracting(AbStudy.Rates::comparisons).containsExactly(3 * 4, 3 * 4, 3 * 4);
        assertThat(rates.get(0).called()).isZero();
        assertThat(rates.get(0).change()).isCloseTo(0, within(0.005));
        assertThat(rates.get(1).count(Verdict.SAME)).as("1 %% called the same").isZero();
        assertThat(rates.get(2).count(Verdict.SLOWER)).isGreaterThanOrEqualTo(11);
        assertThat(rates.get(2).change()).isCloseTo(0.03, within(0.01));
        List<String> table = study.table(10, 20, 50).lines().toList();
        assertThat(table.getFirst()).isEqualTo("level 1.0 %, bound 1.0 %, order from seed 5");
        assertThat(table).hasSize(3 + 9).allMatch(line -> line.length() <= 80);
        assertThat(table.get(3)).matches("    10  no difference +24 .*");
        assertThat(table.get(8)).matches("    20  3 % slower +12 +0 +1[12] +0 +[01] .*\\+[23]\\.\\d+ %");
        assertThat(table.getLast()).as("fewer blocks than that").matches("    50  3 % slower +0 +0 +0 +0 +0 +n/a +n/a");

        // A comparison of all blocks is judged as the one that users see.
        assertThat(study.rates(40).get(2).verdicts())
                .isEqualTo(
                        plain.stream()
                                .flatMap(base -> ComparisonBuilder.compare(
                                        base, planted.get("3 % slower"), Rule.DEFAULT, CompareOptions.NONE)
                                        .rows()
                                        .stream())
                                .filter(row -> row.kind() == Comparison.Kind.SCORE)
                                .collect(Collectors.groupingBy(
                                        Comparison.Row::verdict, TreeMap::new, Collectors.summingInt(row -> 1))));
    }
}
