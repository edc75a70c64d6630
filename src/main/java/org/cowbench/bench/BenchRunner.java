package org.cowbench.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.noise.Disturbances;
import org.cowbench.noise.MeasurementLock;
import org.cowbench.noise.Noise;
import org.cowbench.noise.NoiseMeter;
import org.cowbench.noise.PerfEvents;
import org.cowbench.policy.Policy;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.result.Writable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.util.ListStatistics;

/** Executes a {@link RunPlan}: one fork after the other in the order of the {@link Schedule}, saving as it goes. */
public final class BenchRunner {
    private static final double SAVE_EVERY_SECONDS = 5;
    private static final long SIGNAL_MILLIS = 200;
    private static final double MEDIAN = 50;
    private static final double CONFIDENCE = 0.95;
    /** Width taken for an interval that has no bounds yet. */
    private static final double UNKNOWN = 0.5;
    private static final long LOOK_MILLIS = 300;
    private static final double QUIET_PERCENT = 15;
    private static final String NO_HUGE_PAGES = "the kernel gave no huge pages (transparent_hugepage/enabled must be madvise"
            + " or always): faults pay for more TLB misses";

    private static final String HISTOGRAM_COMMENT =
            "units: picoseconds per operation; each value is the mean of a batch of operations; one line a fork";

    private final RunPlan plan;
    private final ForkLauncher launcher;
    private final NoiseMeter meter = new NoiseMeter();
    private final RunListener listener;
    private final BooleanSupplier stop;

    private final Map<Cell, List<RunResult>> results = new LinkedHashMap<>();
    private final Map<Cell, String> rendered = new LinkedHashMap<>();
    private final List<ForkHistogram> histograms = new ArrayList<>();
    private final List<ForkInfo> forks = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Disturbances disturbances = new Disturbances();
    private final SortedMap<String, String> environment = new TreeMap<>();
    private final UnfinishedRun before;
    private final Instant started;
    private final long startNanos = System.nanoTime();
    private final List<UnfinishedRun.Done> done = new ArrayList<>();
    private final Map<String, double[]> secondsByBenchmark = new HashMap<>();
    private final Deque<Schedule.Slot> queue = new ArrayDeque<>();
    private Schedule schedule;
    private int blocks;
    private ResultWriter writer;
    private String problem;
    private boolean hugePagesMissed;
    private long lastSave = System.nanoTime();

    /** A fork's histogram, compressed until it is written: decoded ones of a full run would take hundreds of MB. */
    private record ForkHistogram(String tag, Instant start, double seconds, HistogramResult result) {
        TaggedHistogram decoded() {
            return new TaggedHistogram(tag, start, seconds, result.histogram());
        }
    }

    /**
     * Prepares a run.
     *
     * @param plan what to do
     * @param launcher executes the forks
     * @param listener told about progress
     * @param stop asked before every fork and after a failed one; once true, the run ends with what it has
     */
    public BenchRunner(RunPlan plan, ForkLauncher launcher, RunListener listener, BooleanSupplier stop) {
        this(plan, null, launcher, listener, stop);
        environment.putAll(Environment.capture(JmhLauncher.JVM_FLAGS));
        environment.put(Environment.EVENTS, PerfEvents.summary());
        environment.putAll(plan.facts());
        warnings.addAll(plan.notes());
    }

    /**
     * Prepares to go on with a run.
     *
     * @param before the run; nothing {@linkplain UnfinishedRun#refusal refuses} it
     * @param launcher executes the forks as they were
     * @param listener told about progress
     * @param stop asked before every fork and after a failed one; once true, the run ends with what it has
     */
    public BenchRunner(UnfinishedRun before, ForkLauncher launcher, RunListener listener, BooleanSupplier stop) {
        this(before.plan(), before, launcher, listener, stop);
        environment.putAll(before.info().environment());
        warnings.addAll(before.info().warnings().stream().filter(line -> !Disturbances.isWarning(line)).toList());
    }

    private BenchRunner(RunPlan plan, UnfinishedRun before, ForkLauncher launcher, RunListener listener,
            BooleanSupplier stop) {
        this.plan = plan;
        this.before = before;
        this.launcher = launcher;
        this.listener = listener;
        this.stop = stop;
        this.started = before == null ? now() : Instant.parse(before.info().started());
        // The result lists cells in the plan's order, whatever the order of execution.
        plan.cells().forEach(cell -> results.put(cell, new ArrayList<>()));
    }

