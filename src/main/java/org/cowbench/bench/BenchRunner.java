package org.cowbench.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.cowbench.noise.Disturbances;
import org.cowbench.noise.MeasurementLock;
import org.cowbench.noise.Noise;
import org.cowbench.noise.NoiseMeter;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
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
    private static final long LOOK_MILLIS = 300;
    private static final double QUIET_PERCENT = 15;
    /** Gauge by which a benchmark tells how much of its process is backed by huge pages, in KiB. */
    static final String HUGE_PAGES = "hugePages";

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
        List<Schedule.Slot> slots = Schedule.of(plan.cells(), plan.forks(), plan.seed());
        if (before == null) {
            writer = ResultWriter.create(plan.results(), plan.label());
        } else {
            writer = ResultWriter.reopen(plan.results(), plan.label());
            restore(slots);
        }
        noteLoad();
        save(false);
        store(() -> UnfinishedRun.save(writer, plan, launcher.settings()));
        for (int next = forks.size(); next < slots.size() && problem == null && !stop.getAsBoolean(); next++) {
            Schedule.Slot slot = slots.get(next);
            listener.starting(slot.cell(), next, slots.size(), remaining(slots, next));
            execute(slot);
            boolean blockEnds = next + 1 < slots.size() && slots.get(next + 1).block() != slot.block();
            if (blockEnds || (System.nanoTime() - lastSave) / 1e9 > SAVE_EVERY_SECONDS) {
                save(false);
            }
            if (forks.size() > next) {
                listener.finished(forks.getLast(), next + 1, slots.size(), remaining(slots, next + 1));
            }
        }
        environment.put("load.end", Environment.load());
        disturbances.warning().ifPresent(warnings::add);
        boolean complete = forks.size() == slots.size();
        save(complete);
        if (complete) {
            store(() -> UnfinishedRun.remove(writer, done));
        }
        int failed = (int) forks.stream().filter(fork -> fork.error() != null).count();
        return new RunSummary(finish(), slots.size(), forks.size() - failed, failed, problem);
    }

    private void execute(Schedule.Slot slot) {
        Instant start = now();
        long startFork = System.nanoTime();
        meter.start();
        ForkLauncher.Outcome outcome;
        try {
            outcome = launcher.launch(slot.cell());
        } catch (BenchException e) {
            problem = e.getMessage();
            return;
        }
        double seconds = (System.nanoTime() - startFork) / 1e9;
        Noise noise = meter.stop();
        if (outcome.result() == null && interrupted()) {
            return; // The fork did not fail, it was interrupted.
        }
        noteBlackholes(outcome.chatter());
        double median = Double.NaN;
        String unit = "";
        if (outcome.result() == null) {
            String log = "fork-" + slot.order() + ".log";
            warn("fork " + slot.order() + " (" + slot.cell().tag() + ") failed: " + outcome.error() + "; see " + log);
            store(() -> writer.writeText(log, outcome.chatter()));
        } else {
            noteHugePages(outcome.result());
            median = median(outcome.result());
            unit = outcome.result().getPrimaryResult().getScoreUnit();
        }
        UnfinishedRun.Done fork = new UnfinishedRun.Done(new ForkInfo(slot.order(), slot.block(), slot.cell().name(),
                slot.cell().params(), start.toString(), seconds, median, unit, outcome.error(), noise.numbers()),
                outcome.result());
        add(slot, fork, noise);
        store(() -> UnfinishedRun.save(writer, fork));
    }

    /** Takes a fork in that has ended now, or before the run was interrupted. */
    private void add(Schedule.Slot slot, UnfinishedRun.Done fork, Noise noise) {
        ForkInfo info = fork.info();
        double[] sum = secondsByBenchmark.computeIfAbsent(slot.cell().benchmark(), name -> new double[2]);
        sum[0] += info.seconds();
        sum[1]++;
        if (fork.result() != null) {
            results.get(slot.cell()).add(fork.result());
            rendered.remove(slot.cell());
            if (fork.result().getSecondaryResults().get(HistogramResult.LABEL) instanceof HistogramResult histogram) {
                histograms.add(new ForkHistogram(slot.cell().tag(), Instant.parse(info.started()), info.seconds(), histogram));
            }
        }
        done.add(fork);
        forks.add(info);
        disturbances.add(noise);
    }

    /** Takes in what was executed before, and says how long nothing was. */
    private void restore(List<Schedule.Slot> slots) {
        hugePagesMissed = warnings.contains(NO_HUGE_PAGES);
        Instant end = started.plusMillis(Math.round(before.info().seconds() * 1000));
        for (UnfinishedRun.Done fork : before.done()) {
            Noise noise = Noise.of(fork.info().noise());
            meter.remember(noise.calibration());
            add(slots.get(fork.info().order()), fork, noise);
            end = Instant.parse(fork.info().started()).plusMillis(Math.round(fork.info().seconds() * 1000));
        }
        warn(String.format(Locale.ROOT, "interrupted after %d of %d forks and gone on with %s later, at %s: what changes"
                + " slowly changed between those forks", forks.size(), slots.size(), span(Duration.between(end, now())), now()));
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

    private double remaining(List<Schedule.Slot> slots, int done) {
        double seconds = 0;
        for (Schedule.Slot slot : slots.subList(done, slots.size())) {
            double[] sum = secondsByBenchmark.get(slot.cell().benchmark());
            seconds += sum == null ? slot.cell().plannedSeconds() + Suite.FORK_SECONDS : sum[0] / sum[1];
        }
        return seconds;
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
        Result<?> huge = result.getSecondaryResults().get(HUGE_PAGES);
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
