package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Revision;
import org.cowbench.stats.Forks;
import org.junit.jupiter.api.Test;

/** Which fork comes next, on a clock of the test's own: no fork is started. */
class ForkQueueTest {
    private static final double FORK_SECONDS = 1;
    private static final int LEAST = 3;

    private final List<Cell> cells = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private double now;

    ForkQueueTest() {
        for (String stream : List.of("ONE", "TWO")) {
            for (String policy : List.of("V5_9", "V5_19")) {
                cells.add(new Cell("p.Compared.run", Map.of("policy", policy, "stream", stream), FORK_SECONDS));
            }
        }
        cells.add(new Cell("p.Floors.one", Map.of(), FORK_SECONDS));
        cells.add(new Cell("p.Floors.two", Map.of(), FORK_SECONDS));
    }

    private ForkQueue queue(Effort effort) {
        return new ForkQueue(
                new RunPlan(
                        "t",
                        Path.of("results"),
                        "custom",
                        cells,
                        effort,
                        true,
                        7,
                        new Revision("0".repeat(40), false),
                        List.of(),
                        Map.of(),
                        List.of(),
                        null),
                () -> now);
    }

    /** What a cell's fork in a block says. */
    private ToDoubleBiFunction<Cell, Integer> median = (cell, block) -> 1;

    /** How long a cell's fork takes. */
    private ToDoubleFunction<Cell> seconds = cell -> FORK_SECONDS;

    /** Executes the next fork in no time but the clock's. */
    private Optional<Schedule.Slot> execute(ForkQueue queue) {
        Optional<Schedule.Slot> next = queue.next(warnings::add);
        next.ifPresent(slot -> execute(queue, slot));
        return next;
    }

    private void execute(ForkQueue queue, Schedule.Slot slot) {
        queue.remove();
        for (Cell cell : slot.cells()) {
            now += seconds.applyAsDouble(cell);
            queue.add(
                    cell,
                    new ForkInfo(
                            slot.order(),
                            slot.block(),
                            cell.name(),
                            cell.params(),
                            "2026-11-28T00:00:00Z",
                            seconds.applyAsDouble(cell),
                            median.applyAsDouble(cell, slot.block()),
                            "ns/op",
                            null,
                            null));
        }
    }

    private List<String> all(ForkQueue queue) {
        List<String> names = new ArrayList<>();
        for (Optional<Schedule.Slot> slot = execute(queue); slot.isPresent(); slot = execute(queue)) {
            names.add(slot.get().cells().getFirst().name() + " " + slot.get().block());
        }
        return names;
    }

    @Test
    void whatExplainsComesBehindWhatIsCompared() {
        ForkQueue queue = queue(Effort.budget(LEAST, 17));
        assertThat(queue.planned()).isEqualTo(14);
        List<String> names = all(queue);

        assertThat(names.subList(0, 12))
                .allMatch(name -> name.startsWith("Compared.run "))
                .isSortedAccordingTo((a, b) -> a.compareTo(b));
        assertThat(names.subList(12, 14)).containsExactlyInAnyOrder("Floors.one 0", "Floors.two 0");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aShortTimeIsSaidOfBoth() {
        // Two blocks of what is compared take 8 seconds; a third of one group fits, and then no floor.
        List<String> names = all(queue(Effort.budget(LEAST, 10.5)));
        assertThat(names).hasSize(10).noneMatch(name -> name.startsWith("Floors"));
        assertThat(warnings)
                .containsExactly(
                        "the time was enough for 2 of 3 forks each: give more with --budget",
                        "no time was left for the 2 benchmarks that explain the others: give more with --budget");
    }

    @Test
    void theFirstBlockOfWhatIsComparedIsDoneWhateverItTakes() {
        List<String> names = all(queue(Effort.budget(LEAST, 0.1)));
        assertThat(names).hasSize(4).allMatch(name -> name.equals("Compared.run 0"));
    }

    @Test
    void timeThatIsLeftGoesToWhatIsNotDecided() {
        // ONE differs by a factor that varies from 3 to 5, TWO by 5 to 11 %; floors vary most of all.
        median = (cell, block) ->
                cell.params().isEmpty() ? 1 + block * 10 : ratio(cell, 3 + block % 3, 1.05 + 0.03 * (block % 3));
        ForkQueue queue = queue(Effort.budget(LEAST, 60));
        all(queue);

        assertThat(forksOf(queue, "ONE")).isLessThan(20);
        assertThat(queue.forks()).filteredOn(fork -> fork.params().isEmpty()).hasSize(2 * Forks.MINIMUM_FOR_INTERVAL);
        assertThat(forksOf(queue, "TWO")).isBetween(3L * LEAST, 40L);
        assertThat(now)
                .as("two groups decided, two floors known: the rest is not spent")
                .isLessThan(60);
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatIsSurelyNearGetsNoMore() {
        median = (cell, block) -> cell.params().isEmpty() ? 1 : ratio(cell, 1.02 + 0.01 * (block % 2), 1.5 - block % 2);
        ForkQueue queue = queue(Effort.budget(LEAST, 60));
        all(queue);

        assertThat(forksOf(queue, "ONE")).isEqualTo(2 * LEAST);
        assertThat(forksOf(queue, "TWO")).isGreaterThan(40);
    }

    @Test
    void whatTakesLongGetsLess() {
        median = (cell, block) -> cell.params().isEmpty() ? 1 : ratio(cell, 1.5 - block % 2, 1.5 - block % 2);
        seconds = cell -> cell.params().containsValue("TWO") ? 4 : 1;
        ForkQueue queue = queue(Effort.budget(LEAST, 200));
        all(queue);

        assertThat(forksOf(queue, "ONE")).isGreaterThan(3 * forksOf(queue, "TWO"));
    }

    private static double ratio(Cell cell, double one, double two) {
        return cell.params().containsValue("V5_9") ? 1 : cell.params().containsValue("ONE") ? one : two;
    }

    private static long forksOf(ForkQueue queue, String stream) {
        return queue.forks().stream()
                .filter(fork -> fork.params().containsValue(stream))
                .count();
    }

    @Test
    void anInterruptedRunGoesOnInTheSameOrder() {
        ForkQueue first = queue(Effort.budget(LEAST, 40));
        List<Schedule.Slot> done = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            done.add(execute(first).orElseThrow());
        }
        Schedule.Slot then = first.next(warnings::add).orElseThrow();

        now = 0;
        ForkQueue again = queue(Effort.budget(LEAST, 40));
        for (Schedule.Slot slot : done) {
            Schedule.Slot repeated =
                    again.repeated(() -> slot.cells().getFirst().group());
            assertThat(repeated).isEqualTo(slot);
            execute(again, repeated);
        }
        assertThat(again.next(warnings::add)).contains(then);
    }
}
