package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cowbench.check.Move;
import org.cowbench.check.ScriptJudge;
import org.cowbench.check.ScriptSpace;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
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
 * counted with that ({@link ShownScripts}).
 *
 * <p>A share ({@link Limits#shard}) runs the shipped scripts, so that what these show is known to all of them, and of a scope's
 * all short ones, to know which are not to be made longer, and counts its own of both; of the first length that has enough of
 * them it keeps its own and what follows from these, for whether a script is made longer is known where it was run. Which are
 * its own is told by the scripts alone: a machine that saw one fail that others did not deals all others as they do. Of the
 * random scripts it runs every N-th.
 */
public final class KernelCheck {
    private static final int BATCH = 128;
    /** Of the time, this part is for scripts of scopes, the rest for random ones. */
    private static final double ENUMERATED = 0.75;

    private static final long NANOS = 1_000_000_000L;
    /** Places are told by texts that are ordered as they are: shipped, of scopes, random, and what came in between. */
    private static final String SHIPPED = "0";

    private static final String OF_SCOPE = "1";
    private static final String RANDOM = "2";
    private static final String LAST = "3";

    private final KernelSession kernel;
    private final FreshBoots boots;
    private final Limits limits;
    private final LongSupplier clock;
    private final Consumer<String> progress;
    private final List<Frontier> frontiers = new ArrayList<>();
    private final Map<String, LogFinding> boot = new LinkedHashMap<>();
    private final Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
    private final ShownScripts shown = new ShownScripts();
    private final List<Suspect> suspects = new ArrayList<>();
    private long began;
    private long scripts;
    private long steps;
    private long random;
    /** Scripts run, those of other shares too. */
    private long ran;

    /** What is run now, while it is. */
    private List<Asked> asking = List.of();

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
     * @param script the first that showed it, in the order of the whole check
     * @param log what the kernel said then, or the empty string
     * @param repeated whether it showed it again
     * @param minimal a minimal script that shows it; the first script if it was not repeated or not shrunk
     * @param troubles what the minimal script shows
     * @param count how many scripts showed it
     * @param after how many scripts had been run when the first showed it, itself included
     * @param cut whether three minutes, or the budget if that is longer, were not enough to try all smaller scripts
     */
    public record Finding(
            String what,
            Script script,
            String log,
            boolean repeated,
            Script minimal,
            List<Trouble> troubles,
            int count,
            long after,
            boolean cut) {}

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
     * @param lacking why it was not asked for all that scripts would have it do
     * @param ended why it ended before its time
     * @param shown what the findings are made of, for a whole of which this is a part
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
            List<String> lacking,
            Optional<KernelException> ended,
            List<Shown> shown) {

        /**
         * Whether there is anything to find fault with.
         *
         * @return whether there is
         */
        public boolean found() {
            return !findings.isEmpty() || ended.isPresent() || boot.stream().anyMatch(LogFinding::counts);
        }

        /**
         * Whether the kernel can pin pages, without which nothing is known of pins.
         *
         * @return whether a scope has pins
         */
        public boolean pins() {
            return reached.stream().anyMatch(reach -> reach.title().endsWith(CheckScopes.PIN));
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

    /** A script that is run, its place in the order of the whole check, and whether it counts here. */
    private record Asked(Script script, String place, boolean own) {}

    /** A run that has shown something, and how many had been run by then. */
    private record Suspect(ScriptRun run, Asked asked, long after) {}

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
        frontiers.addAll(CheckScopes.of(can, limits.length(), limits.shard()));
        began = clock.getAsLong();
        try {
            if (limits.shipped()) {
                askShipped();
            }
            enumerate();
            drawRandomly();
            settle();
        } catch (KernelException e) {
            ended = e;
            if (e.kind().finding() && e.script().isPresent()) {
                Script last = e.script().get();
                note(
                        new ScriptRun(last, e.done(), e.found(), Optional.of(e)),
                        asking.stream()
                                .filter(each -> each.script().equals(last))
                                .findFirst()
                                .orElse(new Asked(last, LAST, true)));
            }
            // What was found is not lost because the kernel cannot be asked again.
            suspects.forEach(suspect -> examine(suspect, false));
            if (ran == 0) {
                throw e;
            }
        }
        double seconds = seconds();
        ShownScripts.Folded folded = shown.fold();
        return new Report(
                scripts,
                steps,
                random,
                seconds,
                frontiers.stream().map(Frontier::reach).toList(),
                folded.findings(),
                folded.others(),
                List.copyOf(boot.values()),
                excluded.keySet().stream().map(Exclusion::reason).toList(),
                Optional.ofNullable(ended),
                shown.all());
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
        ask(possible(some, SHIPPED, 0), (run, asked) -> note(run, asked));
    }

    /** Without the steps that the kernel cannot do; shares own them by their places from a first one on. */
    private List<Asked> possible(List<Script> some, String kind, long first) {
        Shard shard = limits.shard();
        List<Asked> possible = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            Script script = Exclusion.apply(some.get(i), kernel.capabilities(), excluded);
            if (!script.steps().isEmpty()) {
                possible.add(new Asked(
                        script,
                        String.format(Locale.ROOT, "%s%019d", kind, first + i),
                        shard == null || shard.has((int) ((first + i) % shard.of()))));
            }
        }
        return possible;
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
            List<Asked> asked = new ArrayList<>();
            Map<Asked, int[]> moves = new HashMap<>();
            for (int[] each : batch) {
                String place = frontier.place(each);
                asked.add(new Asked(
                        frontier.script(each, "scope-" + place + ".litmus"), OF_SCOPE + place, frontier.has(each)));
                moves.put(asked.getLast(), each);
            }
            ask(asked, (run, of) -> {
                int[] made = Objects.requireNonNull(moves.get(of));
                if (note(run, of) || ScriptSpace.idle(made, run.results())) {
                    frontier.end(made);
                }
            });
            frontier.ran(batch.size());
            tell(frontier.words());
            frontier.lengthenIfDone();
        }
    }

    private void drawRandomly() {
        long drawn = 0;
        for (long seed = limits.seed(); left() > 0 && drawn < limits.random(); seed++) {
            List<Script> some = Conformance.randomScripts((int) Math.min(BATCH, limits.random() - drawn), seed);
            long before = scripts;
            ask(possible(some, RANDOM, drawn).stream().filter(Asked::own).toList(), (run, asked) -> note(run, asked));
            random += scripts - before;
            drawn += some.size();
            tell("random scripts: " + random);
        }
    }

    /** Runs scripts, and looks closer at what they have shown when all have run: the kernel answers one question at a time. */
    private void ask(List<Asked> some, BiConsumer<ScriptRun, Asked> each) {
        Iterator<Asked> next = some.iterator();
        asking = some;
        kernel.run(some.stream().map(Asked::script).toList(), run -> {
            Asked asked = next.next();
            ran++;
            scripts += asked.own() ? 1 : 0;
            steps += asked.own() ? run.results().size() : 0;
            run.boot().forEach(finding -> boot.putIfAbsent(finding.signature(), finding));
            each.accept(run, asked);
        });
        asking = List.of();
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
                shown.fold().findings().size(),
                where,
                (long) Math.max(0, left()) / 60,
                (long) Math.max(0, left()) % 60));
    }

    /** Judges a run; whether it has shown anything. */
    private boolean note(ScriptRun run, Asked asked) {
        boolean shows = !Troubles.of(run).isEmpty();
        if (shows) {
            suspects.add(new Suspect(run, asked, Math.max(1, scripts)));
        }
        return shows;
    }

    private void examine(Suspect suspect, boolean mayAsk) {
        ScriptRun run = suspect.run();
        List<Trouble> troubles = Troubles.of(run);
        for (String what : troubles.stream().map(Trouble::what).distinct().toList()) {
            Shown one = Shown.seen(
                    what,
                    suspect.asked().script(),
                    suspect.asked().place(),
                    run.trace(),
                    suspect.asked().own() ? 1 : 0,
                    suspect.after(),
                    troubles);
            if (!shown.knows(one)) {
                boolean enough = shown.fold().findings().size() >= limits.shrink();
                if (!mayAsk || run.hung() || enough) {
                    one = enough && shown.knows(what) ? one : one.looked(Shown.Look.ONCE, one.script(), troubles);
                } else {
                    one = smaller(one);
                }
            }
            shown.add(one);
        }
    }

    /** Looks closer at a script: one that does not show it again was seen once, which is enough to tell of it. */
    private Shown smaller(Shown one) {
        String what = one.what();
        boolean said = what.equals(Harm.LOG.words()) || what.equals(Harm.CRASH.words());
        Duration time = limits.budget().compareTo(Smaller.PATIENCE) > 0 ? limits.budget() : Smaller.PATIENCE;
        int[] tries = new int[1];
        try {
            Smaller.Outcome<List<Trouble>> smallest = Smaller.of(
                    one.script(),
                    (candidate, silence) -> {
                        progress.accept("shrinking " + one.script().file() + ": " + what + ", try " + ++tries[0]);
                        ScriptRun run = boots.ask(candidate, said, silence);
                        List<Trouble> troubles = run.hung() ? List.of() : Troubles.of(run);
                        return troubles.stream().anyMatch(each -> each.what().equals(what))
                                ? Optional.of(troubles)
                                : Optional.empty();
                    },
                    time,
                    clock);
            return one.looked(smallest.cut() ? Shown.Look.CUT : Shown.Look.AGAIN, smallest.script(), smallest.shown());
        } catch (IllegalArgumentException e) {
            return one.looked(Shown.Look.ONCE, one.script(), one.troubles());
        }
    }

    /** Looks at scripts that findings are to be named after, as a share has them looked at that has no others. */
    private void settle() {
        long paused = clock.getAsLong();
        for (int looks = 0; looks < limits.shrink(); looks++) {
            Optional<Shown> next = shown.unsettled();
            if (next.isEmpty()) {
                break;
            }
            // Its scripts are counted already.
            shown.add(smaller(next.get()).uncounted());
        }
        began += clock.getAsLong() - paused;
    }
}
