package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.ReusePolicy;

/**
 * A field in which model and kernel differ.
 *
 * @param harm what it is
 * @param step the step's number; for a crash that of the step that was not done, for what the kernel's log says that of
 *     the last one that was, -1 for what came before the first and the number of steps for what came after the last
 * @param field {@code value}, {@code before}, {@code after}, {@code frame}, {@code minor}, {@code major}, {@code error},
 *     {@code old} (what a write was made on), {@code torn} (the first word that was not the page's), {@code page} (one that was
 *     not freed), {@code log} or {@code kernel} (what ended it)
 * @param model what the model says
 * @param kernel what the kernel did
 */
public record Mismatch(Harm harm, int step, String field, String model, String kernel) {
    private static final Comparator<Mismatch> WORST =
            Comparator.comparing(Mismatch::harm).thenComparingInt(Mismatch::step);

    /**
     * Compares what a kernel did with what a policy does.
     *
     * @param run what the kernel did
     * @param policy the policy
     * @return every difference, in the order of the steps
     */
    static List<Mismatch> of(ScriptRun run, ReusePolicy policy) {
        List<StepResult> model = ModelRun.run(run.script(), policy);
        List<Mismatch> found = new ArrayList<>(of(run.script(),
                run.end().isPresent() ? model.subList(0, run.results().size()) : model, run.results()));
        run.harm().forEach(finding -> found.add(new Mismatch(finding.unfreed() ? Harm.UNFREED : Harm.LOG,
                finding.when() == LogFinding.When.END ? run.script().steps().size() : finding.step(),
                finding.unfreed() ? "page" : "log", "-", finding.line())));
        found.sort(Comparator.comparingInt(Mismatch::step));
        run.end().ifPresent(end -> found.add(new Mismatch(Harm.CRASH, run.results().size(), "kernel", "-",
                end.getMessage())));
        return found;
    }

    /**
     * Compares results.
     *
     * @param script the script
     * @param model the model's, one a step
     * @param kernel the kernel's, one a step
     * @return every field that differs
     */
    static List<Mismatch> of(Script script, List<StepResult> model, List<StepResult> kernel) {
        List<Mismatch> found = new ArrayList<>();
        Harm.Values values = new Harm.Values(script, kernel);
        for (int step = 0; step < Math.max(model.size(), kernel.size()); step++) {
            if (step >= model.size() || step >= kernel.size()) {
                found.add(new Mismatch(Harm.BROKEN, step, "error", step < model.size() ? "done" : "missing",
                        step < kernel.size() ? "done" : "missing"));
                continue;
            }
            StepResult left = model.get(step);
            StepResult right = kernel.get(step);
            Op op = left.operation().op();
            boolean access = op == Op.READ || op == Op.WRITE;
            differ(found, Harm.ofError(right, access && left.error() == null), step, "error", left.error(), right.error());
            differ(found, left.value().equals(right.value()) ? null : values.of(step, right.value()), step, "value",
                    left.value(), right.value());
            differ(found, left.old().equals(right.old()) ? null : values.of(step, right.old()), step, "old", left.old(),
                    right.old());
            differ(found, Harm.TORN, step, "torn", left.torn(), right.torn());
            differ(found, Harm.ENTRY, step, "before", left.before(), right.before());
            differ(found, Harm.ENTRY, step, "after", left.after(), right.after());
            differ(found, Harm.FRAME, step, "frame", left.frame(), right.frame());
            if (access) {
                differ(found, Harm.FAULTS, step, "minor", left.minor(), right.minor());
                differ(found, Harm.FAULTS, step, "major", left.major(), right.major());
            }
        }
        return found;
    }

    private static void differ(List<Mismatch> found, Harm harm, int step, String field, Object model, Object kernel) {
        if (!Objects.equals(model, kernel)) {
            found.add(new Mismatch(harm, step, field, text(model), text(kernel)));
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "-";
            case OptionalLong seen when seen.isPresent() -> Long.toUnsignedString(seen.getAsLong());
            case OptionalLong unseen -> "-";
            case OptionalInt word -> word.isPresent() ? String.valueOf(word.getAsInt()) : "-";
            default -> value.toString();
        };
    }

    /**
     * The worst of some.
     *
     * @param mismatches mismatches of one script
     * @return the first of the worst kind; empty when there is none
     */
    static Optional<Mismatch> worst(List<Mismatch> mismatches) {
        return mismatches.stream().min(WORST);
    }

    /**
     * Whether another mismatch is of the same kind: the same harm, and for what the kernel says of itself the same words.
     *
     * @param other the other
     * @return whether it is
     */
    boolean alike(Mismatch other) {
        return harm == other.harm && (!said() || signature().equals(other.signature()));
    }

    /**
     * Whether it is the kernel's own word, by its log or its end.
     *
     * @return whether it is
     */
    boolean said() {
        return harm == Harm.LOG || harm == Harm.CRASH;
    }

    /** What kernels say when they end holds the script and the step, which a shorter script has not. */
    String signature() {
        int place = kernel.indexOf("; ");
        return LogFinding.signature(harm == Harm.CRASH && place >= 0 ? kernel.substring(0, place) : kernel);
    }
}
