package org.cowbench.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The order in which forks are executed.
 *
 * <p>A machine drifts: it heats, a neighbour wakes, a page cache fills. JMH runs all forks of one benchmark before the
 * next, so drift becomes a difference between policies. Here a run is a sequence of blocks; a block runs every cell
 * once. Inside a block the cells that are compared with each other (same benchmark and parameters, another policy) run
 * back to back, in random order, so what they share is seconds and not minutes; the groups' order is random as well.
 * Fork {@code b} of every policy then belongs to block {@code b}, and a comparison can be paired.
 */
final class Schedule {

    /**
     * One fork to execute.
     *
     * @param order position in the schedule
     * @param block block it belongs to
     * @param cell what it measures
     */
    record Slot(int order, int block, Cell cell) {}

    private Schedule() {}

    /**
     * Draws a schedule.
     *
     * @param cells what is measured
     * @param blocks forks of each cell
     * @param seed decides the order; the same seed and cells give the same order
     * @return all slots in order
     */
    static List<Slot> of(List<Cell> cells, int blocks, long seed) {
        Random random = new Random(seed);
        Map<String, List<Cell>> groups = new LinkedHashMap<>();
        cells.forEach(cell -> groups.computeIfAbsent(cell.group(), key -> new ArrayList<>()).add(cell));
        List<Slot> slots = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            List<List<Cell>> order = new ArrayList<>(groups.values());
            Collections.shuffle(order, random);
            for (List<Cell> group : order) {
                List<Cell> shuffled = new ArrayList<>(group);
                Collections.shuffle(shuffled, random);
                for (Cell cell : shuffled) {
                    slots.add(new Slot(slots.size(), block, cell));
                }
            }
        }
        return slots;
    }
}
