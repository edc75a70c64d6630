package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cowbench.litmus.RandomScripts;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Compares a policy of the model with a real kernel, step by step and field by field: value, entry before and after,
 * frame, error, what a write was made on, whether the page was whole, and for reads and writes minor and major faults. A
 * mismatch that does {@linkplain Harm#harms harm} counts when it is seen once, any other when it repeats.
 */
public final class Conformance {
    private static final int PROGRESS = 500;
    /** Of findings: the worst first, else in the order of the scripts. */
    static final Comparator<Finding> ORDER =
            Comparator.comparing((Finding finding) -> finding.worst().harm()).thenComparingInt(Finding::number);

    private final KernelSession kernel;
    private final ReusePolicy policy;
    private final int shrink;
    private final Consumer<String> progress;
    private final FreshBoots boots;
    /** Why the kernel cannot be asked any more, or not all of it was. */
    private @Nullable KernelException ended;

    /**
     * A script in which they differ.
     *
     * @param number the script's place among those that were to be compared, from 1
     * @param script the script
     * @param mismatches its mismatches, in the order of the steps
     * @param repeated whether it showed the worst of them again
     * @param minimal a minimal script that still shows a mismatch like the worst; the script itself when it was not shrunk
     * @param minimalMismatches the mismatches of the minimal script
     * @param log what the kernel said with the worst of them: a call trace, the end of a console; or the empty string
     * @param cut whether three minutes were not enough to try all smaller scripts
     */
    public record Finding(
            int number,
            Script script,
            List<Mismatch> mismatches,
            boolean repeated,
            Script minimal,
            List<Mismatch> minimalMismatches,
            String log,
            boolean cut) {

        /**
         * What it is.
         *
         * @return the worst of its mismatches
         */
        public Mismatch worst() {
            return Mismatch.worst(mismatches).orElseThrow();
        }
    }

    /**
     * A script that was to be compared.
     *
     * @param script the script as it was given
     * @param leftOut steps left out of it, by rule
     * @param compared whether anything of it was compared
     */
    public record Asked(Script script, Map<Exclusion, Integer> leftOut, boolean compared) {}

    /**
     * The outcome.
     *
     * @param scripts scripts compared
     * @param asked every script that was to be compared, in order
     * @param steps steps compared
     * @param mismatches steps that differ, and differ again unless they do harm
     * @param unrepeated scripts that differed once, without harm, and agreed when they were repeated
     * @param excluded steps left out, by rule
     * @param uncounted why a counter that scripts ask for is not compared
     * @param findings scripts that differ, the worst first, else in the order of the scripts
     * @param boot what the kernel's log said against it while it booted, one of a kind
     * @param ended why the comparison ended before all scripts were run
     */
    public record Report(
            int scripts,
            List<Asked> asked,
            long steps,
            long mismatches,
            int unrepeated,
            Map<Exclusion, Integer> excluded,
            Map<StepCounter, String> uncounted,
            List<Finding> findings,
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

        /**
         * Whether anything was compared, if there was anything to compare.
         *
         * @return false where rules left out all of every script
         */
        public boolean judged() {
            return scripts > 0 || asked.isEmpty() || ended.isPresent();
        }

        /**
         * The summary.
         *
         * @return {@code steps N, mismatches M}, how many scripts show what, and which was the first to show anything
         */
        public String summary() {
            Map<Harm, Long> kinds = new EnumMap<>(Harm.class);
            findings.forEach(finding -> kinds.merge(finding.worst().harm(), 1L, Long::sum));
            return "steps " + steps + ", mismatches " + mismatches
                    + (findings.isEmpty()
                            ? ""
                            : " in " + findings.size()
                                    + (findings.size() == 1 ? " script" : " scripts")
                                    + kinds.entrySet().stream()
                                            .map(kind -> kind.getKey().words() + " " + kind.getValue())
                                            .collect(Collectors.joining(", ", " (", ")"))
                                    + "; the first is script "
                                    + findings.stream()
                                            .mapToInt(Finding::number)
                                            .min()
                                            .getAsInt());
        }
    }

    /**
     * Sets up a comparison.
     *
     * @param kernel the kernel
     * @param policy the model's policy
     * @param shrink how many findings to make minimal; each takes some tens of runs
     * @param progress is told now and then how far it is
     */
    public Conformance(KernelSession kernel, ReusePolicy policy, int shrink, Consumer<String> progress) {
        this.kernel = kernel;
        boots = new FreshBoots(kernel);
        this.policy = policy;
        this.shrink = shrink;
        this.progress = progress;
    }

    /**
     * Draws scripts of all the shapes that {@link RandomScripts.Shape#draw} knows; the same seed gives the same scripts.
     *
     * @param count how many
     * @param seed the seed
     * @return the scripts, each named after its own seed
     */
    public static List<Script> randomScripts(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RandomScripts.Shape shape = RandomScripts.Shape.draw(random);
            scripts.add(RandomScripts.draw(random.nextLong() >>> 1, shape));
        }
        return scripts;
    }

    /**
     * The same scripts on a device that does not write at once; the same seed gives the same scripts.
     *
     * @param scripts scripts of base pages
     * @param seed the seed
     * @return the scripts, see {@link RandomScripts#holding}
     */
    public static List<Script> holding(List<Script> scripts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return scripts.stream()
                .map(script -> RandomScripts.holding(script, random.nextLong()))
                .toList();
    }

    /**
     * Draws scripts of one large folio each, of the shapes that {@link RandomScripts.Shape#drawFolio} knows; the same seed
     * and sizes give the same scripts.
     *
     * @param count how many
     * @param seed the seed
     * @param sizes sizes in KiB, of which each script has one
     * @return the scripts, each named after its own seed
     */
    public static List<Script> randomFolioScripts(int count, long seed, List<Integer> sizes) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RandomScripts.Shape shape = RandomScripts.Shape.drawFolio(random, sizes.get(random.nextInt(sizes.size())));
            scripts.add(RandomScripts.draw(random.nextLong() >>> 1, shape));
        }
        return scripts;
    }

    /**
     * Leaves out of scripts what no kernel is asked, so that they are run elsewhere as they are compared.
     *
     * @param scripts the scripts
     * @return those that have steps left
     */
    public static List<Script> askable(List<Script> scripts) {
        return without(scripts, Capabilities.without(), new EnumMap<>(Exclusion.class));
    }

    /**
     * Compares.
     *
     * @param scripts the scripts; rules of {@link Exclusion} apply to them
     * @return the outcome
     */
    public Report compare(List<Script> scripts) {
        Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
        List<Script> asked = without(scripts, Capabilities.without(), excluded);
        List<Script> beyond = new ArrayList<>();
        Scan scan = new Scan(scripts, asked.size());
        try {
            kernel.run(asked, run -> {
                // What a kernel can do is known only when it runs, and the first scripts travel with it.
                if (run.script()
                        .equals(Exclusion.apply(run.script(), kernel.capabilities(), new EnumMap<>(Exclusion.class)))) {
                    scan.add(run);
                } else {
                    beyond.add(run.script());
                }
            });
            kernel.run(without(beyond, kernel.capabilities(), excluded), scan::add);
        } catch (KernelException e) {
            ended = e;
            if (e.kind().finding() && e.script().isPresent()) {
                scan.add(new ScriptRun(e.script().get(), e.done(), e.found(), Optional.of(e)));
            }
            if (scan.scripts == 0) {
                throw e;
            }
        }
        scan.suspects.sort(Comparator.comparing(suspect -> suspect.worst().harm()));
        List<Finding> findings = new ArrayList<>();
        Set<String> shrunk = new HashSet<>();
        int unrepeated = 0;
        for (Suspect suspect : scan.suspects) {
            try {
                Optional<Finding> finding = again(suspect, shrunk);
                finding.ifPresent(findings::add);
                unrepeated += finding.isEmpty() ? 1 : 0;
            } catch (KernelException e) {
                // What was found is not lost because the kernel cannot be asked again.
                ended = ended == null ? e : ended;
                findings.add(suspect.finding(false));
            }
        }
        findings.sort(ORDER);
        long mismatching = findings.stream()
                .mapToLong(finding -> finding.mismatches().stream()
                        .mapToInt(Mismatch::step)
                        .distinct()
                        .count())
                .sum();
        return new Report(
                scan.scripts,
                asked(scripts, scan),
                scan.steps,
                mismatching,
                unrepeated,
                excluded,
                scan.uncounted,
                findings,
                List.copyOf(scan.boot.values()),
                Optional.ofNullable(ended));
    }

    /** What became of each script; a kernel that has ended is not started to be asked what it can do. */
    private List<Asked> asked(List<Script> scripts, Scan scan) {
        Capabilities can = ended == null ? kernel.capabilities() : Capabilities.without();
        return scripts.stream()
                .map(script -> {
                    Map<Exclusion, Integer> leftOut = new EnumMap<>(Exclusion.class);
                    Exclusion.apply(script, can, leftOut);
                    return new Asked(script, leftOut, scan.compared.contains(script.file()));
                })
                .toList();
    }

    /** Looks at a suspect again, and makes it minimal if there are not enough yet; empty when it was not seen again. */
    private Optional<Finding> again(Suspect suspect, Set<String> shrunk) {
        Mismatch worst = suspect.worst();
        // What ends or taints a boot takes another to see again: once for each kind is enough, and a hang costs
        // minutes.
        boolean enough =
                shrunk.size() >= shrink || suspect.hung() || worst.said() && shrunk.contains(worst.signature());
        if (ended != null && !ended.kind().finding() || enough && worst.said()) {
            return Optional.of(suspect.finding(false));
        }
        List<Mismatch> again = ask(suspect.script(), worst.said());
        if (!worst.harm().harms() && again.isEmpty()) {
            return Optional.empty();
        }
        boolean repeated = !worst.harm().harms() || again.stream().anyMatch(worst::alike);
        Finding finding = repeated
                ? new Suspect(suspect.number(), suspect.script(), again, false, suspect.log()).finding(true)
                : suspect.finding(false);
        if (enough || !repeated) {
            return Optional.of(finding);
        }
        Mismatch kept = finding.worst();
        shrunk.add(kept.said() ? kept.signature() : suspect.script().file());
        progress.accept(
                "shrinking " + suspect.script().file() + ": " + kept.harm().words());
        try {
            Smaller.Outcome<List<Mismatch>> smallest =
                    Smaller.of(suspect.script(), (candidate, silence) -> alike(candidate, kept, silence));
            return Optional.of(new Finding(
                    finding.number(),
                    finding.script(),
                    finding.mismatches(),
                    true,
                    smallest.script(),
                    smallest.shown(),
                    finding.log(),
                    smallest.cut()));
        } catch (IllegalArgumentException e) {
            // It agreed this time: not worth more.
            return Optional.of(finding);
        }
    }

    /** A script that differed. */
    private record Suspect(int number, Script script, List<Mismatch> mismatches, boolean hung, String log) {

        Mismatch worst() {
            return Mismatch.worst(mismatches).orElseThrow();
        }

        /** As it was seen, not shrunk. */
        Finding finding(boolean repeated) {
            return new Finding(number, script, mismatches, repeated, script, mismatches, log, false);
        }
    }

    /** What one pass over the scripts has shown. */
    private final class Scan {
        private final List<Suspect> suspects = new ArrayList<>();
        private final Map<String, LogFinding> boot = new LinkedHashMap<>();
        private final Set<String> compared = new HashSet<>();
        private final Map<StepCounter, String> uncounted = new EnumMap<>(StepCounter.class);
        private final Map<String, Deque<Integer>> places = new HashMap<>();
        private final int total;
        private long steps;
        private int scripts;

        Scan(List<Script> given, int total) {
            this.total = total;
            for (int i = 0; i < given.size(); i++) {
                places.computeIfAbsent(given.get(i).file(), file -> new ArrayDeque<>())
                        .add(i + 1);
            }
        }

        void add(ScriptRun run) {
            steps += run.results().size();
            scripts++;
            // Of scripts with one name, the first that ran is the first that was given.
            Integer place =
                    places.getOrDefault(run.script().file(), new ArrayDeque<>()).poll();
            compared.add(run.script().file());
            for (StepResult result : run.results()) {
                if (result.counts() != null) {
                    result.counts().reasons().forEach(uncounted::putIfAbsent);
                }
            }
            run.boot().forEach(finding -> boot.putIfAbsent(finding.signature(), finding));
            List<Mismatch> found = of(run);
            if (!found.isEmpty()) {
                suspects.add(
                        new Suspect(place == null ? scripts : place, run.script(), found, run.hung(), run.trace()));
            }
            if (scripts % PROGRESS == 0) {
                progress.accept(scripts + " of " + total + " scripts, " + suspects.size() + " suspects");
            }
        }
    }

    private static List<Script> without(
            List<Script> scripts, Capabilities capabilities, Map<Exclusion, Integer> excluded) {
        return scripts.stream()
                .map(script -> Exclusion.apply(script, capabilities, excluded))
                .filter(script -> !script.steps().isEmpty())
                .toList();
    }

    /** What differs in a script, if something does as it did before. */
    private Optional<List<Mismatch>> alike(Script script, Mismatch worst, Duration silence) {
        ScriptRun run = boots.ask(script, worst.said(), silence);
        List<Mismatch> found = run.hung() ? List.of() : of(run);
        return found.stream().anyMatch(worst::alike) ? Optional.of(found) : Optional.empty();
    }

    private List<Mismatch> ask(Script script, boolean fresh) {
        return of(boots.ask(script, fresh));
    }

    private List<Mismatch> of(ScriptRun run) {
        return Mismatch.of(run, policy, kernel.capabilities().machine());
    }
}
