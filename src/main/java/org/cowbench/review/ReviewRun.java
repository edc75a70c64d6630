package org.cowbench.review;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cowbench.kernel.AimedScripts;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.CrossCheck;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.Harm;
import org.cowbench.kernel.Identification;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelDiff;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelMatrix;
import org.cowbench.kernel.KernelRecord;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.ProgramEnd;
import org.cowbench.kernel.ScriptRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.selftest.CowRun;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;

/** Does the parts of a review that are not there yet, and keeps each as soon as it is complete. */
public final class ReviewRun {
    private static final long NANOS = 1_000_000_000L;
    /** What parts took so far says about the rest only within reason. */
    private static final double LEAST_PACE = 0.5;

    private static final double MOST_PACE = 4;
    /** Longest script of a check's scope; no budget reaches it. */
    private static final int MOST_STEPS = 12;

    private final ReviewPlan plan;
    private final ReviewFolder folder;
    private final Guests guests;
    private final Progress progress;
    private final LongSupplier clock;
    private double planned;
    private long begun;

    /** Both kernels, running. */
    @FunctionalInterface
    public interface Guests {
        /**
         * Asks both.
         *
         * @param <T> of the answer
         * @param options how guests are run
         * @param question asks the base and the head
         * @return the answer
         */
        <T> T both(GuestOptions options, BiFunction<KernelSession, KernelSession, T> question);
    }

