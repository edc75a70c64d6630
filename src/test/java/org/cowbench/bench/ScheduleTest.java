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
                cells.add(new Cell("p.A.b", new java.util.TreeMap<>(Map.of("policy", policy, "situation", situation)), 1));
            }
        }
        cells.add(new Cell("p.Primitives.one", Map.of(), 1));
        cells.add(new Cell("p.Primitives.two", Map.of(), 1));
        return cells;
    }

    @Test
    void everyBlockRunsEveryCellOnce() {
        List<Schedule.Slot> slots = Schedule.of(cells(), 4, 1);
        assertThat(slots).hasSize(4 * cells().size());
        for (int block = 0; block < 4; block++) {
            int b = block;
            assertThat(slots.stream().filter(slot -> slot.block() == b).map(Schedule.Slot::cell))
                    .containsExactlyInAnyOrderElementsOf(cells());
        }
        assertThat(slots).extracting(Schedule.Slot::order).isSorted().doesNotHaveDuplicates();
        assertThat(slots).extracting(Schedule.Slot::block).isSorted();
    }

    @Test
    void policiesThatAreComparedRunBackToBack() {
        List<Schedule.Slot> slots = Schedule.of(cells(), 3, 99);
        Set<String> left = new HashSet<>();
        String previous = "";
        for (Schedule.Slot slot : slots) {
            String group = slot.block() + slot.cell().group();
            if (!group.equals(previous)) {
                assertThat(left.add(group)).as("group %s entered once", group).isTrue();
                previous = group;
            }
        }
        assertThat(left).hasSize(3 * 4);
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertThat(Schedule.of(cells(), 3, 5)).isEqualTo(Schedule.of(cells(), 3, 5));
        assertThat(Schedule.of(cells(), 3, 5)).isNotEqualTo(Schedule.of(cells(), 3, 6));
        List<Schedule.Slot> slots = Schedule.of(cells(), 2, 5);
        assertThat(slots.subList(0, 17).stream().map(Schedule.Slot::cell))
                .as("blocks differ in order")
                .isNotEqualTo(slots.subList(17, 34).stream().map(Schedule.Slot::cell).toList());
    }

    @Test
    void noPolicyIsAlwaysFirst() {
        Set<String> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            first.add(Schedule.of(cells().subList(0, 5), 1, seed).getFirst().cell().params().get("policy"));
        }
        assertThat(first).hasSize(5);
    }
}
