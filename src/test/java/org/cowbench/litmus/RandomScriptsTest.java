package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.kernel.Conformance;
import org.cowbench.litmus.RandomScripts.Shape;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random scripts: the bookkeeping holds after every step, and safe policies never break isolation. */
class RandomScriptsTest {
    private static final long SEED = Long.getLong("cowbench.seed", 20220113);
    private static final int SCRIPTS = 150;
    private static final Shape WITH_PINS = new Shape(4, 3, 80, 3, true);
    private static final Shape WITHOUT_PINS = new Shape(3, 2, 60, 2, false);

    private static final Set<Policy> ISOLATING =
            EnumSet.of(Policy.ORACLE, Policy.V5_18, Policy.V5_19, Policy.V6_11, Policy.V7_0, Policy.V7_3);

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void bookkeepingHoldsAfterEveryStep(Policy policy) {
        long steps = 0;
        for (long seed = SEED; seed < SEED + SCRIPTS; seed++) {
            Script script = RandomScripts.draw(seed, WITH_PINS);
            steps += script.steps().size();
            if (invalid(script, policy).isPresent()) {
                Script minimal =
                        Shrinker.shrink(script, each -> invalid(each, policy).isPresent());
                fail(
                        "%s, seed %d: %s%n%s",
                        policy.id(), seed, invalid(minimal, policy).orElseThrow(), minimal.text());
            }
        }
        System.out.printf("random scripts: %s, seed %d, %d steps validated%n", policy.id(), SEED, steps);
        // 15 policies of 12,000 steps are more than 100,000.
        assertThat(steps).isGreaterThan((long) SCRIPTS * WITH_PINS.steps());
    }

