package org.cowbench.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The order in which forks are executed.
 *
 * <p>A machine drifts: it heats, a neighbour wakes, a page cache fills. JMH runs all forks of one benchmark before the
 * next, so drift becomes a difference between policies. Here a run is a sequence of blocks; a block runs every cell
 * once. Inside a block the cells that are compared with each other (same benchmark and parameters, another policy) share
 * a fork and take turns in it, or, where they cannot, run back to back in random order, so what they share is seconds
 * and not minutes; the groups' order is random as well. Fork {@code b} of every policy then belongs to block {@code b},
 * and a comparison can be paired. A group can be given further blocks of its own, where its figures are known least.
 *
 * <p>The order inside a group's block follows from the seed, the group and the block's number alone: a run that was
 * interrupted finds it again, whatever came before.
 */
final class Schedule {

    /**
     * One fork to execute.
     *
     * @param order position of its first cell in the schedule
     * @param block block of its group that it belongs to
     * @param cells what it measures: one cell, or several that take turns
     */
    record Slot(int order, int block, List<Cell> cells) {}

    private final Map<String, List<Cell>> groups = new LinkedHashMap<>();
    private final Map<String, Integer> blocks = new HashMap<>();
    private final boolean turns;
    private final long seed;
    private int order;

    /**
     * Prepares a schedule.
     *
     * @param cells what is measured
     * @param turns whether cells that can share a fork do
     * @param seed decides the order
     */
    Schedule(List<Cell> cells, boolean turns, long seed) {
        this.turns = turns;
        this.seed = seed;
        cells.forEach(cell ->
                groups.computeIfAbsent(cell.group(), key -> new ArrayList<>()).add(cell));
    }

    /**
     * Draws the next block of every group.
     *
     * @return its slots in order
     */
    List<Slot> block() {
        List<Slot> slots = new ArrayList<>();
        order(order).forEach(key -> slots.addAll(again(key)));
        return slots;
    }

    /**
     * Says in which order groups follow each other.
     *
     * @param block number of the block, or any other
     * @return the keys of all groups
     */
    List<String> order(int block) {
        List<String> keys = new ArrayList<>(groups.keySet());
        Collections.shuffle(keys, new SplittableRandom(seed + block));
        return keys;
    }

    /**
     * Draws the next block of one group.
     *
     * @param group its key, as {@link Cell#group()} gives it
     * @return its slots in order
     */
    List<Slot> again(String group) {
        int block = blocks.merge(group, 1, Integer::sum) - 1;
        List<Cell> shuffled = new ArrayList<>(cells(group));
        Collections.shuffle(shuffled, new SplittableRandom(31L * (seed + block) + group.hashCode()));
        List<Slot> slots = new ArrayList<>();
        if (turns && shuffled.size() > 1 && shuffled.stream().allMatch(Cell::takesTurns)) {
            slots.add(slot(block, shuffled));
        } else {
            shuffled.forEach(cell -> slots.add(slot(block, List.of(cell))));
        }
        return slots;
    }

    /**
     * Returns how often a group was drawn.
     *
     * @param group its key, as {@link Cell#group()} gives it
     * @return number of its blocks
     */
    int blocks(String group) {
        return blocks.getOrDefault(group, 0);
    }

    private Slot slot(int block, List<Cell> cells) {
        Slot slot = new Slot(order, block, List.copyOf(cells));
        order += cells.size();
        return slot;
    }

    /**
     * Returns what is compared with each other.
     *
     * @param group its key
     * @return its cells
     */
    List<Cell> cells(String group) {
        return groups.getOrDefault(group, List.of());
    }

    /**
     * Returns what belongs together.
     *
     * @return the cells of each group by its key
     */
    Map<String, List<Cell>> groups() {
        return Collections.unmodifiableMap(groups);
    }
}
