package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class AbSessionTest extends AbSessionFixture {
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
