package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String situation : List.of("X", "Y", "Z")) {
            for (String policy : List.of("V5_7", "V5_8", "V5_9", "LIANG", "LINUS")) {
                cells.add(new Cell(
                        "p.A.b", new java.util.TreeMap<>(Map.of("policy", policy, "situation", situation)), 1));
            }
        }
        cells.add(new Cell("p.Primitives.one", Map.of(), 1));
        cells.add(new Cell("p.Primitives.two", Map.of(), 1));
        return cells;
    }

    private static List<Schedule.Slot> slots(List<Cell> cells, int blocks, long seed) {
        Schedule schedule = new Schedule(cells, true, seed);
        List<Schedule.Slot> slots = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            slots.addAll(schedule.block());
        }
        return slots;
    }

    @Test
    void policiesThatCanShareAForkDo() {
        List<Cell> small = Catalog.cells().stream()
                .filter(cell -> cell.tag().matches("WriteAfterRead\\.l2;policy=v5\\..*;situation=SWAPCACHE"))
                .toList();
        assertThat(small).hasSize(5).allMatch(Cell::takesTurns);
        List<Cell> cells = new ArrayList<>(small);
        small.forEach(cell -> cells.add(new Cell("org.other.Benchmark.run", cell.params(), 1)));

        List<Schedule.Slot> together = slots(cells, 1, 3);
        assertThat(together)
                .filteredOn(slot -> slot.cells().size() > 1)
                .singleElement()
                .satisfies(slot -> assertThat(slot.cells()).containsExactlyInAnyOrderElementsOf(small));
        assertThat(together).as("a benchmark that takes no turns").hasSize(1 + small.size());
        assertThat(together.stream().mapToInt(Schedule.Slot::order))
                .as("an order number a cell")
                .doesNotHaveDuplicates();
        assertThat(new Schedule(cells, false, 3).block()).hasSize(2 * small.size());
    }

    @Test
    void aGroupCanHaveBlocksOfItsOwn() {
        Schedule schedule = new Schedule(cells(), true, 1);
        schedule.block();
        String group = cells().getFirst().group();
        assertThat(schedule.again(group))
                .hasSize(5)
                .extracting(Schedule.Slot::block)
                .containsOnly(1);
        assertThat(schedule.block())
                .filteredOn(slot -> slot.cells().getFirst().group().equals(group))
                .extracting(Schedule.Slot::block)
                .containsOnly(2);
    }

    @Test
    void everyBlockRunsEveryCellOnce() {
        List<Schedule.Slot> slots = slots(cells(), 4, 1);
        assertThat(slots).hasSize(4 * cells().size());
        for (int block = 0; block < 4; block++) {
            int b = block;
            assertThat(slots.stream().filter(slot -> slot.block() == b).map(slot -> slot.cells()
                            .getFirst()))
                    .containsExactlyInAnyOrderElementsOf(cells());
        }
        assertThat(slots).extracting(Schedule.Slot::order).isSorted().doesNotHaveDuplicates();
        assertThat(slots).extracting(Schedule.Slot::block).isSorted();
    }

    @Test
    void policiesThatAreComparedRunBackToBack() {
        List<Schedule.Slot> slots = slots(cells(), 3, 99);
        Set<String> left = new HashSet<>();
        String previous = "";
        for (Schedule.Slot slot : slots) {
            String group = slot.block() + slot.cells().getFirst().group();
            if (!group.equals(previous)) {
                assertThat(left.add(group)).as("group %s entered once", group).isTrue();
                previous = group;
            }
        }
        assertThat(left).hasSize(3 * 4);
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertThat(slots(cells(), 3, 5)).isEqualTo(slots(cells(), 3, 5));
        assertThat(slots(cells(), 3, 5)).isNotEqualTo(slots(cells(), 3, 6));
        List<Schedule.Slot> slots = slots(cells(), 2, 5);
        assertThat(slots.subList(0, 17).stream().map(slot -> slot.cells().getFirst()))
                .as("blocks differ in order")
                .isNotEqualTo(slots.subList(17, 34).stream()
                        .map(slot -> slot.cells().getFirst())
                        .toList());
    }

    @Test
    void noPolicyIsAlwaysFirst() {
        Set<String> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            first.add(slots(cells().subList(0, 5), 1, seed)
                    .getFirst()
                    .cells()
                    .getFirst()
                    .params()
                    .get("policy"));
        }
        assertThat(first).hasSize(5);
    }
}
