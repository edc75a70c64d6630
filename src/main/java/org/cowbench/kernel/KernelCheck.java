package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.check.ScriptJudge;
import org.cowbench.check.ScriptSpace;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;

/**
 * Judges a kernel without a model of its rule: the scripts that come with cowbench, then every script of small scopes,
 * shortest first, then random ones, held against what must be seen whatever the rule ({@link ScriptJudge}), and against
 * what the kernel says of itself.
 *
 * <p>Of several scopes the one that has the fewest scripts before it goes on, so that each is tried about as far as time
 * allows; those that end in a store come first, and those without memory pressure, which is slow. A script that shows
 * something is not made longer, and one that contains the moves of a minimal script and shows the same kind of trouble is
 * counted with that.
 *
 * <p>A share ({@link Limits#shard}) runs every N-th of the shipped scripts and of the random ones. Of a scope's it runs all
 * short ones, to know which are not to be made longer, and counts its own; of the first length that has enough of them it
 * keeps its own and what follows from these, for whether a script is made longer is known where it was run. Which are its
 * own is told by the scripts alone: a machine that saw one fail that others did not deals all others as they do.
 */
public final class KernelCheck {
    private static final int BATCH = 128;
    /** Of the time, this part is for scripts of scopes, the rest for random ones. */
    private static final double ENUMERATED = 0.75;

    private static final long NANOS = 1_000_000_000L;