    private static Optional<String> invalid(Script script, Policy policy) {
        try (ModelRun run = new ModelRun(script, policy.rule(), MachineOptions.LITMUS)) {
            run.run(result -> run.machine().validate());
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void isolation(Policy policy) {
        if (ISOLATING.contains(policy)) {
            brokenIsolation(policy, SCRIPTS * 4)
                    .ifPresent(script -> fail(
                            "%s breaks isolation (%s):%n%s",
                            policy.id(),
                            script.file(),
                            Shrinker.shrink(script, each -> breaks(each, policy))
                                    .text()));
        }
    }

    static Stream<Policy> isolating() {
        return Policy.shipped().stream().filter(policy -> !policy.violates().contains(Property.ISOLATION));
    }

    /**
     * Why the checker has no move for it: what processes, pipes and pins see, a write and a drain show as well. Where
     * isolation is broken a page can be another's swap cache, and then which of entry and page is dirty shows.
     */
    @ParameterizedTest
    @MethodSource("isolating")
    void aDirectReadShowsWhatAWriteAndADrainShow(Policy policy) {
        int direct = 0;
        for (long seed = SEED; seed < SEED + SCRIPTS; seed++) {
            Script script = RandomScripts.draw(seed, seed % 2 == 0 ? WITH_PINS : WITHOUT_PINS);
            List<Step> stored = script.steps().stream()
                    .flatMap(step -> step.op() != Op.DIO
                            ? Stream.of(step)
                            : Stream.of(
                                    new Step(
                                            0,
                                            step.process(),
                                            Op.WRITE,
                                            step.page(),
                                            "",
                                            step.value(),
                                            step.expected()),
                                    new Step(0, step.process(), Op.DRAIN, 0, "", 0, step.expected())))
                    .toList();
            direct += stored.size() - script.steps().size();
            assertThat(seen(script, policy)).as(script.text()).isEqualTo(seen(script.with(stored), policy));
        }
        assertThat(direct).isGreaterThan(SCRIPTS);
    }

    private static List<String> seen(Script script, Policy policy) {
        return ModelRun.run(script, policy.rule()).stream()
                .filter(result -> result.operation().op().seesValue())
                .map(result -> result.operation() + " " + result.value() + " " + result.error())
                .toList();
    }

    @Test
    void wilcoxBreaksIsolationAndShrinksToTheSeedsCounterexample() {
        // Some shrink to a longer script that drains by paging out a second page.
        Script minimal = broken(Policy.WILCOX, SCRIPTS * 40)
                .limit(10)
                .map(script -> Shrinker.shrink(script, each -> breaks(each, Policy.WILCOX)))
                .min(Comparator.comparingInt(script -> script.steps().size()))
                .orElseThrow();
        System.out.printf("wilcox, seed %d: the shortest of ten shrunk scripts%n%s", SEED, minimal.text());
        assertThat(breaks(minimal, Policy.WILCOX)).isTrue();
        assertThat(minimal.pages()).isEqualTo(1);
        // Swapped out, forked, faulted by one, written, seen by the other.
        assertThat(minimal.steps())
                .extracting(Step::op)
                .contains(Op.FORK, Op.READ)
                .containsAnyOf(Op.WRITE, Op.DIO)
                .containsAnyOf(Op.PAGEOUT, Op.RECLAIM);
        for (int left = 0; left < minimal.steps().size(); left++) {
            List<Step> fewer = new java.util.ArrayList<>(minimal.steps());
            fewer.remove(left);
            Script smaller = minimal.with(fewer);
            assertThat(parses(smaller) && breaks(smaller, Policy.WILCOX))
                    .as("without step %d", left)
                    .isFalse();
        }
    }

    @Test
    void alwaysReuseBreaksIsolation() {
        assertThat(brokenIsolation(Policy.ALWAYS_REUSE, SCRIPTS)).isPresent();
    }

    private static boolean parses(Script script) {
        try {
            return !script.steps().isEmpty() && ScriptParser.parse("", script.text()) != null;
        } catch (ScriptException e) {
            return false;
        }
    }

    private static boolean breaks(Script script, Policy policy) {
        return Ghost.isolationBroken(script, policy.rule());
    }

    private static Optional<Script> brokenIsolation(Policy policy, int scripts) {
        return broken(policy, scripts).findFirst();
    }

    private static Stream<Script> broken(Policy policy, int scripts) {
        return LongStream.range(SEED, SEED + scripts)
                .mapToObj(seed -> RandomScripts.draw(seed, WITHOUT_PINS))
                .filter(script -> breaks(script, policy));
    }

    @Test
    void theSameSeedDrawsTheSameScript() {
        assertThat(RandomScripts.draw(7, WITH_PINS)).isEqualTo(RandomScripts.draw(7, WITH_PINS));
        assertThat(RandomScripts.draw(7, WITH_PINS).steps())
                .isNotEqualTo(RandomScripts.draw(8, WITH_PINS).steps());
    }

    private static List<Script> drawn(int count) {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.generate(() -> Shape.draw(random))
                .limit(count)
                .map(shape -> RandomScripts.draw(random.nextLong() >>> 1, shape))
                .toList();
    }

    /** A rule may be wrong for one count of sharers alone, or for one page in 64. */
    @Test
    void writesFaultOnPagesOfManySharersAndAtEveryOffset() {
        int[] sharers = new int[9];
        int[] copies = new int[64];
        for (Script script : drawn(4000)) {
            try (ModelRun run = new ModelRun(script, Policy.V5_19.rule(), MachineOptions.LITMUS)) {
                run.run(result -> {
                    copies[result.operation().page() * 17 % 64] +=
                            result.writeKind().filter(WriteKind.COPY::equals).isPresent() ? 1 : 0;
                    if (result.step() + 1 < script.steps().size()) {
                        sharers[sharersOfFault(run, script.steps().get(result.step() + 1))]++;
                    }
                });
            }
        }
        System.out.printf(
                "write faults by sharers: %s, copies by page modulo 64: %s%n",
                Arrays.toString(sharers), Arrays.toString(copies));
        assertThat(Arrays.stream(sharers, 2, 8)).allMatch(count -> count >= 20);
        assertThat(Arrays.stream(copies)).allMatch(count -> count >= 3);
    }

    /** Mappings of the page that a write or a direct read is about to fault on; 0 when it is about to do something else. */
    private static int sharersOfFault(ModelRun run, Step step) {
        int process = run.process(step.process());
        PageArena arena = run.machine().arena();
        long pte = step.op().fillsPage() && arena.tables().alive(process)
                ? arena.tables().pte(process, step.page())
                : Pte.NONE;
        return Pte.isPresent(pte)
                        && !Pte.isWritable(pte)
                        && !arena.tables().readOnly(process, step.page())
                        && Pte.frame(pte) != PageArena.ZERO_FRAME
                ? run.machine().task(process).pageMapcount(Pte.frame(pte))
                : 0;
    }

    @Test
    void everyScriptEndsWithALookAtAllThatIsLeft() {
        for (Script script : drawn(100)) {
            List<StepResult> results = ModelRun.run(script, Policy.V5_19.rule());
            Set<String> living = new TreeSet<>(Set.of("A"));
            Set<Integer> named = new TreeSet<>();
            for (StepResult result : results) {
                Step step = result.operation();
                if (result.error() == null && step.op() == Op.FORK) {
                    living.add(step.target());
                } else if (result.error() == null && step.op() == Op.EXIT) {
                    living.remove(step.process());
                }
                if (step.op().namesPage()) {
                    named.add(step.page());
                }
            }
            List<StepResult> last = results.subList(results.size() - living.size() * named.size(), results.size());
            assertThat(last)
                    .as(script.text())
                    .allMatch(result -> result.operation().op() == Op.READ);
            assertThat(last).extracting(result -> result.operation().text()).doesNotHaveDuplicates();
        }
    }

    /** What is wrong at one page of a large area is shown by a script of that page, without a try of every other. */
    @Test
    void shrinkingFindsThePageThatMatters() {
        AtomicInteger tries = new AtomicInteger();
        Script script = ScriptParser.parse(
                "x", "pages 256\nA write 3 1\nA write 200 7\nA write 81 2\nA write 255 3\nA read 81");
        Script minimal = Shrinker.shrink(script, each -> {
            tries.incrementAndGet();
            return each.steps().stream().anyMatch(step -> step.op() == Op.READ && step.page() % 64 == 17);
        });
        assertThat(minimal.text()).isEqualTo("pages 82\nA read 81\n");
        assertThat(tries.get()).isLessThan(40);
        assertThat(Shrinker.shrink(
                                ScriptParser.parse("x", "pages 9\nA dio 8 7\nA read 8"),
                                each -> each.steps().getFirst().op() == Op.DIO)
                        .text())
                .isEqualTo("pages 1\nA dio 0 1\n");
        assertThat(Shrinker.shrink(script, each -> each.steps().stream().anyMatch(step -> step.value() == 7))
                        .text())
                .isEqualTo("pages 1\nA write 0 7\n");
    }

    /** Else what only a counter shows would not be shown by any smaller script. */
    @Test
    void aSmallerScriptAsksForTheSameCounters() {
        Script script = ScriptParser.parse("x", "count drains\nA write 0 1\nA fork B\nA read 0\nB read 0\nA write 0 2");
        assertThat(Shrinker.shrink(script, each -> ModelRun.run(each, Policy.V5_18.rule()).stream()
                                .anyMatch(result -> result.counts() != null
                                        && Objects.equals(result.counts().get(StepCounter.DRAINS), 1L)))
                        .text())
                .isEqualTo("pages 1\ncount drains\nA write 0 1\nA fork B\nA write 0 1\n");
    }

    /** A reference, or a process, whose name is used again: neither its start nor its end can go alone. */
    @Test
    void whatCanOnlyGoTogetherGoesTogether() {
        Script script = ScriptParser.parse(
                "x.litmus", "A splice 0 X\nA fork C\nA write 0 1\nA peek X\nC exit\nA pin 0 X\nA fork C\nA dma X 2");
        assertThat(Shrinker.shrink(script, each -> {
                            List<StepResult> results = ModelRun.run(each, Policy.V5_9.rule());
                            return results.stream().allMatch(result -> result.error() == null)
                                    && each.text().endsWith("A dma X 2\n")
                                    && each.text().contains("A write 0 1\n")
                                    && each.text().contains("A pin 0 X\nA fork C\n");
                        })
                        .text())
                .isEqualTo("pages 1\nA write 0 1\nA pin 0 X\nA fork C\nA dma X 2\n");
    }

    @Test
    void drawnScriptsParseAndUseEveryOperation() {
        Set<Op> seen = EnumSet.noneOf(Op.class);
        for (long seed = 0; seed < 50; seed++) {
            Script script = RandomScripts.draw(seed, WITH_PINS);
            assertThat(ScriptParser.parse(script.file(), script.text()).text()).isEqualTo(script.text());
            script.steps().forEach(step -> seen.add(step.op()));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(Stream.of(Op.values())
                        .filter(op -> !op.ofFolios() && op.weight() > 0)
                        .toArray(Op[]::new));
    }

    /** A seed's scripts stay what they were: operations on a held device are put in afterwards, where that is asked for. */
    @Test
    void scriptsThatHoldTheDeviceParseAndAreOtherwiseAsDrawn() {
        Set<Op> seen = EnumSet.noneOf(Op.class);
        List<Script> drawn = Conformance.randomScripts(50, SEED);
        List<Script> holding = Conformance.holding(drawn, 1);
        for (int i = 0; i < drawn.size(); i++) {
            Script script = holding.get(i);
            assertThat(ScriptParser.parse(script.file(), script.text()).text()).isEqualTo(script.text());
            assertThat(script.text().lines().filter(line -> !line.matches("\\w+ (stall|resume)")))
                    .map(line -> line.replace("writeout", "pageout"))
                    .containsExactlyElementsOf(drawn.get(i).text().lines().toList());
            script.steps().forEach(step -> seen.add(step.op()));
        }
        assertThat(seen).contains(Op.PAGEOUT, Op.WRITEOUT, Op.STALL, Op.RESUME);
        assertThat(holding).isEqualTo(Conformance.holding(drawn, 1)).isNotEqualTo(Conformance.holding(drawn, 2));
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void bookkeepingHoldsWhileTheDeviceWritesNothing(Policy policy) {
        for (Script script : Conformance.holding(Conformance.randomScripts(SCRIPTS, SEED), 1)) {
            assertThat(invalid(script, policy)).as(script.text()).isEmpty();
        }
    }

    @Test
    void drawnScriptsOfFoliosParseAndUseEveryOperationAndRanges() {
        Set<Op> seen = EnumSet.noneOf(Op.class);
        Set<Op> several = EnumSet.noneOf(Op.class);
        boolean part = false;
        for (Script script : Conformance.randomFolioScripts(200, SEED, List.of(16, 64, 2048))) {
            assertThat(ScriptParser.parse(script.file(), script.text()).text()).isEqualTo(script.text());
            assertThat(script.steps().getFirst().op()).isEqualTo(Op.WRITE);
            for (Step step : script.steps()) {
                seen.add(step.op());
                if (step.last() > step.page()) {
                    several.add(step.op());
                }
                part |= step.part() != Step.FIRST;
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        Stream.of(Op.values()).filter(op -> op.weight() > 0).toArray(Op[]::new));
        assertThat(several)
                .containsExactlyInAnyOrder(
                        Stream.of(Op.values()).filter(Op::takesRange).toArray(Op[]::new));
        assertThat(part).isTrue();
    }

    /** A seed's scripts of base pages are what they were before there were large folios. */
    @Test
    void seedsKeepTheirScripts() {
        CRC32 sum = new CRC32();
        Conformance.randomScripts(500, 1)
                .forEach(script -> sum.update(script.text().getBytes(StandardCharsets.UTF_8)));
        assertThat(sum.getValue()).isEqualTo(3_850_885_204L);
    }

    static Stream<Policy> eras() {
        return Stream.of(
                Policy.ORACLE, Policy.V5_9, Policy.V5_19, Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("eras")
    void bookkeepingOfFoliosHoldsAfterEveryStep(Policy policy) {
        for (Script script : Conformance.randomFolioScripts(60, SEED, List.of(16, 64, 2048))) {
            if (invalid(script, policy).isPresent()) {
                Script minimal =
                        Shrinker.shrink(script, each -> invalid(each, policy).isPresent());
                fail(
                        "%s, seed %d: %s%n%s",
                        policy.id(), SEED, invalid(minimal, policy).orElseThrow(), minimal.text());
            }
        }
    }

    @Test
    void someStepsAreRefusedForEveryReasonThereIsAndSomePagesAreZero() {
        Set<String> refusals = new TreeSet<>();
        boolean zeroes = false;
        for (long seed = 0; seed < 50; seed++) {
            for (StepResult result : ModelRun.run(RandomScripts.draw(seed, WITH_PINS), Policy.V5_19.rule())) {
                if (result.error() != null) {
                    refusals.add(result.error());
                }
                zeroes |= result.operation().op() == Op.WRITE
                        && result.operation().value() == 0
                        && result.error() == null;
            }
        }
        assertThat(refusals).containsExactly("busy", "efault", "empty", "exists", "gone", "readonly", "segv");
        assertThat(zeroes).isTrue();
    }
}
