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
 * Which fork is next: as many blocks as the {@link Effort} wants of all that is compared, then what explains it, then
 * what is known least of what still fits into the time.
 */
final class ForkQueue {
    private static final double CONFIDENCE = 0.95;
    /** Width taken for an interval that has no bounds yet. */
    private static final double UNKNOWN = 0.5;
    /** What is left of 1 % per run when a few hundred rows share it: beyond it {@code compare} decides a row. */
    private static final double DECIDING = 0.9999;
    /** The least factor by which {@code compare} tells two policies apart. */
    private static final double DECIDED = 1.01;
    /** Differences below this factor are not what a run is for. */
    private static final double NEAR = 1.05;

    private final Effort effort;
    private final Schedule schedule;
    /** The groups whose cells are compared with each other; all where none are. */
    private final Set<String> compared;

    private final DoubleSupplier elapsed;
    private final Deque<Schedule.Slot> queue = new ArrayDeque<>();
    private final List<ForkInfo> forks = new ArrayList<>();
    /** Sum and number of what cells took: by group, and by benchmark for groups that were not executed yet. */
    private final Map<String, double[]> taken = new HashMap<>();

    /**
     * Prepares a queue.
     *
     * @param plan what is to be done
     * @param elapsed seconds that the run has taken
     */
    ForkQueue(RunPlan plan, DoubleSupplier elapsed) {
        this.effort = plan.effort();
        this.schedule = new Schedule(plan.cells(), plan.turns(), plan.seed());
        Set<String> keys = schedule.groups().entrySet().stream()
                .filter(group -> group.getValue().getFirst().params().containsKey(Policy.PARAM))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        this.compared = keys.isEmpty() ? schedule.groups().keySet() : keys;
        this.elapsed = elapsed;
        for (int block = 0; block < effort.least() && !effort.timed(); block++) {
            // Drawn whether it is in the share or not: the others then have the order and the numbers of the whole run.
            List<Schedule.Slot> slots = schedule.block();
            if (plan.shard() == null || plan.shard().has(block)) {
                queue.addAll(slots);
            }
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
        if (queue.isEmpty()) {
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
        for (String key : List.of(cell.group(), cell.benchmark())) {
            double[] sum = taken.computeIfAbsent(key, name -> new double[2]);
            sum[0] += fork.seconds();
            sum[1]++;
        }
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
     * Counts forks done and those wanted, each policy's part of one for itself.
     *
     * @return their number
     */
    int planned() {
        int lacking = !effort.timed()
                ? 0
                : schedule.groups().entrySet().stream()
                        .mapToInt(group ->
                                lacking(group.getKey()) * group.getValue().size())
                        .sum();
        return forks.size()
                + queue.stream().mapToInt(slot -> slot.cells().size()).sum()
                + lacking;
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

    /** Plans the next block of a group; false when nothing more is to be done. */
    private boolean refill(Consumer<String> warn) {
        if (!effort.timed()) {
            return false;
        }
        List<String> lacking = schedule.order(forks.size()).stream()
                .filter(group -> lacking(group) > 0)
                .sorted(Comparator.comparing((String group) -> !compared.contains(group))
                        .thenComparingInt(schedule::blocks))
                .toList();
        Optional<String> next = lacking.stream()
                // Of what is compared no row is missing, whatever it takes.
                .filter(group -> inTime(group) || compared.contains(group) && schedule.blocks(group) == 0)
                .findFirst();
        if (next.isEmpty()) {
            next = lacking.isEmpty() ? mostDoubtful() : Optional.empty();
        }
        next.ifPresentOrElse(group -> queue.addAll(schedule.again(group)), () -> warnOf(lacking, warn));
        return next.isPresent();
    }

    /** Blocks of a group that are wanted and not drawn. Floors explain; one fork of each tells what they can. */
    private int lacking(String group) {
        return Math.max(0, (compared.contains(group) ? effort.least() : 1) - schedule.blocks(group));
    }

    private Optional<String> mostDoubtful() {
        Map<String, Double> doubts = new HashMap<>();
        schedule.groups().forEach((group, cells) -> doubts.put(group, doubt(group, cells)));
        return schedule.groups().keySet().stream()
                .filter(group -> doubts.getOrDefault(group, 0.0) > 0 && inTime(group))
                .max(Comparator.comparingDouble(doubts::get));
    }

    private void warnOf(List<String> lacking, Consumer<String> warn) {
        int most = lacking.stream()
                .filter(compared::contains)
                .mapToInt(this::lacking)
                .max()
                .orElse(0);
        if (most > 0) {
            warn.accept(String.format(
                    Locale.ROOT,
                    "the time was enough for %d of %d forks each: give more with --budget",
                    effort.least() - most,
                    effort.least()));
        }
        int floors = lacking.stream()
                .filter(group -> !compared.contains(group))
                .mapToInt(group -> schedule.cells(group).size())
                .sum();
        if (floors > 0) {
            warn.accept("no time was left for the " + floors
                    + " benchmarks that explain the others: give more with --budget");
        }
    }

    private boolean inTime(String group) {
        return elapsed.getAsDouble() + seconds(schedule.cells(group).stream()) <= effort.seconds();
    }

    /**
     * How much a second spent on a group may still tell: the widths of what is {@linkplain #open open}, more where forks
     * were disturbed, by what a block of it takes. What only explains is known when it has an interval. The widest single
     * interval is no measure: the hour of the full suite then goes to one slow benchmark, or to rows decided long before.
     */
    private double doubt(String group, List<Cell> cells) {
        double seconds = seconds(cells.stream());
        if (!compared.contains(group)) {
            return schedule.blocks(group) < Forks.MINIMUM_FOR_INTERVAL ? UNKNOWN / seconds : 0;
        }
        Cell base = cells.stream()
                .filter(cell -> Policy.BASE.name().equals(cell.params().get(Policy.PARAM)))
                .findFirst()
                .orElse(cells.getFirst());
        double[] bases = medians(base);
        double open = cells.size() == 1
                ? width(Forks.geometric(bases, CONFIDENCE))
                : cells.stream()
                        .filter(cell -> !cell.equals(base))
                        .mapToDouble(cell -> open(medians(cell), bases))
                        .sum();
        long disturbed = forks.stream()
                .filter(fork -> is(fork, base) && Noise.disturbed(fork.noise()))
                .count();
        return open * (1 + (double) disturbed / Math.max(1, bases.length)) / seconds;
    }

    /** Width of the interval of a ratio; zero where it is surely apart from 1, or surely near to it. */
    private static double open(double[] own, double[] bases) {
        if (own.length != bases.length) {
            return width(Forks.geometric(own, CONFIDENCE));
        }
        Interval decided = Forks.pairedRatio(own, bases, DECIDING);
        Interval interval = Forks.pairedRatio(own, bases, CONFIDENCE);
        boolean apart = decided.bounded() && (decided.low() > DECIDED || decided.high() < 1 / DECIDED);
        boolean near = interval.bounded() && interval.low() > 1 / NEAR && interval.high() < NEAR;
        return apart || near ? 0 : width(interval);
    }

    private static double width(Interval interval) {
        return interval.bounded() ? Math.log(interval.high() / interval.low()) : UNKNOWN;
    }

    private double[] medians(Cell cell) {
        return forks.stream()
                .filter(fork -> fork.error() == null && is(fork, cell))
                .sorted(Comparator.comparingInt(ForkInfo::block))
                .mapToDouble(ForkInfo::median)
                .toArray();
    }

    private double seconds(Stream<Cell> cells) {
        return cells.mapToDouble(cell -> {
                    double[] sum = taken.getOrDefault(cell.group(), taken.get(cell.benchmark()));
                    return sum == null ? cell.plannedSeconds() + Suite.FORK_SECONDS : sum[0] / sum[1];
                })
                .sum();
    }
}