    /**
     * Executes the plan.
     *
     * @return how it ended; the result directory has its final name, or is gone when no fork was executed
     * @throws ResultStorageException when nothing can be stored, before the first fork or with the last attempt
     * @throws BenchException when something else is measuring
     */
    public RunSummary run() {
        Writable.demandTemporary(System.getenv());
        try (MeasurementLock lock = MeasurementLock.take()) {
            lock.refusal().ifPresent(why -> {
                throw new BenchException(why, null);
            });
            lock.warning().ifPresent(this::warn);
            return measure();
        }
    }

    private RunSummary measure() {
        schedule = new Schedule(plan.cells(), plan.turns(), plan.seed());
        while (blocks < plan.effort().least() && !plan.effort().timed()) {
            nextBlock();
        }
        if (before == null) {
            writer = ResultWriter.create(plan.results(), plan.label());
        } else {
            writer = ResultWriter.reopen(plan.results(), plan.label());
            restore();
        }
        noteLoad();
        save(false);
        store(() -> UnfinishedRun.save(writer, plan, launcher.settings()));
        boolean complete = false;
        while (problem == null && !stop.getAsBoolean()) {
            if (queue.isEmpty() && !refill()) {
                complete = true;
                break;
            }
            Schedule.Slot slot = queue.removeFirst();
            listener.starting(slot.cells().getFirst(), forks.size(), planned(slot), remaining(slot));
            execute(slot);
            boolean blockEnds = queue.isEmpty() || queue.getFirst().block() != slot.block();
            if (blockEnds || (System.nanoTime() - lastSave) / 1e9 > SAVE_EVERY_SECONDS) {
                save(false);
            }
            if (forks.size() > slot.order()) {
                listener.finished(forks.getLast(), forks.size(), planned(null), remaining(null));
            } else {
                queue.addFirst(slot);
            }
        }
        environment.put("load.end", Environment.load());
        disturbances.warning().ifPresent(warnings::add);
        save(complete);
        if (complete) {
            store(() -> UnfinishedRun.remove(writer, done));
        }
        int failed = (int) forks.stream().filter(fork -> fork.error() != null).count();
        return new RunSummary(finish(), planned(null), forks.size() - failed, failed, problem);
    }