    private static final Set<Move> MEMORY =
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.DISCARD, Move.RECLAIM);
    private static final Set<Move> SHARING = EnumSet.of(Move.FORK, Move.EXIT);
    private static final Set<Move> PIPES = EnumSet.of(Move.SPLICE, Move.PEEK);
    private static final Set<Move> PINS = EnumSet.of(Move.PIN, Move.PINRO, Move.DMA, Move.UNPIN);

    private final KernelSession kernel;
    private final FreshBoots boots;
    private final Limits limits;
    private final LongSupplier clock;
    private final Consumer<String> progress;
    private final List<Frontier> frontiers = new ArrayList<>();
    private final Map<String, LogFinding> boot = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Suspect> suspects = new ArrayList<>();
    private long began;
    private long scripts;
    private long steps;
    private long random;
    private int others;
    /** Scripts run, those of other shares too, and whether the last is of this one. */
    private long ran;

    private boolean own = true;

    /**
     * How far to go.
     *
     * @param budget how long in all, shrinking not counted
     * @param length longest script of a scope, without the look at its end
     * @param random most random scripts
     * @param seed of the random scripts
     * @param shrink how many findings to make minimal; what is found after that is only counted
     * @param shipped whether the scripts that come with cowbench are run first
     * @param shard the share of the scripts that is run, null for all
     */
    public record Limits(
            Duration budget,
            int length,
            long random,
            long seed,
            int shrink,
            boolean shipped,
            @Nullable Shard shard) {}

    /**
     * Something that no kernel may show.
     *
     * @param what the property that is violated, by its id, or a {@linkplain Harm#words() harm}
     * @param step the step that showed it, as in {@link Mismatch}
     * @param text what it was
     */
    public record Trouble(String what, int step, String text) {}

    /**
     * Scripts that show the same.
     *
     * @param what what they show
     * @param script the first that showed it
     * @param log what the kernel said then, or the empty string
     * @param repeated whether it showed it again
     * @param minimal a minimal script that shows it, or as small a one as was found in three minutes, or in the
     *     budget if that is longer; the first script if it was not repeated or not shrunk
     * @param troubles what the minimal script shows
     * @param count how many scripts showed it
     * @param after how many scripts had been run when the first showed it, itself included
     */
    public record Finding(
            String what,
            Script script,
            String log,
            boolean repeated,
            Script minimal,
            List<Trouble> troubles,
            int count,
            long after) {

        Finding counted(int more) {
            return new Finding(what, script, log, repeated, minimal, troubles, count + more, after);
        }
    }

    /**
     * How far a scope was tried.
     *
     * @param title the scope
     * @param length all scripts up to this length were run, but those that a shorter one stands for
     * @param next the scripts of one move more, 0 if they were not counted
     * @param done how many of these were run
     */
    public record Reach(String title, int length, int next, int done) {}

    /**
     * The outcome.
     *
     * @param scripts scripts run, those of shrinking not counted
     * @param steps their steps
     * @param random how many of them were random
     * @param seconds how long they took
     * @param reached how far each scope was tried
     * @param findings what was found, the shortest first
     * @param others scripts that showed something after enough had been made minimal
     * @param boot what the kernel's log said against it while it booted, one of a kind
     * @param ended why it ended before its time
     */
    public record Report(
            long scripts,
            long steps,
            long random,
            double seconds,
            List<Reach> reached,
            List<Finding> findings,
            int others,
            List<LogFinding> boot,
            Optional<KernelException> ended) {

        /**
         * Whether there is anything to find fault with.
         *
         * @return whether there is
         */
        public boolean found() {
            return !findings.isEmpty() || ended.isPresent() || boot.stream().anyMatch(LogFinding::counts);
        }
    }

    /**
     * Sets up a check.
     *
     * @param kernel the kernel
     * @param limits how far to go
     * @param progress is told every few seconds how far it is
     */
    public KernelCheck(KernelSession kernel, Limits limits, Consumer<String> progress) {
        this(kernel, limits, progress, System::nanoTime);
    }

    /** With another clock, for tests. */
    KernelCheck(KernelSession kernel, Limits limits, Consumer<String> progress, LongSupplier clock) {
        this.kernel = kernel;
        boots = new FreshBoots(kernel);
        this.limits = limits;
        this.progress = progress;
        this.clock = clock;
    }

    /** A run that has shown something, how many had been run by then, and whether it counts: 0 if it is another share's. */
    private record Suspect(ScriptRun run, long after, int count) {}

    /**
     * Checks.
     *
     * @return the outcome
     * @throws KernelException if the kernel could not be asked at all
     */
    public Report run() {
        KernelException ended = null;
        Set<Move> can = EnumSet.allOf(Move.class);
        can.removeIf(move -> move.op() == null || !kernel.capabilities().can(move.op()));
        begin(can);
        began = clock.getAsLong();
        try {
            if (limits.shipped()) {
                askShipped();
            }
            enumerate();
            drawRandomly();
        } catch (KernelException e) {
            ended = e;
            if (e.kind().finding() && e.script().isPresent()) {
                note(new ScriptRun(e.script().get(), e.done(), e.found(), Optional.of(e)));
            }
            // What was found is not lost because the kernel cannot be asked again.
            suspects.forEach(suspect -> examine(suspect, false));
            if (ran == 0) {
                throw e;
            }
        }
        double seconds = seconds();
        findings.sort(
                Comparator.comparingInt(finding -> finding.minimal().steps().size()));
        return new Report(
                scripts,
                steps,
                random,
                seconds,
                frontiers.stream().map(Frontier::reach).toList(),
                List.copyOf(findings),
                others,
                List.copyOf(boot.values()),
                Optional.ofNullable(ended));
    }

    private void begin(Set<Move> can) {
        boolean pins = can.contains(Move.PIN) || can.contains(Move.PINRO);
        Set<Move> taking = EnumSet.of(Move.PIN, Move.PINRO);
        if (pins) {
            add("1 process, a pin", can, 1, 1, List.of(), List.of(MEMORY, PINS));
        }
        add("2 processes", can, 2, 0, List.of(EnumSet.of(Move.FORK)), List.of(MEMORY, SHARING));
        add(
                "2 processes, a pipe",
                can,
                2,
                1,
                List.of(EnumSet.of(Move.FORK), EnumSet.of(Move.SPLICE)),
                List.of(MEMORY, SHARING, PIPES));
        if (pins) {
            add(
                    "2 processes, a pin",
                    can,
                    2,
                    1,
                    List.of(EnumSet.of(Move.FORK), taking),
                    List.of(MEMORY, SHARING, PINS));
        }
    }

    private void add(
            String title, Set<Move> can, int processes, int references, List<Set<Move>> needs, List<Set<Move>> some) {
        Set<Move> moves = EnumSet.noneOf(Move.class);
        some.forEach(moves::addAll);
        moves.retainAll(can);
        frontiers.add(new Frontier(
                title,
                new Scope(processes, 1, references, 0, Scope.UNBOUNDED, moves, true),
                needs,
                limits.length(),
                limits.shard()));
    }

    private double seconds() {
        return (clock.getAsLong() - began) / (double) NANOS;
    }

    private double left() {
        return limits.budget().toMillis() / 1000.0 - seconds();
    }

    /** What rules have been caught with so far, a kernel may be caught with again: longer than any search comes. */
    private void askShipped() {
        List<Script> some = new ArrayList<>(ShippedScripts.all());
        some.addAll(AimedScripts.all());
        ask(possible(mine(some, 0)), at -> true, this::note);
    }

    /** Without the steps that the kernel cannot do. */
    private List<Script> possible(List<Script> some) {
        return some.stream()
                .map(script -> Exclusion.apply(script, kernel.capabilities(), new EnumMap<>(Exclusion.class)))
                .filter(script -> !script.steps().isEmpty())
                .toList();
    }

    /** Those of a list that are this share's, by their places from a first one on. */
    private List<Script> mine(List<Script> some, long first) {
        Shard shard = limits.shard();
        return shard == null
                ? some
                : IntStream.range(0, some.size())
                        .filter(i -> shard.has((int) ((first + i) % shard.of())))
                        .mapToObj(some::get)
                        .toList();
    }

    private void enumerate() {
        while (left() > limits.budget().toMillis() / 1000.0 * (1 - ENUMERATED)) {
            Optional<Frontier> least = frontiers.stream()
                    .filter(frontier -> !frontier.over())
                    .min(Comparator.comparingInt(Frontier::ahead));
            if (least.isEmpty()) {
                return;
            }
            Frontier frontier = least.get();
            List<int[]> batch = frontier.following(BATCH);
            List<Script> asked = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                asked.add(frontier.script(batch.get(i), "scope-" + (ran + i + 1) + ".litmus"));
            }
            int[] at = new int[1];
            ask(asked, place -> frontier.has(batch.get(place)), run -> {
                int[] moves = batch.get(at[0]++);
                if (note(run) || ScriptSpace.idle(moves, run.results())) {
                    frontier.end(moves);
                }
            });
            frontier.ran(batch.size());
            tell(frontier.place());
            frontier.lengthenIfDone();
        }
    }

    private void drawRandomly() {
        long drawn = 0;
        for (long seed = limits.seed(); left() > 0 && drawn < limits.random(); seed++) {
            List<Script> some = Conformance.randomScripts((int) Math.min(BATCH, limits.random() - drawn), seed);
            long before = scripts;
            ask(possible(mine(some, drawn)), at -> true, this::note);
            random += scripts - before;
            drawn += some.size();
            tell("random scripts: " + random);
        }
    }

    /** Runs scripts, and looks closer at what they have shown when all have run: the kernel answers one question at a time. */
    private void ask(List<Script> some, IntPredicate mine, Consumer<ScriptRun> each) {
        int[] at = new int[1];
        kernel.run(some, run -> {
            own = mine.test(at[0]++);
            ran++;
            scripts += own ? 1 : 0;
            steps += own ? run.results().size() : 0;
            run.boot().forEach(finding -> boot.putIfAbsent(finding.signature(), finding));
            each.accept(run);
        });
        long paused = clock.getAsLong();
        while (!suspects.isEmpty()) {
            examine(suspects.getFirst(), true);
            suspects.removeFirst();
        }
        began += clock.getAsLong() - paused;
    }

    private void tell(String where) {
        progress.accept(String.format(
                Locale.ROOT,
                "%d scripts, %.0f a second, %d findings; %s; %d:%02d left",
                scripts,
                scripts / Math.max(seconds(), 1e-3),
                findings.size(),
                where,
                (long) Math.max(0, left()) / 60,
                (long) Math.max(0, left()) % 60));
    }

    /** Judges a run; whether it has shown anything. */
    private boolean note(ScriptRun run) {
        boolean shows = !judge(run).isEmpty();
        if (shows) {
            suspects.add(new Suspect(run, Math.max(1, scripts), own ? 1 : 0));
        }
        return shows;
    }

    /**
     * Judges a run.
     *
     * @param run what a kernel did
     * @return what no kernel may show, the worst first
     */
    static List<Trouble> judge(ScriptRun run) {
        List<Trouble> found = new ArrayList<>();
        run.end()
                .ifPresent(end -> found.add(
                        new Trouble(Harm.CRASH.words(), run.results().size(), String.valueOf(end.getMessage()))));
        run.harm()
                .forEach(finding -> found.add(new Trouble(
                        (finding.unfreed() ? Harm.UNFREED : Harm.LOG).words(),
                        finding.when() == LogFinding.When.END
                                ? run.script().steps().size()
                                : finding.step(),
                        finding.line())));
        for (StepResult result : run.results()) {
            if (result.torn().isPresent()) {
                found.add(new Trouble(
                        Harm.TORN.words(),
                        result.step(),
                        "word " + result.torn().getAsInt() + " is not the page's"));
            } else if (result.broken()) {
                found.add(new Trouble(
                        Harm.ofError(result, false).words(), result.step(), Objects.requireNonNull(result.error())));
            }
        }
        for (ScriptJudge.Breach breach : ScriptJudge.of(run.script(), run.results())) {
            found.add(new Trouble(
                    breach.property().id(),
                    breach.step(),
                    breach.by() + " shows "
                            + Long.toUnsignedString(breach.seen())
                            + (breach.due().isPresent()
                                    ? ", not "
                                            + Long.toUnsignedString(breach.due().getAsLong())
                                    : ", which it must not")));
        }
        return found;
    }

    /** Whether a run shows trouble of a kind. */
    private static boolean shows(ScriptRun run, String what) {
        return judge(run).stream().anyMatch(trouble -> trouble.what().equals(what));
    }

    private void examine(Suspect suspect, boolean mayAsk) {
        ScriptRun run = suspect.run();
        for (String what : judge(run).stream().map(Trouble::what).distinct().toList()) {
            int known = known(what, run.script());
            if (known >= 0) {
                findings.set(known, findings.get(known).counted(suspect.count()));
                continue;
            }
            boolean said = what.equals(Harm.LOG.words()) || what.equals(Harm.CRASH.words());
            String log = run.trace();
            if (findings.size() >= limits.shrink()
                    && findings.stream().anyMatch(finding -> finding.what().equals(what))) {
                others += suspect.count();
                continue;
            }
            boolean hung = run.end()
                    .filter(end -> end.kind() == KernelException.Kind.HUNG)
                    .isPresent();
            if (!mayAsk || findings.size() >= limits.shrink() || hung) {
                findings.add(new Finding(
                        what, run.script(), log, false, run.script(), judge(run), suspect.count(), suspect.after()));
                continue;
            }
            progress.accept("shrinking " + run.script().file() + ": " + what);
            Finding finding;
            try {
                Duration time = limits.budget().compareTo(Smaller.PATIENCE) > 0 ? limits.budget() : Smaller.PATIENCE;
                Script minimal =
                        Smaller.of(run.script(), candidate -> shows(boots.ask(candidate, said), what), time, clock);
                List<Trouble> troubles = judge(boots.ask(minimal, said));
                finding =
                        new Finding(what, run.script(), log, true, minimal, troubles, suspect.count(), suspect.after());
            } catch (IllegalArgumentException e) {
                // Seen once: that is enough to tell of it, and nothing to make smaller.
                finding = new Finding(
                        what, run.script(), log, false, run.script(), judge(run), suspect.count(), suspect.after());
            }
            known = known(what, finding.minimal());
            if (known >= 0 && finding.repeated()) {
                findings.set(known, findings.get(known).counted(suspect.count()));
            } else {
                findings.add(finding);
            }
        }
    }

    /** The finding whose minimal script is contained in another; -1 if there is none. */
    private int known(String what, Script script) {
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            if (finding.what().equals(what)
                    && KernelCheckParts.contains(
                            script.steps(), finding.minimal().steps())) {
                return i;
            }
        }
        return -1;
    }
}
