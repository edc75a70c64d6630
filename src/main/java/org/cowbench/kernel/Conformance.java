package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.RandomScripts;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Shrinker;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.ReusePolicy;

/**
 * Compares a policy of the model with a real kernel, step by step and field by field: value, entry before and after,
 * frame, error, what a write was made on, whether the page was whole, and for reads and writes minor and major faults. A
 * mismatch counts when it repeats.
 */
public final class Conformance {
    private final KernelSession kernel;
    private final ReusePolicy policy;
    private final int shrink;
    private final Consumer<String> progress;

    /**
     * A field in which model and kernel differ.
     *
     * @param step the step's number
     * @param field {@code value}, {@code before}, {@code after}, {@code frame}, {@code minor}, {@code major},
     *     {@code error}, {@code old} (what a write was made on) or {@code torn} (the first word that was not the page's)
     * @param model what the model says
     * @param kernel what the kernel did
     */
    public record Mismatch(int step, String field, String model, String kernel) {}

    /**
     * A script in which they differ, repeatedly.
     *
     * @param script the script
     * @param mismatches its mismatches
     * @param minimal a minimal script that still shows one; the script itself when it was not shrunk
     * @param minimalMismatches the mismatches of the minimal script
     */
    public record Finding(Script script, List<Mismatch> mismatches, Script minimal, List<Mismatch> minimalMismatches) {}

    /**
     * The outcome.
     *
     * @param scripts scripts compared
     * @param steps steps compared
     * @param mismatches steps that differ, and differ again
     * @param unrepeated scripts that differed once and agreed when they were repeated
     * @param excluded steps left out, by rule
     * @param findings scripts that differ repeatedly, in the order of the scripts
     */
    public record Report(int scripts, long steps, long mismatches, int unrepeated, Map<Exclusion, Integer> excluded,
            List<Finding> findings) {

        /**
         * The summary.
         *
         * @return {@code steps N, mismatches M}
         */
        public String summary() {
            return "steps " + steps + ", mismatches " + mismatches;
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
     * Compares.
     *
     * @param scripts the scripts; rules of {@link Exclusion} apply to them
     * @return the outcome
     */
    public Report compare(List<Script> scripts) {
        Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
        List<Script> asked = without(scripts, new Capabilities(true, true, true), excluded);
        List<Script> suspects = new ArrayList<>();
        List<Script> beyond = new ArrayList<>();
        long[] steps = new long[1];
        int[] done = new int[1];
        kernel.run(asked, (script, results) -> {
            // What a kernel can do is known only when it runs, and the first scripts travel with it.
            if (Exclusion.apply(script, kernel.capabilities(), new EnumMap<>(Exclusion.class)) != script) {
                beyond.add(script);
                return;
            }
            steps[0] += results.size();
            if (!mismatches(ModelRun.run(script, policy), results).isEmpty()) {
                suspects.add(script);
            }
            if (++done[0] % 500 == 0) {
                progress.accept(done[0] + " of " + asked.size() + " scripts, " + suspects.size() + " suspects");
            }
        });
        List<Script> rest = without(beyond, kernel.capabilities(), excluded);
        kernel.run(rest, (script, results) -> {
            steps[0] += results.size();
            if (!mismatches(ModelRun.run(script, policy), results).isEmpty()) {
                suspects.add(script);
            }
        });
        List<Finding> findings = new ArrayList<>();
        int unrepeated = 0;
        long mismatching = 0;
        for (Script suspect : suspects) {
            List<Mismatch> again = ask(suspect);
            if (again.isEmpty()) {
                unrepeated++;
                continue;
            }
            mismatching += again.stream().mapToInt(Mismatch::step).distinct().count();
            boolean minimise = findings.size() < shrink;
            if (minimise) {
                progress.accept("shrinking " + suspect.file());
            }
            Script minimal = minimise ? minimal(suspect) : suspect;
            findings.add(new Finding(suspect, again, minimal, minimise ? ask(minimal) : again));
        }
        return new Report(asked.size() - beyond.size() + rest.size(), steps[0], mismatching, unrepeated, excluded, findings);
    }

    private static List<Script> without(List<Script> scripts, Capabilities capabilities,
            Map<Exclusion, Integer> excluded) {
        return scripts.stream().map(script -> Exclusion.apply(script, capabilities, excluded))
                .filter(script -> !script.steps().isEmpty()).toList();
    }

    private Script minimal(Script suspect) {
        try {
            return Shrinker.shrink(suspect, candidate -> !ask(candidate).isEmpty());
        } catch (IllegalArgumentException e) {
            // It agreed this time: not worth more.
            return suspect;
        }
    }

    private List<Mismatch> ask(Script script) {
        return mismatches(ModelRun.run(script, policy), kernel.run(script));
    }

    /**
     * Compares results.
     *
     * @param model the model's, one a step
     * @param kernel the kernel's, one a step
     * @return every field that differs
     */
    public static List<Mismatch> mismatches(List<StepResult> model, List<StepResult> kernel) {
        List<Mismatch> found = new ArrayList<>();
        for (int step = 0; step < Math.max(model.size(), kernel.size()); step++) {
            if (step >= model.size() || step >= kernel.size()) {
                found.add(new Mismatch(step, "error", step < model.size() ? "done" : "missing",
                        step < kernel.size() ? "done" : "missing"));
                continue;
            }
            StepResult left = model.get(step);
            StepResult right = kernel.get(step);
            differ(found, step, "error", left.error(), right.error());
            differ(found, step, "value", left.value(), right.value());
            differ(found, step, "old", left.old(), right.old());
            differ(found, step, "torn", left.torn(), right.torn());
            differ(found, step, "before", left.before(), right.before());
            differ(found, step, "after", left.after(), right.after());
            differ(found, step, "frame", left.frame(), right.frame());
            Op op = left.operation().op();
            if (op == Op.READ || op == Op.WRITE) {
                differ(found, step, "minor", left.minor(), right.minor());
                differ(found, step, "major", left.major(), right.major());
            }
        }
        return found;
    }

    private static void differ(List<Mismatch> found, int step, String field, Object model, Object kernel) {
        if (!Objects.equals(model, kernel)) {
            found.add(new Mismatch(step, field, text(model), text(kernel)));
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "-";
            case java.util.OptionalLong seen when seen.isPresent() -> Long.toUnsignedString(seen.getAsLong());
            case java.util.OptionalLong unseen -> "-";
            case java.util.OptionalInt word -> word.isPresent() ? String.valueOf(word.getAsInt()) : "-";
            default -> value.toString();
        };
    }
}