    /** Who is told how far a review is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A part begins, or goes on.
         *
         * @param part the part
         * @param text how far it is; the empty string when it begins
         * @param secondsLeft about how long the whole review takes from here
         */
        void at(ReviewPart part, String text, double secondsLeft);
    }

    /**
     * How kernels are measured.
     *
     * @param options of guests that measure
     * @param info what is known of the run; label and kernel's facts are added
     * @param base the base, for what tells it from others
     * @param head the head
     */
    public record Measuring(GuestOptions options, RunInfo info, KernelImage base, KernelImage head) {}

    /**
     * Sets up a review.
     *
     * @param plan what is reviewed
     * @param folder where to
     * @param guests both kernels
     * @param progress is told how far it is
     */
    public ReviewRun(ReviewPlan plan, ReviewFolder folder, Guests guests, Progress progress) {
        this(plan, folder, guests, progress, System::nanoTime);
    }

    /** With another clock, for tests. */
    ReviewRun(ReviewPlan plan, ReviewFolder folder, Guests guests, Progress progress, LongSupplier clock) {
        this.plan = plan;
        this.folder = folder;
        this.guests = guests;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Does what is left to do.
     *
     * @param scripts options of guests that run scripts
     * @param measuring how kernels are measured
     * @param cow the kernel's own selftest; empty where it is not wanted
     * @return what came of it, from the folder; with the reason where a kernel could not be asked to the end
     * @throws KernelException if something is lacking, or a kernel could not be asked at all
     */
    public Parts run(GuestOptions scripts, Measuring measuring, Optional<byte[]> cow) {
        begun = clock.getAsLong();
        Optional<String> ended = Optional.empty();
        try {
            if (missing().stream().anyMatch(part -> part.compareTo(ReviewPart.BENCH) < 0)) {
                guests.both(scripts, (base, head) -> {
                    // A kernel that does not boot is said before anything else.
                    KernelMatrix.atOnce(base, head, KernelSession::release);
                    ask(base, head);
                    return null;
                });
            }
            if (folder.measured().isEmpty()) {
                measure(measuring);
            }
            if (cow.isPresent() && missing().contains(ReviewPart.COW)) {
                begin(ReviewPart.COW);
                folder.write(ReviewPart.COW, guests.both(scripts, (base, head) -> cow(base, head, cow.get())));
                finish(ReviewPart.COW);
            }
        } catch (KernelException e) {
            if (!e.kind().finding() || missing().containsAll(EnumSet.range(ReviewPart.IDENTIFY, ReviewPart.CHECK))) {
                throw e;
            }
            ended = Optional.ofNullable(e.getMessage());
        }
        return read(folder, ended);
    }

    /**
     * Reads what a folder holds.
     *
     * @param folder the folder
     * @param ended why a kernel could not be asked to the end; empty where it could
     * @return the parts that are complete
     */
    static Parts read(ReviewFolder folder, Optional<String> ended) {
        Optional<List<ResultDirectory>> measured = folder.measured();
        return new Parts(
                folder.read(ReviewPart.IDENTIFY, IdentifyPart.class),
                folder.read(ReviewPart.DIFF, DiffPart.class),
                folder.read(ReviewPart.LITMUS, LitmusPart.class),
                folder.read(ReviewPart.CHECK, CheckPart.class),
                measured.map(List::getFirst),
                measured.map(List::getLast),
                folder.read(ReviewPart.COW, CowPart.class),
                ended);
    }

    private Set<ReviewPart> missing() {
        Set<ReviewPart> missing = EnumSet.allOf(ReviewPart.class);
        missing.removeAll(read(folder, Optional.empty()).present());
        if (plan.cow().isEmpty()) {
            missing.remove(ReviewPart.COW);
        }
        return missing;
    }

    private void ask(KernelSession base, KernelSession head) {
        Set<ReviewPart> missing = missing();
        if (missing.contains(ReviewPart.IDENTIFY)) {
            begin(ReviewPart.IDENTIFY);
            List<Identification.Report> reports = KernelMatrix.atOnce(base, head, Identification::of);
            folder.write(
                    ReviewPart.IDENTIFY,
                    new IdentifyPart(IdentifyPart.kernel(reports.getFirst()), IdentifyPart.kernel(reports.getLast())));
            finish(ReviewPart.IDENTIFY);
        }
        if (missing.contains(ReviewPart.DIFF)) {
            begin(ReviewPart.DIFF);
            List<Script> scripts = new ArrayList<>(AimedScripts.all());
            scripts.addAll(ShippedScripts.all());
            scripts.addAll(Conformance.randomScripts(
                    plan.limits().random(), plan.limits().seed()));
            // What a patch is to save may be a drain or a flush, which no entry shows.
            scripts.replaceAll(script -> script.asking(StepCounter.calls()));
            scripts.addAll(ShippedScripts.counters());
            folder.write(
                    ReviewPart.DIFF,
                    DiffPart.of(
                            new KernelDiff(base, head, plan.limits().shrink(), at(ReviewPart.DIFF)).compare(scripts)));
            finish(ReviewPart.DIFF);
        }
        if (missing.contains(ReviewPart.LITMUS)) {
            begin(ReviewPart.LITMUS);
            List<Script> scripts = new ArrayList<>(ShippedScripts.all());
            scripts.addAll(ShippedScripts.folios());
            List<List<ScriptRun>> runs = KernelMatrix.atOnce(base, head, scripts);
            folder.write(ReviewPart.LITMUS, LitmusPart.of(runs.getFirst(), runs.getLast()));
            finish(ReviewPart.LITMUS);
        }
        if (missing.contains(ReviewPart.CHECK)) {
            begin(ReviewPart.CHECK);
            ReviewLimits limits = plan.limits();
            KernelCheck.Limits each = new KernelCheck.Limits(
                    Duration.ofMillis((long) (limits.checkSeconds() * 1000)),
                    MOST_STEPS,
                    Long.MAX_VALUE,
                    limits.seed(),
                    limits.shrink(),
                    false, // Those are asked before, and what shows in them is held against the other kernel too.
                    null);
            List<KernelCheck.Report> reports =
                    KernelMatrix.atOnce(base, head, kernel -> new KernelCheck(kernel, each, text -> at(ReviewPart.CHECK)
                                    .accept((kernel.equals(base) ? "base: " : "head: ") + text))
                            .run());
            folder.write(
                    ReviewPart.CHECK,
                    CheckPart.of(
                            reports.getFirst(),
                            reports.getLast(),
                            new CrossCheck(base, head, at(ReviewPart.CHECK))
                                    .of(reports.getFirst(), reports.getLast(), suspects())));
            finish(ReviewPart.CHECK);
        }
    }

    /** Scripts of base pages that have shown a difference, or failed: a search in its time may not come upon them. */
    private List<Script> suspects() {
        List<Script> some = new ArrayList<>();
        folder.read(ReviewPart.DIFF, DiffPart.class).ifPresent(diff -> diff.groups().stream()
                .filter(group -> !group.harm().equals(Harm.COUNTS.words()))
                .map(DiffPart.Group::script)
                .distinct()
                .forEach(text -> some.add(ScriptParser.parse("diff-" + (some.size() + 1) + ".litmus", text))));
        folder.read(ReviewPart.LITMUS, LitmusPart.class).ifPresent(litmus -> litmus.scripts().stream()
                .filter(each -> each.base().state() == LitmusPart.State.FAILED
                        || each.head().state() == LitmusPart.State.FAILED)
                .flatMap(each -> ShippedScripts.all().stream()
                        .filter(script -> script.file().equals(each.script())))
                .forEach(some::add));
        return some;
    }

    private void measure(Measuring measuring) {
        begin(ReviewPart.BENCH);
        folder.forgetMeasurements();
        int boots = plan.limits().boots();
        List<KernelRecord<KernelBench.Boot>> records = new ArrayList<>();
        try {
            records.add(record(measuring, ReviewFolder.BASE, measuring.base()));
            records.add(record(measuring, ReviewFolder.HEAD, measuring.head()));
            for (int boot = 1; boot <= boots; boot++) {
                // Both at once, boot by boot: what changes on this machine meanwhile changes for both.
                List<KernelBench.Boot> one = guests.both(
                        measuring.options(),
                        (base, head) -> KernelMatrix.atOnce(
                                base,
                                head,
                                kernel -> KernelBench.measure(
                                        kernel, plan.limits().pages())));
                records.getFirst().add(ReviewFolder.BASE, one.getFirst());
                records.getLast().add(ReviewFolder.HEAD, one.getLast());
                at(ReviewPart.BENCH).accept("boot " + boot + " of " + boots);
            }
            records.forEach(KernelRecord::finish);
        } catch (KernelException e) {
            records.forEach(KernelRecord::finish);
            folder.forgetMeasurements();
            throw e;
        }
        finish(ReviewPart.BENCH);
    }

    private KernelRecord<KernelBench.Boot> record(Measuring measuring, String side, KernelImage kernel) {
        RunInfo info = measuring.info();
        Map<String, String> environment = new TreeMap<>(info.environment());
        environment.putAll(KernelBench.environment(measuring.options()));
        environment.putAll(KernelBench.environment(side, kernel, false));
        RunInfo own = new RunInfo(
                info.schema(),
                side,
                info.commit(),
                info.dirty(),
                info.command(),
                info.seed(),
                info.suite(),
                info.started(),
                0,
                false,
                environment,
                List.of(),
                info.warnings());
        return new KernelRecord<>(
                folder.path(), own, List.of(side), plan.limits().boots(), false, KernelBench::save);
    }

    private CowPart cow(KernelSession base, KernelSession head, byte[] program) {
        List<CowRun> runs = KernelMatrix.atOnce(base, head, kernel -> {
            CowRun run = new CowRun();
            ProgramEnd end = kernel.execute(program, run::line);
            if (!end.started()) {
                throw new KernelException(
                        KernelException.Kind.USAGE,
                        "--cow " + plan.cow() + " cannot be run: is it a static"
                                + " program for x86-64? src/main/scripts/build-cow.sh builds one");
            }
            run.ended(end.text());
            at(ReviewPart.COW).accept((kernel.equals(base) ? "base: " : "head: ") + run.done() + " tests");
            return run;
        });
        return CowPart.of(runs.getFirst(), runs.getLast());
    }

    private void begin(ReviewPart part) {
        at(part).accept("");
    }

    private void finish(ReviewPart part) {
        planned += part.seconds(plan.limits());
    }

    private Consumer<String> at(ReviewPart part) {
        return text -> progress.at(part, text, left());
    }

    /** What is left at the pace of what was done. */
    private double left() {
        double spent = (clock.getAsLong() - begun) / (double) NANOS;
        double pace = planned == 0 ? 1 : Math.clamp(spent / planned, LEAST_PACE, MOST_PACE);
        return missing().stream()
                        .mapToDouble(part -> part.seconds(plan.limits()))
                        .sum()
                * pace;
    }
}
