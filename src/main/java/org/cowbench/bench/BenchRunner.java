package org.cowbench.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.cowbench.noise.Disturbances;
import org.cowbench.noise.MeasurementLock;
import org.cowbench.noise.Noise;
import org.cowbench.noise.NoiseMeter;
import org.cowbench.noise.PerfEvents;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.cowbench.result.Writable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.ListStatistics;

/** Executes a {@link RunPlan}: one fork after the other in the order of the {@link Schedule}, saving as it goes. */
public final class BenchRunner {
    private static final double SAVE_EVERY_SECONDS = 5;
    private static final long SIGNAL_MILLIS = 200;
    private static final double MEDIAN = 50;
    private static final long LOOK_MILLIS = 300;
    private static final double QUIET_PERCENT = 15;
    private static final String NO_HUGE_PAGES =
            "the kernel gave no huge pages (transparent_hugepage/enabled must be madvise"
                    + " or always): faults pay for more TLB misses";

    private final RunPlan plan;
    private final ForkLauncher launcher;
    private final NoiseMeter meter = new NoiseMeter();
    private final RunListener listener;
    private final BooleanSupplier stop;

    private final MergedResults results;
    private final ForkQueue queue;
    private final List<ForkHistogram> histograms = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Disturbances disturbances = new Disturbances();
    private final SortedMap<String, String> environment = new TreeMap<>();
    private final @Nullable UnfinishedRun before;
    private final Instant started;
    private final long startNanos = System.nanoTime();
    private final List<UnfinishedRun.Done> done = new ArrayList<>();
    private @Nullable ResultWriter writer;
    private @Nullable String problem;
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
        warnings.addAll(before.info().warnings().stream()
                .filter(line -> !Disturbances.isWarning(line))
                .toList());
    }

    private BenchRunner(
            RunPlan plan,
            @Nullable UnfinishedRun before,
            ForkLauncher launcher,
            RunListener listener,
            BooleanSupplier stop) {
        this.plan = plan;
        this.before = before;
        this.launcher = launcher;
        this.listener = listener;
        this.stop = stop;
        this.started = before == null ? now() : Instant.parse(before.info().started());
        this.results = new MergedResults(plan.cells());
        this.queue = new ForkQueue(plan, this::elapsed);
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
        if (before == null) {
            writer = ResultWriter.create(plan.results(), plan.label());
        } else {
            writer = ResultWriter.reopen(plan.results(), plan.label());
            restore(before);
        }
        noteLoad();
        save(false);
        store(() -> UnfinishedRun.save(writer(), plan, launcher.settings()));
        boolean complete = false;
        while (problem == null && !stop.getAsBoolean()) {
            Optional<Schedule.Slot> next = queue.next(this::warn);
            if (next.isEmpty()) {
                complete = true;
                break;
            }
            Schedule.Slot slot = next.get();
            listener.starting(slot.cells().getFirst(), forks().size(), queue.planned(), queue.remaining());
            if (!execute(slot)) {
                continue;
            }
            boolean blockEnds = queue.remove();
            if (blockEnds || (System.nanoTime() - lastSave) / 1e9 > SAVE_EVERY_SECONDS) {
                save(false);
            }
            listener.finished(forks().getLast(), forks().size(), queue.planned(), queue.remaining());
        }
        environment.put("load.end", Environment.load());
        disturbances.warning().ifPresent(warnings::add);
        boolean share = complete && plan.shard() != null;
        if (share) {
            // Before the share is complete, so that one that is can be merged, whenever it was killed.
            store(() -> UnfinishedRun.share(writer(), plan, launcher.settings()));
        }
        save(complete);
        if (complete) {
            store(() -> {
                if (share) {
                    UnfinishedRun.endShare(writer());
                } else {
                    UnfinishedRun.remove(writer(), done);
                }
            });
        }
        int failed = (int) forks().stream().filter(fork -> fork.error() != null).count();
        return new RunSummary(finish(), queue.planned(), forks().size() - failed, failed, problem);
    }

    /** Executes a fork; false when it was interrupted, or forks cannot be executed. */
    private boolean execute(Schedule.Slot slot) {
        Instant start = now();
        long startFork = System.nanoTime();
        meter.start();
        List<Cell> cells = slot.cells();
        List<ForkLauncher.Outcome> outcomes;
        try {
            outcomes = cells.size() == 1 ? List.of(launcher.launch(cells.getFirst())) : launcher.turns(cells);
        } catch (BenchException e) {
            problem = String.valueOf(e.getMessage());
            return false;
        }
        double seconds = (System.nanoTime() - startFork) / 1e9;
        Noise noise = meter.stop();
        if (outcomes.getFirst().result() == null && interrupted()) {
            return false; // The fork did not fail, it was interrupted.
        }
        for (int i = 0; i < cells.size(); i++) {
            note(slot, i, outcomes.get(i), start, seconds / cells.size(), noise);
        }
        disturbances.add(noise);
        return true;
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
                warn("fork " + order + " (" + cell.tag()
                        + (slot.cells().size() > 1 ? " and what took turns with it" : "") + ") failed: "
                        + outcome.error() + "; see " + log);
                store(() -> writer().writeText(log, outcome.chatter()));
            }
        } else {
            noteHugePages(outcome.result());
            median = median(outcome.result());
            unit = outcome.result().getPrimaryResult().getScoreUnit();
        }
        UnfinishedRun.Done fork = new UnfinishedRun.Done(
                new ForkInfo(
                        order,
                        slot.block(),
                        cell.name(),
                        cell.params(),
                        start.toString(),
                        seconds,
                        median,
                        unit,
                        outcome.error(),
                        noise.numbers()),
                outcome.result());
        add(cell, fork);
        store(() -> UnfinishedRun.save(writer(), fork));
    }

    /** Takes a fork in that has ended now, or before the run was interrupted. */
    private void add(Cell cell, UnfinishedRun.Done fork) {
        ForkInfo info = fork.info();
        if (fork.result() != null) {
            results.add(cell, fork.result());
            if (fork.result().getSecondaryResults().get(KnownMetric.LATENCY.id())
                    instanceof HistogramResult histogram) {
                histograms.add(new ForkHistogram(cell.tag(), Instant.parse(info.started()), info.seconds(), histogram));
            }
        }
        done.add(fork);
        queue.add(cell, info);
    }

    /** Takes in what was executed before, in the order it was planned in, and says how long nothing was. */
    private void restore(UnfinishedRun before) {
        hugePagesMissed = warnings.contains(NO_HUGE_PAGES);
        Instant end = started.plusMillis(Math.round(before.info().seconds() * 1000));
        List<UnfinishedRun.Done> left = before.done();
        while (!left.isEmpty()) {
            ForkInfo first = left.getFirst().info();
            Schedule.Slot slot = queue.repeated(() -> group(first));
            if (left.size() < slot.cells().size() || first.order() != slot.order()) {
                break; // A fork of several policies, of which not all were stored: it is measured again.
            }
            queue.remove();
            for (Cell cell : slot.cells()) {
                UnfinishedRun.Done fork = left.getFirst();
                if (!ForkQueue.is(fork.info(), cell)) {
                    throw new BenchException(
                            plan.label() + " cannot be resumed: fork "
                                    + fork.info().order() + " was of "
                                    + fork.info().benchmark() + ", and this cowbench's schedule has " + cell.tag()
                                    + " there",
                            null);
                }
                meter.remember(Noise.of(fork.info().noise()).calibration());
                add(cell, fork);
                end = Instant.parse(fork.info().started())
                        .plusMillis(Math.round(fork.info().seconds() * 1000));
                left = left.subList(1, left.size());
            }
            disturbances.add(Noise.of(forks().getLast().noise()));
        }
        warn(String.format(
                Locale.ROOT,
                "interrupted after %d of %d forks and gone on with %s later, at %s: what changes"
                        + " slowly changed between those forks",
                forks().size(),
                queue.planned(),
                span(Duration.between(end, now())),
                now()));
    }

    private String group(ForkInfo fork) {
        return plan.cells().stream()
                .filter(cell -> ForkQueue.is(fork, cell))
                .findFirst()
                .map(Cell::group)
                .orElseThrow(() -> new BenchException(
                        plan.label() + " cannot be resumed: there is no benchmark " + fork.benchmark() + " in its plan",
                        null));
    }

    private static String span(Duration gap) {
        return gap.toSeconds() < 120
                ? Math.max(0, gap.toSeconds()) + " s"
                : gap.toHours() + " h " + gap.toMinutesPart() + " min";
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

    private double elapsed() {
        return (before == null ? 0 : before.info().seconds()) + (System.nanoTime() - startNanos) / 1e9;
    }

    private void noteLoad() {
        double busy = Environment.busyPercent(LOOK_MILLIS);
        if (!Double.isNaN(busy)) {
            environment.putIfAbsent("cpu.busy.start", String.format(Locale.ROOT, "%.0f %%", busy));
        }
        if (busy > QUIET_PERCENT) {
            warn(String.format(
                    Locale.ROOT,
                    "the processors were %.0f %% busy with other work at the start: it disturbs the numbers",
                    busy));
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
            writer().writeJmh(out -> out.write(results.json().getBytes(StandardCharsets.UTF_8)));
            writer().writeHistograms(
                            () -> histograms.stream()
                                    .map(ForkHistogram::decoded)
                                    .iterator(),
                            started,
                            TaggedHistogram.COMMENT);
            writer().writeRunInfo(new RunInfo(
                    RunInfo.SCHEMA,
                    plan.label(),
                    plan.revision().commit(),
                    plan.revision().dirty(),
                    plan.command(),
                    plan.seed(),
                    plan.suite(),
                    started.toString(),
                    earlier + (System.nanoTime() - startNanos) / 1e9,
                    complete,
                    environment,
                    forks(),
                    warnings));
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
            problem = e.getMessage() + " (the run stopped; everything measured is in " + refuge.resolve(plan.label())
                    + ")";
            warnings.add(e.getMessage());
            Path left = writer().directory();
            try {
                writer = ResultWriter.create(refuge, plan.label());
                save(false);
                UnfinishedRun.save(writer(), plan, launcher.settings());
                done.forEach(fork -> UnfinishedRun.save(writer(), fork));
            } catch (ResultStorageException again) {
                throw new ResultStorageException(
                        e.getMessage() + "; " + again.getMessage() + "; what was saved before is in " + left, e);
            }
        }
    }

    private List<ForkInfo> forks() {
        return queue.forks();
    }

    /** Where results go; there from the first thing that is stored. */
    private ResultWriter writer() {
        return Objects.requireNonNull(writer);
    }

    private @Nullable Path finish() {
        if (forks().isEmpty()) {
            writer().discard();
            return null;
        }
        return writer().finish();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
