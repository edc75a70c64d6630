package org.cowbench.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.noise.Noise;
import org.cowbench.policy.Policy;
import org.cowbench.result.ForkInfo;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;

/**
 * Which fork is next: blocks of everything as long as the {@link Effort} wants them or there is time, then what is known
 * least of what still fits.
 */
final class ForkQueue {
    private static final double CONFIDENCE = 0.95;
    /** Width taken for an interval that has no bounds yet. */
    private static final double UNKNOWN = 0.5;

    private final Effort effort;
    private final Schedule schedule;
    private final DoubleSupplier elapsed;
    private final Deque<Schedule.Slot> queue = new ArrayDeque<>();
    private final List<ForkInfo> forks = new ArrayList<>();
    private final Map<String, double[]> secondsByBenchmark = new HashMap<>();
    private int blocks;

    /**
     * Prepares a queue.
     *
     * @param plan what is to be done
     * @param elapsed seconds that the run has taken
     */
    ForkQueue(RunPlan plan, DoubleSupplier elapsed) {
        this.effort = plan.effort();
        this.schedule = new Schedule(plan.cells(), plan.turns(), plan.seed());
        this.elapsed = elapsed;
        while (blocks < effort.least() && !effort.timed()) {
            nextBlock();
        }
    }

    /**
     * The next fork, which stays the next until it is {@linkplain #remove removed}.
     *
     * @param warn told when the time was too short
     * @return the fork; empty when nothing more is to be done
     */
    Optional<Schedule.Slot> next(Consumer<String> warn) {
        return queue.isEmpty() && !refill(warn) ? Optional.empty() : Optional.of(queue.getFirst());
    }

    /**
     * The fork that comes next if a run repeats one that was interrupted.
     *
     * @param group key of the group of the fork that it executed then
     * @return the fork
     */
    Schedule.Slot repeated(Supplier<String> group) {
        if (queue.isEmpty() && blocks < effort.least()) {
            nextBlock();
        } else if (queue.isEmpty()) {
            queue.addAll(schedule.again(group.get()));
        }
        return queue.getFirst();
    }

    /**
     * Takes the next fork out: it was executed.
     *
     * @return whether a block of its group, or the queue, ends with it
     */
    boolean remove() {
        int block = queue.removeFirst().block();
        return queue.isEmpty() || queue.getFirst().block() != block;
    }

    /** Takes in what one cell's part of a fork measured. */
    void add(Cell cell, ForkInfo fork) {
        double[] sum = secondsByBenchmark.computeIfAbsent(cell.benchmark(), name -> new double[2]);
        sum[0] += fork.seconds();
        sum[1]++;
        forks.add(fork);
    }

    /**
     * What was executed.
     *
     * @return all forks, in order
     */
    List<ForkInfo> forks() {
        return forks;
    }

    /**
     * Counts forks done and those known to come.
     *
     * @return their number
     */
    int planned() {
        return forks.size()
                + queue.stream().mapToInt(slot -> slot.cells().size()).sum();
    }

    /**
     * Estimates what is left.
     *
     * @return in seconds
     */
    double remaining() {
        double queued = seconds(queue.stream().flatMap(slot -> slot.cells().stream()));
        return effort.timed() ? Math.max(queued, effort.seconds() - elapsed.getAsDouble()) : queued;
    }

    /** Whether a fork was of a cell. */
    static boolean is(ForkInfo fork, Cell cell) {
        return fork.benchmark().equals(cell.name()) && fork.params().equals(cell.params());
    }

    /**
     * Plans the next block, or the next of the group that has too few or is known least; false when nothing more is to be
     * done.
     */
    private boolean refill(Consumer<String> warn) {
        Set<String> compared = compared();
        if (blocks < effort.least()
                && (blocks == 0
                        || inTime(compared.stream()
                                .map(schedule.groups()::get)
                                .flatMap(List::stream)
                                .toList()))) {
            nextBlock();
            return true;
        }
        if (!effort.timed()) {
            return false;
        }
        Map<String, Integer> lacking = new HashMap<>();
        compared.forEach(group -> lacking.put(group, Math.max(0, effort.least() - schedule.blocks(group))));
        Map<String, Double> doubts = new HashMap<>();
        schedule.groups().forEach((group, cells) -> doubts.put(group, doubt(cells)));
        Optional<String> next = schedule.groups().entrySet().stream()
                .filter(group -> inTime(group.getValue()))
                .map(Map.Entry::getKey)
                .filter(group -> lacking.getOrDefault(group, 0) > 0 || doubts.getOrDefault(group, 0.0) > 0)
                .max(Comparator.comparingInt((String group) -> lacking.getOrDefault(group, 0))
                        .thenComparingDouble(doubts::get));
        next.ifPresent(group -> queue.addAll(schedule.again(group)));
        if (next.isEmpty()) {
            int most =
                    lacking.values().stream().mapToInt(Integer::intValue).max().orElse(0);
            if (most > 0) {
                warn.accept(String.format(
                        Locale.ROOT,
                        "the time was enough for %d of %d forks each: give more with --budget",
                        effort.least() - most,
                        effort.least()));
            }
        }
        return next.isPresent();
    }

    private void nextBlock() {
        // Floors explain; where time is short, what is compared comes first.
        queue.addAll(blocks == 0 || !effort.timed() ? schedule.block() : schedule.block(compared()));
        blocks++;
    }

    /** The groups whose cells are compared with each other; all where none are. */
    private Set<String> compared() {
        Set<String> keys = schedule.groups().entrySet().stream()
                .filter(group -> group.getValue().getFirst().params().containsKey(Policy.PARAM))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return keys.isEmpty() ? schedule.groups().keySet() : keys;
    }

    private boolean inTime(List<Cell> cells) {
        return elapsed.getAsDouble() + seconds(cells.stream()) <= effort.seconds();
    }

    /**
     * How little is known of a group: the widest interval of a ratio between two of its cells, or of the cost where there
     * is one cell; wider where forks were disturbed.
     */
    private double doubt(List<Cell> cells) {
        List<double[]> medians = cells.stream()
                .map(cell -> forks.stream()
                        .filter(fork -> fork.error() == null && is(fork, cell))
                        .sorted(Comparator.comparingInt(ForkInfo::block))
                        .mapToDouble(ForkInfo::median)
                        .toArray())
                .toList();
        double widest = 0;
        for (double[] own : cells.size() == 1 ? medians : medians.subList(1, medians.size())) {
            double[] base = cells.size() > 1 && own.length == medians.getFirst().length ? medians.getFirst() : null;
            Interval interval =
                    base == null ? Forks.geometric(own, CONFIDENCE) : Forks.pairedRatio(own, base, CONFIDENCE);
            widest = Math.max(widest, interval.bounded() ? Math.log(interval.high() / interval.low()) : UNKNOWN);
        }
        long disturbed = forks.stream()
                .filter(fork -> is(fork, cells.getFirst()) && Noise.disturbed(fork.noise()))
                .count();
        return widest * (1 + (double) disturbed / Math.max(1, medians.getFirst().length));
    }

    private double seconds(Stream<Cell> cells) {
        return cells.mapToDouble(cell -> {
                    double[] sum = secondsByBenchmark.get(cell.benchmark());
                    return sum == null ? cell.plannedSeconds() + Suite.FORK_SECONDS : sum[0] / sum[1];
                })
                .sum();
    }
}