    /**
     * Plans the next block, or the next of the group that has too few or is known least; false when nothing more is to be
     * done.
     */
    private boolean refill() {
        Effort effort = plan.effort();
        Set<String> compared = compared();
        if (blocks < effort.least() && (blocks == 0
                || inTime(compared.stream().map(schedule.groups()::get).flatMap(List::stream).toList()))) {
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
                .filter(group -> lacking.getOrDefault(group, 0) > 0 || doubts.get(group) > 0)
                .max(Comparator.comparingInt((String group) -> lacking.getOrDefault(group, 0))
                        .thenComparingDouble(doubts::get));
        next.ifPresent(group -> queue.addAll(schedule.again(group)));
        if (next.isEmpty()) {
            int most = lacking.values().stream().mapToInt(Integer::intValue).max().orElse(0);
            if (most > 0) {
                warn(String.format(Locale.ROOT, "the time was enough for %d of %d forks each: give more with --budget",
                        effort.least() - most, effort.least()));
            }
        }
        return next.isPresent();
    }

    private void nextBlock() {
        // Floors explain; where time is short, what is compared comes first.
        queue.addAll(blocks == 0 || !plan.effort().timed() ? schedule.block() : schedule.block(compared()));
        blocks++;
    }

    /** The groups whose cells are compared with each other; all where none are. */
    private Set<String> compared() {
        Set<String> keys = schedule.groups().entrySet().stream()
                .filter(group -> group.getValue().getFirst().params().containsKey(Policy.PARAM))
                .map(Map.Entry::getKey).collect(Collectors.toSet());
        return keys.isEmpty() ? schedule.groups().keySet() : keys;
    }

    private boolean inTime(List<Cell> cells) {
        return elapsed() + cells.stream().mapToDouble(this::expected).sum()
                <= plan.effort().seconds();
    }

    /**
     * How little is known of a group: the widest interval of a ratio between two of its cells, or of the cost where there
     * is one cell; wider where forks were disturbed.
     */
    private double doubt(List<Cell> cells) {
        List<double[]> medians = cells.stream().map(cell -> forks.stream()
                .filter(fork -> fork.error() == null && is(fork, cell))
                .sorted(Comparator.comparingInt(ForkInfo::block))
                .mapToDouble(ForkInfo::median).toArray()).toList();
        double widest = 0;
        for (double[] own : cells.size() == 1 ? medians : medians.subList(1, medians.size())) {
            double[] base = cells.size() > 1 && own.length == medians.getFirst().length
                    ? medians.getFirst() : null;
            Interval interval = base == null ? Forks.geometric(own, CONFIDENCE) : Forks.pairedRatio(own, base, CONFIDENCE);
            widest = Math.max(widest, interval.bounded() ? Math.log(interval.high() / interval.low()) : UNKNOWN);
        }
        long disturbed = forks.stream().filter(fork -> is(fork, cells.getFirst()) && Noise.disturbed(fork.noise())).count();
        return widest * (1 + (double) disturbed / Math.max(1, medians.getFirst().length));
    }

    private static boolean is(ForkInfo fork, Cell cell) {
        return fork.benchmark().equals(cell.name()) && fork.params().equals(cell.params());
    }

    private void execute(Schedule.Slot slot) {
        Instant start = now();
        long startFork = System.nanoTime();
        meter.start();
        List<Cell> cells = slot.cells();
        List<ForkLauncher.Outcome> outcomes;
        try {
            outcomes = cells.size() == 1 ? List.of(launcher.launch(cells.getFirst())) : launcher.turns(cells);
        } catch (BenchException e) {
            problem = e.getMessage();
            return;
        }
        double seconds = (System.nanoTime() - startFork) / 1e9;
        Noise noise = meter.stop();
        if (outcomes.getFirst().result() == null && interrupted()) {
            return; // The fork did not fail, it was interrupted.
        }
        for (int i = 0; i < cells.size(); i++) {
            note(slot, i, outcomes.get(i), start, seconds / cells.size(), noise);
        }
        disturbances.add(noise);
    }

    private void note(
            Schedule.Slot slot, int index, ForkLauncher.Outcome outcome, Instant start, double seconds, Noise noise) {
        Cell cell = slot.cells().get(index);
        int order = slot.order() + index;
        noteBlackholes(outcome.chatter());
        double median = Double.NaN;
        String unit = "";
        if (outcome.result() == null) {
            String log = "fork-" + slot.order() + ".log";
            if (index == 0) {
                warn("fork " + order + " (" + cell.tag() + (slot.cells().size() > 1 ? " and what took turns with it" : "")
                        + ") failed: " + outcome.error() + "; see " + log);
                store(() -> writer.writeText(log, outcome.chatter()));
            }
        } else {
            noteHugePages(outcome.result());
            median = median(outcome.result());
            unit = outcome.result().getPrimaryResult().getScoreUnit();
        }
        UnfinishedRun.Done fork = new UnfinishedRun.Done(new ForkInfo(order, slot.block(), cell.name(), cell.params(),
                start.toString(), seconds, median, unit, outcome.error(), noise.numbers()), outcome.result());
        add(cell, fork);
        store(() -> UnfinishedRun.save(writer, fork));
    }

    /** Takes a fork in that has ended now, or before the run was interrupted. */
    private void add(Cell cell, UnfinishedRun.Done fork) {
        ForkInfo info = fork.info();
        double[] sum = secondsByBenchmark.computeIfAbsent(cell.benchmark(), name -> new double[2]);
        sum[0] += info.seconds();
        sum[1]++;
        if (fork.result() != null) {
            results.get(cell).add(fork.result());
            rendered.remove(cell);
            if (fork.result().getSecondaryResults().get(KnownMetric.LATENCY.id()) instanceof HistogramResult histogram) {
                histograms.add(new ForkHistogram(cell.tag(), Instant.parse(info.started()), info.seconds(), histogram));
            }
        }
        done.add(fork);
        forks.add(info);
    }

    /** Takes in what was executed before, in the order it was planned in, and says how long nothing was. */
    private void restore() {
        hugePagesMissed = warnings.contains(NO_HUGE_PAGES);
        Instant end = started.plusMillis(Math.round(before.info().seconds() * 1000));
        List<UnfinishedRun.Done> left = before.done();
        while (!left.isEmpty()) {
            if (queue.isEmpty() && blocks < plan.effort().least()) {
                nextBlock();
            } else if (queue.isEmpty()) {
                queue.addAll(schedule.again(group(left.getFirst().info())));
            }
            Schedule.Slot slot = queue.getFirst();
            if (left.size() < slot.cells().size()) {
                break; // A fork of several policies, of which not all were stored: it is measured again.
            }
            queue.removeFirst();
            for (Cell cell : slot.cells()) {
                UnfinishedRun.Done fork = left.getFirst();
                if (!is(fork.info(), cell)) {
                    throw new BenchException(plan.label() + " cannot be resumed: fork " + fork.info().order() + " was of "
                            + fork.info().benchmark() + ", and this cowbench's schedule has " + cell.tag() + " there", null);
                }
                meter.remember(Noise.of(fork.info().noise()).calibration());
                add(cell, fork);
                end = Instant.parse(fork.info().started()).plusMillis(Math.round(fork.info().seconds() * 1000));
                left = left.subList(1, left.size());
            }
            disturbances.add(Noise.of(forks.getLast().noise()));
        }
        warn(String.format(Locale.ROOT, "interrupted after %d of %d forks and gone on with %s later, at %s: what changes"
                        + " slowly changed between those forks", forks.size(), planned(null),
                span(Duration.between(end, now())), now()));
    }

    private String group(ForkInfo fork) {
        return plan.cells().stream().filter(cell -> is(fork, cell)).findFirst().map(Cell::group)
                .orElseThrow(() -> new BenchException(plan.label() + " cannot be resumed: there is no benchmark "
                        + fork.benchmark() + " in its plan", null));
    }

    private static String span(Duration gap) {
        return gap.toSeconds() < 120 ? Math.max(0, gap.toSeconds()) + " s" : gap.toHours() + " h " + gap.toMinutesPart() + " min";
    }

    /** A terminal interrupts the fork and this JVM at once; the fork may be the quicker one to end. */
    private boolean interrupted() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SIGNAL_MILLIS));
        return stop.getAsBoolean();
    }

    private static double median(RunResult result) {
        ListStatistics scores = new ListStatistics();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                scores.addValue(iteration.getPrimaryResult().getScore());
            }
        }
        return scores.getPercentile(MEDIAN);
    }

    /** Forks done and those known to come. */
    private int planned(Schedule.Slot now) {
        return forks.size() + (now == null ? 0 : now.cells().size())
                + queue.stream().mapToInt(slot -> slot.cells().size()).sum();
    }

    private double remaining(Schedule.Slot now) {
        double queued = Stream.concat(Stream.ofNullable(now), queue.stream())
                .flatMap(slot -> slot.cells().stream()).mapToDouble(this::expected).sum();
        return plan.effort().timed() ? Math.max(queued, plan.effort().seconds() - elapsed()) : queued;
    }

    private double elapsed() {
        return (before == null ? 0 : before.info().seconds()) + (System.nanoTime() - startNanos) / 1e9;
    }

    private double expected(Cell cell) {
        double[] sum = secondsByBenchmark.get(cell.benchmark());
        return sum == null ? cell.plannedSeconds() + Suite.FORK_SECONDS : sum[0] / sum[1];
    }

    private void noteLoad() {
        double busy = Environment.busyPercent(LOOK_MILLIS);
        if (!Double.isNaN(busy)) {
            environment.putIfAbsent("cpu.busy.start", String.format(Locale.ROOT, "%.0f %%", busy));
        }
        if (busy > QUIET_PERCENT) {
            warn(String.format(Locale.ROOT,
                    "the processors were %.0f %% busy with other work at the start: it disturbs the numbers", busy));
        }
    }

    /** Without huge pages the large sets pay for TLB misses that a kernel, with its direct map, would not have. */
    private void noteHugePages(RunResult result) {
        Result<?> huge = result.getSecondaryResults().get(KnownMetric.HUGE_PAGES.id());
        if (huge != null && huge.getScore() == 0 && !hugePagesMissed) {
            hugePagesMissed = true;
            warn(NO_HUGE_PAGES);
        }
    }

    /** How JMH keeps results alive changes their cost and is in no other file. */
    private void noteBlackholes(String chatter) {
        if (!environment.containsKey("jmh.blackhole")) {
            chatter.lines()
                    .filter(line -> line.startsWith("# Blackhole mode: "))
                    .findFirst()
                    .ifPresent(line -> environment.put("jmh.blackhole", line.substring("# Blackhole mode: ".length())));
        }
    }

    private void warn(String line) {
        warnings.add(line);
        listener.warning(line);
    }

    private void save(boolean complete) {
        double earlier = before == null ? 0 : before.info().seconds();
        store(() -> {
            writer.writeJmh(out -> out.write(jmhJson().getBytes(StandardCharsets.UTF_8)));
            writer.writeHistograms(
                    () -> histograms.stream().map(ForkHistogram::decoded).iterator(), started, HISTOGRAM_COMMENT);
            writer.writeRunInfo(new RunInfo(RunInfo.SCHEMA, plan.label(), plan.revision().commit(),
                    plan.revision().dirty(), plan.command(), plan.seed(), plan.suite(), started.toString(),
                    earlier + (System.nanoTime() - startNanos) / 1e9, complete, environment, forks, warnings));
        });
        lastSave = System.nanoTime();
    }

    /**
     * Stores something; when the results directory takes no more, everything so far goes to the temporary directory,
     * and the run ends there.
     */
    private void store(Runnable action) {
        try {
            action.run();
        } catch (ResultStorageException e) {
            if (problem != null) {
                throw e;
            }
            Path refuge = Path.of(System.getProperty("java.io.tmpdir"), "cowbench-results");
            problem = e.getMessage() + " (the run stopped; everything measured is in "
                    + refuge.resolve(plan.label()) + ")";
            warnings.add(e.getMessage());
            Path left = writer.directory();
            try {
                writer = ResultWriter.create(refuge, plan.label());
                save(false);
                UnfinishedRun.save(writer, plan, launcher.settings());
                done.forEach(fork -> UnfinishedRun.save(writer, fork));
            } catch (ResultStorageException again) {
                throw new ResultStorageException(e.getMessage() + "; " + again.getMessage()
                        + "; what was saved before is in " + left, e);
            }
        }
    }

    private Path finish() {
        if (forks.isEmpty()) {
            writer.discard();
            return null;
        }
        return writer.finish();
    }

    /**
     * Renders all results by JMH's own writer. It is asked for one benchmark at a time and its texts are put into one
     * array, so that saving after a fork renders what that fork changed and not everything.
     */
    private String jmhJson() {
        List<String> objects = new ArrayList<>();
        results.forEach((cell, runs) -> {
            if (!runs.isEmpty()) {
                objects.add(rendered.computeIfAbsent(cell, key -> object(jmhJson(List.of(merge(key, runs))))));
            }
        });
        return "[\n    " + String.join(",\n    ", objects) + "\n]\n";
    }

    static String jmhJson(List<RunResult> runs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(runs);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String object(String array) {
        return array.substring(array.indexOf('{'), array.lastIndexOf('}') + 1);
    }

    /**
     * Joins forks executed one at a time into the result JMH would have built had it executed them in a row.
     *
     * @param cell what they measured
     * @param runs at least one result with one fork each
     * @return one result with as many forks
     */
    static RunResult merge(Cell cell, List<RunResult> runs) {
        BenchmarkParams one = runs.getFirst().getParams();
        WorkloadParams workload = new WorkloadParams();
        cell.params().forEach((name, value) -> workload.put(name, value, 0));
        List<BenchmarkResult> forks = new ArrayList<>();
        for (RunResult run : runs) {
            Collection<BenchmarkResult> single = run.getBenchmarkResults();
            forks.addAll(single);
        }
        BenchmarkParams all = new BenchmarkParams(one.getBenchmark(), one.generatedBenchmark(),
                one.shouldSynchIterations(), one.getThreads(), one.getThreadGroups(), one.getThreadGroupLabels(),
                forks.size(), one.getWarmupForks(), one.getWarmup(), one.getMeasurement(), one.getMode(), workload,
                one.getTimeUnit(), one.getOpsPerInvocation(), one.getJvm(), one.getJvmArgs(), one.getJdkVersion(),
                one.getVmName(), one.getVmVersion(), one.getJmhVersion(), one.getTimeout());
        return new RunResult(all, forks);
    }

    /** Returns JMH's view of what was merged; tests look into it. */
    Map<String, Result<?>> secondary(Cell cell) {
        Map<String, Result<?>> all = new LinkedHashMap<>();
        merge(cell, results.get(cell)).getSecondaryResults().forEach((name, result) -> all.put(name, result));
        return all;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
